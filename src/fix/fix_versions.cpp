// Fixes for files that are newer than what they meet: a C library, a CPU, the program that loads them as a
// plug-in. Most of them are choices of the build, so they are words rather than flags: only the user knows
// which machines shall run it.
#include <fmt/format.h>

#include "fix.hpp"

namespace linkdx::fix {

void fixes_for(const diagnose::OlderLibrary& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
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
  newer.title = loaded ? say("Run it where {} is new enough", found.version)
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

}  // namespace linkdx::fix
