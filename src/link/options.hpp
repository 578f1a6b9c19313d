// The options of compiler drivers and linkers that take a value, and those that shape a link.
#pragma once

#include <string_view>

namespace linkdx::link {

/// How an option's value is written.
enum class Value {
  None,
  Separate,   ///< the next argument
  Joined,     ///< the rest of the same argument
  Either,     ///< the rest when there is one, else the next argument
  Equals,     ///< `--option=value`, or the next argument
};

/// What an option means to a replay.
enum class Effect {
  Ignore, Library, LibraryPath, Output, Undefined, Script, Sysroot, StaticLibraries, SharedLibraries, StaticLink, StaticPie,
  Shared, Relocatable, GroupStart, GroupEnd, WholeArchive, NoWholeArchive, AsNeeded, NoAsNeeded, PushState, PopState,
  GcSections, NoGcSections, AllowMultiple, Keyword, ReportUnresolved, UnresolvedSymbols, AllowUndefined, NoUndefined,
  Defsym, PassToLinker, PassCommaList, UseLinker, NoStandardLibraries, NoDefaultLibraries, NoStartFiles, NoLibc,
  Pthread, OpenMp, RuntimeLibrary, StaticLibgcc, Flavour, SearchPrefix, InputFormat, Wrap, Unsupported,
};

struct Option {
  std::string_view name;
  Value value;
  Effect effect;
};

/// The option that the argument is, or begins with; null when none is known. Sets `attached` to the joined value.
const Option* find_option(std::string_view argument, bool driver, std::string_view& attached);

}  // namespace linkdx::link
