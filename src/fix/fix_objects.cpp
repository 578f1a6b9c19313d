// Fixes for objects that are there and cannot serve: damaged or stale ones, a compiler's intermediate code,
// definitions that nobody outside their file or library can see.
#include <filesystem>

#include <fmt/format.h>

#include "fix.hpp"

namespace linkdx::fix {

namespace fs = std::filesystem;

namespace {

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::string plain_path(const std::string& label) {
  return label.substr(0, label.find('('));
}

/// The files to delete so that the object is made again: the object, and the archive that holds it.
std::vector<std::string> files_to_delete(const std::string& label, const Case& facts) {
  std::vector<std::string> files;
  std::string file = plain_path(label);
  for (const std::string& base : {std::string(), facts.link_directory}) {
    std::string path = base.empty() ? file : (fs::path(base) / file).string();
    if (!is_file(path)) continue;
    files.push_back(relative_path(path));
    break;
  }
  // The object that a member was made from, beside the archive or below the directories given.
  std::size_t open = label.find('('), close = label.rfind(')');
  if (open != std::string::npos && close != std::string::npos && close > open && facts.artifacts) {
    std::string member = label.substr(open + 1, close - open - 1);
    for (const artifact::File* other : facts.artifacts->files())
      if (fs::path(other->path()).filename() == fs::path(member).filename() && is_file(other->path()))
        files.push_back(relative_path(other->path()));
  }
  return files;
}

}  // namespace

namespace {

/// `aarch64-linux-gnu-ranlib` beside `aarch64-linux-gnu-gcc`.
std::string ranlib_of(const Case& facts) {
  std::string driver = facts.failure && facts.failure->command && !facts.failure->command->arguments.empty()
                           ? facts.failure->command->arguments.front()
                           : std::string();
  for (std::string_view compiler : {"-gcc", "-g++", "-ld"})
    if (driver.ends_with(compiler) && driver.size() > compiler.size())
      return driver.substr(0, driver.size() - compiler.size()) + "-ranlib";
  return "ranlib";
}

}  // namespace

void fixes_for(const diagnose::ObjectToRemake& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  if (found.without_index) {
    Fix fix;
    std::string ranlib = ranlib_of(facts);
    fix.title = say("Give `{}` its index with {}", found.path, ranlib);
    fix.confidence = Confidence::Likely;
    fix.why = say("ranlib writes the index that the linker asks for.");
    fix.price = say("None; the rule that makes the archive should do it (`ar rcs`).");
    fix.apply.commands.push_back({ranlib, relative_path(found.path)});
    remedy.fixes.push_back(std::move(fix));
    return;
  }
  Fix fix;
  fix.title = say("Delete `{}` and build it again", found.path);
  fix.confidence = Confidence::Likely;
  fix.why = found.stale
                ? say("The source has the definition; an object that is made from it now has it, too.")
                : say("The file is no object; the build takes it for one that is up to date.");
  fix.price = say("A longer build.");
  std::vector<std::string> files = files_to_delete(found.path, facts);
  if (files.empty()) {
    fix.apply.manual = say("Delete {} and build again.", found.path);
  } else {
    std::vector<std::string> command = {"rm", "-f"};
    command.insert(command.end(), files.begin(), files.end());
    fix.apply.commands.push_back(std::move(command));
  }
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::IntermediateCode& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  Fix linker;
  linker.title = say("Link with lld, which reads LLVM's intermediate code itself");
  linker.confidence = Confidence::Likely;
  linker.why = say("`{}` was compiled by clang with -flto.", found.path);
  linker.price = say("A build dependency; lld has to be as new as the clang that compiled it.");
  linker.apply.packages = {"lld"};
  prepend_to_link(linker.apply, {"-fuse-ld=lld"}, facts);
  if (found.llvm) remedy.fixes.push_back(std::move(linker));
  std::vector<std::string> again = files_to_delete(found.path, facts);
  Fix machine_code;
  machine_code.title = found.llvm ? say("Compile it without link-time optimisation (-fno-lto)")
                                  : say("Let GCC write machine code beside its own (-ffat-lto-objects)");
  machine_code.confidence = Confidence::Likely;
  machine_code.why = say("The object then holds code that every linker reads.");
  machine_code.price = found.llvm ? say("No optimisation across files for it.")
                                  : say("Longer compiles; this linker does not optimise across files.");
  machine_code.apply.cflags.push_back(found.llvm ? "-fno-lto" : "-ffat-lto-objects");
  if (!again.empty()) {
    machine_code.apply.commands.push_back({"rm", "-f"});
    machine_code.apply.commands.back().insert(machine_code.apply.commands.back().end(), again.begin(),
                                              again.end());
  }
  remedy.fixes.push_back(std::move(machine_code));
}

void fixes_for(const diagnose::NotVisible& found, const Diagnosis&, const Case&, Remedy& remedy) {
  std::string line = found.source.empty() ? std::string() : line_of(found.source, found.source_line);
  std::size_t word = line.find("static ");
  std::optional<Apply::Edit> edit;
  Fix fix;
  if (found.is_static) {
    fix.title = say("Take `static` off the definition of `{}`", found.symbol);
    fix.why = say("A static function exists for its own file only.");
    fix.price = say("The name then has to be the only one of its kind in the program.");
    if (word != std::string::npos) {
      line.erase(word, 7);
      edit = replace_line(found.source, found.source_line, {line});
    }
  } else {
    fix.title = say("Export `{}` from the library", found.symbol);
    fix.why = say("Programs see only what a shared library exports.");
    fix.price = say("It becomes part of the library's interface.");
    std::size_t start = line.find_first_not_of(" \t");
    if (start != std::string::npos && line.find("visibility") == std::string::npos)
      edit = replace_line(found.source, found.source_line,
                          {line.substr(0, start) + "__attribute__((visibility(\"default\")))", line});
  }
  fix.confidence = Confidence::Likely;
  if (edit)
    fix.apply.edits.push_back(*edit);
  else
    fix.apply.manual =
        found.is_static
            ? say("Remove `static` (or the unnamed namespace) from `{}` in the source of {}.", found.symbol,
                  found.where)
            : say("Give `{}` default visibility where {} defines it, or add it to the library's version "
                  "script or export list; or link the library's static form.",
                  found.symbol, found.where);
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::IntrinsicCalled& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  if (found.only_x86_64) {
    Fix wide;
    wide.title = say("Compile for x86-64, or without the code that uses `{}`", found.name);
    wide.confidence = Confidence::Likely;
    wide.why = say("Its instruction takes a 64-bit register, which code for 32 bits does not have.");
    wide.price = say("A 64-bit build, or the speed of that code in the 32-bit one.");
    wide.apply.manual = say(
        "If this build is meant for 32 bits, put the code that uses `{}` behind `#if defined(__x86_64__) || "
        "defined(_M_X64)`, or switch it off in the package; else remove -m32 or choose the 64-bit toolchain.",
        found.name);
    remedy.fixes.push_back(std::move(wide));
    if (!facts.target.empty()) return;  // the header has nothing of that name for this machine
  }
  Fix fix;
  fix.title = say("Include <{}> where `{}` is used", found.header, found.name);
  fix.confidence = found.only_x86_64 ? Confidence::Possible : Confidence::Likely;
  fix.why = say("The header declares the intrinsic, and the compiler puts instructions in its place.");
  fix.price = say("None. The file has to be compiled for the feature, or the compiler then refuses it.");
  std::optional<Apply::Edit> edit;
  if (!found.source.empty())
    edit = insert_after(found.source, 0, {fmt::format("#include <{}>", found.header)});
  if (edit)
    fix.apply.edits.push_back(*edit);
  else
    fix.apply.manual = say("Add #include <{}> to the file that uses `{}`.", found.header, found.name);
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::HeaderAbsent& found, const Diagnosis&, const Case&, Remedy& remedy) {
  Fix fix;
  if (!found.package.empty()) {
    fix.title = say("Install {}, which has `{}`", found.package, found.header);
    fix.confidence = Confidence::Likely;
    fix.why = say("The package has the header and the library that goes with it.");
    fix.price = say("A package more. A cross build needs it for the target's architecture (PACKAGE:ARCH).");
    fix.apply.packages = {found.package};
  } else {
    fix.title = say("Install what has `{}`, or give its directory by -I", found.header);
    fix.confidence = Confidence::Possible;
    fix.why = say("The compiler looks in its own directories and in those of -I, -isystem and --sysroot.");
    fix.apply.manual = found.system ? say("`{}` comes with the C library or the kernel's headers of the "
                                          "target. On Debian: libc6-dev and "
                                          "linux-libc-dev, for a cross compiler libc6-dev-ARCH-cross, for "
                                          "musl-gcc musl-dev. Where the "
                                          "toolchain has a sysroot, give it by --sysroot.",
                                          found.header)
                                    : say("`apt-file search include/{}` names Debian's package. If it is "
                                          "installed, add its directory: "
                                          "-I DIRECTORY, in CFLAGS or by pkg-config --cflags.",
                                          found.header);
  }
  remedy.fixes.push_back(std::move(fix));
}

}  // namespace linkdx::fix
