// Fixes on the link line: libraries to add, to repeat, to look for elsewhere; objects to make for the right
// machine.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "fix.hpp"

namespace linkdx::fix {

namespace fs = std::filesystem;

namespace {

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);
}

/// How the linker takes the library at `path`: the archive itself, or its directory and name.
std::vector<std::string> link_words(const std::string& path, const std::string& library, const Case& facts) {
  std::string relative = path_for_link(path, facts);
  if (relative.ends_with(".so") && !library.empty()) {
    std::string directory = fs::path(relative).parent_path().string();
    if (directory.empty()) directory = ".";
    return {"-L" + directory, "-l" + library,
            "-Wl,-rpath," + fs::absolute(directory).lexically_normal().string()};
  }
  return {relative};
}

/// Whether a file was looked for by its whole name, rather than a library by `-lNAME`.
bool is_file_name(std::string_view name) {
  if (name.find_first_of("/\\@") != std::string_view::npos || name.find(".so") != std::string_view::npos)
    return true;
  for (std::string_view ending :
       {".o", ".obj", ".a", ".lib", ".dll", ".dylib", ".framework", ".node", ".pyd", ".tbd", ".exe"})
    if (name.ends_with(ending)) return true;
  return false;
}

/// The link command's program, when it is a driver that also compiles.
std::string link_driver(const Case& facts) {
  if (!facts.failure || !facts.failure->command || facts.failure->command->arguments.empty()) return {};
  const std::string& program = facts.failure->command->arguments.front();
  std::string_view name = base_name(program);
  for (std::string_view linker : {"ld", "ld.bfd", "ld.gold", "ld.lld", "mold", "rust-lld", "collect2"})
    if (name == linker || name.ends_with("-" + std::string(linker))) return {};
  return program;
}

}  // namespace

void fixes_for(const diagnose::LibraryMissing& found, const Diagnosis& diagnosis, const Case& facts,
               Remedy& remedy) {
  if (found.name.empty() && !found.needed_by.empty()) {
    Fix fix;
    fix.title = say("Put the DLLs that `{}` needs where the loader looks", base_name(found.needed_by));
    fix.confidence = Confidence::Possible;
    fix.why = say("The directory of the module and the system's own are searched.");
    fix.price = say("Their files have to be shipped with it.");
    fix.apply.manual = say(
        "List what it needs (dumpbin /dependents, llvm-objdump -p), install the Visual C++ run-time library "
        "if that is among it, and "
        "put the others beside the module or name their directory by os.add_dll_directory.");
    remedy.fixes.push_back(std::move(fix));
    return;
  }
  if (!found.on_command_line) {
    Fix fix;
    std::vector<std::string> words;
    if (found.framework)
      words = {"-framework", found.name};
    else if (!found.path.empty() && !found.via_dso && is_file(found.path))
      words = link_words(found.path, found.name, facts);
    else if (!found.name.empty())
      words = {found.name == "pthread" ? "-pthread" : "-l" + found.name};
    if (words.empty()) return;
    using log::Linker;
    Linker linker = facts.failure ? facts.failure->linker : Linker::Unknown;
    if ((linker == Linker::MsvcLink || linker == Linker::LldLink) && words[0].starts_with("-")) {
      fix.title = say("Link the import or static library of `{}`", found.name);
      fix.confidence = Confidence::Likely;
      fix.why = say("{} provides the symbol.", found.name);
      fix.price = say("The program then depends on that library.");
      fix.apply.manual = say(
          "Add the .lib file of `{}` to the link command (target_link_libraries, AdditionalDependencies), "
          "built for the same "
          "machine and run-time library.",
          found.name);
      remedy.fixes.push_back(std::move(fix));
      return;
    }
    fix.title = say("Add `{}` after the objects that need it", found.framework
                                                                   ? fmt::format("{}", fmt::join(words, " "))
                                                               : words.size() > 1 ? words[1]
                                                                                  : words[0]);
    fix.confidence = Confidence::Certain;
    fix.why = found.framework      ? say("That framework has the symbol.")
              : found.path.empty() ? say("lib{} provides the symbol.", found.name)
                                   : say("`{}` provides the symbol.", found.path);
    fix.price = words[0].ends_with(".a") ? say("The code becomes part of the program.")
                                         : say("The program then depends on that library at run time.");
    append_to_link(fix.apply, words, facts);
    if (found.not_installed && !found.packages.empty()) {
      fix.title = say("Install {}, and add `{}` after the objects that need it",
                      fmt::join(found.packages, " "), words[0]);
      fix.apply.packages = found.packages;
    }
    remedy.fixes.push_back(std::move(fix));
    return;
  }
  // A library of that very name in another directory: the linker only has to look there.
  bool usable = !found.path.empty() && is_file(found.path) &&
                (base_name(found.path) == "lib" + found.name + ".a" ||
                 base_name(found.path) == "lib" + found.name + ".so");
  if (usable) {
    Fix fix;
    std::string directory = fs::path(relative_path(found.path)).parent_path().string();
    if (directory.empty()) directory = ".";
    fix.title = say("Let the linker look in `{}`", directory);
    fix.confidence = Confidence::Certain;
    fix.why = say("`{}` is there.", found.path);
    fix.price = say("None.");
    prepend_to_link(fix.apply, {"-L" + directory}, facts);
    remedy.fixes.push_back(std::move(fix));
  }
  // A version of it below the working directory: the linker takes it under the name that it looks for.
  const std::string version = found.path.empty() ? "" : relative_path(found.path);
  if (version.find(".so.") != std::string::npos && !version.starts_with('/') && is_file(found.path)) {
    Fix link;
    const std::string name = (fs::path(version).parent_path() / ("lib" + found.name + ".so")).string();
    link.title = say("Give `{}` the name `{}`, which the linker looks for", version, name);
    link.confidence = Confidence::Certain;
    link.why = say("A link without the version is all that is missing.");
    link.price = say("None.");
    link.apply.commands.push_back({"ln", "-s", std::string(base_name(version)), name});
    remedy.fixes.push_back(std::move(link));
  }
  Fix fix;
  if (is_file_name(found.name)) {
    fix.title = say("Install or build `{}` for the target", base_name(found.name));
    fix.confidence = Confidence::Possible;
    fix.why = say("Whatever needs it was built when it was there.");
    fix.price = say("A dependency.");
    fix.apply.manual =
        facts.target.empty()
            ? say("Install what ships `{}`, or correct the path where it is named.", base_name(found.name))
            : say("Install what ships `{}` for {}, or correct the path where it is named.",
                  base_name(found.name), facts.target);
    remedy.fixes.push_back(std::move(fix));
    return;
  }
  fix.title = found.packages.empty() ? say("Install or build lib{} for the target", found.name)
                                     : say("Install {}", fmt::join(found.packages, " "));
  fix.confidence = found.packages.empty() ? Confidence::Possible : Confidence::Likely;
  fix.why = say(
      "The linker needs libNAME.so (a link to the versioned file, in the development package) or libNAME.a, "
      "for the target's machine.");
  fix.price = say("A build dependency.");
  fix.apply.packages = found.packages;
  if (found.packages.empty())
    fix.apply.manual =
        say("Install the development package that ships lib{0}.so or lib{0}.a for {1}, or pass -L with the "
            "directory that has it.",
            found.name, facts.target.empty() ? say("the target") : facts.target);
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::OrderWrong& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  Fix fix;
  std::vector<std::string> words;
  for (const std::string& library : found.libraries)
    words.push_back(library.starts_with("-") || !is_file(library) ? library : relative_path(library));
  fix.title = say("Name `{}` once more, after what needs it", fmt::join(words, " "));
  fix.confidence = Confidence::Certain;
  fix.why = say("At the end of the line everything has been asked for, and the archive is searched again.");
  fix.price = say("None.");
  if (words.size() > 1) {
    words.insert(words.begin(), "-Wl,--start-group");
    words.push_back("-Wl,--end-group");
  }
  append_to_link(fix.apply, words, facts);
  remedy.fixes.push_back(std::move(fix));
  Fix linker;
  linker.title = say("Link with lld or mold, which do not mind the order");
  linker.effect = Effect::WorksAround;
  linker.confidence = Confidence::Likely;
  linker.why = say("They remember what every archive offers.");
  linker.price = say("The build then depends on that linker; others will stumble over the same order.");
  linker.apply.packages = {"lld"};
  prepend_to_link(linker.apply, {"-fuse-ld=lld"}, facts);
  remedy.fixes.push_back(std::move(linker));
}

void fixes_for(const diagnose::RuntimeMissing& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  // Where no run-time library is linked at all, as in a kernel, the compiler has to do without.
  if (found.helper.starts_with("__aarch64_") && found.helper.find("cpu_features") == std::string::npos) {
    Fix inline_atomics;
    inline_atomics.title = say("Compile with -mno-outline-atomics");
    inline_atomics.confidence = Confidence::Likely;
    inline_atomics.why =
        say("The compiler then writes the atomic operations out instead of calling the helpers.");
    inline_atomics.price =
        say("CPUs with LSE use the older instructions, unless -march=armv8.1-a or later is given.");
    inline_atomics.apply.cflags.push_back("-mno-outline-atomics");
    bool kernel = false;
    for (const diagnose::SymbolFacts& symbol : facts.symbols)
      for (const diagnose::SymbolFacts::ReferencedBy& reference : symbol.referenced_by)
        kernel = kernel || reference.object.ends_with(".ko");
    if (kernel) {
      remedy.fixes.push_back(std::move(inline_atomics));
      return;
    }
  }
  if (found.asked_by_library) {
    Fix relink;
    const std::string library =
        found.library.empty() ? say("that library") : fmt::format("`{}`", found.library);
    relink.title = say("Link {} again, with `{}`", library, found.flag);
    relink.confidence = Confidence::Likely;
    relink.why =
        say("The library then has its own copy, as everything has that the compiler's driver links.");
    relink.price = say("The library has to be built again.");
    relink.apply.manual =
        say("In the command that links {}, add {} behind its objects, or link it by the compiler's driver "
            "instead of "
            "the linker itself.",
            library, found.flag);
    remedy.fixes.push_back(std::move(relink));
    Refuted program;
    program.advice = say("`{}` in the link of the program", found.flag);
    program.why =
        say("The symbol is hidden in libgcc.a: the program's copy does not serve a shared library.");
    remedy.refuted.push_back(std::move(program));
    return;
  }
  Fix fix;
  if (found.flag.empty()) {
    fix.title = say("Let the compiler's driver link its own start files");
    fix.confidence = Confidence::Likely;
    fix.why = found.why;
    fix.price = say("None.");
    fix.apply.manual = say(
        "Link by the compiler's driver, without -nostartfiles and -nostdlib, and without crt*.o of another C "
        "library.");
    remedy.fixes.push_back(std::move(fix));
    return;
  }
  fix.title = found.flag.starts_with("-l") ? say("Link `{}`", found.flag) : say("Link with `{}`", found.flag);
  fix.confidence = Confidence::Likely;
  fix.why = found.why;
  fix.price = say("None that is seen at run time.");
  if (found.flag.starts_with("-l"))
    append_to_link(fix.apply, {found.flag}, facts);
  else
    prepend_to_link(fix.apply, {found.flag}, facts);
  fix.apply.packages = found.packages;
  remedy.fixes.push_back(std::move(fix));
}

namespace {

/// The name of Debian's cross compiler for a target with glibc; empty for the others.
std::string cross_compiler(std::string_view triple) {
  constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"aarch64-unknown-linux-gnu", "aarch64-linux-gnu-gcc"},
      {"armv7-unknown-linux-gnueabihf", "arm-linux-gnueabihf-gcc"},
      {"arm-unknown-linux-gnueabihf", "arm-linux-gnueabihf-gcc"},
      {"arm-unknown-linux-gnueabi", "arm-linux-gnueabi-gcc"},
      {"i686-unknown-linux-gnu", "i686-linux-gnu-gcc"},
      {"x86_64-unknown-linux-gnu", "x86_64-linux-gnu-gcc"},
      {"riscv64gc-unknown-linux-gnu", "riscv64-linux-gnu-gcc"},
      {"powerpc64le-unknown-linux-gnu", "powerpc64le-linux-gnu-gcc"},
      {"s390x-unknown-linux-gnu", "s390x-linux-gnu-gcc"},
      {"loongarch64-unknown-linux-gnu", "loongarch64-linux-gnu-gcc"},
      {"x86_64-pc-windows-gnu", "x86_64-w64-mingw32-gcc"},
      {"i686-pc-windows-gnu", "i686-w64-mingw32-gcc"},
  };
  for (const auto& [name, compiler] : known)
    if (name == triple) return std::string(compiler);
  return {};
}

/// What rustc made is linked by the wrong linker; what a crate's build script made, by the wrong compiler.
void fixes_for_cargo(const diagnose::WrongMachine& found, Remedy& remedy) {
  std::string words = found.triple;
  std::replace(words.begin(), words.end(), '-', '_');
  std::string capitals = words;
  std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const std::string compiler = cross_compiler(found.triple);
  const std::string variable =
      found.by_rustc ? fmt::format("CARGO_TARGET_{}_LINKER", found.triple.empty() ? "TRIPLE" : capitals)
                     : fmt::format("CC_{}", words);
  Fix fix;
  fix.title = found.by_rustc ? say("Give cargo the target's linker by `{}`", variable)
                             : say("Give the crate's build script the target's C compiler by `{}`", variable);
  fix.confidence = Confidence::Likely;
  fix.why = found.by_rustc ? say("cargo hands it to rustc, for that target alone.")
                           : say("The cc crate and most build scripts read it; C++ has CXX_ in its place.");
  fix.price = say("A cross compiler, if it is not installed.");
  if (!compiler.empty()) {
    fix.apply.env[variable] = compiler;
    if (!found.by_rustc) fix.apply.commands.push_back({"cargo", "clean"});
  } else {
    fix.apply.manual =
        found.by_rustc
            ? say("Set {} to the target's C compiler, or `linker` in .cargo/config.toml.", variable)
            : say("Set {} (and CXX_, AR_) to the target's compiler, for Android the NDK's "
                  "TRIPLE+API-clang, and build again after cargo clean.",
                  variable);
  }
  remedy.fixes.push_back(std::move(fix));
}

bool is_assembly_source(std::string_view path) {
  for (std::string_view ending : {".s", ".S", ".asm", ".sx"})
    if (path.ends_with(ending)) return true;
  return false;
}

}  // namespace

void fixes_for(const diagnose::WrongMachine& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  std::string driver = link_driver(facts);
  if ((found.by_rustc || found.in_crate) && !found.script) return fixes_for_cargo(found, remedy);
  if (found.script) {
    Fix fix;
    std::string suffix = facts.target;
    std::replace(suffix.begin(), suffix.end(), '-', '_');
    std::string compiler = driver.empty() ? facts.target + "-gcc" : driver;
    fix.title = say("Tell the build script of `{}` the target's compiler", found.script->package);
    fix.confidence = Confidence::Likely;
    fix.why = say("`{}` came out of that build script, made by the host's compiler.", found.path);
    fix.price = say("None.");
    fix.apply.commands.push_back({"cargo", "clean", "-p", found.script->package});
    fix.apply.env["CC_" + suffix] = compiler;
    remedy.fixes.push_back(std::move(fix));
  }
  // clang compiles for any machine, and links for this one because it is told to.
  if (!driver.empty())
    for (const std::string& word : facts.failure->command->arguments)
      if (word.starts_with("--target=")) driver += " " + word;
  if (!found.compiler.empty() && !driver.empty() && base_name(found.compiler) != base_name(driver)) {
    Fix fix;
    fix.title = say("Compile `{}` with `{}`", base_name(found.path), driver);
    fix.confidence = Confidence::Likely;
    fix.why = say("The log shows `{}` making it, and `{}` linking.", found.compiler, driver);
    fix.price = say("None.");
    bool cxx = base_name(driver).find("++") != std::string_view::npos;
    fix.apply.env[cxx ? "CXX" : "CC"] = driver;
    if (is_file(found.path)) fix.apply.commands.push_back({"rm", "-f", relative_path(found.path)});
    remedy.fixes.push_back(std::move(fix));
  }
  if (!found.option.empty()) {
    Fix fix;
    fix.title =
        say("Compile `{}` with {}, as the rest of the link", base_name(found.path), found.option_of_target);
    fix.confidence = Confidence::Likely;
    fix.why = say("Its command has {}; the last of such options counts.", found.option);
    fix.price = say("None, where the file's own code does not count on the other size of pointers.");
    fix.apply.cflags.push_back(found.option_of_target);
    if (is_file(found.path)) fix.apply.commands.push_back({"rm", "-f", relative_path(found.path)});
    remedy.fixes.push_back(std::move(fix));
  }
  if (!found.right_copies.empty()) {
    Fix fix;
    const std::string& copy = found.right_copies.front();
    std::string directory = fs::path(relative_path(copy)).parent_path().string();
    fix.title = say("Use the copy in `{}`", directory);
    fix.confidence = Confidence::Certain;
    fix.why = say("`{}` is for the target.", copy);
    fix.price = say("None.");
    prepend_to_link(fix.apply, {"-L" + (directory.empty() ? "." : directory)}, facts);
    remedy.fixes.push_back(std::move(fix));
  }
  bool object = found.path.ends_with(".o") || found.path.ends_with(".obj");
  if (is_file(found.path) && found.compiler.empty() && object && !found.script) {
    Fix fix;
    fix.title = say("Delete `{}` and build it again", found.path);
    fix.confidence = Confidence::Possible;
    fix.why = say("No command in the log made it: it may be left from a build for another machine.");
    fix.price = say("A longer build.");
    fix.apply.commands.push_back({"rm", "-f", relative_path(found.path)});
    remedy.fixes.push_back(std::move(fix));
  }
  if (!remedy.fixes.empty()) return;
  Fix fix;
  if (is_assembly_source(found.path)) {
    fix.title = say("Let the compiler and the sources be for the same machine");
    fix.confidence = Confidence::Likely;
    fix.why = say("An assembler knows the instructions and registers of one machine.");
    fix.apply.manual =
        say("If the compiler is the wrong one, name the target's: CC, CC_<triple> for cargo, the toolchain "
            "file. If the "
            "sources are, tell the build its target (configure --host=TRIPLE, CMAKE_SYSTEM_PROCESSOR) or "
            "leave the "
            "assembly out. Then configure again from nothing.");
    remedy.fixes.push_back(std::move(fix));
    return;
  }
  fix.title = say("Put a copy for {} in place of `{}`",
                  facts.target.empty() ? say("the target") : facts.target, found.path);
  fix.confidence = Confidence::Likely;
  fix.why = say("The linker cannot use code for another machine.");
  fix.apply.manual = say(
      "Install or build that file for the target, clean what an earlier build for another machine left, and "
      "make sure that no -L directory of the host stands first.");
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::HostInterface& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  Fix open;
  open.confidence = Confidence::Likely;
  open.price = say("What is really missing shows only when the module is loaded.");
  if (found.apple) {
    open.title = say("Link the module with `-undefined dynamic_lookup`");
    open.why = say("The loader then looks for the functions in the program that loads the module.");
    prepend_to_link(open.apply, {"-undefined", "dynamic_lookup"}, facts);
  } else {
    open.title = say("Let the module's link leave undefined symbols");
    open.why = say("Shared libraries may, unless the command forbids it.");
    open.apply.manual = say("Take -Wl,--no-undefined and -Wl,-z,defs out of the link of the module.");
  }
  if (found.apple || (found.module && found.forbidden)) remedy.fixes.push_back(std::move(open));
  Fix library;
  library.title = say("For a program that embeds {}: link its library", found.host);
  library.effect = Effect::Resolves;
  library.confidence = Confidence::Likely;
  library.why = say("The library of {} has the same functions as its program.", found.host);
  library.price = say("The program then depends on that library.");
  library.apply.manual = say("Add what `{}` prints to the link, behind the objects.", found.ldflags);
  if (!found.ldflags.empty() && !found.module) remedy.fixes.push_back(std::move(library));
}

}  // namespace linkdx::fix
