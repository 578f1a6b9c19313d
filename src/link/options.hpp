// The options of compiler drivers and linkers that take a value, and those that shape a link.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linkdx::link {

/// How an option's value is written.
enum class Value {
  None,
  Separate,  ///< the next argument
  Joined,    ///< the rest of the same argument
  Either,    ///< the rest when there is one, else the next argument
  Equals,    ///< `--option=value`, or the next argument
};

/// What an option means to a replay.
enum class Effect {
  Ignore,
  Library,
  LibraryPath,
  Output,
  Undefined,
  Script,
  Sysroot,
  StaticLibraries,
  SharedLibraries,
  StaticLink,
  StaticPie,
  Shared,
  Relocatable,
  GroupStart,
  GroupEnd,
  WholeArchive,
  NoWholeArchive,
  AsNeeded,
  NoAsNeeded,
  PushState,
  PopState,
  GcSections,
  NoGcSections,
  AllowMultiple,
  Keyword,
  ReportUnresolved,
  UnresolvedSymbols,
  AllowUndefined,
  NoUndefined,
  DenyMultiple,
  RequireDefined,
  Entry,
  ExportDynamic,
  NoExportDynamic,
  LibraryObjects,
  EndLibraryObjects,
  Defsym,
  PassToLinker,
  PassCommaList,
  UseLinker,
  NoStandardLibraries,
  NoDefaultLibraries,
  NoStartFiles,
  NoLibc,
  Pthread,
  OpenMp,
  RuntimeLibrary,
  StandardLibrary,
  UnwindLibrary,
  StaticLibgcc,
  Flavour,
  SearchPrefix,
  InputFormat,
  Wrap,
  Instrument,
  Framework,
};

struct Option {
  std::string_view name;
  Value value;
  Effect effect;
};

/// The option that the argument is, or begins with; null when none is known. Sets `attached` to the joined
/// value.
const Option* find_option(std::string_view argument, bool driver, std::string_view& attached);

/// The names that the run-time library of an instrumenting flag defines; a trailing `*` stands for any end.
std::vector<std::string> instrumented_names(std::string_view flag);

}  // namespace linkdx::link
