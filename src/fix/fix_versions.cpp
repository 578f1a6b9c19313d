// Fixes for files that are newer than what they meet: a C library, a CPU, the program that loads them as a
// plug-in. Most of them are choices of the build, so they are words rather than flags: only the user knows
// which machines shall run it.
#include <fmt/format.h>

#include "fix.hpp"

namespace linkdx::fix {

void fixes_for(const diagnose::OlderLibrary& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  bool by_musl = facts.target.find("musl") != std::string::npos;
  bool loaded = facts.failure && facts.failure->linker == log::Linker::Loader;
  std::string what = found.needed_by.empty() ? std::string("it") : fmt::format("`{}`", found.needed_by);
  Fix older;
  older.title = by_musl ? fmt::format("Build {} against musl", what)
                        : fmt::format("Build {} on the oldest system that it shall run on", what);
  older.confidence = Confidence::Likely;
  older.why =
      by_musl
          ? "Objects that were compiled with glibc's headers ask for symbols of glibc, which musl does not "
            "have."
          : "A program that is built against an older C library runs with newer ones; the other way round it "
            "does not.";
  older.price = "Another build environment.";
  older.apply.manual = by_musl ? "Compile everything with the musl target's compiler and headers, and take "
                                 "prebuilt files made for musl."
                               : "Build in a container of that system (for wheels a manylinux image), or "
                                 "with a compiler that links for "
                                 "an older glibc by name (cargo zigbuild --target TRIPLE.2.17).";
  Fix newer;
  newer.title = loaded ? fmt::format("Run it where {} is new enough", found.version)
                       : fmt::format("Link with a C library that has {}", found.version);
  newer.confidence = Confidence::Likely;
  newer.why = fmt::format("{} is part of newer releases.", found.version);
  newer.price = loaded ? "Older systems stay out." : "The program then needs that C library.";
  newer.apply.manual =
      loaded ? "Update the system or the base image to a release with that library."
             : "Use a sysroot or container with that C library, the same as the objects were compiled "
               "with.";
  remedy.fixes.push_back(std::move(older));
  remedy.fixes.push_back(std::move(newer));
}

void fixes_for(const diagnose::AboveCpu& found, const Diagnosis&, const Case&, Remedy& remedy) {
  Fix fix;
  fix.title = found.file.empty() && found.level.empty()
                  ? std::string("Compile the code at which it stopped for the CPUs that shall run it")
              : found.file.empty() ? std::string("Run it on a CPU of the level that the system was built for")
                                   : fmt::format("Build `{}` for the CPUs that shall run it", found.file);
  fix.confidence = Confidence::Likely;
  fix.why = found.level.empty() ? std::string("Then it needs no more than they have.")
                                : fmt::format("It was compiled for {}, and this CPU has less.", found.level);
  fix.price = "Fast code for newer CPUs is then needed as variants that are chosen at run time.";
  fix.apply.manual =
      "Compile without -march flags above the baseline (-march=native among them), or take a build, image or "
      "distribution for the lower level.";
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::OtherHost& found, const Diagnosis&, const Case&, Remedy& remedy) {
  Fix fix;
  fix.title = found.file.empty() ? fmt::format("Build the module again for this {}", found.host)
                                 : fmt::format("Build `{}` again for this {}", found.file, found.host);
  fix.confidence = Confidence::Likely;
  fix.why = fmt::format("Modules belong to one version of {}'s interface.", found.host);
  fix.price = "None.";
  fix.apply.manual =
      "Remove the built module and its caches and install it again with the very program that loads it, or "
      "run the "
      "program that it was built for.";
  remedy.fixes.push_back(std::move(fix));
}

}  // namespace linkdx::fix
