// Text that nobody vouches for is text in every rendering: it moves no cursor, hides nothing, and is no
// markup, command or script.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include <llvm/Support/JSON.h>

#include "escape.hpp"
#include "html.hpp"
#include "mermaid.hpp"
#include "report_sample.hpp"

using namespace linkdx;
using namespace linkdx::report;

namespace {

const std::string hostile_texts[] = {
    "\x1b[31mred\x1b[0m",                  // colours
    "\x1b]8;;http://example.org\x07link",  // OSC 8
    "\x9b"
    "31m",  // C1, which is no UTF-8
    "\xc2\x9b"
    "31m",  // C1 as UTF-8
    "a\xe2\x80\xae"
    "fdp.exe",  // right-to-left override
    "zero\xe2\x80\x8b"
    "width\xe2\x81\xa6isolate",                           // zero-width space, isolate
    "\xff\xfe broken \xc3",                               // no UTF-8
    "over\rwritten\b\b",                                  // return, backspace
    "<script>alert(1)</script>",                          //
    "</code></pre></style><img src=x onerror=alert(1)>",  //
    "\" onmouseover=\"alert(1)\" x='",                    // out of an attribute
    "]]><svg onload=alert(1)>",                           //
    "&lt;b&gt; &amp;",                                    // entities that are text
    "**bold** _it_ [x](javascript:alert(1)) ![i](x)",     // Markdown
    "a | b | c",                                          // a table's cells
    "# heading",                                          //
    "```\n# out of the fence\n```mermaid",                //
    "`` ` tick",                                          //
    "@team #1 https://example.org www.example.org",       // mentions, references, addresses
    "x\n::error file=y::other\n::set-output name=a::b",   // commands of GitHub's runner
    "x%0A::stop-commands::y",                             // encoded
    "n0\"]; click n1 \"javascript:alert(1)\"",            // Mermaid
    "%%{init: {'securityLevel': 'loose'}}%%",             // Mermaid's directives
    "end; subgraph x #quot; #35;",                        //
};

/// The text in every place of a report that is not linkdx's own words.
Report report_of(const std::string& text) {
  Report report = sample();
  report.target = report.host = text;
  report.logs = {text};
  report.artifacts = {{text, "archive", text, 1}};
  report.skipped = {{text, text}};
  diagnose::SymbolFacts& symbol = report.symbols[0];
  symbol.name = symbol.demangled = text;
  symbol.referenced_by = {{text, text, text}};
  symbol.nearest = {{text, text, text}};
  Report::Item& item = report.diagnoses[0];
  item.diagnosis.symbols = {text};
  item.diagnosis.title = item.diagnosis.explanation = text;
  item.diagnosis.evidence = {{"log", text, 3, text}};
  item.diagnosis.missing_evidence = {{text, text}};
  fix::Fix& fix = item.remedy.fixes[0];
  fix.title = fix.why = fix.price = fix.apply.manual = text;
  fix.snippets = {{"shell", text}, {"cmake", text}};
  item.remedy.refuted = {{text, text, {}}};
  item.located->path = text;
  for (Report::Graph::Node& node : item.graph.nodes) node = {node.kind, text, {text}};
  report.context.link_command = report.context.log_excerpt = text;
  report.context.matrices[0].symbols[0].names = {text};
  report.context.choices[0].flag = report.context.choices[0].here = text;
  report.context.speeds[0].symbol = text;
  report.context.verify_steps = {{text, text}};
  return report;
}

/// No control byte, nothing that is not UTF-8, nothing that turns the reading order or shows as nothing.
bool is_clean(const std::string& text) {
  return llvm::json::isUTF8(text) && visible(text, Keep::LinesAndTabs) == text;
}

/// The start of every tag of the page, with its attributes' names.
std::set<std::string> tags_of(std::string_view page) {
  std::set<std::string> tags;
  for (std::size_t at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
    const std::string_view tag = page.substr(at + 1, page.find('>', at) - at - 1);
    std::string found;
    bool quoted = false;
    for (const char c : tag) {
      if (c == '"') quoted = !quoted;
      if (!quoted && c != '"') found += c;
    }
    tags.insert(found);
  }
  return tags;
}

bool is_fence(std::string_view line) {
  return line.substr(std::min(line.find_first_not_of(' '), line.size())).starts_with("```");
}

}  // namespace

TEST_CASE("hostile text shows as text in a terminal, and nothing else comes out") {
  for (const std::string& text : hostile_texts) {
    const std::string shown = to_terminal(report_of(text), {});
    CHECK_MESSAGE(is_clean(shown), text);
    TerminalOptions links;
    links.link_directory = "/here";
    const std::string linked = to_terminal(report_of(text), links);
    CHECK_MESSAGE(std::count(linked.begin(), linked.end(), '\x1b') == 4,
                  text);  // one link: its ends, each ended
  }
}

TEST_CASE("hostile text brings no tag and no attribute to the page") {
  const std::set<std::string> ours = tags_of(to_html(report_of("x")));
  for (const std::string& text : hostile_texts) {
    const std::string page = to_html(report_of(text));
    CHECK_MESSAGE(is_clean(page), text);
    CHECK_MESSAGE(tags_of(page) == ours, text);
    CHECK_MESSAGE(page.find("<code>" + escape_html_block(text)) != std::string::npos, text);
  }
}

TEST_CASE("hostile text stays inside its fence, span or cell in Markdown") {
  for (const std::string& text : hostile_texts) {
    const std::string markdown = to_markdown(report_of(text));
    CHECK_MESSAGE(is_clean(markdown), text);
    std::string fence, outside;
    std::size_t begin = 0;
    while (begin < markdown.size()) {
      const std::size_t end = markdown.find('\n', begin);
      std::string line = markdown.substr(begin, end - begin);
      begin = end + 1;
      line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
      const std::string ticks = line.substr(0, std::min(line.find_first_not_of('`'), line.size()));
      if (fence.empty() && is_fence(line)) {
        fence = ticks;
      } else if (!fence.empty()) {
        if (line == ticks && ticks.size() >= fence.size()) fence.clear();
      } else {
        outside += line + "\n";
      }
    }
    CHECK_MESSAGE(fence.empty(), text);
    // Outside of fences every `<` is that of <code>, or stands in a code span.
    bool in_span = false;
    for (std::size_t i = 0; i < outside.size(); ++i) {
      if (outside[i] == '\n') in_span = false;
      if (outside[i] == '`' && (i == 0 || outside[i - 1] != '\\')) in_span = !in_span;
      const std::string_view rest = std::string_view(outside).substr(i);
      if (outside[i] == '<' && !in_span)
        CHECK_MESSAGE((rest.starts_with("<code>") || rest.starts_with("</code>")), text);
    }
    // A heading is one of ours.
    CHECK_MESSAGE(outside.find("\n# ", 1) == std::string::npos, text);
  }
}

TEST_CASE("hostile text is a label in Mermaid, made of nothing that Mermaid reads") {
  for (const std::string& text : hostile_texts) {
    const std::string drawing = mermaid(report_of(text).diagnoses[0].graph);
    CHECK_MESSAGE(std::count(drawing.begin(), drawing.end(), '\n') == 1 + 5 + 4 + 2, text);
    for (const char* bad : {"%%", "click n1 \"", "<script", "<img", "<svg", "`", "&", "\"]; "})
      CHECK_MESSAGE(drawing.find(bad) == std::string::npos, text);
  }
}

TEST_CASE("hostile text gives GitHub's runner no second command") {
  for (const std::string& text : hostile_texts) {
    const std::string lines = to_github(report_of(text));
    CHECK_MESSAGE(is_clean(lines), text);
    CHECK_MESSAGE(std::count(lines.begin(), lines.end(), '\n') == 1, text);
    CHECK_MESSAGE(lines.starts_with("::error file="), text);
    // The properties end where ours do: at the first `::` behind the command, with the code as the last of
    // them.
    const std::size_t end = lines.find("::", 2);
    CHECK_MESSAGE(lines.substr(0, end).ends_with(",line=17,title=LDX0101"), text);
  }
}

TEST_CASE("hostile text is a string in JSON and SARIF, and comes back as it was") {
  for (const std::string& text : hostile_texts) {
    const Report report = report_of(text);
    for (const std::string& json : {to_json(report), to_sarif(report)}) {
      CHECK_MESSAGE(is_clean(json), text);
      llvm::Expected<llvm::json::Value> value = llvm::json::parse(json);
      REQUIRE_MESSAGE(bool(value), text);
    }
    llvm::Expected<llvm::json::Value> value = llvm::json::parse(to_json(report));
    const llvm::json::Object& symbol = *(*value->getAsObject()->getArray("symbols"))[0].getAsObject();
    CHECK(symbol.getString("name")->str() == llvm::json::fixUTF8(text));
  }
}
