#include "helpers.hpp"

#include <fmt/format.h>

namespace linkdx::diagnose {

namespace {

constexpr Helper helpers[] = {
#include "helpers.inc"
};

constexpr std::string_view mathematics_names[] = {
#include "libm.inc"
};

constexpr Helper mathematics{
    "",
    Cause::MissingLibrary,
    "m",
    "-lm",
    N_("a function of <math.h>"),
    N_("C keeps them in a library of their own, which only the C++ and Fortran drivers add"),
    "math.h(7POSIX)"};

bool is_mathematics(std::string_view symbol) {
  for (std::string_view name : mathematics_names) {
    if (!symbol.starts_with(name)) continue;
    std::string_view rest = symbol.substr(name.size());
    if (rest.empty() || rest == "f" || rest == "l") return true;
  }
  return false;
}

/// Debian names of development packages whose name is not simply lib+NAME+-dev. Source: the packages' file
/// lists.
struct PackageRow {
  std::string_view name, package;
};
constexpr PackageRow development_packages[] = {
    {"z", "zlib1g-dev"},           {"ssl", "libssl-dev"},
    {"crypto", "libssl-dev"},      {"curl", "libcurl4-openssl-dev"},
    {"ncurses", "libncurses-dev"}, {"ncursesw", "libncurses-dev"},
    {"tinfo", "libncurses-dev"},   {"readline", "libreadline-dev"},
    {"ffi", "libffi-dev"},         {"sqlite3", "libsqlite3-dev"},
    {"pq", "libpq-dev"},           {"png", "libpng-dev"},
    {"png16", "libpng-dev"},       {"jpeg", "libjpeg-dev"},
    {"xml2", "libxml2-dev"},       {"bz2", "libbz2-dev"},
    {"lzma", "liblzma-dev"},       {"zstd", "libzstd-dev"},
    {"lz4", "liblz4-dev"},         {"unwind", "libunwind-dev"},
    {"uuid", "uuid-dev"},          {"gmp", "libgmp-dev"},
    {"mpfr", "libmpfr-dev"},       {"openblas", "libopenblas-dev"},
    {"blas", "libblas-dev"},       {"lapack", "liblapack-dev"},
    {"lapacke", "liblapacke-dev"}, {"numa", "libnuma-dev"},
    {"elf", "libelf-dev"},         {"udev", "libudev-dev"},
    {"X11", "libx11-dev"},         {"GL", "libgl-dev"},
    {"expat", "libexpat1-dev"},    {"pcre2-8", "libpcre2-dev"},
    {"event", "libevent-dev"},     {"glib-2.0", "libglib2.0-dev"},
    {"snappy", "libsnappy-dev"},   {"tbb", "libtbb-dev"},
    {"hwloc", "libhwloc-dev"},
};

}  // namespace

const Helper* find_helper(std::string_view symbol) {
  for (const Helper& helper : helpers)
    if (fits_pattern(helper.pattern, symbol)) return &helper;
  return is_mathematics(symbol) ? &mathematics : nullptr;
}

bool takes_debian_packages(const Case& facts) {
  using log::Linker;
  for (std::string_view other : {"apple", "windows", "msvc", "mingw", "wasm", "android", "freebsd", "musl"})
    if (facts.target.find(other) != std::string::npos) return false;
  if (!facts.failure) return true;
  switch (facts.failure->linker) {
    case Linker::Ld64:
    case Linker::Ld64Lld:
    case Linker::LldLink:
    case Linker::MsvcLink:
    case Linker::WasmLd:
      return false;
    default:
      break;
  }
  // A loader that looks for .dylib or .dll files.
  for (const log::InputError& input : facts.failure->inputs)
    for (std::string_view ending : {".dylib", ".dll", ".framework", ".lib"})
      if (input.path.ends_with(ending)) return false;
  return true;
}

std::vector<std::string> packages_of_library(std::string_view library, std::string_view target) {
  for (const PackageRow& row : development_packages) {
    if (row.name != library) continue;
    std::string package(row.package);
    std::string_view architecture = target.substr(0, target.find('-'));
    if (architecture == "aarch64") package += ":arm64";
    if (architecture == "riscv64" || architecture == "riscv64gc") package += ":riscv64";
    if (architecture.starts_with("arm") && target.find("hf") != std::string_view::npos) package += ":armhf";
    return {package};
  }
  return {};
}

}  // namespace linkdx::diagnose
