// The rendering of a check for a terminal: one line a finding, as compilers write them, so that editors and
// problem matchers take it:
//
//     libx.a(foo.o):function+0x12: error: message [LDX7001]
//         what is known of it, indented
//
// The form is that of the GNU Coding Standards ("Formatting Error Messages"), with a place in an object for
// the line of a source.
#include "lines.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "escape.hpp"
#include "layout.hpp"
#include "linkdx/language.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

constexpr std::size_t evidence_shown = 6;
constexpr std::size_t columns = 100;

std::string indented(const std::string& text, std::string_view first) {
  std::string out;
  for (const std::string& line : wrap(escape_terminal(text), columns - display_width(first) - 4)) {
    out += "    " + (out.empty() ? std::string(first) : std::string(display_width(first), ' ')) + line + "\n";
  }
  return out;
}

std::string styled(std::string_view text, std::string_view severity, bool color) {
  if (!color) return std::string(text);
  const std::string_view code = severity == "error" ? "1;31" : severity == "warning" ? "1;33" : "1;36";
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string finding_lines(const Report::Item& item, bool color) {
  const Report::Located& located = *item.located;
  std::string out = fmt::format("{}: {} {} [{}]\n", escape_terminal(place_of(located)),
                                styled(located.severity + ":", located.severity, color),
                                escape_terminal(headline(item.diagnosis)), item.diagnosis.code);
  out += indented(item.diagnosis.explanation, "");
  for (std::size_t i = 0; i < item.diagnosis.evidence.size() && i < evidence_shown; ++i) {
    const Evidence& evidence = item.diagnosis.evidence[i];
    out += indented(
        evidence.path.empty() ? evidence.text : evidence.path + std::string(colon()) + evidence.text, "| ");
  }
  if (item.diagnosis.evidence.size() > evidence_shown)
    out += "    | " + say("and {} more", item.diagnosis.evidence.size() - evidence_shown) + "\n";
  for (const diagnose::MissingEvidence& missing : item.diagnosis.missing_evidence)
    out += indented(missing.what + (missing.command.empty() ? "" : std::string(colon()) + missing.command),
                    say("not known: "));
  for (const fix::Fix& fix : item.remedy.fixes) {
    out += indented(fix.apply.manual.empty() ? fix.title : say("{}. {}", fix.title, fix.apply.manual),
                    say("help: "));
    for (const std::vector<std::string>& command : fix.apply.commands)
      out += "          " + escape_terminal(shell_command(command)) + "\n";
  }
  return out;
}

}  // namespace

std::string object_of(const Report::Located& located) {
  return located.member.empty() ? located.path : located.path + "(" + located.member + ")";
}

std::string place_of(const Report::Located& located) {
  std::string place = object_of(located);
  if (!located.function.empty()) place += ":" + located.function;
  if (!located.function.empty() && located.offset) place += fmt::format("+{:#x}", *located.offset);
  return place;
}

std::string to_lines(const Report& report, bool color) {
  std::string out;
  std::size_t errors = 0, warnings = 0, notes = 0;
  for (const Report::Item& item : report.diagnoses) {
    if (!item.located) continue;
    ++(item.located->severity == "error" ? errors : item.located->severity == "warning" ? warnings : notes);
    out += finding_lines(item, color) + "\n";
  }
  if (!report.check) return out;
  const Report::Check& check = *report.check;
  for (const Report::Check::Need& need : check.needs) {
    std::string text = say("{}: needs {}", escape_terminal(need.path), escape_terminal(need.level));
    if (!need.features.empty())
      text = say("{} ({}: {}, {})", text, need.features, escape_terminal(need.raised_by),
                 escape_terminal(need.instruction));
    if (!need.perhaps.empty()) text = say("{}; perhaps {}", text, need.perhaps);
    out += text + "\n";
  }
  for (const Report::Check::Suppressed& one : check.suppressed)
    out += say("suppressed: {}: {} [{}]: {}", escape_terminal(one.place), escape_terminal(one.title),
               one.code, escape_terminal(one.reason)) +
           "\n";
  for (const std::string& one : check.unmatched)
    out += say("suppression that fits nothing: {}", escape_terminal(one)) + "\n";
  std::string sum = say("{}, {}, {} at baseline {} in {}", counted(errors, N_("{} error"), N_("{} errors")),
                        counted(warnings, N_("{} warning"), N_("{} warnings")),
                        counted(notes, N_("{} note"), N_("{} notes")), escape_terminal(check.baseline),
                        counted(check.objects, N_("{} object"), N_("{} objects")));
  if (check.known > 0) sum = say("{}; {} known before", sum, check.known);
  if (!check.suppressed.empty()) sum = say("{}; {} suppressed", sum, check.suppressed.size());
  return out + sum + "\n";
}

}  // namespace linkdx::report
