// Annotations of GitHub Actions: lines that the runner reads from a step's output,
//
//     ::error file=libx.a,title=LDX7001::message
//
// It shows 10 errors, 10 warnings and 10 notices a step and drops the rest in silence, so what does not fit
// is counted in the last one; a message may have 64 KB ("REST API endpoints for check runs", annotations). A
// newline, a return and % are written as %0A, %0D and %25, in properties also : and , (docs.github.com,
// "Workflow commands for GitHub Actions"; actions/toolkit, packages/core/src/command.ts).
#include <map>

#include <fmt/format.h>

#include "escape.hpp"
#include "lines.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

constexpr std::size_t most_of_a_kind = 10;
constexpr std::size_t longest_message = 60000;

std::string encoded(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\n' || c == '\r' || (property && (c == ':' || c == ',')))
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += c;
  }
  return out;
}

std::string place_in_file(const Report::Located& located) {
  std::string properties;
  if (!located.path.empty())
    properties += "file=" + encoded(visible(located.path, Keep::Nothing), true) + ",";
  if (!located.path.empty() && located.line > 0) properties += "line=" + std::to_string(located.line) + ",";
  return properties;
}

}  // namespace

std::string to_github(const Report& report) {
  std::map<std::string, std::size_t> count, shown;
  for (const Report::Item& item : report.diagnoses)
    if (item.located) ++count[item.located->severity];
  std::string out;
  for (const Report::Item& item : report.diagnoses) {
    if (!item.located) continue;
    const std::string& severity = item.located->severity;
    const bool fits = count[severity] <= most_of_a_kind;
    if (shown[severity] == most_of_a_kind) continue;
    const bool last = ++shown[severity] == most_of_a_kind && !fits;
    const std::string text =
        last            ? fmt::format("and {} more {}s; the job's log or the SARIF report has them all",
                                      count[severity] - most_of_a_kind + 1, severity)
        : !report.check ? account_of(item)
                        : fmt::format("{}: {}\n{}", place_of(*item.located), headline(item.diagnosis),
                                      item.diagnosis.explanation);
    out +=
        fmt::format("::{} {}title={}::{}\n", severity == "note" ? "notice" : severity,
                    place_in_file(*item.located), encoded(visible(item.diagnosis.code, Keep::Nothing), true),
                    encoded(elide_middle(visible(text, Keep::LinesAndTabs), longest_message), false));
  }
  return out;
}

}  // namespace linkdx::report
