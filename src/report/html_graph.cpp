// Who refers to what, drawn as SVG: one rank below the other from the link down to where the chain breaks.
//
// Nodes of one kind are one rank, so there is nothing to search for a layout; ranks that nobody is in take no
// room. A name that is too long for its box is cut and whole in the tooltip; the list below the drawing says
// in words what the arrows say, for readers who see no pictures.
#include <algorithm>

#include <fmt/format.h>

#include "escape.hpp"
#include "html.hpp"
#include "linkdx/language.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

using Graph = Report::Graph;

constexpr int ranks = 6;
constexpr double letter = 7.3, line_height = 17, padding = 12, rank_gap = 58, node_gap = 26, margin = 12;
constexpr std::size_t longest_line = 40, most_lines = 9;

struct Look {
  std::string_view name, css;
};
Look look_of(Graph::Kind kind) {
  switch (kind) {
    case Graph::Kind::Link:
      return {N_("link"), "link"};
    case Graph::Kind::Input:
      return {N_("input"), "input"};
    case Graph::Kind::Function:
      return {N_("function"), "function"};
    case Graph::Kind::Symbol:
      return {N_("symbol"), "symbol"};
    case Graph::Kind::Break:
      return {N_("here it ends"), "break"};
    case Graph::Kind::Definition:
      return {N_("what there is"), "definition"};
  }
  return {"", ""};
}
int rank_of(Graph::Kind kind) {
  switch (kind) {
    case Graph::Kind::Link:
      return 0;
    case Graph::Kind::Input:
      return 1;
    case Graph::Kind::Function:
      return 2;
    case Graph::Kind::Symbol:
      return 3;
    case Graph::Kind::Break:
      return 4;
    case Graph::Kind::Definition:
      return 5;
  }
  return 0;
}

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  std::vector<std::string> lines;  ///< escaped for a terminal, not yet for HTML
  double middle() const { return x + width / 2; }
};

/// One line, its middle left out where it is too long.
std::string fitted(std::string_view text) {
  const std::string shown = escape_terminal(text);
  if (display_width(shown) <= longest_line) return shown;
  // Cut where characters start; the end of a name tells as much as its beginning.
  std::size_t head = longest_line * 3 / 5, tail = shown.size() - longest_line * 2 / 5 + 1;
  const auto inside = [&](std::size_t at) { return (static_cast<unsigned char>(shown[at]) & 0xc0) == 0x80; };
  while (head > 0 && inside(head)) --head;
  while (tail < shown.size() && inside(tail)) ++tail;
  return shown.substr(0, head) + "\u2026" + shown.substr(tail);
}

Box box_of(const Graph::Node& node) {
  Box box;
  box.lines.push_back(fitted(node.label));
  for (const std::string& name : node.names)
    if (box.lines.size() < most_lines) box.lines.push_back(fitted(name));
  std::size_t widest = display_width(translated(look_of(node.kind).name));
  for (const std::string& line : box.lines) widest = std::max(widest, display_width(line));
  box.width = static_cast<double>(widest) * letter + 2 * padding;
  box.height = static_cast<double>(box.lines.size()) * line_height + 14 + padding;
  return box;
}

struct Drawing {
  std::vector<Box> boxes;
  double width = 0, height = 0;
};

Drawing lay_out(const Graph& graph) {
  Drawing drawing;
  for (const Graph::Node& node : graph.nodes) drawing.boxes.push_back(box_of(node));
  double y = margin;
  for (int rank = 0; rank < ranks; ++rank) {
    double x = margin, highest = 0;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      if (rank_of(graph.nodes[i].kind) != rank) continue;
      Box& box = drawing.boxes[i];
      box.x = x;
      box.y = y;
      x += box.width + node_gap;
      highest = std::max(highest, box.height);
    }
    if (highest == 0) continue;
    drawing.width = std::max(drawing.width, x - node_gap + margin);
    y += highest + rank_gap;
  }
  drawing.height = y - rank_gap + margin;
  // Each rank is centred on the widest.
  for (int rank = 0; rank < ranks; ++rank) {
    double end = 0;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
      if (rank_of(graph.nodes[i].kind) == rank)
        end = std::max(end, drawing.boxes[i].x + drawing.boxes[i].width);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
      if (rank_of(graph.nodes[i].kind) == rank) drawing.boxes[i].x += (drawing.width - margin - end) / 2;
  }
  return drawing;
}

/// How far along its edge a label stands: away from the end at which other edges meet.
double label_place(const Graph::Edge& edge, const Graph& graph) {
  std::size_t leaving = 0, arriving = 0;
  for (const Graph::Edge& other : graph.edges) {
    leaving += other.from == edge.from;
    arriving += other.to == edge.to;
  }
  return leaving > arriving ? 0.7 : arriving > leaving ? 0.3 : 0.5;
}

std::string edge_svg(const Graph::Edge& edge, const Graph& graph, const Drawing& drawing) {
  const Box& from = drawing.boxes[edge.from];
  const Box& to = drawing.boxes[edge.to];
  const double x1 = from.middle(), y1 = from.y + from.height, x2 = to.middle(), y2 = to.y - 7;
  const double bend = std::min(40.0, (y2 - y1) / 2);
  // A point of the Bezier curve below.
  const double t = label_place(edge, graph), u = 1 - t;
  const double near = u * u * u + 3 * u * u * t, far = 3 * u * t * t + t * t * t;
  const double x = near * x1 + far * x2;
  const double y = near * y1 + far * y2 + 3 * u * t * (u - t) * bend;
  std::string out = fmt::format("<g class=\"edge{}\" data-from=\"{}\" data-to=\"{}\">",
                                edge.broken ? " broken" : "", edge.from, edge.to);
  out += fmt::format("<path d=\"M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}\"/>", x1, y1, x1,
                     y1 + bend, x2, y2 - bend, x2, y2);
  if (edge.broken)
    out += fmt::format(
        "<path class=\"cross\" d=\"M{0:.1f} {2:.1f}L{1:.1f} {3:.1f}M{1:.1f} {2:.1f}L{0:.1f} {3:.1f}\"/>",
        x2 - 6, x2 + 6, y2 - 9, y2 + 3);
  else
    out += fmt::format("<path class=\"head\" d=\"M{:.1f} {:.1f}l-5 -9h10z\"/>", x2, y2 + 6);
  // Twice: the first, drawn thick in the page's colour, keeps lines off the second.
  for (std::string_view layer : {" class=\"halo\"", ""})
    out += fmt::format("<text{} x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", layer, x + 8, y + 4,
                       escape_html(edge.label));
  return out + "</g>\n";
}

std::string node_svg(const Graph::Node& node, const Box& box, std::size_t index) {
  const Look look = look_of(node.kind);
  std::string whole = node.label;
  for (const std::string& name : node.names) whole += "\n" + name;
  std::string out =
      fmt::format("<g class=\"node {}\" data-node=\"{}\" data-find=\"{}\"><title>{}{}{}</title>", look.css,
                  index, escape_html(whole), translated(look.name), colon(), escape_html_block(whole));
  out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"6\"/>", box.x,
                     box.y, box.width, box.height);
  double y = box.y + padding + 4;
  out += fmt::format("<text class=\"kind\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", box.x + padding, y,
                     translated(look.name));
  for (const std::string& line : box.lines) {
    y += line_height;
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", box.x + padding, y, escape_html(line));
  }
  return out + "</g>\n";
}

std::string in_words(const Graph& graph) {
  std::string out = "<details><summary>" + say("The drawing in words") + "</summary>\n<ul>\n";
  for (const Graph::Edge& edge : graph.edges) {
    const auto named = [&](std::size_t node) {
      return "<code>" + escape_html(graph.nodes[node].label) + "</code>";
    };
    out += "<li>" + named(edge.from) + " " + escape_html(edge.label) + " " + (edge.broken ? "(" : "") +
           named(edge.to) + (edge.broken ? ")" : "") + "</li>\n";
  }
  return out + "</ul>\n</details>\n";
}

}  // namespace

std::string html_graph(const Graph& graph, std::size_t number) {
  const Drawing drawing = lay_out(graph);
  std::string out = fmt::format(
      "<figure class=\"graph\">\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{2}\">\n<svg width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "role=\"img\" "
      "aria-label=\"{3}\">\n",
      drawing.width, drawing.height, say("Drawing {}: who refers to what", number),
      say("Who refers to what, and where that ends; the same in words below"));
  for (const Graph::Edge& edge : graph.edges) out += edge_svg(edge, graph, drawing);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) out += node_svg(graph.nodes[i], drawing.boxes[i], i);
  return out + "</svg>\n</div>\n" + in_words(graph) + "</figure>\n";
}

}  // namespace linkdx::report
