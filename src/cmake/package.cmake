# `cpack -G DEB` in a release build's directory: linkdx_VERSION_ARCH.deb, the program without the library. lintian takes it.
set(CPACK_PACKAGE_NAME linkdx)
set(CPACK_PACKAGE_VENDOR linkdx)
# Debian's own convention for who builds a package.
if(DEFINED ENV{DEBEMAIL})
  set(maintainer "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
endif()
set(CPACK_PACKAGE_CONTACT "${maintainer}" CACHE STRING "Maintainer of the package: NAME <ADDRESS>; from DEBFULLNAME and DEBEMAIL")
if(NOT CPACK_PACKAGE_CONTACT)
  set(CPACK_PACKAGE_CONTACT "whoever built this <nobody@localhost>")
endif()
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "diagnoses link failures")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Reads what a failed build left behind (its log, objects and archives, the
build tree), replays the link, and says why a symbol is undefined, which CPU
features the missing code needs, and which flags, environment or link
arguments fix it. Also checks before a link whether it will resolve, and
whether the code runs on the CPUs it is for.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_POST_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/src/cmake/finish_deb.cmake)
# The date of the sources, not of the build: SOURCE_DATE_EPOCH, or that of the last commit.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  set(CPACK_SOURCE_DATE $ENV{SOURCE_DATE_EPOCH})
else()
  execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} log -1 --format=%ct
    OUTPUT_VARIABLE CPACK_SOURCE_DATE OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE no_git)
  if(NOT no_git EQUAL 0)
    string(TIMESTAMP CPACK_SOURCE_DATE "%s" UTC)
  endif()
endif()
include(CPack)

# What Debian policy wants beside the program (12.5, 12.7). Only packages have it: cmake --install leaves it out.
find_program(LINKDX_GZIP gzip)
if(LINKDX_GZIP)
  set(date $ENV{SOURCE_DATE_EPOCH})
  set(ENV{SOURCE_DATE_EPOCH} ${CPACK_SOURCE_DATE})   # what string(TIMESTAMP) goes by
  string(TIMESTAMP changed "%a, %d %b %Y %H:%M:%S +0000" UTC)
  set(ENV{SOURCE_DATE_EPOCH} ${date})
  set(changelog ${PROJECT_BINARY_DIR}/install/changelog)
  file(CONFIGURE OUTPUT ${changelog} @ONLY CONTENT
"linkdx (@PROJECT_VERSION@) unstable; urgency=medium

  * Release @PROJECT_VERSION@; the changes are in the history of the sources.

 -- @CPACK_PACKAGE_CONTACT@  @changed@
")
  execute_process(COMMAND ${LINKDX_GZIP} -9nkf ${changelog})
  install(FILES ${changelog}.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/linkdx COMPONENT program EXCLUDE_FROM_ALL)
endif()
install(FILES src/cmake/debian/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/linkdx COMPONENT program)
install(FILES src/cmake/debian/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME linkdx COMPONENT program)
