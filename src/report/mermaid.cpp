// Who refers to what, as Mermaid draws it (mermaid.js.org, "Flowcharts - Basic Syntax"): GitHub and GitLab
// show such a code block as a picture, anything else as the few lines of text that it is.
//
// A label stands in quotes, and in it Mermaid still reads quotes, backticks, HTML, `%%{init}%%` directives
// and `#NN;` entities ("Entity codes to escape characters"). So whatever is not a letter, a digit or harmless
// punctuation is written as such an entity.
#include "mermaid.hpp"

#include <llvm/Support/ConvertUTF.h>

#include "escape.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

constexpr std::size_t longest_label = 90;

bool is_harmless(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(" _.,:/()+-=").find(c) != std::string_view::npos;
}

std::string label(std::string_view text) {
  const std::string shown = elide_middle(escape_terminal(text), longest_label);
  std::string out;
  const auto* position = reinterpret_cast<const llvm::UTF8*>(shown.data());
  const auto* const end = position + shown.size();
  while (position < end) {
    llvm::UTF32 code = 0;
    if (llvm::convertUTF8Sequence(&position, end, &code, llvm::lenientConversion) != llvm::conversionOK)
      break;
    if (code < 0x80 && is_harmless(static_cast<char>(code)))
      out += static_cast<char>(code);
    else
      out += "#" + std::to_string(code) + ";";
  }
  return out;
}

struct Shape {
  std::string_view before, after, style;
};
Shape shape_of(Report::Graph::Kind kind) {
  using enum Report::Graph::Kind;
  switch (kind) {
    case Link:
      return {"([", "])", ""};
    case Input:
      return {"[", "]", ""};
    case Function:
      return {"(", ")", ""};
    case Symbol:
      return {"[[", "]]", ":::symbol"};
    case Definition:
      return {"[", "]", ""};
    case Break:
      return {"{{", "}}", ":::broken"};
  }
  return {"[", "]", ""};
}

}  // namespace

std::string mermaid(const Report::Graph& graph) {
  std::string out = "flowchart TD\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Report::Graph::Node& node = graph.nodes[i];
    const Shape shape = shape_of(node.kind);
    std::string text = label(node.label);
    for (const std::string& name : node.names) text += "<br/>" + label(name);
    out += "  n" + std::to_string(i) + std::string(shape.before) + "\"" + text + "\"" +
           std::string(shape.after) + std::string(shape.style) + "\n";
  }
  for (const Report::Graph::Edge& edge : graph.edges) {
    out += "  n" + std::to_string(edge.from) + (edge.broken ? " -.-x" : " -->") + "|\"" + label(edge.label) +
           "\"| n" + std::to_string(edge.to) + "\n";
  }
  // Both colours of a pair are given, so that they can be read on a light and on a dark page.
  out += "  classDef symbol fill:#fff8c5,stroke:#9a6700,color:#4d2d00\n";
  return out + "  classDef broken fill:#ffebe9,stroke:#cf222e,color:#82071e\n";
}

}  // namespace linkdx::report
