// Fixes for what is newer than what it meets: a file and its C library, its CPU, the program that loads it as
// a plug-in; a flag and its compiler. Most of them are choices of the build, so they are words rather than
// flags: only the user knows which machines shall run it.
#include <fmt/format.h>

#include "fix.hpp"

namespace linkdx::fix {

namespace {

void fixes_for_visual_studio(const diagnose::OlderLibrary& found, Remedy& remedy) {
  Fix newer;
  newer.title = say("Link with the Visual Studio that made the library, or a newer one");
  newer.confidence = Confidence::Likely;
  newer.why = say(
      "The C++ library of Visual Studio 2015 and later takes objects of older releases, not of newer ones.");
  newer.price = say("An update of the build tools.");
  newer.apply.manual =
      say("Update Visual Studio or its Build Tools, and build in the prompt of the newest toolset. In a CI "
          "image name "
          "that image or toolset version.");
  Fix again;
  again.title = found.needed_by.empty()
                    ? say("Build the library again with the Visual Studio that links it")
                    : say("Build `{}` again with the Visual Studio that links it", found.needed_by);
  again.confidence = Confidence::Likely;
  again.why = say("Its code then calls what that Visual Studio's library has.");
  again.price = say("A build of that library; or take its binaries for the older release.");
  again.apply.manual =
      say("Compile it from source in the same prompt, for example by vcpkg with that toolset.");
  remedy.fixes.push_back(std::move(newer));
  remedy.fixes.push_back(std::move(again));
}

}  // namespace

void fixes_for(const diagnose::OlderLibrary& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  if (found.visual_studio) return fixes_for_visual_studio(found, remedy);
  bool by_musl = facts.target.find("musl") != std::string::npos;
  bool loaded = facts.failure && facts.failure->linker == log::Linker::Loader;
  std::string what = found.needed_by.empty() ? say("it") : fmt::format("`{}`", found.needed_by);
  Fix older;
  older.title = by_musl ? say("Build {} against musl", what)
                        : say("Build {} on the oldest system that it shall run on", what);
  older.confidence = Confidence::Likely;
  older.why = by_musl ? say("Objects that were compiled with glibc's headers ask for symbols of glibc, which "
                            "musl does not "
                            "have.")
                      : say("A program that is built against an older C library runs with newer ones; the "
                            "other way round it "
                            "does not.");
  older.price = say("Another build environment.");
  older.apply.manual = by_musl
                           ? say("Compile everything with the musl target's compiler and headers, and take "
                                 "prebuilt files made for musl.")
                           : say("Build in a container of that system (for wheels a manylinux image), or "
                                 "with a compiler that links for "
                                 "an older glibc by name (cargo zigbuild --target TRIPLE.2.17).");
  Fix newer;
  newer.title = loaded                     ? say("Run it where {} is new enough", found.version)
                : found.version == "glibc" ? say("Link with glibc")
                                           : say("Link with a C library that has {}", found.version);
  newer.confidence = Confidence::Likely;
  newer.why = say("{} is part of newer releases.", found.version);
  newer.price = loaded ? say("Older systems stay out.") : say("The program then needs that C library.");
  newer.apply.manual =
      loaded ? say("Update the system or the base image to a release with that library.")
             : say("Use a sysroot or container with that C library, the same as the objects were compiled "
                   "with.");
  remedy.fixes.push_back(std::move(older));
  remedy.fixes.push_back(std::move(newer));
}

void fixes_for(const diagnose::AboveCpu& found, const Diagnosis&, const Case&, Remedy& remedy) {
  Fix fix;
  fix.title = found.file.empty() && found.level.empty()
                  ? say("Compile the code at which it stopped for the CPUs that shall run it")
              : found.file.empty() ? say("Run it on a CPU of the level that the system was built for")
                                   : say("Build `{}` for the CPUs that shall run it", found.file);
  fix.confidence = Confidence::Likely;
  fix.why = found.level.empty() ? say("Then it needs no more than they have.")
                                : say("It was compiled for {}, and this CPU has less.", found.level);
  fix.price = say("Fast code for newer CPUs is then needed as variants that are chosen at run time.");
  fix.apply.manual = say(
      "Compile without -march flags above the baseline (-march=native among them), or take a build, image or "
      "distribution for the lower level.");
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::OtherHost& found, const Diagnosis&, const Case&, Remedy& remedy) {
  Fix fix;
  fix.title = found.file.empty() ? say("Build the module again for this {}", translated(found.host))
                                 : say("Build `{}` again for this {}", found.file, translated(found.host));
  fix.confidence = Confidence::Likely;
  fix.why = say("Modules belong to one version of {}'s interface.", translated(found.host));
  fix.price = say("None.");
  fix.apply.manual = say(
      "Remove the built module and its caches and install it again with the very program that loads it, or "
      "run the "
      "program that it was built for.");
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::RuntimeKind& found, const Diagnosis&, const Case&, Remedy& remedy) {
  Fix fix;
  fix.title = say("Compile everything for the same C run-time library, /MD or /MT");
  fix.confidence = Confidence::Likely;
  fix.why =
      say("Calls through imports need the DLL's import library, and two run-time libraries in one program do "
          "not mix.");
  fix.price = say("None; with /MD the program needs the run-time DLLs where it runs.");
  fix.apply.manual =
      say("CMake: CMAKE_MSVC_RUNTIME_LIBRARY, the same for all. Rust: -C target-feature=-crt-static links "
          "the DLL's "
          "library, +crt-static the static one, and the C code of build scripts follows when it is built "
          "again (cargo "
          "clean). A library that comes built ({}) has to be of that kind too.",
          found.object.empty() ? "FILE.lib" : found.object);
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::LinkerAbsent& found, const Diagnosis&, const Case&, Remedy& remedy) {
  Fix install;
  install.title = found.package.empty() ? say("Install the linker `{}`, or put it on the PATH", found.name)
                                        : say("Install {}, which has the linker", found.package);
  install.confidence = Confidence::Likely;
  install.why = say("The driver looks for it beside itself and on the PATH.");
  install.price = say("A package more.");
  if (!found.package.empty())
    install.apply.packages = {found.package};
  else if (found.name == "link.exe")
    install.apply.manual =
        say("link.exe comes with the C++ tools of Visual Studio; build in its developer prompt, which sets "
            "the PATH.");
  else
    install.apply.manual = say("Where it is installed, add its directory to the PATH of the build.");
  remedy.fixes.push_back(std::move(install));
  if (!found.chosen) return;
  Fix other;
  other.title = say("Link with the default linker");
  other.effect = Effect::WorksAround;
  other.confidence = Confidence::Likely;
  other.why = say("Without -fuse-ld the driver takes the linker that it was built for.");
  other.price = say("A slower link, as a rule.");
  other.apply.manual =
      say("Take `-fuse-ld={}` out of LDFLAGS, of the build file, or of link-arg in .cargo/config.toml.",
          found.name);
  remedy.fixes.push_back(std::move(other));
}

void fixes_for(const diagnose::OtherRelease& found, const Diagnosis&, const Case&, Remedy& remedy) {
  using Tool = diagnose::OtherRelease::Tool;
  const std::string refused = found.refused.empty() ? say("it") : fmt::format("`{}`", found.refused);
  Fix fix;
  fix.confidence = Confidence::Likely;
  if (found.dropped) {
    fix.title = say("Take {} out of the compile flags", refused);
    fix.why = say("What it turned on or off is gone from the compiler as well.");
    fix.price =
        say("None, unless the program is for the CPUs that had it; GCC {} and clang {} are then too new.",
            found.gcc, found.clang);
    fix.apply.manual =
        say("Remove it from the build file or from the option that adds it, and configure again.");
  } else if (found.tool == Tool::Linker) {
    fix.title = say("Link with a linker as new as the objects");
    fix.why = say("A linker has to know every relocation and section type that the assembler wrote.");
    fix.price = say("Another linker for this build.");
    fix.apply.manual =
        say("Take the binutils that belong to the compiler that made the objects (first on the PATH, or -B "
            "DIRECTORY), "
            "or lld by -fuse-ld=lld.");
  } else if (found.tool == Tool::Assembler) {
    fix.title = say("Assemble with a newer assembler");
    fix.why = say(
        "An assembler knows the instructions of its day. GCC calls the `as` of the binutils that it finds.");
    fix.price = say("Another assembler for this build.");
    fix.apply.manual =
        say("Update binutils (or nasm, for .asm files), or take a base image that has a newer one. clang "
            "assembles by "
            "itself. Where the build has an option that leaves the code out, that works too.");
  } else {
    fix.title = !found.gcc.empty() && !found.clang.empty()
                    ? say("Compile with GCC {} or clang {}, or later", found.gcc, found.clang)
                : !found.gcc.empty()   ? say("Compile with GCC {} or later", found.gcc)
                : !found.clang.empty() ? say("Compile with clang {} or later", found.clang)
                                       : say("Compile with a newer compiler");
    fix.why = found.gcc.empty() && found.clang.empty()
                  ? say("A compiler knows the CPU features of its day, and its headers those intrinsics.")
                  : say("These are the first releases that take {}.", refused);
    fix.price = say("Another compiler for this build.");
    fix.apply.manual =
        say("Name it by CC and CXX (or the toolchain file) and configure again from nothing, for the old "
            "answers are "
            "kept. Where the build has an option that leaves the code out, that works too.");
  }
  remedy.fixes.push_back(std::move(fix));
}

}  // namespace linkdx::fix
