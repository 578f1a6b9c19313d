// kernel-object-not-built, in a cargo build: a build script could not compile the kernel, and went on.
//
// cargo keeps what a build script printed (target/**/build/PACKAGE-HASH/output), warnings of dependencies
// included, which it does not show. There stand the compiler's command, its words, and the cfg that compiles
// the caller in. A failed compile alone proves nothing about a symbol; it has to be tied to it: the failed
// source defines it, or the package that refers to it is the script's and the flags fit the symbol's
// features.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace {

std::string crate_name(std::string package) {
  std::replace(package.begin(), package.end(), '-', '_');
  return package;
}

/// Whether one of the objects that refer to the symbol was compiled from the package.
bool referred_by_package(const SymbolFacts& symbol, const std::string& package) {
  std::string crate = crate_name(package);
  for (const std::string& object : referrers_of(symbol))
    if (object.find("lib" + crate + "-") != std::string::npos ||
        object.find("/" + crate + "-") != std::string::npos || file_name(object).starts_with(crate + "-"))
      return true;
  return false;
}

/// How a failed compile is tied to a symbol.
enum class Tie { None, Features, PackageAndFeatures, Source };

Tie tie_of(const FailedCompile& failed, const SymbolFacts& symbol) {
  if (line_naming(source_path(failed), bare_name(symbol.name))) return Tie::Source;
  if (!concerns(failed, symbol.name)) return Tie::None;
  return referred_by_package(symbol, failed.script->package) ? Tie::PackageAndFeatures : Tie::Features;
}

/// The cfg lines of the script that gate the symbol's declaration in the package's sources, else those whose
/// value carries the symbol's features in its name.
struct Gate {
  const build::Setting* setting = nullptr;
  build::Occurrence place;
};
Gate gate_of(const build::BuildScriptRun& script, const SymbolFacts& symbol) {
  std::vector<build::Occurrence> uses =
      script.source_directory.empty()
          ? std::vector<build::Occurrence>{}
          : build::search_sources(script.source_directory, bare_name(symbol.name), 32);
  Gate gate;
  for (const build::Setting& setting : script.settings) {
    if (setting.key != "rustc-cfg") continue;
    std::string name = setting.value.substr(0, setting.value.find('='));
    for (const build::Occurrence& use : uses) {
      if (!use.path.ends_with(".rs")) continue;
      for (const build::Occurrence& mention : build::search_sources(script.source_directory, name, 32))
        if (mention.path == use.path && mention.where.text.find("cfg") != std::string::npos)
          return {&setting, mention};
    }
    std::optional<isa::NameHint> of_symbol = isa::from_name(bare_name(symbol.name), isa::Arch::Unknown);
    if (of_symbol && !of_symbol->token.empty() && setting.value.find(of_symbol->token) != std::string::npos)
      gate.setting = &setting;
  }
  return gate;
}

const log::ToolMessage* refusal(const FailedCompile& failed) {
  using Kind = log::ToolMessage::Kind;
  for (Kind kind : {Kind::BadFlagValue, Kind::UnknownFlag, Kind::UnknownInstruction, Kind::ToolMissing,
                    Kind::TargetOptionMismatch})
    for (const log::ToolMessage& message : failed.messages)
      if (message.kind == kind) return &message;
  return failed.messages.empty() ? nullptr : &failed.messages.front();
}

/// The option as it stands in the command: a message may name only its value.
std::string failing_flag(const FailedCompile& failed, const log::ToolMessage* message) {
  if (!message || message->subject.empty()) return {};
  for (const std::string& argument : failed.compile->arguments)
    if (argument == message->subject || argument.ends_with("=" + message->subject)) return argument;
  return message->subject.starts_with("-") ? message->subject : std::string();
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

void state_failed_compile(Context& context, const FailedCompile& failed, Tie tie,
                          const std::vector<const SymbolFacts*>& symbols) {
  const build::BuildScriptRun& script = *failed.script;
  const log::ToolMessage* message = refusal(failed);
  Gate gate = gate_of(script, *symbols.front());
  std::vector<std::string> names;
  for (const SymbolFacts* symbol : symbols) names.push_back(symbol->name);

  KernelNotBuilt found;
  found.script = &script;
  found.package = script.package;
  found.source = failed.compile->source;
  found.failing_flag = failing_flag(failed, message);
  found.message = message                            ? message->message
                  : failed.compile->messages.empty() ? ""
                                                     : failed.compile->messages.front().text;
  found.cfg = gate.setting ? gate.setting->value : "";
  if (symbols.front()->isa) found.symbol_features = symbols.front()->isa->features;
  found.features = isa::without_implied(named_features(failed.compile->arguments, failed.features.arch()));
  if (found.features.empty()) found.features = isa::without_implied(failed.features);

  Confidence confidence =
      tie == Tie::Source || tie == Tie::PackageAndFeatures ? Confidence::Certain : Confidence::Likely;
  bool asm_tool = message && message->kind == log::ToolMessage::Kind::ToolMissing;
  bool too_old =
      message && (message->kind == log::ToolMessage::Kind::UnknownInstruction ||
                  ((message->kind == log::ToolMessage::Kind::UnknownFlag ||
                    message->kind == log::ToolMessage::Kind::BadFlagValue) &&
                   found.failing_flag.find("native") == std::string::npos && !found.features.empty()));
  std::string_view code =
      asm_tool  ? "LDX0301"
      : too_old ? (message->kind == log::ToolMessage::Kind::UnknownInstruction ? "LDX0201" : "LDX0202")
                : "LDX0101";
  Diagnosis diagnosis = make(code, confidence, names);
  diagnosis.title =
      say("the build script of `{}` failed to compile the kernel, and the build went on", script.package);
  diagnosis.explanation =
      say("The build script of `{}` ran the compiler for `{}`{} and the compile failed{}.", script.package,
          failed.compile->source.empty() ? say("the kernel") : failed.compile->source,
          found.features.empty()
              ? ""
              : say(" with {}",
                    join(isa::features_of_flags(failed.compile->arguments, found.features.arch()).flags)),
          found.message.empty() ? "" : say(": {}", found.message));
  if (message && message->kind == log::ToolMessage::Kind::TargetOptionMismatch)
    for (const std::string& argument : failed.compile->arguments)
      if (argument.starts_with("-m") && argument.ends_with("=native")) {
        found.lacks_on_host = true;
        diagnosis.explanation +=
            say(" `{}` gives the kernel only the features of the build machine, which has not those that its "
                "intrinsics need.",
                argument);
      }
  if (found.failing_flag.find("native") != std::string::npos)
    diagnosis.explanation += say(
        " `native` means the CPU of the build machine; a cross compiler has none to look at and refuses it.");
  diagnosis.explanation += names.size() == 1
                               ? say(" So the object that defines `{}` was never made.", names.front())
                               : say(" So the object that defines them was never made.");
  if (gate.setting)
    diagnosis.explanation += names.size() == 1 ? say(" The script printed `cargo:rustc-cfg={}` all the same, "
                                                     "so the Rust code that calls it was compiled "
                                                     "in.",
                                                     gate.setting->value)
                                               : say(" The script printed `cargo:rustc-cfg={}` all the same, "
                                                     "so the Rust code that calls them was compiled "
                                                     "in.",
                                                     gate.setting->value);

  auto output = [&](const Excerpt& where, const std::string& path) {
    return Evidence{"build-script-output", path.empty() ? script.output_path : path, where.line, where.text};
  };
  if (!failed.compile->where.text.empty())
    diagnosis.evidence.push_back(output(failed.compile->where, failed.compile->path));
  // A compiler's notes (the list of all values it knows) say nothing that its error does not.
  auto is_error = [](const Excerpt& line) { return line.text.find("error") != std::string::npos; };
  bool has_error = std::any_of(failed.compile->messages.begin(), failed.compile->messages.end(), is_error);
  std::size_t shown = 0;
  for (const Excerpt& line : failed.compile->messages)
    if ((!has_error || is_error(line)) && line.text.find("note: ") == std::string::npos && shown++ < 2)
      diagnosis.evidence.push_back(output(line, failed.compile->path));
  for (const build::Setting& setting : script.settings) {
    // The script's own warning about the step it skipped, unless it is one of the compiler's lines above.
    bool repeated = std::any_of(failed.compile->messages.begin(), failed.compile->messages.end(),
                                [&](const Excerpt& line) { return line.line == setting.where.line; });
    if (setting.key == "warning" && !repeated && setting.where.line > failed.compile->where.line &&
        diagnosis.evidence.size() < 6)
      diagnosis.evidence.push_back(output(setting.where, setting.path));
  }
  if (gate.setting) diagnosis.evidence.push_back(output(gate.setting->where, gate.setting->path));
  if (gate.place.where.line)
    diagnosis.evidence.push_back({"source", gate.place.path, gate.place.where.line, gate.place.where.text});
  std::string source = source_path(failed);
  if (std::optional<SourceDefinition> definition =
          definition_in(source, read_source(source), bare_name(names.front()), is_assembly(source)))
    diagnosis.evidence.push_back({"source", source, definition->line, definition->text});
  else if (std::uint64_t line = line_naming(source, bare_name(names.front())))
    diagnosis.evidence.push_back({"source", source, line, say("names `{}`", names.front())});
  diagnosis.evidence.push_back(context.log_line(names.front()));
  if (tie == Tie::Features)
    diagnosis.missing_evidence.push_back(
        {say("that the failed source is the one that defines the symbol"),
         fmt::format("grep -rn {} {}", names.front(),
                     script.source_directory.empty() ? "PACKAGE_SOURCE" : script.source_directory)});
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// A sentence in the form of a name, so that the marks of names can be found in it: `AVX-512 kernel` is
/// `avx512_kernel`.
std::string as_name(std::string_view sentence) {
  std::string name;
  for (char c : sentence) {
    if (c == '-' || c == '.') continue;
    name += std::isalnum(static_cast<unsigned char>(c))
                ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                : '_';
  }
  return name;
}

/// A script that prints only that it skipped a step: newer cc crates keep the compiler's command to
/// themselves.
void state_skipped_step(Context& context) {
  for (const build::CargoTree& tree : context.facts.build->cargo)
    for (const build::BuildScriptRun& script : tree.scripts) {
      std::vector<const SymbolFacts*> symbols;
      const build::Setting* said = nullptr;
      for (const build::Setting& setting : script.settings) {
        if (setting.key != "warning") continue;
        for (const SymbolFacts* symbol : context.open()) {
          std::optional<isa::NameHint> of_symbol =
              isa::from_name(bare_name(symbol->name), context.facts.arch);
          std::optional<isa::NameHint> of_warning =
              isa::from_name(as_name(setting.value), context.facts.arch);
          if (of_symbol && of_warning && of_symbol->token == of_warning->token &&
              (referred_by_package(*symbol, script.package) || !script.source_directory.empty()))
            symbols.push_back(symbol), said = &setting;
        }
        if (said) break;
      }
      if (!said) continue;
      std::vector<std::string> names;
      for (const SymbolFacts* symbol : symbols) names.push_back(symbol->name);
      Gate gate = gate_of(script, *symbols.front());
      KernelNotBuilt found;
      found.script = &script;
      found.package = script.package;
      found.message = said->value;
      found.cfg = gate.setting ? gate.setting->value : "";
      if (symbols.front()->isa) found.features = symbols.front()->isa->features;
      Diagnosis diagnosis = make("LDX0101", Confidence::Likely, names);
      diagnosis.title = say("the build script of `{}` says that it left the kernel out", script.package);
      diagnosis.explanation = say(
          "Its output holds the warning \"{}\". cargo hides warnings of dependencies, so it never showed. "
          "What failed, the output "
          "does not say.",
          said->value);
      diagnosis.evidence.push_back({"build-script-output", said->path, said->where.line, said->where.text});
      if (gate.setting)
        diagnosis.evidence.push_back(
            {"build-script-output", gate.setting->path, gate.setting->where.line, gate.setting->where.text});
      diagnosis.evidence.push_back(context.log_line(names.front()));
      diagnosis.missing_evidence.push_back(
          {say("the compiler's command and words"),
           fmt::format(
               "cargo clean -p {0} && CC_ENABLE_DEBUG_OUTPUT=1 cargo build -vv 2>&1 | grep '^\\[{0} '",
               script.package)});
      diagnosis.finding = std::move(found);
      context.state(std::move(diagnosis));
    }
}

/// A script whose warning says that a tool could not be run, in a package whose sources need that tool.
void state_tool_missing(Context& context) {
  for (const build::CargoTree& tree : context.facts.build->cargo)
    for (const build::BuildScriptRun& script : tree.scripts)
      for (const build::Setting& setting : script.settings) {
        if (setting.key != "warning") continue;
        for (const log::ToolMessage& message :
             log::read(setting.path, "warning: " + setting.value + "\n").messages) {
          if (message.kind != log::ToolMessage::Kind::ToolMissing) continue;
          std::vector<std::string> names;
          std::vector<Evidence> evidence;
          for (const SymbolFacts* symbol : context.open()) {
            std::vector<SourceDefinition> definitions = find_definitions(context.facts, symbol->linker_name);
            bool assembled = !definitions.empty() && is_assembly(definitions.front().path);
            if (!assembled && !referred_by_package(*symbol, script.package)) continue;
            names.push_back(symbol->name);
            if (assembled)
              evidence.push_back(
                  {"source", definitions.front().path, definitions.front().line, definitions.front().text});
          }
          if (names.empty()) continue;
          // A source that only an assembler can make settles it; the package alone leaves a doubt.
          Diagnosis diagnosis =
              make("LDX0301", evidence.empty() ? Confidence::Likely : Confidence::Certain, names);
          diagnosis.title = say("the build script of `{}` could not run {}, and the build went on",
                                script.package, message.subject);
          diagnosis.explanation =
              say("Its output holds the warning \"{}\". The sources for {} were not assembled, so nothing "
                  "defines {}.",
                  setting.value, message.subject, list_names(names));
          diagnosis.evidence.push_back(
              {"build-script-output", setting.path, setting.where.line, setting.where.text});
          diagnosis.evidence.insert(diagnosis.evidence.end(), evidence.begin(), evidence.end());
          diagnosis.evidence.push_back(context.log_line(names.front()));
          diagnosis.finding = ToolMissing{
              message.subject, message.subject == "yasm" ? "nasm" : message.subject, nullptr, &script};
          context.state(std::move(diagnosis));
        }
      }
}

}  // namespace

void rule_cargo_kernel(Context& context) {
  if (!context.facts.build || context.facts.build->cargo.empty()) return;
  std::vector<FailedCompile> compiles = failed_compiles(context.facts);
  // The compile that is tied most closely to a symbol explains it.
  std::map<const FailedCompile*, std::vector<const SymbolFacts*>> explained;
  std::map<const FailedCompile*, Tie> ties;
  for (const SymbolFacts* symbol : context.open()) {
    const FailedCompile* best = nullptr;
    Tie best_tie = Tie::None;
    for (const FailedCompile& failed : compiles)
      if (Tie tie = tie_of(failed, *symbol); tie > best_tie) best = &failed, best_tie = tie;
    if (!best) continue;
    // An object that defines it all the same (another script run, another copy) disproves the rule.
    if (const link::Undefined* located = context.located(symbol->name);
        located && (located->verdict == link::Verdict::DefinedNotReached ||
                    located->verdict == link::Verdict::DefinedElsewhere))
      continue;
    explained[best].push_back(symbol);
    ties[best] = std::max(ties[best], best_tie);
  }
  for (const FailedCompile& failed : compiles)
    if (auto it = explained.find(&failed); it != explained.end())
      state_failed_compile(context, failed, ties[&failed], it->second);
  state_tool_missing(context);
  state_skipped_step(context);
}

}  // namespace linkdx::diagnose
