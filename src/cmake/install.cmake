# What `cmake --install` puts where: the program under its three names, its manual page and completions, the package for
# find_package(linkdx), and liblinkdx with its headers. Component `program` is everything but the library, which is `library`.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The program, and the names by which linkers and cargo call it.
install(TARGETS linkdx EXPORT linkdx-program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/install/bin ${PROJECT_BINARY_DIR}/install/share)
foreach(name linkdx-hook cargo-linkdx)
  file(CREATE_LINK linkdx ${PROJECT_BINARY_DIR}/install/bin/${name} SYMBOLIC)
  install(FILES ${PROJECT_BINARY_DIR}/install/bin/${name} DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
endforeach()

# Manual page and completions: the program writes them itself. A cross build needs an emulator for that.
if(NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR)
  set(texts ${PROJECT_BINARY_DIR}/install/share)
  find_program(LINKDX_GZIP gzip)
  set(page ${texts}/linkdx.1)
  set(compress)
  if(LINKDX_GZIP)
    set(compress COMMAND ${LINKDX_GZIP} -9nf ${page})
    set(ending .gz)
  endif()
  add_custom_command(OUTPUT ${page}${ending} COMMAND linkdx manual > ${page} ${compress} DEPENDS linkdx VERBATIM)
  set(made ${page}${ending})
  foreach(shell bash zsh fish)
    add_custom_command(OUTPUT ${texts}/completions.${shell} COMMAND linkdx completions ${shell} > ${texts}/completions.${shell}
      DEPENDS linkdx VERBATIM)
    list(APPEND made ${texts}/completions.${shell})
  endforeach()
  add_custom_target(linkdx_texts ALL DEPENDS ${made})
  install(FILES ${page}${ending} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
  foreach(name linkdx-hook cargo-linkdx)
    file(CREATE_LINK linkdx.1${ending} ${texts}/${name}.1${ending} SYMBOLIC)
    install(FILES ${texts}/${name}.1${ending} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
  endforeach()
  install(FILES ${texts}/completions.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
    RENAME linkdx COMPONENT program)
  install(FILES ${texts}/completions.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
    RENAME linkdx.fish COMPONENT program)
  # Below /usr, Debian's zsh looks into vendor-completions; below /usr/local, every zsh into site-functions.
  install(CODE "
    if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
      set(functions vendor-completions)
    else()
      set(functions site-functions)
    endif()
    file(INSTALL \"${texts}/completions.zsh\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh/\${functions}\"
      RENAME _linkdx)" COMPONENT program)
endif()

# find_package(linkdx)
set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/linkdx)
install(EXPORT linkdx-program NAMESPACE linkdx:: FILE linkdx-program.cmake DESTINATION ${package_directory} COMPONENT program)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/install/linkdx-config-version.cmake COMPATIBILITY SameMinorVersion
  ARCH_INDEPENDENT)
install(FILES src/cmake/linkdx-config.cmake ${PROJECT_BINARY_DIR}/install/linkdx-config-version.cmake
  DESTINATION ${package_directory} COMPONENT program)

# The library: all rooms in one archive. What it needs is found again by the package, so no path of this machine goes along.
if(NOT LINKDX_STATIC)
  get_property(rooms GLOBAL PROPERTY LINKDX_ROOMS)
  set(objects)
  foreach(room ${rooms})
    list(APPEND objects $<TARGET_OBJECTS:${room}>)
  endforeach()
  add_library(liblinkdx STATIC ${objects})
  set_target_properties(liblinkdx PROPERTIES OUTPUT_NAME linkdx LINKER_LANGUAGE CXX)
  target_include_directories(liblinkdx INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(liblinkdx INTERFACE cxx_std_20)
  set(llvm)
  foreach(room ${rooms})
    get_target_property(linked ${room} INTERFACE_LINK_LIBRARIES)
    list(FILTER linked INCLUDE REGEX "^LLVM")
    list(APPEND llvm ${linked})
  endforeach()
  list(REMOVE_DUPLICATES llvm)
  target_link_libraries(liblinkdx INTERFACE fmt::fmt tomlplusplus::tomlplusplus Threads::Threads ${llvm})
  install(TARGETS liblinkdx EXPORT linkdx-library ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
  install(EXPORT linkdx-library NAMESPACE linkdx:: FILE linkdx-library.cmake DESTINATION ${package_directory} COMPONENT library)
  install(DIRECTORY include/linkdx DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
endif()
