// What shows only when a program starts or loads a part of itself: a CPU that is too small, a plug-in for
// another version of its host, an entry point that nobody defines, and whatever else a loader refuses in
// words of its own. And what a linker says of a plug-in that was not told that its host will have the rest.
//
// The loader's words are evidence that the user can open, so most of these are certain. A crash by an illegal
// instruction is not: programs also stop themselves that way.
#include <algorithm>
#include <initializer_list>
#include <map>

#include <fmt/format.h>

#include "facts.hpp"
#include "helpers.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

using Kind = log::InputError::Kind;

struct EntryPoint {
  std::string_view pattern, caller, source;
};
constexpr EntryPoint entry_points[] = {
#include "entry_points.inc"
};

struct PluginHost {
  std::string_view pattern, program, ldflags, source;
};
constexpr PluginHost plugin_hosts[] = {
#include "plugin_hosts.inc"
};

/// The C name: Mach-O puts an underscore before it, 32-bit Windows another and the size of the arguments
/// behind.
std::string_view plain_name(const Case& facts, std::string_view name) {
  using log::Linker;
  name = bare_name(name);
  Linker linker = facts.failure ? facts.failure->linker : Linker::Unknown;
  bool decorated = linker == Linker::Ld64 || linker == Linker::Ld64Lld || linker == Linker::MsvcLink ||
                   linker == Linker::LldLink;
  return decorated && name.size() > 1 && name[0] == '_' && name[1] != '_' ? name.substr(1) : name;
}

void state_cpu_level(Context& context, const log::InputError& error) {
  bool crashed = error.where.text.find("llegal instruction") != std::string::npos;
  AboveCpu found{error.path, error.expected};
  if (crashed) {
    Diagnosis diagnosis = make("LDX1402", Confidence::Possible, {});
    diagnosis.title = say("a program stopped at an illegal instruction");
    diagnosis.explanation = say(
        "The CPU met an instruction that it does not have, or one by which programs stop themselves (`ud2`). "
        "If it is the "
        "former, code that was compiled for more than this CPU runs without asking what the CPU has.");
    diagnosis.evidence.push_back(context.log_line(error.where));
    diagnosis.missing_evidence.push_back(
        {say("the instruction at which it stopped"), "gdb -batch -ex run -ex 'x/i $pc' -ex bt PROGRAM"});
    diagnosis.missing_evidence.push_back(
        {say("what the program needs without asking"), "linkdx scan --by file --above x86-64 PROGRAM"});
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
    return;
  }
  Diagnosis diagnosis = make("LDX1401", Confidence::Certain, {});
  std::string what = error.path.empty() ? say("this system's C library") : fmt::format("`{}`", error.path);
  diagnosis.title = error.expected.empty()
                        ? say("{} was built for a CPU level that this machine does not have", what)
                        : say("{} was built for {}, which this machine does not have", what, error.expected);
  diagnosis.explanation = error.path.empty()
                              ? say("The C library asks the CPU when a program starts and goes no "
                                    "further: the whole distribution was built for "
                                    "that level.")
                              : say("The file says in its program properties which x86-64 level "
                                    "it needs, and the loader compared that with the "
                                    "CPU.");
  diagnosis.evidence.push_back(context.log_line(error.where));
  diagnosis.missing_evidence.push_back(
      {say("what the CPU has"), "/lib64/ld-linux-x86-64.so.2 --help | grep x86-64-v"});
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// The program whose interface the message counts.
std::string host_of_message(std::string_view text) {
  if (text.find("NODE_MODULE_VERSION") != std::string_view::npos) return "Node.js";
  if (text.find("PHP") != std::string_view::npos) return "PHP";
  if (text.find("perl") != std::string_view::npos) return "Perl";
  if (text.find("LoadError") != std::string_view::npos) return "Ruby";
  return N_("program");
}

void state_host_version(Context& context, const log::InputError& error) {
  OtherHost found{host_of_message(error.where.text), error.path, error.found, error.expected};
  Diagnosis diagnosis = make("LDX0805", Confidence::Certain, {});
  diagnosis.title = found.file.empty()
                        ? say("a module was built for another version of {}", translated(found.host))
                        : say("`{}` was built for another version of {}", found.file, translated(found.host));
  diagnosis.explanation = say(
      "{} compared the version of its interface that the module was built with{} with its own{}, and refused "
      "it.",
      translated(found.host), found.found.empty() ? "" : say(", {},", found.found),
      found.expected.empty() ? "" : say(", {}", found.expected));
  diagnosis.evidence.push_back(context.log_line(error.where));
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

}  // namespace

void rule_loader(Context& context) {
  if (!context.facts.failure) return;
  bool level = false, host = false, refused = false;
  for (const log::InputError& error : context.facts.failure->inputs) {
    if (error.kind == Kind::CpuLevel && !level) {
      level = true;
      state_cpu_level(context, error);
    } else if (error.kind == Kind::HostVersion && !host) {
      host = true;
      state_host_version(context, error);
    } else if (error.kind == Kind::Other && context.facts.failure->linker == log::Linker::Loader &&
               !refused && !context.stated()) {
      refused = true;
      Diagnosis diagnosis = make("LDX1508", Confidence::Likely, {});
      diagnosis.title = error.path.empty() ? say("the loader refused a library")
                                           : say("the loader refused `{}`", error.path);
      const bool start = error.where.text.find("initialization routine failed") != std::string::npos;
      diagnosis.explanation =
          start ? say("The library was found, and the code that it runs when it is loaded failed. Code for a "
                      "CPU "
                      "that "
                      "this machine has not is one reason, a library of another version that it needs is "
                      "another.")
          : error.where.text.find("static TLS") != std::string::npos
              ? say("The library has thread-local data of a fixed place, and the room that is set aside for "
                    "such data was used up by what was loaded before it. Loading it first (LD_PRELOAD, or "
                    "importing it before the others) helps.")
              : say("The file is there, and the loader could not use it; its own words say why.");
      diagnosis.evidence.push_back(context.log_line(error.where));
      if (error.where.text.find("DLL") == std::string::npos)
        diagnosis.missing_evidence.push_back(
            {say("what was loaded, and in which order"), "LD_DEBUG=files COMMAND"});
      else
        diagnosis.missing_evidence.push_back(
            {say("where its start code stopped"), say("Windows' event log, or a debugger")});
      context.state(std::move(diagnosis));
    }
  }
}

void rule_entry_point(Context& context) {
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* located = context.located(symbol->name);
    if (located && located->verdict != link::Verdict::Unknown &&
        located->verdict != link::Verdict::DefinedNowhere)
      continue;
    std::string_view name = plain_name(context.facts, symbol->name);
    for (const EntryPoint& row : entry_points) {
      if (!fits_pattern(row.pattern, name)) continue;
      Diagnosis diagnosis = make("LDX1507", Confidence::Likely, {symbol->name});
      diagnosis.title = context.facts.failure && context.facts.failure->linker == log::Linker::Loader
                            ? say("nothing in the module defines `{}`, the entry point", name)
                            : say("nothing in the link defines `{}`, the entry point", name);
      diagnosis.explanation =
          say("`{}` is no function of a library: {}.", name, translated(row.caller)) +
          (name.starts_with("PyInit_")
               ? say(" The file that defines it is not part of the link or was compiled without it, or the "
                     "module's file name is not the one that it was built for.")
               : say(" The file that defines it is not part of the link or was compiled without it, or what "
                     "is linked is meant to be a library and not a program (-shared, -c)."));
      diagnosis.evidence.push_back(context.log_line(symbol->name));
      diagnosis.missing_evidence.push_back({say("the objects of the link"), context.with_tree()});
      context.state(std::move(diagnosis));
      break;
    }
  }
}

void rule_plugin_host(Context& context) {
  for (const PluginHost& row : plugin_hosts) {
    std::vector<std::string> names;
    std::string file;
    for (const SymbolFacts* symbol : context.open()) {
      const log::SymbolError* error = context.error_of(symbol->name);
      if (!error || error->kind != log::SymbolError::Kind::UndefinedAtRuntime) continue;
      std::string_view name = bare_name(symbol->name);
      if (!fits_pattern(row.pattern, name) &&
          !(name.starts_with("_") && fits_pattern(row.pattern, name.substr(1))))
        continue;
      names.push_back(symbol->name);
      if (file.empty() && !symbol->referenced_by.empty()) file = symbol->referenced_by.front().object;
    }
    if (names.empty()) continue;
    OtherHost found{std::string(row.program), file, "", ""};
    Diagnosis diagnosis = make("LDX0805", Confidence::Likely, names);
    diagnosis.title =
        names.size() == 1
            ? say("`{0}` is a function of {1}, and the {1} that loads the module does not have it",
                  names.front(), row.program)
            : say("{0} are functions of {1}, and the {1} that loads the module does not have them",
                  list_names(names), row.program);
    diagnosis.explanation =
        say("The module was built for another version of {} than the one that loads it, or for one that was "
            "built with other "
            "options.",
            row.program);
    diagnosis.evidence.push_back(context.log_line(names.front()));
    diagnosis.missing_evidence.push_back(
        {say("the version that it was built for, and the one that loads it"),
         say("file {}; the version that the program prints", file.empty() ? "MODULE" : file)});
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

namespace {

/// A name of C, as these interfaces have them: no class or namespace of a user's that begins alike.
bool is_of_host(const Case& facts, const PluginHost& row, const SymbolFacts& symbol) {
  const std::string& readable = symbol.demangled.empty() ? symbol.name : symbol.demangled;
  return readable.find("::") == std::string::npos && readable.find('(') == std::string::npos &&
         fits_pattern(row.pattern, plain_name(facts, symbol.name));
}

bool has_word(const log::Command& command, std::initializer_list<std::string_view> words) {
  return std::any_of(command.arguments.begin(), command.arguments.end(), [&](const std::string& argument) {
    return std::find(words.begin(), words.end(), argument) != words.end();
  });
}

}  // namespace

void rule_host_interface(Context& context) {
  if (!context.facts.failure) return;
  using log::Linker;
  const Linker linker = context.facts.failure->linker;
  const log::Command* command = context.facts.failure->command ? &*context.facts.failure->command : nullptr;
  std::map<std::string_view, std::pair<const PluginHost*, std::vector<std::string>>> by_host;
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    if (!error || error->kind != log::SymbolError::Kind::Undefined) continue;
    for (const PluginHost& row : plugin_hosts)
      if (is_of_host(context.facts, row, *symbol)) {
        auto& entry = by_host[row.program];
        entry.first = &row;
        entry.second.push_back(symbol->name);
        break;
      }
  }
  for (const auto& [host, entry] : by_host) {
    const std::vector<std::string>& names = entry.second;
    HostInterface found;
    found.host = host;
    found.ldflags = entry.first->ldflags;
    found.apple = linker == Linker::Ld64 || linker == Linker::Ld64Lld;
    found.forbidden =
        command && has_word(*command, {"-Wl,--no-undefined", "-Wl,-z,defs", "-Wl,-zdefs", "--no-undefined"});
    const bool module = command && has_word(*command, {"-shared", "-dynamiclib", "-bundle", "-Wl,-dylib"});
    found.module = module;
    Diagnosis diagnosis = make("LDX0604", module ? Confidence::Likely : Confidence::Possible, names);
    diagnosis.title =
        names.size() == 1
            ? say("{} is a function of {}, which the link does not have", list_names(names), host)
            : say("{} are functions of {}, which the link does not have", list_names(names), host);
    diagnosis.explanation =
        say("A module that {} loads leaves its functions open, for the program that loads it has them; the "
            "linker has to "
            "be told so on macOS, and must not be forbidden it elsewhere (-z defs, --no-undefined). A "
            "program that embeds "
            "{} links its library.",
            host, host);
    diagnosis.evidence.push_back(context.log_line(names.front()));
    if (command) diagnosis.evidence.push_back(context.log_line(command->where));
    if (!module)
      diagnosis.missing_evidence.push_back({say("whether a module or a program is linked"),
                                            say("the link command: -shared, -bundle, -dynamiclib or none")});
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

}  // namespace linkdx::diagnose
