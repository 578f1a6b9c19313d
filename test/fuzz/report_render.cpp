// Any bytes as every text of a report: each rendering must come out, be UTF-8, hold no control byte, and the
// JSON must parse.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include <llvm/Support/JSON.h>

#include "linkdx/language.hpp"
#include "linkdx/report.hpp"

using namespace linkdx;

namespace {

bool is_clean(std::string_view text) {
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) return false;
  }
  return llvm::json::isUTF8({text.data(), text.size()});
}

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  speak(size % 2 == 0 ? Language::English : Language::Chinese);
  report::Report report;
  report.version = text;
  report.target = report.host = text;
  report.linker = "lld";
  report.logs = {text};
  report.artifacts = {{text, "archive", text, 1}};
  report.skipped = {{text, text}};
  diagnose::SymbolFacts symbol;
  symbol.name = symbol.demangled = text;
  symbol.referenced_by = {{text, text, text}};
  symbol.nearest = {{text, text, text}};
  report.symbols = {symbol, symbol};
  report::Report::Item item;
  item.diagnosis.code = "LDX0101";
  item.diagnosis.symbols = {text, text};
  item.diagnosis.title = item.diagnosis.explanation = text;
  item.diagnosis.evidence = {
      {"log", text, size, text}, {"log", text, 1, text + text}, {"log", text, 0, text}};
  diagnose::KernelNotBuilt finding;
  finding.failing_flag = text.substr(size / 2, 8);  // a word to centre on, within a long line
  item.diagnosis.finding = finding;
  item.diagnosis.missing_evidence = {{text, text}};
  fix::Fix fix;
  fix.title = fix.why = fix.price = text;
  fix.apply.env = fix.apply.env_append = {{text, text}};
  fix.apply.ldlibs = {text};
  fix.apply.manual = text;
  fix.apply.edits = {{text, text}};
  item.remedy.fixes = {fix, fix};
  item.remedy.fixes[1].snippets = {{text, text}};
  item.remedy.refuted = {{text, text, fix.apply}};
  item.located = report::Report::Located{"error", text, text, text, size, text, size};
  using Kind = report::Report::Graph::Kind;
  item.graph.nodes = {{Kind::Link, text, {}}, {Kind::Symbol, text, {text, text}}, {Kind::Break, text, {}}};
  item.graph.edges = {{0, 1, text}, {1, 2, text, true}};
  report.diagnoses = {item, item};
  report.context.link_command = report.context.log_excerpt = text;
  report.context.features = {{text, text, text, text, {text}}};
  report.context.verify_steps = {{text, text}};
  report.context.matrices = {
      {text, {text, text}, {{{text}, {true, false}}}, {}, {{{text, text}, {true, true}}}}};
  report.context.choices = {{text, text, {text}, {text}, 2, text}};
  report.context.speeds = {{text, text, {{text, text, text, text}}}};

  require(is_clean(report::to_terminal(report, {})));
  require(is_clean(report::to_markdown(report)));
  require(is_clean(report::to_html(report)));
  const std::string github = report::to_github(report);
  require(is_clean(github));
  require(std::count(github.begin(), github.end(), '\n') == 2);
  for (const std::string& json : {report::to_json(report), report::to_sarif(report)}) {
    require(is_clean(json));
    llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(json);
    require(static_cast<bool>(parsed));
  }
  report::redact(report, {"/home/x", {"user1"}, {"host1"}});
  require(is_clean(report::to_terminal(report, {})));
  return 0;
}
