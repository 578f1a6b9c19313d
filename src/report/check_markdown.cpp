// A check in Markdown, for the summary of a job: what was found in a table, then each finding with what
// helps.
#include <fmt/format.h>

#include "escape.hpp"
#include "lines.hpp"
#include "linkdx/language.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

constexpr std::size_t rows_shown = 200;  // GitHub cuts a summary at 1 MiB

void add_finding(const Report::Item& item, std::string& out) {
  out +=
      "### " + item.diagnosis.code + std::string(colon()) + markdown_prose(headline(item.diagnosis)) + "\n\n";
  out += markdown_prose(item.diagnosis.explanation) + "\n\n";
  for (const Evidence& evidence : item.diagnosis.evidence)
    out += "- " + code_span(evidence.path) + std::string(colon()) + code_span(evidence.text) + "\n";
  if (!item.diagnosis.evidence.empty()) out += "\n";
  for (const fix::Fix& fix : item.remedy.fixes) {
    out += say("**{}.** {}", markdown_prose(fix.title), markdown_prose(fix.apply.manual)) + "\n\n";
    std::string commands;
    for (const std::vector<std::string>& command : fix.apply.commands)
      commands += shell_command(command) + "\n";
    if (!commands.empty()) out += fenced(commands, "sh") + "\n";
  }
}

}  // namespace

std::string to_check_markdown(const Report& report) {
  std::string out = "# linkdx check\n\n";
  if (report.check)
    out += say("Baseline {}, {} looked at.", code_span(report.check->baseline),
               counted(report.check->objects, N_("{} object"), N_("{} objects"))) +
           "\n\n";
  std::size_t count = 0;
  for (const Report::Item& item : report.diagnoses) count += item.located.has_value();
  if (count == 0) {
    out += say("Nothing wrong.") + "\n";
  } else {
    out += fmt::format("| | {} | {} | {} |\n|---|---|---|---|\n", say("code"), say("where"), say("what"));
    std::size_t row = 0;
    for (const Report::Item& item : report.diagnoses)
      if (item.located && ++row <= rows_shown)
        out += fmt::format("| {} | {} | {} | {} |\n", translated(item.located->severity), item.diagnosis.code,
                           code_span(place_of(*item.located)), markdown_prose(headline(item.diagnosis)));
    if (count > rows_shown) out += "\n" + say("and {} more.", count - rows_shown) + "\n";
    out += "\n";
    row = 0;
    for (const Report::Item& item : report.diagnoses)
      if (item.located && ++row <= rows_shown) add_finding(item, out);
  }
  if (!report.check) return out;
  if (!report.check->needs.empty()) {
    out += fmt::format("\n## {}\n\n| {} | {} | {} |\n|---|---|---|\n", say("What each input needs"),
                       say("input"), say("level"), say("raised by"));
    for (const Report::Check::Need& need : report.check->needs)
      out += fmt::format("| {} | {} | {} |\n", code_span(need.path), escape_markdown(need.level),
                         need.raised_by.empty() ? "" : code_span(need.raised_by + ": " + need.instruction));
  }
  for (const Report::Check::Suppressed& one : report.check->suppressed)
    out += "\n" + say("Suppressed: {} {}: {}", one.code, code_span(one.place), markdown_prose(one.reason)) +
           "\n";
  for (const std::string& one : report.check->unmatched)
    out += "\n" + say("A suppression fits nothing: {}", markdown_prose(one)) + "\n";
  return out;
}

}  // namespace linkdx::report
