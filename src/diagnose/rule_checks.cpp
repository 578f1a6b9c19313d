// kernel-object-not-built, shown by the configure step: a check for the very features that the symbol's name
// carries failed, or the assembler was not found.
//
// Build systems ask the compiler before they add a kernel's source. When it says no, the file is left out,
// with one line in a log that nobody reads; the caller is compiled in when the two are not gated alike. The
// check's own words say why it failed. It is likely and not certain, for only the build files show that the
// check gates this very source.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace {

/// A check that failed, or a switch that is off, wherever it is recorded.
struct Failed {
  std::string what, message;
  std::string system;  ///< CMake, meson or configure; empty: only the log shows the step
  Evidence evidence;
};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// Whether the text has the word for a feature: `avx512` in `-mavx512f` and `HAVE_AVX512`, but `avx` not in
/// `avx2`.
bool mentions(const std::string& text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    bool flag = at >= 2 && text[at - 1] == 'm' && text[at - 2] == '-';
    bool starts = at == 0 || !std::isalnum(static_cast<unsigned char>(text[at - 1])) || flag;
    std::size_t end = at + word.size();
    bool ends = end >= text.size() || !std::isdigit(static_cast<unsigned char>(text[end]));
    if (starts && ends) return true;
  }
  return false;
}

void add_checks(std::vector<Failed>& failed, const std::vector<build::Check>& checks,
                std::string_view system) {
  for (const build::Check& check : checks) {
    if (check.passed) continue;
    Failed one;
    one.what = !check.what.empty() ? check.what : check.variable;
    one.message = check.message;
    one.system = system;
    one.evidence = {"configure-log", check.path, check.where.line,
                    check.message.empty() ? check.where.text : check.where.text + "\n" + check.message};
    failed.push_back(std::move(one));
  }
}

std::vector<Failed> failed_checks(const Case& facts) {
  std::vector<Failed> failed;
  if (facts.build) {
    for (const build::CMakeTree& tree : facts.build->cmake) add_checks(failed, tree.checks, "CMake");
    for (const build::ConfiguredTree& tree : facts.build->configured) {
      add_checks(failed, tree.checks, tree.system == "meson" ? "meson" : "configure");
      for (const build::Setting& setting : tree.options) {
        bool off = (setting.type == "CONDITIONAL" && setting.value == "off") || setting.value == "disabled" ||
                   setting.value == "false" || setting.key.starts_with("--disable-") ||
                   setting.key.starts_with("--without-");
        if (!off) continue;
        failed.push_back({setting.key,
                          "",
                          tree.system == "meson" ? "meson" : "configure",
                          {"configure-log", setting.path, setting.where.line, setting.where.text}});
      }
    }
  }
  if (facts.log)
    for (const log::ToolMessage& message : facts.log->messages)
      if (message.kind == log::ToolMessage::Kind::CheckFailed)
        failed.push_back({message.subject.empty() ? message.message : message.subject,
                          "",
                          "",
                          {"log", facts.log->name, message.where.line, message.where.text}});
  return failed;
}

bool is_assembler(std::string_view tool) {
  return tool == "nasm" || tool == "yasm" || tool == "as" || tool == "gas" ||
         tool.starts_with("gas-preprocessor");
}

/// The configure step looked for nasm or yasm and found neither.
const build::ConfiguredTree::Tool* missing_assembler(const Case& facts) {
  if (!facts.build) return nullptr;
  const build::ConfiguredTree::Tool* missing = nullptr;
  for (const build::ConfiguredTree& tree : facts.build->configured)
    for (const build::ConfiguredTree::Tool& tool : tree.tools) {
      if (!is_assembler(tool.name)) continue;
      if (!tool.path.empty()) return nullptr;
      if (!missing) missing = &tool;
    }
  return missing;
}

}  // namespace

std::vector<FailedCheck> failed_checks_about(const Case& facts, std::string_view symbol) {
  std::vector<FailedCheck> about;
  std::optional<isa::NameHint> hint = isa::from_name(bare_name(symbol), facts.arch);
  if (!hint || hint->token.size() < 3) return about;
  for (Failed& check : failed_checks(facts))
    if (mentions(lower(check.what + " " + check.message), lower(hint->token)))
      about.push_back({std::move(check.what), std::move(check.message), std::move(check.evidence)});
  return about;
}

void rule_failed_check(Context& context) {
  if (context.open().empty()) return;
  std::vector<Failed> failed = failed_checks(context.facts);
  // One diagnosis for each check: the symbols of one feature share it.
  for (const Failed& check : failed) {
    std::string text = lower(check.what + " " + check.message);
    std::vector<std::string> names;
    isa::FeatureSet features;
    for (const SymbolFacts* symbol : context.open()) {
      std::optional<isa::NameHint> hint = isa::from_name(bare_name(symbol->name), context.facts.arch);
      if (!hint || hint->token.size() < 3 || !mentions(text, lower(hint->token))) continue;
      const link::Undefined* located = context.located(symbol->name);
      if (located && located->verdict != link::Verdict::DefinedNowhere &&
          located->verdict != link::Verdict::Unknown)
        continue;
      names.push_back(symbol->name);
      features = hint->features;
    }
    if (names.empty()) continue;
    Diagnosis diagnosis = make("LDX0108", Confidence::Likely, names);
    diagnosis.title = names.size() == 1 ? say("the configure check `{}` failed, and {} goes by its features",
                                              check.what, list_names(names))
                                        : say("the configure check `{}` failed, and {} go by its features",
                                              check.what, list_names(names));
    const std::string answer = check.message.empty() ? "" : say(": {}", check.message);
    diagnosis.explanation =
        check.system.empty()
            ? say("The configure step asked for these features and was told no{}.", answer)
            : say("{}'s configure step asked for these features and was told no{}.", check.system, answer);
    diagnosis.explanation +=
        say(" Sources of such kernels are then left out of the build, while a caller that is gated otherwise "
            "still "
            "refers to them.");
    diagnosis.evidence.push_back(check.evidence);
    diagnosis.evidence.push_back(context.log_line(names.front()));
    diagnosis.missing_evidence.push_back(
        {say("that the check gates the source which defines it"),
         say("grep -rnw {} SOURCES, and the place in the build files that names that source",
             plain_function_name(names.front()))});
    KernelNotBuilt found;
    found.message = check.message;
    found.features = features;
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
  const build::ConfiguredTree::Tool* missing = missing_assembler(context.facts);
  if (!missing) return;
  std::vector<std::string> names;
  for (const SymbolFacts* symbol : context.open())
    if (isa::from_name(bare_name(symbol->name), context.facts.arch)) names.push_back(symbol->name);
  if (names.empty()) return;
  Diagnosis diagnosis = make("LDX0301", Confidence::Likely, names);
  diagnosis.title = say("{} was not found, so its sources were not assembled", missing->name);
  diagnosis.explanation =
      say("The configure step looked for an assembler and found none. Objects made from its sources are then "
          "missing, and the "
          "C code still refers to them.");
  diagnosis.evidence.push_back({"configure-log", missing->file, missing->where.line, missing->where.text});
  diagnosis.evidence.push_back(context.log_line(names.front()));
  diagnosis.missing_evidence.push_back({say("that the symbol is defined in an assembly source"),
                                        fmt::format("grep -rn {} --include=*.asm SOURCES", names.front())});
  diagnosis.finding = ToolMissing{"nasm", "nasm", nullptr, nullptr};
  context.state(std::move(diagnosis));
}

}  // namespace linkdx::diagnose
