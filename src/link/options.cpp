// Two grammars meet on a link command. The linker's: GNU ld's manual, and Options.td of lld/ELF, whose
// options of several letters may begin with one dash or two. The driver's: gcc/common.opt and gcc.cc of GCC,
// Options.td of clang. Options that say nothing about resolving symbols are listed when they take a value, so
// that the value is not taken for an input.

#include "options.hpp"

#include <algorithm>
#include <array>

namespace linkdx::link {

namespace {

using enum Value;
using E = Effect;

/// Names without dashes; longer names first where one begins another.
constexpr std::array linker_options = {
    Option{"library-path", Equals, E::LibraryPath},
    Option{"library", Equals, E::Library},
    Option{"output", Equals, E::Output},
    Option{"undefined", Equals, E::Undefined},
    Option{"require-defined", Equals, E::RequireDefined},
    Option{"script", Equals, E::Script},
    Option{"default-script", Equals, E::Script},
    Option{"sysroot", Equals, E::Sysroot},
    Option{"Bstatic", None, E::StaticLibraries},
    Option{"dn", None, E::StaticLibraries},
    Option{"non_shared", None, E::StaticLibraries},
    Option{"static", None, E::StaticLink},
    Option{"Bdynamic", None, E::SharedLibraries},
    Option{"dy", None, E::SharedLibraries},
    Option{"call_shared", None, E::SharedLibraries},
    Option{"shared", None, E::Shared},
    Option{"Bshareable", None, E::Shared},
    Option{"relocatable", None, E::Relocatable},
    Option{"start-group", None, E::GroupStart},
    Option{"end-group", None, E::GroupEnd},
    Option{"start-lib", None, E::LibraryObjects},
    Option{"end-lib", None, E::EndLibraryObjects},
    Option{"whole-archive", None, E::WholeArchive},
    Option{"no-whole-archive", None, E::NoWholeArchive},
    Option{"as-needed", None, E::AsNeeded},
    Option{"no-as-needed", None, E::NoAsNeeded},
    Option{"push-state", None, E::PushState},
    Option{"pop-state", None, E::PopState},
    Option{"gc-sections", None, E::GcSections},
    Option{"no-gc-sections", None, E::NoGcSections},
    Option{"allow-multiple-definition", None, E::AllowMultiple},
    Option{"unresolved-symbols", Equals, E::UnresolvedSymbols},
    Option{"warn-unresolved-symbols", None, E::AllowUndefined},
    Option{"noinhibit-exec", None, E::AllowUndefined},
    Option{"no-undefined", None, E::NoUndefined},
    Option{"defsym", Equals, E::Defsym},
    Option{"wrap", Equals, E::Wrap},
    Option{"format", Equals, E::InputFormat},
    Option{"flavor", Separate, E::Flavour},
    Option{"nostdlib", None, E::Ignore},
    Option{"soname", Equals, E::Ignore},
    Option{"rpath", Equals, E::Ignore},
    Option{"rpath-link", Equals, E::Ignore},
    Option{"dynamic-linker", Equals, E::Ignore},
    Option{"Map", Equals, E::Ignore},
    Option{"version-script", Equals, E::Ignore},
    Option{"dynamic-list", Equals, E::Ignore},
    Option{"entry", Equals, E::Entry},
    Option{"export-dynamic", None, E::ExportDynamic},
    Option{"gc-keep-exported", None, E::ExportDynamic},
    Option{"init", Equals, E::Ignore},
    Option{"fini", Equals, E::Ignore},
    Option{"plugin", Equals, E::Ignore},
    Option{"plugin-opt", Equals, E::Ignore},
    Option{"exclude-libs", Equals, E::Ignore},
    Option{"retain-symbols-file", Equals, E::Ignore},
    Option{"just-symbols", Equals, E::Ignore},
    Option{"Tbss", Equals, E::Ignore},
    Option{"Tdata", Equals, E::Ignore},
    Option{"Ttext", Equals, E::Ignore},
    Option{"Ttext-segment", Equals, E::Ignore},
    Option{"section-start", Equals, E::Ignore},
    Option{"image-base", Equals, E::Ignore},
    Option{"trace-symbol", Equals, E::Ignore},
    Option{"oformat", Equals, E::Ignore},
    Option{"dependency-file", Equals, E::Ignore},
    Option{"export-dynamic-symbol", Equals, E::Ignore},
    Option{"export-dynamic-symbol-list", Equals, E::Ignore},
    Option{"out-implib", Equals, E::Ignore},
    Option{"mllvm", Equals, E::Ignore},
    Option{"lto-O", Joined, E::Ignore},
    Option{"auxiliary", Equals, E::Ignore},
    Option{"filter", Equals, E::Ignore},
    Option{"assert", Separate, E::Ignore},
    Option{"error-limit", Equals, E::Ignore},
    Option{"symbol-ordering-file", Equals, E::Ignore},
    Option{"thinlto-cache-dir", Equals, E::Ignore},
    Option{"chroot", Equals, E::Sysroot},
    Option{"directory", Equals, E::LibraryPath},
    Option{"dT", Either, E::Script},
    Option{"ignore-unresolved-symbol", Equals, E::Defsym},
    Option{"no-allow-multiple-definition", None, E::DenyMultiple},
    Option{"no-export-dynamic", None, E::NoExportDynamic},
    Option{"start-stop-gc", None, E::Ignore},
    Option{"(", None, E::GroupStart},
    Option{")", None, E::GroupEnd},
};

/// One dash, one letter. `r`, `i`, `s` and their kin stand alone; the others have a value.
constexpr std::array linker_letters = {
    Option{"L", Either, E::LibraryPath}, Option{"l", Either, E::Library}, Option{"o", Either, E::Output},
    Option{"u", Either, E::Undefined},   Option{"T", Either, E::Script},  Option{"z", Either, E::Keyword},
    Option{"b", Either, E::InputFormat}, Option{"A", Either, E::Ignore},  Option{"a", Separate, E::Ignore},
    Option{"c", Separate, E::Ignore},    Option{"e", Either, E::Entry},   Option{"E", None, E::ExportDynamic},
    Option{"F", Either, E::Ignore},      Option{"f", Either, E::Ignore},  Option{"G", Either, E::Ignore},
    Option{"h", Either, E::Ignore},      Option{"I", Either, E::Ignore},  Option{"m", Either, E::Ignore},
    Option{"O", Joined, E::Ignore},      Option{"R", Either, E::Ignore},  Option{"Y", Separate, E::Ignore},
    Option{"y", Either, E::Ignore},
};

constexpr std::array driver_options = {
    Option{"-Wl,", Joined, E::PassCommaList},
    Option{"-Xlinker", Separate, E::PassToLinker},
    Option{"-fuse-ld=", Joined, E::UseLinker},
    Option{"--ld-path=", Joined, E::UseLinker},
    Option{"-nostdlib++", None, E::Ignore},
    Option{"-nostdlib", None, E::NoStandardLibraries},
    Option{"-nodefaultlibs", None, E::NoDefaultLibraries},
    Option{"-nostartfiles", None, E::NoStartFiles},
    Option{"-nolibc", None, E::NoLibc},
    Option{"-pthread", None, E::Pthread},
    Option{"-fopenmp", None, E::OpenMp},
    Option{"-fopenmp=", Joined, E::OpenMp},
    Option{"-rtlib=", Joined, E::RuntimeLibrary},
    Option{"--rtlib=", Joined, E::RuntimeLibrary},
    Option{"-unwindlib=", Joined, E::UnwindLibrary},
    Option{"--unwindlib=", Joined, E::UnwindLibrary},
    Option{"-stdlib=", Joined, E::StandardLibrary},
    Option{"-static-libgcc", None, E::StaticLibgcc},
    Option{"-static-pie", None, E::StaticPie},
    Option{"-static-libstdc++", None, E::Ignore},
    Option{"-static", None, E::StaticLink},
    Option{"--static", None, E::StaticLink},
    Option{"-shared-libgcc", None, E::Ignore},
    Option{"-shared", None, E::Shared},
    Option{"--shared", None, E::Shared},
    Option{"-dynamiclib", None, E::Shared},
    Option{"-rdynamic", None, E::ExportDynamic},
    Option{"-r", None, E::Relocatable},
    Option{"--sysroot=", Joined, E::Sysroot},
    Option{"--sysroot", Separate, E::Sysroot},
    Option{"-isysroot", Separate, E::Ignore},
    Option{"-L", Either, E::LibraryPath},
    Option{"-l", Either, E::Library},
    Option{"-o", Either, E::Output},
    Option{"-u", Either, E::Undefined},
    Option{"-T", Either, E::Script},
    Option{"-z", Either, E::Keyword},
    Option{"-B", Either, E::SearchPrefix},
    Option{"-framework", Separate, E::Framework},
    Option{"-weak_framework", Separate, E::Framework},
    Option{"-arch", Separate, E::Ignore},
    Option{"-target", Separate, E::Ignore},
    Option{"--target", Separate, E::Ignore},
    Option{"--target=", Joined, E::Ignore},
    Option{"-e", Separate, E::Entry},
    Option{"-x", Either, E::Ignore},
    Option{"-I", Either, E::Ignore},
    Option{"-isystem", Separate, E::Ignore},
    Option{"-iquote", Separate, E::Ignore},
    Option{"-idirafter", Separate, E::Ignore},
    Option{"-include", Separate, E::Ignore},
    Option{"-imacros", Separate, E::Ignore},
    Option{"-D", Either, E::Ignore},
    Option{"-U", Either, E::Ignore},
    Option{"-MF", Separate, E::Ignore},
    Option{"-MT", Separate, E::Ignore},
    Option{"-MQ", Separate, E::Ignore},
    Option{"-MJ", Separate, E::Ignore},
    Option{"-Xclang", Separate, E::Ignore},
    Option{"-Xassembler", Separate, E::Ignore},
    Option{"-Xpreprocessor", Separate, E::Ignore},
    Option{"-mllvm", Separate, E::Ignore},
    Option{"--param", Separate, E::Ignore},
    Option{"-wrapper", Separate, E::Ignore},
    Option{"-aux-info", Separate, E::Ignore},
    Option{"-dumpbase", Separate, E::Ignore},
    Option{"-install_name", Separate, E::Ignore},
    Option{"-rpath", Separate, E::Ignore},
    Option{"-h", Separate, E::Ignore},
    Option{"-A", Separate, E::Ignore},
    Option{"-G", Separate, E::Ignore},
    Option{"-fsanitize=", Joined, E::Instrument},
    Option{"-fprofile-instr-generate", Joined, E::Instrument},
    Option{"-fprofile-generate", Joined, E::Instrument},
    Option{"--coverage", None, E::Instrument},
    Option{"-coverage", None, E::Instrument},
    Option{"-ftest-coverage", None, E::Instrument},
    Option{"-fprofile-arcs", None, E::Instrument},
    Option{"-fcoverage-mapping", None, E::Instrument},
    Option{"-pg", None, E::Instrument},
    Option{"-fxray-instrument", None, E::Instrument},
};

constexpr std::string_view words_without_value[] = {
#include "linker_words.inc"
    "E", "s", "S", "x", "X", "d",  "n",  "N",  "q",  "t", "v",
    "V", "M", "g", "p", "P", "EB", "EL", "dp", "dc", "k",
};
constexpr std::string_view words_with_value[] = {
#include "linker_values.inc"
};

constexpr struct {
  std::string_view flag, names;
} instrumentation[] = {
#include "instrumentation.inc"
};

bool fits(const Option& option, std::string_view text, std::string_view& attached) {
  if (!text.starts_with(option.name)) return false;
  const std::string_view rest = text.substr(option.name.size());
  attached = rest;
  switch (option.value) {
    case None:
    case Separate:
      return rest.empty();
    case Joined:
    case Either:
      return true;
    case Equals:
      if (rest.starts_with('=')) attached = rest.substr(1);
      return rest.empty() || rest.front() == '=';
  }
  return false;
}

template <class Table>
const Option* search(const Table& table, std::string_view text, std::string_view& attached) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Option& option) { return fits(option, text, attached); });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace

const Option* find_option(std::string_view argument, bool driver, std::string_view& attached) {
  if (driver) return search(driver_options, argument, attached);
  static constexpr Option relocatable{"r", None, E::Relocatable}, incremental{"i", None, E::Relocatable},
      dynamic{"Ur", None, E::Relocatable};
  if (argument == "-r") return &relocatable;
  if (argument == "-i") return &incremental;
  if (argument == "-Ur") return &dynamic;
  const bool two_dashes = argument.starts_with("--");
  const std::string_view name = argument.substr(two_dashes ? 2 : 1);
  // GNU ld: a long option that starts with `o` needs two dashes, as `-omagic` is `-o magic`.
  if (two_dashes || !name.starts_with('o'))
    if (const Option* option = search(linker_options, name, attached)) return option;
  const std::string_view word = name.substr(0, name.find('='));
  static constexpr Option valued{"", Equals, E::Ignore}, lone{"", None, E::Ignore};
  if (std::find(std::begin(words_with_value), std::end(words_with_value), word) !=
      std::end(words_with_value)) {
    attached = name.substr(std::min(word.size() + 1, name.size()));
    return &valued;
  }
  if (std::find(std::begin(words_without_value), std::end(words_without_value), word) !=
      std::end(words_without_value))
    return &lone;
  return two_dashes ? nullptr : search(linker_letters, name, attached);
}

std::vector<std::string> instrumented_names(std::string_view flag) {
  std::vector<std::string> result;
  // -fsanitize=address,undefined is a list; every element is a flag of its own.
  const std::size_t equals = flag.find('=');
  const std::string_view option = flag.substr(0, equals == std::string_view::npos ? flag.size() : equals + 1);
  std::string_view list = equals == std::string_view::npos || option != "-fsanitize="
                              ? std::string_view()
                              : flag.substr(equals + 1);
  do {
    const std::string_view element = list.substr(0, list.find(','));
    list.remove_prefix(std::min(element.size() + 1, list.size()));
    const std::string wanted = option == "-fsanitize=" ? std::string(option) + std::string(element)
                                                       : std::string(flag.substr(0, equals));
    for (const auto& row : instrumentation) {
      const bool rest = row.flag == "-fsanitize=" && wanted.starts_with(row.flag);
      if (row.flag != wanted && !rest) continue;
      for (std::string_view names = row.names; !names.empty();) {
        const std::string_view name = names.substr(0, names.find(' '));
        result.emplace_back(name);
        names.remove_prefix(std::min(name.size() + 1, names.size()));
      }
      break;
    }
  } while (!list.empty());
  return result;
}

}  // namespace linkdx::link
