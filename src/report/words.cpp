// The words of the report: how sure, what a fix does, how a feature is known.
//
// Both renderings for people take their words from here, so that `likely` means the same in a terminal and in
// a document. Confidence is defined in linkdx/base.hpp; the stable names used in JSON are those of each
// room's name_of().
#include "words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "linkdx/language.hpp"

namespace linkdx::report {

std::string_view name_of(Confidence confidence) {
  switch (confidence) {
    case Confidence::Certain:
      return "certain";
    case Confidence::Likely:
      return "likely";
    case Confidence::Possible:
      return "possible";
  }
  return "possible";
}

std::string_view name_of(diagnose::SymbolFacts::Status status) {
  using enum diagnose::SymbolFacts::Status;
  switch (status) {
    case Undefined:
      return "undefined";
    case Duplicate:
      return "duplicate";
    case WrongMachine:
      return "wrong-machine";
  }
  return "undefined";
}

std::string_view said(Confidence confidence) {
  switch (confidence) {
    case Confidence::Certain:
      return translated(N_("certain"));
    case Confidence::Likely:
      return translated(N_("likely"));
    case Confidence::Possible:
      return translated(N_("possible"));
  }
  return name_of(confidence);
}

std::string_view said(diagnose::SymbolFacts::Status status) {
  using enum diagnose::SymbolFacts::Status;
  switch (status) {
    case Undefined:
      return translated(N_("undefined"));
    case Duplicate:
      return translated(N_("duplicate"));
    case WrongMachine:
      return translated(N_("wrong-machine"));
  }
  return name_of(status);
}

std::string_view said_kind(std::string_view kind) {
  // Those of linkdx/base.hpp.
  [[maybe_unused]] static constexpr std::string_view kinds[] = {
      N_("log"),          N_("symbol-table"), N_("build-script-output"), N_("lock-file"),
      N_("cargo-config"), N_("cmake-cache"),  N_("configure-log"),       N_("compile-command"),
      N_("link-command"), N_("source"),       N_("disassembly"),         N_("file"),
  };
  return translated(kind);
}

namespace {

/// "No known cause" is not a cause that could be doubted.
bool is_unknown(const diagnose::Diagnosis& diagnosis) {
  return diagnosis.cause == diagnose::Cause::Other && diagnosis.confidence == Confidence::Possible;
}

}  // namespace

std::string headline(const diagnose::Diagnosis& diagnosis) {
  if (is_unknown(diagnosis)) return diagnosis.title;
  switch (diagnosis.confidence) {
    case Confidence::Certain:
      return diagnosis.title;
    case Confidence::Likely:
      return say("likely cause: {}", diagnosis.title);
    case Confidence::Possible:
      return say("possible cause: {}", diagnosis.title);
  }
  return diagnosis.title;
}

namespace {

/// The words of a finding that a tool's command or message may hold.
struct FocusWords {
  std::vector<std::string> operator()(const diagnose::Nothing&) const { return {}; }
  std::vector<std::string> operator()(const diagnose::KernelNotBuilt& found) const {
    return {found.failing_flag, found.gate_variable, found.cfg, found.source};
  }
  std::vector<std::string> operator()(const diagnose::ToolMissing& found) const { return {found.tool}; }
  std::vector<std::string> operator()(const diagnose::HeaderAbsent& found) const { return {found.header}; }
  std::vector<std::string> operator()(const diagnose::LinkerAbsent& found) const { return {found.name}; }
  std::vector<std::string> operator()(const diagnose::OtherRelease& found) const { return {found.refused}; }
  std::vector<std::string> operator()(const diagnose::RuntimeKind& found) const { return {found.object}; }
  std::vector<std::string> operator()(const diagnose::HostInterface&) const {
    return {"-shared", "-bundle", "-dynamiclib"};
  }
  std::vector<std::string> operator()(const diagnose::WrongMachine& found) const {
    return {found.path, found.found};
  }
  std::vector<std::string> operator()(const diagnose::LibraryMissing& found) const {
    return {"-l" + found.name, found.path};
  }
  std::vector<std::string> operator()(const diagnose::OrderWrong& found) const { return found.libraries; }
  std::vector<std::string> operator()(const diagnose::NameMismatch& found) const {
    return {found.wanted, found.present};
  }
  std::vector<std::string> operator()(const diagnose::RuntimeMissing& found) const { return {found.helper}; }
  std::vector<std::string> operator()(const diagnose::FlagMismatch& found) const {
    std::vector<std::string> words = {found.macro};
    words.insert(words.end(), found.caller_flags.begin(), found.caller_flags.end());
    words.insert(words.end(), found.callee_flags.begin(), found.callee_flags.end());
    words.insert(words.end(), {found.callee, found.caller});
    return words;
  }
  std::vector<std::string> operator()(const diagnose::Duplicated& found) const { return {found.symbol}; }
  std::vector<std::string> operator()(const diagnose::NotPositionIndependent& found) const {
    return {found.flag, found.object};
  }
  std::vector<std::string> operator()(const diagnose::ObjectToRemake& found) const { return {found.path}; }
  std::vector<std::string> operator()(const diagnose::IntrinsicCalled& found) const { return {found.name}; }
  std::vector<std::string> operator()(const diagnose::IntermediateCode& found) const { return {found.path}; }
  std::vector<std::string> operator()(const diagnose::NotVisible& found) const { return {found.symbol}; }
  std::vector<std::string> operator()(const diagnose::OlderLibrary& found) const {
    return {found.version, found.library, found.needed_by};
  }
  std::vector<std::string> operator()(const diagnose::AboveCpu& found) const {
    return {found.level, found.file};
  }
  std::vector<std::string> operator()(const diagnose::OtherHost& found) const {
    return {found.file, found.found, found.expected};
  }
};

}  // namespace

std::vector<std::string> focus_of(const diagnose::Diagnosis& diagnosis) {
  std::vector<std::string> words = std::visit(FocusWords{}, diagnosis.finding);
  words.insert(words.end(), diagnosis.symbols.begin(), diagnosis.symbols.end());
  return words;
}

std::string_view meaning_of(const diagnose::Diagnosis& diagnosis) {
  if (is_unknown(diagnosis)) return translated(N_("no cause that linkdx knows fits what was seen"));
  switch (diagnosis.confidence) {
    case Confidence::Certain:
      return translated(N_("the evidence shows it"));
    case Confidence::Likely:
      return translated(N_("it explains everything seen, but one piece of evidence is missing"));
    case Confidence::Possible:
      return translated(N_("it fits what was seen, and so may other causes"));
  }
  return "";
}

std::string_view phrase(fix::Effect effect) {
  switch (effect) {
    case fix::Effect::Resolves:
      return translated(N_("resolves the failure"));
    case fix::Effect::Prevents:
      return translated(N_("prevents the failure"));
    case fix::Effect::WorksAround:
      return translated(N_("works around the failure"));
  }
  return "";
}

std::string tried(const fix::Fix& fix) {
  if (!fix.verified) return say("predicted, not tried");
  return say("tried with `{}`: {}", fix.verified->command, fix.verified->result);
}

std::string_view phrase(isa::Source source) {
  switch (source) {
    case isa::Source::Instructions:
      return translated(N_("shown by the instructions"));
    case isa::Source::NameStandard:
      return translated(N_("told by the name, which follows a written standard"));
    case isa::Source::Sibling:
      return translated(N_("told by a sibling function"));
    case isa::Source::NameConvention:
      return translated(N_("guessed from the name"));
  }
  return "";
}

std::string_view phrase(link::Verdict verdict) {
  switch (verdict) {
    case link::Verdict::DefinedNowhere:
      return translated(N_("no file that was read defines it"));
    case link::Verdict::DefinedNotReached:
      return translated(N_("defined in an input that the linker did not take it from"));
    case link::Verdict::DefinedElsewhere:
      return translated(N_("defined in a file that is not part of the link"));
    case link::Verdict::Unknown:
      return translated(N_("not known: not every input could be read"));
  }
  return "";
}

std::string features_of(const diagnose::SymbolFacts::Isa& isa) {
  std::string text;
  for (const std::string& name : isa.features.names()) {
    if (!text.empty()) text += translated(N_(", "));
    text += "`" + name + "`";
  }
  if (text.empty()) text = say("nothing beyond the baseline");
  const std::string_view arch = isa::name_of(isa.features.arch());
  return isa.level.empty() ? say("{} on `{}`", text, arch)
                           : say("{} on `{}` (level `{}`)", text, arch, isa.level);
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format(fmt::runtime(translated(count == 1 ? one : many)), count);
}

std::string_view colon() {
  return translated(N_(": "));
}

std::string listed(const Capped& list) {
  const std::string text = listed(list.items);
  return list.more == 0 ? text : say("{} and {} more", text, list.more);
}

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += translated(N_(", "));
    text += item;
  }
  return text;
}

Capped capped(const std::vector<std::string>& items, std::size_t shown) {
  // "and 1 more" takes the place of the item itself.
  if (items.size() <= shown + 1) return {items, 0};
  return {{items.begin(), items.begin() + static_cast<std::ptrdiff_t>(shown)}, items.size() - shown};
}

const fix::Snippet* best_snippet(const fix::Fix& fix) {
  for (const fix::Snippet& snippet : fix.snippets) {
    if (snippet.for_tool == "shell") return &snippet;
  }
  return fix.snippets.empty() ? nullptr : &fix.snippets.front();
}

std::string account_of(const Report::Item& item) {
  constexpr std::size_t symbols_shown = 8;
  const diagnose::Diagnosis& diagnosis = item.diagnosis;
  std::string text = as_sentence(headline(diagnosis)) + "\n";
  for (const std::string& paragraph : paragraphs(diagnosis.explanation)) text += paragraph + "\n";
  text += "Cause: " + std::string(diagnose::name_of(diagnosis.cause)) + " (" +
          std::string(name_of(diagnosis.confidence)) + ": " + std::string(meaning_of(diagnosis)) + ").\n";
  if (!diagnosis.symbols.empty()) {
    const Capped names = capped(diagnosis.symbols, symbols_shown);
    text += (names.items.size() == 1 ? "Symbol: " : "Symbols: ") + listed(names) + ".\n";
  }
  for (const diagnose::MissingEvidence& missing : diagnosis.missing_evidence)
    text += "Not known: " + as_sentence(missing.what) +
            (missing.command.empty() ? "" : " This shows it: " + missing.command) + "\n";
  std::size_t number = 0;
  for (const fix::Fix& fix : item.remedy.fixes) {
    text += "Fix " + std::to_string(++number) + " (" + std::string(phrase(fix.effect)) + ", " +
            std::string(name_of(fix.confidence)) + "): " + fix.title + "\n";
  }
  for (const fix::Refuted& refuted : item.remedy.refuted)
    text += "Will not help: " + refuted.advice + ": " + as_sentence(first_sentence(refuted.why)) + "\n";
  return text;
}

std::string as_sentence(std::string_view text) {
  std::string sentence(text);
  while (!sentence.empty() && (sentence.back() == ' ' || sentence.back() == '\n')) sentence.pop_back();
  if (sentence.empty()) return sentence;
  for (const std::string_view end : {".", "!", "?", ":", "。", "！", "？", "："})
    if (sentence.ends_with(end)) return sentence;
  return sentence += translated(N_("."));
}

std::string shell_command(const std::vector<std::string>& arguments) {
  static constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%^";
  std::string text;
  for (const std::string& argument : arguments) {
    if (!text.empty()) text += ' ';
    if (!argument.empty() && argument.find_first_not_of(harmless) == std::string::npos) {
      text += argument;
      continue;
    }
    text += '\'';
    for (char c : argument) {
      if (c == '\'')
        text += "'\\''";
      else
        text += c;
    }
    text += '\'';
  }
  return text;
}

std::vector<std::string> steps_of(const fix::Apply& apply) {
  std::vector<std::string> steps;
  const auto add_list = [&steps](std::string_view what, const std::vector<std::string>& arguments) {
    if (!arguments.empty())
      steps.push_back(std::string(translated(what)) + std::string(colon()) + shell_command(arguments));
  };
  if (!apply.packages.empty()) {
    std::vector<std::string> command = {"apt-get", "install"};
    command.insert(command.end(), apply.packages.begin(), apply.packages.end());
    steps.push_back(shell_command(command));
  }
  for (const auto& command : apply.commands) steps.push_back(shell_command(command));
  for (const auto& [name, value] : apply.env)
    steps.push_back("export " + name + "=" + shell_command({value}));
  for (const auto& [name, value] : apply.env_append) {
    steps.push_back("export " + name + "=\"${" + name + ":+$" + name + " }\"" + shell_command({value}));
  }
  add_list(N_("add to RUSTFLAGS"), apply.rustflags);
  add_list(N_("add to the compiler flags"), apply.cflags);
  add_list(N_("add to the link command, before the inputs"), apply.ldflags);
  add_list(N_("add to the link command, after the inputs"), apply.ldlibs);
  for (const fix::Apply::Edit& edit : apply.edits) {
    for (std::string_view line : lines_of(edit.diff)) steps.emplace_back(line);
  }
  return steps;
}

const diagnose::SymbolFacts* find_symbol(const Report& report, std::string_view name) {
  const auto found =
      std::find_if(report.symbols.begin(), report.symbols.end(),
                   [name](const diagnose::SymbolFacts& symbol) { return symbol.name == name; });
  return found == report.symbols.end() ? nullptr : &*found;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string first_sentence(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '`') quoted = !quoted;
    if (text.substr(i).starts_with("。") && !quoted) return std::string(text.substr(0, i + 3));
    if (text[i] == '.' && text[i + 1] == ' ' && !quoted) return std::string(text.substr(0, i + 1));
  }
  return std::string(text);
}

std::vector<std::string> paragraphs(std::string_view text) {
  std::vector<std::string> found;
  std::string current;
  for (std::string_view line : lines_of(text)) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
      if (!current.empty()) found.push_back(std::move(current));
      current.clear();
      continue;
    }
    if (!current.empty()) current += ' ';
    current += line;
  }
  if (!current.empty()) found.push_back(std::move(current));
  return found;
}

}  // namespace linkdx::report
