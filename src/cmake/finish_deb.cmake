# After CPack has made the .deb: packs its content again with dpkg-deb, which CPack does not use. CPack follows the
# program's links when it adds up the installed size, makes directories by the umask, and writes the times of the build into the
# file. Here all files get the date of the sources, and dpkg-deb sorts them: the same sources make the same package. Run by CPack
# (CPACK_POST_BUILD_SCRIPTS).
find_program(dpkg_deb dpkg-deb)
if(NOT dpkg_deb)
  message(STATUS "No dpkg-deb: the package has a wrong installed size and is not reproducible")
  return()
endif()
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH} AND CPACK_SOURCE_DATE)
  set(ENV{SOURCE_DATE_EPOCH} ${CPACK_SOURCE_DATE})
endif()

foreach(package ${CPACK_PACKAGE_FILES})
  if(NOT package MATCHES "\\.deb$")
    continue()
  endif()
  set(tree ${CPACK_TEMPORARY_DIRECTORY}.finished)
  file(REMOVE_RECURSE ${tree})
  execute_process(COMMAND ${dpkg_deb} --raw-extract ${package} ${tree} COMMAND_ERROR_IS_FATAL ANY)

  # As dpkg-gencontrol counts: whole KiB of each file, and one for each directory and link.
  file(GLOB_RECURSE places LIST_DIRECTORIES true ${tree}/*)
  set(size 0)
  foreach(place ${places})
    if(place MATCHES "^${tree}/DEBIAN")
      continue()
    endif()
    set(bytes 1)
    if(NOT IS_SYMLINK ${place} AND NOT IS_DIRECTORY ${place})
      file(SIZE ${place} bytes)
    endif()
    math(EXPR size "${size} + (${bytes} + 1023) / 1024")
  endforeach()
  file(READ ${tree}/DEBIAN/control control)
  string(REGEX REPLACE "Installed-Size: [0-9]+" "Installed-Size: ${size}" control "${control}")
  file(WRITE ${tree}/DEBIAN/control "${control}")

  execute_process(COMMAND find ${tree} -type d -exec chmod 755 {} + COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND find ${tree} -exec touch --no-dereference --date=@$ENV{SOURCE_DATE_EPOCH} {} +
    COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${dpkg_deb} --root-owner-group --build ${tree} ${package}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${tree})
endforeach()
