// Names that belong to somebody: compiler helpers, the C library's parts, intrinsics, versions of the C
// library. A written interface says where the symbol lives; the link command, when the log shows it, says
// whether that library is there and where it stands.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "facts.hpp"
#include "helpers.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

/// Where the command names the library, if it does.
const NamedLibrary* named(const std::vector<NamedLibrary>& libraries, std::string_view name) {
  for (const NamedLibrary& library : libraries)
    if (library.name == name) return &library;
  return nullptr;
}

/// Options by which a driver leaves out what it otherwise adds.
std::string leaves_out_defaults(const log::Command& command) {
  for (const std::string& word : command.arguments)
    if (word == "-nostdlib" || word == "-nodefaultlibs" || word == "-nolibc") return word;
  return {};
}

/// The C name: Mach-O puts an underscore before it.
std::string_view c_name(const Case& facts, const SymbolFacts& symbol) {
  std::string_view name = bare_name(symbol.name);
  // The entry point of a function where its plain name is that of a descriptor: AIX, PowerPC's ELFv1.
  if (name.size() > 1 && name[0] == '.') name.remove_prefix(1);
  bool mach_o = facts.failure &&
                (facts.failure->linker == log::Linker::Ld64 || facts.failure->linker == log::Linker::Ld64Lld);
  return mach_o && name.starts_with("_") ? name.substr(1) : name;
}

/// The function behind an import of a DLL: `__imp_f`, `_imp__f@4`, `__declspec(dllimport) f`.
std::string_view without_import(std::string_view name) {
  for (std::string_view prefix : {"__declspec(dllimport) ", "__imp__", "__imp_", "_imp__"})
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  return name;
}

bool replay_shows_absence(const Case& facts, std::string_view symbol) {
  if (!facts.replay || !facts.replay->complete) return false;
  for (const link::Undefined& undefined : facts.replay->undefined)
    if (undefined.name == bare_name(symbol)) return undefined.verdict == link::Verdict::DefinedNowhere;
  return false;
}

void state_too_early(Context& context, const Helper& helper, const NamedLibrary& library,
                     const std::vector<std::string>& names) {
  const log::Command& command = *context.facts.failure->command;
  Diagnosis diagnosis = make("LDX0702", Confidence::Likely, names);
  diagnosis.title =
      say("`{}` stands on the link line before what needs it", command.arguments[library.position]);
  diagnosis.explanation =
      say("{} is {}, and lib{} has it. The command names that library before its last objects and archives; ",
          list_names(names), translated(helper.what), helper.home) +
      (library.is_static
           ? say("a static archive is searched once, at its place, and nothing had asked for the symbol "
                 "there.")
           : say("a static archive is searched once, at its place, and a shared one is dropped there under "
                 "--as-needed."));
  diagnosis.evidence.push_back(context.log_line(names.front()));
  diagnosis.evidence.push_back(context.log_line(command.where));
  diagnosis.missing_evidence.push_back({say("the link replayed over the real files"), context.with_tree()});
  diagnosis.finding = OrderWrong{{command.arguments[library.position]}};
  context.state(std::move(diagnosis));
}

/// The library itself asks for it, so what is missing is a part of that library.
bool asked_for_by_its_home(const Helper& helper, const SymbolFacts& symbol) {
  if (helper.cause != Cause::MissingLibrary || helper.home.empty()) return false;
  const std::vector<std::string> objects = referrers_of(symbol);
  return !objects.empty() && std::all_of(objects.begin(), objects.end(), [&](const std::string& object) {
    return library_of_path(object.substr(0, object.find('('))) == helper.home;
  });
}

void state_hidden_helper(Context& context, const Helper& helper, const std::string& name) {
  Diagnosis diagnosis = make("LDX1102", Confidence::Likely, {name});
  diagnosis.title = say("the reference to `{}` is hidden, so no shared library can satisfy it", name);
  diagnosis.explanation = say(
      "`{}` is {}. Some unit declares or defines it with hidden visibility (-fvisibility=hidden, or a weak "
      "definition that "
      "link-time optimisation dropped), and a hidden reference must be resolved inside the output itself.",
      name, translated(helper.what));
  diagnosis.evidence.push_back(context.log_line(name));
  if (const log::SymbolError* error = context.error_of(name); error && !error->provider.empty())
    diagnosis.evidence.push_back(
        {"log", context.facts.log->name, error->where.line, say("defined in: {}", error->provider)});
  diagnosis.missing_evidence.push_back({say("which object has the hidden reference"), context.with_tree()});
  context.state(std::move(diagnosis));
}

/// What the compiler's start files define, hidden in each output by design: a hidden reference to it is in
/// order.
bool of_start_files(const Helper& helper) {
  return helper.cause == Cause::RuntimeLibraryMissing && helper.home.empty() && helper.flag.empty();
}

/// What every output takes into itself from libgcc.a. It is hidden there, so that one output cannot serve
/// another.
bool own_of_each_output(const Helper& helper) {
  return helper.cause == Cause::RuntimeLibraryMissing && helper.home == "gcc";
}

/// "hidden symbol X in .../libgcc.a(...) is referenced by DSO": the linker found it there.
bool is_found_in_libgcc(const Context& context, const SymbolFacts& symbol) {
  const log::SymbolError* error = context.error_of(symbol.name);
  return error && error->kind == log::SymbolError::Kind::HiddenReferenced &&
         error->provider.find("libgcc.a(") != std::string::npos;
}

constexpr Helper helper_of_libgcc = {"",
                                     Cause::RuntimeLibraryMissing,
                                     "gcc",
                                     "-lgcc",
                                     N_("a helper of the compiler's run-time library"),
                                     N_("every program and library takes it from libgcc.a"),
                                     "the linker's own words"};

/// The shared library that refers to it, where nothing else does: `libx.so: undefined reference to`. Nothing
/// when an object of the output refers to it too; empty when the linker does not say which.
std::optional<std::string> library_that_asks(const Context& context, const SymbolFacts& symbol) {
  const log::SymbolError* error = context.error_of(symbol.name);
  const bool hidden = error && error->kind == log::SymbolError::Kind::HiddenReferenced;
  std::string library;
  for (const std::string& object : referrers_of(symbol)) {
    const std::string_view name = file_name(object);
    const bool shared = name.ends_with(".so") || name.ends_with(".dylib") || name.find(".so.") != name.npos;
    if (!shared) return std::nullopt;
    if (library.empty()) library = object;
  }
  return hidden || !library.empty() ? std::optional(library) : std::nullopt;
}

void state_library_lacks(Context& context, const Helper& helper, const std::string& library,
                         const std::vector<std::string>& names) {
  Diagnosis diagnosis = make("LDX0901", Confidence::Likely, names);
  const std::string who =
      library.empty() ? say("a shared library of this link") : fmt::format("`{}`", library);
  diagnosis.title = say("{} refers to {}, and was linked without libgcc.a", who, list_names(names));
  diagnosis.explanation = say(
      "{} is {}: {}. It is hidden there, so that every program and every library takes its own copy when it "
      "is linked. This one was linked without, and the link of the program cannot give it a copy.",
      list_names(names), translated(helper.what), translated(helper.why));
  diagnosis.evidence.push_back(context.log_line(names.front()));
  diagnosis.missing_evidence.push_back(
      {say("how that library was linked"),
       fmt::format("nm -D {} | grep {}", library.empty() ? "LIBRARY.so" : library, names.front())});
  RuntimeMissing found;
  found.helper = names.front();
  found.name = helper.home;
  found.flag = helper.flag;
  found.asked_by_library = true;
  found.library = library;
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// What GNU ld makes by itself for 64-bit PowerPC, where no library has it, and lld does not. Tried with
/// lld 19.
bool is_made_by_gnu_ld(const Case& facts, std::string_view name) {
  if (!facts.failure || facts.failure->linker != log::Linker::Lld || facts.arch == isa::Arch::PowerPC)
    return false;
  for (std::string_view prefix : {"_savefpr_", "_restfpr_", "_savevr_", "_restvr_"})
    if (name.starts_with(prefix)) return true;
  return false;
}

void state_made_by_gnu_ld(Context& context, const std::vector<std::string>& names) {
  const bool known = context.facts.arch == isa::Arch::PowerPC64;
  Diagnosis diagnosis = make("LDX0901", known ? Confidence::Likely : Confidence::Possible, names);
  diagnosis.title = names.size() == 1 ? say("{} is made by GNU ld, and not by lld", list_names(names))
                                      : say("{} are made by GNU ld, and not by lld", list_names(names));
  diagnosis.explanation =
      say("GCC and clang call such functions to save and restore registers in code that is optimised for "
          "size. On "
          "64-bit PowerPC no library has them: GNU ld makes them when they are asked for, and lld makes only "
          "those "
          "for general registers (`_savegpr0_`, `_restgpr0_` and their like). On 32-bit PowerPC they are in "
          "libgcc.");
  diagnosis.evidence.push_back(context.log_line(names.front()));
  if (!known)
    diagnosis.missing_evidence.push_back({say("the machine that the link is for"), "readelf -h OBJECT"});
  RuntimeMissing found;
  found.helper = names.front();
  found.flag = "-fuse-ld=bfd";
  found.why = say("GNU ld makes the functions while it links.");
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

void state_no_library(Context& context, const Helper& helper, const std::vector<std::string>& names) {
  bool atomic = helper.pattern.starts_with("__sync");
  Diagnosis diagnosis = make(atomic ? "LDX1504" : "LDX1505", Confidence::Likely, names);
  diagnosis.title = names.size() == 1 ? say("{} is: {}", list_names(names), translated(helper.what))
                                      : say("{} are: {}", list_names(names), translated(helper.what));
  diagnosis.explanation =
      say("{} is {}: {}.", list_names(names), translated(helper.what), translated(helper.why));
  diagnosis.evidence.push_back(context.log_line(names.front()));
  diagnosis.missing_evidence.push_back(
      atomic ? MissingEvidence{say("where the code uses the builtin"),
                               fmt::format("grep -rn {} SOURCES", names.front())}
             : MissingEvidence{say("the link command, with what asks for the static library"),
                               say("make V=1 (or ninja -v) and paste the link command")});
  context.state(std::move(diagnosis));
}

struct VersionRow {
  std::string_view pattern, version, why;
};
constexpr VersionRow libc_versions[] = {
#include "libc_versions.inc"
};

struct AndroidRow {
  std::string_view name;
  int level;
};
constexpr AndroidRow android_versions[] = {
#include "android_versions.inc"
};

/// A library that comes with macOS or iOS.
bool of_apple_system(std::string_view library) {
  return library.starts_with("/System/") || library.starts_with("/usr/lib/");
}

/// What a loader says of a symbol that the system's own library does not have: the program is built for a
/// newer system.
bool state_newer_system(Context& context, const SymbolFacts& symbol, const log::SymbolError& error) {
  if (error.kind != log::SymbolError::Kind::UndefinedAtRuntime) return false;
  const AndroidRow* android = nullptr;
  if (error.where.text.find("cannot locate symbol") != std::string::npos)
    for (const AndroidRow& row : android_versions)
      if (row.name == symbol.name) android = &row;
  if (!android && !of_apple_system(error.provider)) return false;
  Diagnosis diagnosis = make("LDX1001", Confidence::Likely, {symbol.name});
  if (android) {
    diagnosis.title = say("`{}` is in Android's C library from API level {} on", symbol.name, android->level);
    diagnosis.explanation = say(
        "The library was built for a newer API level than the device has. Build it for the lowest level that "
        "it should run on (minSdkVersion, --target=TRIPLE21).");
    diagnosis.missing_evidence.push_back(
        {say("the API level of the device"), "adb shell getprop ro.build.version.sdk"});
  } else {
    diagnosis.title = say("this system's `{}` does not have `{}`", error.provider, symbol.name);
    diagnosis.explanation = say(
        "That library comes with the system. The program was built for a newer system, whose library has the "
        "symbol: build it for the oldest one that it should run on (-mmacosx-version-min, "
        "MACOSX_DEPLOYMENT_TARGET), or update the system.");
    diagnosis.missing_evidence.push_back(
        {say("the system that it was built for"),
         "otool -l PROGRAM | grep -A4 -E 'MIN_VERSION|BUILD_VERSION'; sw_vers"});
  }
  diagnosis.evidence.push_back(context.log_line(error.where));
  context.state(std::move(diagnosis));
  return true;
}

/// The first object that asks for the symbol, as the linker printed it.
std::string referrer_of(const SymbolFacts& symbol) {
  std::vector<std::string> objects = referrers_of(symbol);
  return objects.empty() ? std::string() : objects.front();
}

/// The name as the library's source has it: names of C begin with an underscore more on 32-bit Windows.
std::string_view version_name(const Case& facts, std::string_view name) {
  name = bare_name(name);
  return links_for_msvc(facts) && name.starts_with("___std_") ? name.substr(1) : name;
}

void state_newer_library(Context& context, const VersionRow& row,
                         const std::vector<const SymbolFacts*>& symbols) {
  std::vector<std::string> names;
  for (const SymbolFacts* symbol : symbols) names.push_back(symbol->name);
  Diagnosis diagnosis = make("LDX1001", Confidence::Likely, names);
  diagnosis.title = names.size() == 1 ? say("`{}` needs {}", names.front(), translated(row.version))
                                      : say("{} need {}", list_names(names), translated(row.version));
  const bool msvc = row.pattern.starts_with("__std_");
  diagnosis.explanation =
      msvc ? say("{} has it: {}. An object was compiled by that Visual Studio and is linked by an older one, "
                 "whose "
                 "library lacks the function.",
                 translated(row.version), translated(row.why))
           : say("{} has it: {}. An object was compiled against that C library and is linked with another.",
                 translated(row.version), translated(row.why));
  diagnosis.evidence.push_back(context.log_line(names.front()));
  diagnosis.missing_evidence.push_back(
      msvc ? MissingEvidence{say("the toolset that links, and the one that made the library"),
                             "link /version; dumpbin /headers LIBRARY | findstr version"}
           : MissingEvidence{say("the C library of the link"),
                             say("CC -print-file-name=libc.so.6 and its version")});
  OlderLibrary found{"", std::string(translated(row.version)), referrer_of(*symbols.front())};
  found.visual_studio = msvc;
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

void state_checked_functions(Context& context, const std::vector<std::string>& names) {
  Diagnosis diagnosis = make("LDX0901", Confidence::Likely, names);
  diagnosis.title = names.size() == 1 ? say("{} is in {}, which is not linked", list_names(names), "libssp")
                                      : say("{} are in {}, which is not linked", list_names(names), "libssp");
  diagnosis.explanation = say(
      "Headers turn copying and printing functions into checked ones under -D_FORTIFY_SOURCE. MinGW has them "
      "in "
      "GCC's libssp, which the driver links under -fstack-protector only; newer mingw-w64 has them itself.");
  diagnosis.evidence.push_back(context.log_line(names.front()));
  diagnosis.missing_evidence.push_back(
      {say("the flags of the compile and of the link"), say("the commands: make V=1, ninja -v")});
  RuntimeMissing found;
  found.helper = names.front();
  found.name = "ssp";
  found.flag = "-lssp";
  found.why = say("It has the checked functions.");
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// Versions of the symbols of glibc, libstdc++, libgcc and libgomp.
bool is_system_version(std::string_view version) {
  for (std::string_view prefix : {"GLIBC", "CXXABI_", "GCC_", "GOMP_", "OMP_", "FBSD_"})
    if (version.starts_with(prefix)) return true;
  return false;
}

/// "version `X' not found (required by Y)": the loader says which library lacks what, and who asks.
void state_missing_versions(Context& context) {
  std::vector<std::string> said;
  for (const log::InputError& error : context.facts.failure->inputs) {
    if (error.kind != log::InputError::Kind::VersionMissing) continue;
    if (std::find(said.begin(), said.end(), error.path) != said.end()) continue;
    said.push_back(error.path);
    bool system = is_system_version(error.subject);
    Diagnosis diagnosis = make(system ? "LDX1001" : "LDX0804", Confidence::Certain, {});
    std::string library = error.path.empty() ? (system ? say("the C library") : say("the library"))
                                             : fmt::format("`{}`", error.path);
    std::string user = error.needed_by.empty() ? say("the program") : fmt::format("`{}`", error.needed_by);
    diagnosis.title = say("{} does not have version `{}`, which {} needs", library, error.subject, user);
    diagnosis.explanation =
        error.needed_by.empty()
            ? say("The program was built against a newer release of that library than the one found here.")
            : say("`{}` was built against a newer release of that library than the one found here.",
                  error.needed_by);
    for (const log::InputError& other : context.facts.failure->inputs)
      if (other.kind == error.kind && other.path == error.path && diagnosis.evidence.size() < 4)
        diagnosis.evidence.push_back(context.log_line(other.where));
    diagnosis.finding = OlderLibrary{error.path, error.subject, error.needed_by};
    context.state(std::move(diagnosis));
  }
}

struct IntrinsicRow {
  std::string_view pattern, what, source;
};
constexpr IntrinsicRow intrinsics[] = {
#include "intrinsics.inc"
};
constexpr std::string_view intrinsics_of_x86_64[] = {
#define INTRINSIC(pattern) pattern,
#include "intrinsics_of_x86_64.inc"
#undef INTRINSIC
};

/// Zig's driver was the linker, which links Zig's own compiler run-time library in place of libgcc.
bool linked_by_zig(const Case& facts, const std::string& name) {
  if (facts.failure && facts.failure->command && !facts.failure->command->arguments.empty() &&
      file_name(facts.failure->command->arguments[0]) == "zig")
    return true;
  for (const SymbolFacts& symbol : facts.symbols)
    if (symbol.name == name)
      for (const std::string& object : referrers_of(symbol))
        if (object.find("/zig/o/") != std::string::npos || object.find("zig-cache/o/") != std::string::npos)
          return true;
  return false;
}

}  // namespace

void rule_known_helper(Context& context) {
  std::map<const Helper*, std::vector<std::string>> by_helper;
  std::map<std::pair<const Helper*, std::string>, std::vector<std::string>> by_library;
  std::vector<const Helper*> order;
  std::vector<std::string> made_by_gnu_ld;
  // Rows of one library and cause are one fault, whichever pattern fitted.
  auto same = [](const Helper& a, const Helper& b) {
    return a.home == b.home && a.cause == b.cause && a.flag == b.flag;
  };
  for (const SymbolFacts* symbol : context.open()) {
    const Helper* helper = find_helper(c_name(context.facts, *symbol));
    if (!helper) helper = find_helper(without_import(c_name(context.facts, *symbol)));
    if (!helper && is_found_in_libgcc(context, *symbol)) helper = &helper_of_libgcc;
    if (!helper || asked_for_by_its_home(*helper, *symbol)) continue;
    if (is_made_by_gnu_ld(context.facts, c_name(context.facts, *symbol))) {
      made_by_gnu_ld.push_back(symbol->name);
      continue;
    }
    const log::SymbolError* error = context.error_of(symbol->name);
    if (error && error->kind == log::SymbolError::Kind::UndefinedHidden && !of_start_files(*helper)) {
      state_hidden_helper(context, *helper, symbol->name);
      continue;
    }
    if (own_of_each_output(*helper))
      if (const std::optional<std::string> library = library_that_asks(context, *symbol)) {
        by_library[{helper, *library}].push_back(symbol->name);
        continue;
      }
    auto known =
        std::find_if(order.begin(), order.end(), [&](const Helper* other) { return same(*other, *helper); });
    const Helper* row = known == order.end() ? helper : *known;
    if (row == helper && known == order.end()) order.push_back(helper);
    by_helper[row].push_back(symbol->name);
  }
  if (!made_by_gnu_ld.empty()) state_made_by_gnu_ld(context, made_by_gnu_ld);
  for (const auto& [asked, names] : by_library)
    state_library_lacks(context, *asked.first, asked.second, names);
  const log::Command* command =
      context.facts.failure && context.facts.failure->command ? &*context.facts.failure->command : nullptr;
  std::vector<NamedLibrary> libraries = command ? libraries_on(*command) : std::vector<NamedLibrary>{};
  for (const Helper* helper : order) {
    const std::vector<std::string>& names = by_helper[helper];
    if (helper->cause == Cause::Other) {
      state_no_library(context, *helper, names);
      continue;
    }
    const NamedLibrary* library = helper->home.empty() ? nullptr : named(libraries, helper->home);
    if (library && library->position < last_object_position(*command)) {
      state_too_early(context, *helper, *library, names);
      continue;
    }
    std::string left_out = command ? leaves_out_defaults(*command) : "";
    const link::Provider* provider =
        library ? nullptr : provider_of(context.facts, helper->home, bare_name(names.front()));
    bool whole_command = command && !command->abridged;
    bool shown =
        !library && (replay_shows_absence(context.facts, names.front()) || (provider && whole_command));
    bool runtime = helper->cause == Cause::RuntimeLibraryMissing;
    Confidence confidence = shown ? Confidence::Certain : library ? Confidence::Possible : Confidence::Likely;
    Diagnosis diagnosis = make(runtime ? "LDX0901" : "LDX0604", confidence, names);
    std::string home = helper->home.empty() ? say("the compiler's own run-time library")
                                            : fmt::format("lib{}", helper->home);
    diagnosis.title = library
                          ? say("{} is named on the link line and does not give {}", home, list_names(names))
                      : names.size() == 1 ? say("{} is in {}, which is not linked", list_names(names), home)
                                          : say("{} are in {}, which is not linked", list_names(names), home);
    diagnosis.explanation = names.size() == 1 ? say("{} is {}: {}.", list_names(names),
                                                    translated(helper->what), translated(helper->why))
                                              : say("Each of {} is {}: {}.", list_names(names),
                                                    translated(helper->what), translated(helper->why));
    if (!left_out.empty())
      diagnosis.explanation +=
          say(" This link has `{}`, which leaves the driver's own libraries out.", left_out);
    if (provider)
      diagnosis.evidence.push_back(
          {"symbol-table", provider->places.front(), 0, say("defines `{}`", names.front())});
    diagnosis.evidence.push_back(context.log_line(names.front()));
    if (command)
      diagnosis.evidence.push_back(context.log_line(command->where));
    else
      diagnosis.missing_evidence.push_back({say("the link command, to see whether the library is on it"),
                                            say("make V=1 (or ninja -v) and paste the link command")});
    if ((runtime || helper->home == "atomic") && linked_by_zig(context.facts, names.front())) {
      diagnosis.title = names.size() == 1
                            ? say("{} is not in Zig's compiler run-time library", list_names(names))
                            : say("{} are not in Zig's compiler run-time library", list_names(names));
      diagnosis.explanation +=
          say(" Zig links a run-time library of its own in place of libgcc, and this release of it does not "
              "have the function. A newer Zig may; GCC's libgcc.a for the target, given to the link by its "
              "path, has it.");
    } else if (runtime) {
      RuntimeMissing found;
      found.helper = names.front();
      found.name = helper->home;
      found.flag = helper->flag;
      found.why = translated(helper->why);
      diagnosis.finding = std::move(found);
    } else {
      LibraryMissing found;
      found.name = helper->home;
      found.packages = packages_of_library(helper->home, context.facts.target);
      diagnosis.finding = std::move(found);
    }
    context.state(std::move(diagnosis));
  }
}

void rule_libc_version(Context& context) {
  if (context.facts.failure) state_missing_versions(context);
  std::vector<std::pair<const VersionRow*, std::vector<const SymbolFacts*>>> newer;
  std::vector<std::string> checked;
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    std::string_view text = error ? std::string_view(error->where.text) : std::string_view(symbol->name);
    if (text.find("GLIBC_PRIVATE") != std::string_view::npos) {
      Diagnosis diagnosis = make("LDX1001", Confidence::Likely, {symbol->name});
      diagnosis.title =
          say("two installations of glibc are mixed: `{}` is private to one of them", symbol->name);
      diagnosis.explanation =
          say("Symbols of version GLIBC_PRIVATE are used only between glibc's own libraries of one build. A "
              "loader, libc or "
              "libpthread of one build met a library of another (LD_LIBRARY_PATH, LD_PRELOAD, a copied "
              "sysroot).");
      diagnosis.evidence.push_back(context.log_line(symbol->name));
      diagnosis.missing_evidence.push_back(
          {say("which files were loaded"), "LD_DEBUG=libs COMMAND 2>&1 | grep 'calling init'"});
      context.state(std::move(diagnosis));
      continue;
    }
    if (error && state_newer_system(context, *symbol, *error)) continue;
    // MinGW keeps the checked functions of _FORTIFY_SOURCE with the stack protector.
    if (context.facts.target.find("mingw") != std::string::npos &&
        fits_pattern("__*_chk", bare_name(symbol->name))) {
      checked.push_back(symbol->name);
      continue;
    }
    for (const VersionRow& row : libc_versions) {
      if (!fits_pattern(row.pattern, version_name(context.facts, symbol->name))) continue;
      auto known = std::find_if(newer.begin(), newer.end(),
                                [&](const auto& entry) { return entry.first->version == row.version; });
      if (known == newer.end()) known = newer.insert(newer.end(), {&row, {}});
      known->second.push_back(symbol);
      break;
    }
  }
  for (const auto& [row, symbols] : newer) state_newer_library(context, *row, symbols);
  if (!checked.empty()) state_checked_functions(context, checked);
  // `f@LIBX_2.0`: the linker or the loader found the library, without that version of the symbol.
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    if (!error || error->version.empty()) continue;
    if (error->kind != log::SymbolError::Kind::Undefined &&
        error->kind != log::SymbolError::Kind::UndefinedAtRuntime)
      continue;
    bool system = is_system_version(error->version);
    Diagnosis diagnosis = make(system ? "LDX1001" : "LDX0804", Confidence::Likely, {symbol->name});
    diagnosis.title =
        say("no library that was found has `{}` with version `{}`", bare_name(symbol->name), error->version);
    diagnosis.explanation =
        referrer_of(*symbol).empty()
            ? say("The file was built against a library that has this symbol with that version.")
            : say("`{}` was built against a library that has this symbol with that version.",
                  referrer_of(*symbol));
    diagnosis.explanation +=
        system ? say(" The one that was found here, the C or C++ library, is another release.")
        : error->provider.empty()
            ? say(" The one that was found here, or none, is another release.")
            : say(" The one that was found here, `{}`, is another release.", error->provider);
    diagnosis.evidence.push_back(context.log_line(symbol->name));
    diagnosis.missing_evidence.push_back(
        {say("the versions that the library has"),
         fmt::format("readelf -V {} | grep {}", error->provider.empty() ? "LIBRARY" : error->provider,
                     error->version)});
    diagnosis.finding = OlderLibrary{error->provider, error->version, referrer_of(*symbol)};
    context.state(std::move(diagnosis));
  }
  // The linker names the library that has it under a version: it links for an older one.
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    if (!error || error->did_you_mean.empty() || bare_name(error->did_you_mean) != bare_name(symbol->name))
      continue;
    if (file_name(error->provider).find("libc.") == std::string_view::npos) continue;
    Diagnosis diagnosis = make("LDX1001", Confidence::Likely, {symbol->name});
    diagnosis.title = say("`{}` is in a newer C library than the one that is linked for", symbol->name);
    diagnosis.explanation =
        say("The linker sees `{}` in `{}`, and the version that the link is made for does not have it.",
            error->did_you_mean, error->provider);
    diagnosis.evidence.push_back(context.log_line(symbol->name));
    diagnosis.missing_evidence.push_back(
        {say("the C library that the link is made for"),
         say("the target of the link command: TRIPLE.VERSION of zig, or --sysroot")});
    diagnosis.finding = OlderLibrary{error->provider, say("this symbol"), referrer_of(*symbol)};
    context.state(std::move(diagnosis));
  }
}

bool is_intrinsic(std::string_view name) {
  return std::any_of(std::begin(intrinsics), std::end(intrinsics),
                     [&](const IntrinsicRow& row) { return fits_pattern(row.pattern, name); });
}

bool is_intrinsic_of_x86_64(std::string_view name) {
  return std::any_of(std::begin(intrinsics_of_x86_64), std::end(intrinsics_of_x86_64),
                     [&](std::string_view pattern) { return fits_pattern(pattern, bare_name(name)); });
}

bool is_32_bit_x86(std::string_view target) {
  return target.size() > 4 && target[0] == 'i' && target.substr(2).starts_with("86");
}

namespace {

/// The header that declares an intrinsic, by the beginning of its name. Sources: Intel's intrinsics guide
/// (immintrin.h includes all others), Arm's ACLE (arm_neon.h, arm_sve.h, arm_acle.h), the WebAssembly tool
/// conventions.
struct HeaderRow {
  std::string_view beginning, header;
};
constexpr HeaderRow intrinsic_header_of[] = {
    {"_pdep_", "immintrin.h"},    {"_pext_", "immintrin.h"},
    {"_bzhi_", "immintrin.h"},    {"_mulx_", "immintrin.h"},
    {"_tzcnt_", "immintrin.h"},   {"_lzcnt_", "immintrin.h"},
    {"_addcarry", "immintrin.h"}, {"_subborrow_", "immintrin.h"},
    {"_mm", "immintrin.h"},       {"__crc32", "arm_acle.h"},
    {"sv", "arm_sve.h"},          {"wasm_", "wasm_simd128.h"},
    {"v", "arm_neon.h"},
};

/// The objects at hand say so, where the log names no target.
bool is_64_bit_build(const Case& facts) {
  if (facts.replay && facts.replay->machine) return facts.replay->machine->bits == 64;
  if (!facts.artifacts) return false;
  for (const artifact::File* file : facts.artifacts->files())
    for (const auto& object : file->objects())
      if (object->machine().bits == 64) return true;
  return false;
}

std::string header_of_intrinsic(std::string_view name) {
  for (const HeaderRow& row : intrinsic_header_of)
    if (name.starts_with(row.beginning)) return std::string(row.header);
  return {};
}

}  // namespace

void rule_intrinsic(Context& context) {
  // Where others are missing too, it is not for want of 64 bits.
  const std::vector<const SymbolFacts*> open = context.open();
  const bool only_wide = std::none_of(open.begin(), open.end(), [&](const SymbolFacts* symbol) {
    const std::string_view name = c_name(context.facts, *symbol);
    return is_intrinsic(name) && !is_intrinsic_of_x86_64(name);
  });
  for (const SymbolFacts* symbol : context.open()) {
    if (!context.error_of(symbol->name)) continue;
    const std::string name(c_name(context.facts, *symbol));
    for (const IntrinsicRow& row : intrinsics) {
      if (!fits_pattern(row.pattern, name)) continue;
      Diagnosis diagnosis = make("LDX1301", Confidence::Likely, {symbol->name});
      diagnosis.title =
          say("`{}` is {}, and the compiler took it for a function", name, translated(row.what));
      diagnosis.explanation = say(
          "`{}` is {} ({}). It never exists as a symbol. The compiler did not know it in that file: its "
          "header is not included, "
          "the compiler is too old, of another family or for another machine, or its feature was off where "
          "the header decides.",
          name, translated(row.what), row.source);
      diagnosis.evidence.push_back(context.log_line(symbol->name));
      IntrinsicCalled found;
      found.name = name;
      found.header = header_of_intrinsic(name);
      const std::string& target = context.facts.target;
      if (only_wide && (is_32_bit_x86(target) || (target.empty() && !is_64_bit_build(context.facts)))) {
        found.only_x86_64 = true;
        diagnosis.explanation +=
            target.empty() ? say(" It exists only for x86-64: a build for 32 bits has nothing of that name.")
                           : say(" And it exists only for x86-64; this build is for `{}`.", target);
      }
      if (const isa::Arch arch = context.facts.arch; found.header == "immintrin.h" &&
                                                     arch != isa::Arch::Unknown && arch != isa::Arch::X86 &&
                                                     arch != isa::Arch::X86_64) {
        found.header.clear();  // no header of this machine's declares it
        diagnosis.explanation +=
            say(" It is for x86, and this build is for `{}`: the code has to leave it out there.", target);
      }
      for (const log::ToolMessage& message : context.facts.log->messages)
        if (message.kind == log::ToolMessage::Kind::ImplicitDeclaration && message.subject == name) {
          diagnosis.evidence.push_back(context.log_line(message.where));
          diagnosis.confidence = Confidence::Certain;
          found.source = message.source;
        }
      if (!found.header.empty()) diagnosis.finding = std::move(found);
      if (diagnosis.confidence != Confidence::Certain)
        diagnosis.missing_evidence.push_back(
            {say("the compiler's warning of an implicit declaration"),
             say("compile that file with -Werror=implicit-function-declaration")});
      context.state(std::move(diagnosis));
      break;
    }
  }
}

}  // namespace linkdx::diagnose
