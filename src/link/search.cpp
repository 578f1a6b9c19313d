// See search.hpp.
//
// The order is that of GNU ld: the -L directories, then those built in. In each directory a shared library
// comes before an archive, unless -Bstatic holds. A file for another machine is passed over and the search
// goes on.
//
// The built-in directories are those of GCC on Debian and Fedora style systems and of cross compilers that
// Debian ships; another system's are found only through --sysroot and -L. Source: `gcc -print-search-dirs`,
// `ld --verbose`.

#include "search.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "linkdx/language.hpp"

namespace linkdx::link {

namespace fs = std::filesystem;

namespace {

/// GNU names of systems by architecture, as their directories are named.
struct SystemName {
  std::string_view arch, abi;  ///< empty abi: any
  std::string_view triple;
  artifact::Format format = artifact::Format::Elf;
};
constexpr std::array system_names = {
    SystemName{"x86_64", "x32", "x86_64-linux-gnux32"},
    SystemName{"x86_64", "", "x86_64-linux-gnu"},
    SystemName{"i386", "", "i386-linux-gnu"},
    SystemName{"i386", "", "i686-linux-gnu"},
    SystemName{"aarch64", "", "aarch64-linux-gnu"},
    SystemName{"arm", "soft-float", "arm-linux-gnueabi"},
    SystemName{"arm", "hard-float", "arm-linux-gnueabihf"},
    SystemName{"arm", "", "arm-linux-gnueabihf"},
    SystemName{"arm", "", "arm-linux-gnueabi"},
    SystemName{"riscv64", "", "riscv64-linux-gnu"},
    SystemName{"powerpc64le", "", "powerpc64le-linux-gnu"},
    SystemName{"powerpc64", "", "powerpc64-linux-gnu"},
    SystemName{"s390x", "", "s390x-linux-gnu"},
    SystemName{"mips64el", "", "mips64el-linux-gnuabi64"},
    SystemName{"mipsel", "", "mipsel-linux-gnu"},
    SystemName{"mips", "", "mips-linux-gnu"},
    SystemName{"loongarch64", "", "loongarch64-linux-gnu"},
    SystemName{"sparcv9", "", "sparc64-linux-gnu"},
    SystemName{"x86_64", "", "x86_64-w64-mingw32", artifact::Format::Coff},
    SystemName{"i386", "", "i686-w64-mingw32", artifact::Format::Coff},
};

/// The machine that linkdx runs on, for which directories without a triple are.
#if defined(__x86_64__)
constexpr std::string_view native_arch = "x86_64";
#elif defined(__aarch64__)
constexpr std::string_view native_arch = "aarch64";
#elif defined(__riscv) && __riscv_xlen == 64
constexpr std::string_view native_arch = "riscv64";
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
constexpr std::string_view native_arch = "powerpc64le";
#elif defined(__s390x__)
constexpr std::string_view native_arch = "s390x";
#elif defined(__loongarch64)
constexpr std::string_view native_arch = "loongarch64";
#else
constexpr std::string_view native_arch = "";
#endif

std::vector<std::string> subdirectories(const fs::path& directory) {
  std::vector<std::string> result;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (at->is_directory(error)) result.push_back(at->path().string());
  // Newer compilers first.
  std::sort(result.rbegin(), result.rend(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return result;
}

}  // namespace

artifact::Format Search::format() const {
  return machine_ && machine_->format != artifact::Format::Unknown ? machine_->format : artifact::Format::Elf;
}

const artifact::Machine* machine_of(const artifact::File& file) {
  for (const std::unique_ptr<artifact::Object>& object : file.objects())
    if (object->machine().elf_machine != 0 && object->kind() != artifact::Kind::RustMetadata)
      return &object->machine();
  return nullptr;
}

std::string Search::in_directory(const std::string& path) const {
  const fs::path given = path;
  return given.is_absolute() || directory_.empty() ? path : (fs::path(directory_) / given).string();
}

bool Search::usable(const artifact::File& file, Found& found) const {
  const artifact::Machine* machine = machine_of(file);
  if (!machine || !machine_) return true;
  const std::optional<std::string> why = artifact::why_incompatible(*machine_, *machine);
  if (!why) return true;
  // A universal file or a text stub is for several machines.
  if (machine->format == artifact::Format::MachO)
    for (const std::unique_ptr<artifact::Object>& object : file.objects())
      if (!artifact::why_incompatible(*machine_, object->machine())) return true;
  found.wrong_machine = true;
  if (found.rejected_reason.empty()) found.rejected_reason = fmt::format("{}: {}", file.path(), *why);
  found.candidates.push_back(file.path());
  return false;
}

bool Search::try_file(const std::string& path, Found& found) {
  std::error_code error;
  if (!fs::exists(path, error)) return false;
  const artifact::File* file = store_.open(path);
  if (!file) {
    if (found.rejected_reason.empty()) found.rejected_reason = say("{}: cannot be read", path);
    found.candidates.push_back(path);
    return false;
  }
  if (!usable(*file, found)) return false;
  found.file = file;
  return true;
}

Found Search::path(const std::string& name) {
  Found found;
  if (try_file(in_directory(name), found) || !found.rejected_reason.empty()) return found;
  // A script's inputs and `-T script` are also looked for in the search directories; `=` stands for the
  // sysroot.
  if (name.starts_with('/') && !plan_.sysroot.empty() && try_file(plan_.sysroot + name, found)) return found;
  if (name.starts_with('=') && try_file(plan_.sysroot + name.substr(1), found)) return found;
  if (name.find('/') == std::string::npos)
    for (const std::string& directory : all_directories())
      if (try_file((fs::path(directory) / name).string(), found)) return found;
  return found;
}

std::vector<std::string> Search::command_directories() const {
  std::vector<std::string> result;
  for (const std::string& directory : plan_.search_directories) {
    if (directory.starts_with('='))
      result.push_back(plan_.sysroot + directory.substr(1));
    else if (directory.starts_with("$SYSROOT"))
      result.push_back(plan_.sysroot + directory.substr(8));
    else
      result.push_back(in_directory(directory));
  }
  return result;
}

std::vector<std::string> Search::all_directories() {
  std::vector<std::string> result = command_directories();
  result.insert(result.end(), standard_directories().begin(), standard_directories().end());
  return result;
}

const std::vector<std::string>& Search::standard_directories() {
  if (standard_) return *standard_;
  standard_.emplace();
  const fs::path root = plan_.sysroot.empty() ? fs::path("/") : fs::path(in_directory(plan_.sysroot));
  const auto add = [this](const fs::path& directory) {
    std::error_code error;
    if (fs::is_directory(directory, error)) standard_->push_back(directory.string());
  };
  for (const SystemName& system : system_names) {
    if (!machine_ || system.arch != machine_->arch || system.format != format()) continue;
    if (!system.abi.empty() && system.abi != machine_->abi) continue;
    // The compiler's own directory is outside the sysroot.
    for (const fs::path& prefix : {root, fs::path("/")}) {
      for (const char* compilers : {"usr/lib/gcc", "usr/lib/gcc-cross"})
        for (const std::string& version : subdirectories(prefix / compilers / system.triple)) add(version);
      add(prefix / "usr" / system.triple / "lib");
      if (prefix == "/") break;
    }
    for (const char* directory : {"lib", "usr/lib"}) add(root / directory / system.triple);
  }
  // Without a triple in its name a directory is the machine's own; in a sysroot that is the target's.
  const bool native = machine_ && machine_->arch == native_arch && format() == artifact::Format::Elf;
  if (plan_.sysroot.empty() && !native) return *standard_;
  if (machine_ && machine_->bits == 64)
    for (const char* directory : {"lib64", "usr/lib64"}) add(root / directory);
  for (const char* directory : {"lib", "usr/lib", "usr/local/lib"}) add(root / directory);
  return *standard_;
}

Found Search::library_in(const std::vector<std::string>& directories, const std::string& name,
                         bool static_only) {
  Found found;
  const std::vector<std::string> names =
      name.starts_with(':') ? std::vector<std::string>{name.substr(1)} : names_of(name, static_only);
  for (const std::string& directory : directories)
    for (const std::string& file : names)
      if (try_file((fs::path(directory) / file).string(), found)) return found;
  add_candidates(directories, name, found);
  return found;
}

/// The files that -lfoo stands for, in the order in which they are tried. Sources: ld's manual on -l and, for
/// PE, on "direct linking to a dll"; Apple's ld(1) on -l.
std::vector<std::string> Search::names_of(const std::string& name, bool static_only) const {
  const std::string library = "lib" + name;
  switch (format()) {
    case artifact::Format::MachO:
      return {library + ".tbd", library + ".dylib", library + ".a"};
    case artifact::Format::Coff:
      if (static_only) return {library + ".a", name + ".lib"};
      return {library + ".dll.a", name + ".dll.a",  library + ".a",
              name + ".lib",      library + ".dll", name + ".dll"};
    default:
      if (static_only) return {library + ".a"};
      return {library + ".so", library + ".a"};
  }
}

/// `libfoo.so.2` without the link `libfoo.so` that -dev packages bring.
void Search::add_candidates(const std::vector<std::string>& directories, const std::string& name,
                            Found& found) const {
  const std::string start = "lib" + name + ".";
  for (const std::string& directory : directories) {
    std::vector<std::string> near;
    std::error_code error;
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
      const std::string file = at->path().filename().string();
      if (file.starts_with(start + "so") || file == start + "a") near.push_back(at->path().string());
    }
    std::sort(near.begin(), near.end());
    for (const std::string& path : near)
      if (std::find(found.candidates.begin(), found.candidates.end(), path) == found.candidates.end())
        found.candidates.push_back(path);
  }
}

/// clang keeps its run-time libraries among its own files, with the machine in their names or in that of
/// their directory.
Found Search::compiler_runtime(const std::string& name) {
  std::vector<std::string> directories;
  for (const std::string& llvm : subdirectories("/usr/lib"))
    if (fs::path(llvm).filename().string().starts_with("llvm-"))
      for (const std::string& version : subdirectories(fs::path(llvm) / "lib/clang"))
        for (const std::string& system : subdirectories(fs::path(version) / "lib"))
          directories.push_back(system);
  std::sort(directories.rbegin(), directories.rend());
  Found found;
  for (const std::string& directory : directories)
    for (const std::string& file :
         {"lib" + name + "-" + (machine_ ? machine_->arch : "") + ".a", "lib" + name + ".a"})
      if (try_file((fs::path(directory) / file).string(), found)) return found;
  return found;
}

Found Search::find_library(const std::string& name, bool static_only) {
  if (name.starts_with("clang_rt.")) return compiler_runtime(name);
  return library_in(all_directories(), name, static_only);
}

Found Search::standard_file(const std::string& name) {
  Found found;
  for (const std::string& directory : standard_directories())
    if (try_file((fs::path(directory) / name).string(), found)) return found;
  return found;
}

Found Search::needed(const std::string& name) {
  return find_library(":" + name, false);
}

}  // namespace linkdx::link
