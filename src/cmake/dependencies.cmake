# The libraries linkdx is made of. The program takes all of them but the C library from archives, in every preset: a pasted
# log is diagnosed in a few milliseconds, and loading and relocating eight shared libraries took a third of that. So it also runs
# where only the C library is installed. Tests are linked with the same archives.

# A library without an archive is taken as it is, but by a static program.
find_library(LINKDX_z_ARCHIVE NAMES libz.a)
if(LINKDX_STATIC OR LINKDX_z_ARCHIVE)
  set(ZLIB_USE_STATIC_LIBS ON)
endif()
find_package(LLVM 19.1 REQUIRED CONFIG)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
set(Boost_USE_STATIC_LIBS ON)
find_package(Boost 1.74 QUIET COMPONENTS program_options)
if(NOT TARGET Boost::program_options)
  if(NOT LINKDX_STATIC)
    set(Boost_USE_STATIC_LIBS OFF)
  endif()
  find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
endif()
find_package(tomlplusplus REQUIRED)
find_package(Threads REQUIRED)

# LLVM's packages name shared libraries beside their archives. zstd has an archive too; Z3, which has none, is called by
# one member of LLVMSupport that nothing here reaches.
get_target_property(support LLVMSupport INTERFACE_LINK_LIBRARIES)
list(FILTER support EXCLUDE REGEX "libz3")
if(TARGET zstd::libzstd_static)
  list(TRANSFORM support REPLACE "^zstd::libzstd_shared$" "zstd::libzstd_static")
endif()
set_target_properties(LLVMSupport PROPERTIES INTERFACE_LINK_LIBRARIES "${support}")

# toml++ from its headers: linkdx/toml.hpp decides what its assertions do, which is compiled in.
set(LINKDX_TOML linkdx_toml)
add_library(linkdx_toml INTERFACE)
target_include_directories(linkdx_toml SYSTEM INTERFACE
  $<TARGET_PROPERTY:tomlplusplus::tomlplusplus,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(linkdx_toml INTERFACE TOML_HEADER_ONLY=1)

# fmt: its headers and, with GCC, an archive of our own. clang has no such switch.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(LINKDX_FMT linkdx_fmt)
  add_library(linkdx_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt.cpp)
  target_compile_options(linkdx_fmt PRIVATE -fkeep-inline-functions -ffunction-sections -fdata-sections)
  target_include_directories(linkdx_fmt SYSTEM PUBLIC $<TARGET_PROPERTY:fmt::fmt,INTERFACE_INCLUDE_DIRECTORIES>)
  target_compile_definitions(linkdx_fmt INTERFACE $<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>)
elseif(LINKDX_STATIC)
  set(LINKDX_FMT fmt::fmt-header-only)
else()
  set(LINKDX_FMT fmt::fmt)
endif()

# How the program is linked. The sanitizers' libraries want the C++ library to be the shared one.
if(LINKDX_STATIC)
  set(LINKDX_LINK_OPTIONS -static)
else()
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  if(NOT "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}}" MATCHES "-fsanitize")
    set(LINKDX_LINK_OPTIONS -static-libstdc++ -static-libgcc)
  endif()
endif()
