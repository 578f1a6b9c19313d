// The parts of an HTML report. See html.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "linkdx/report.hpp"

namespace linkdx::report {

/// Text for an element or a quoted attribute, on one line.
std::string escape_html(std::string_view text);
/// The same with its line ends and tabs.
std::string escape_html_block(std::string_view text);

/// A colour of the page by its role, for light and for dark.
struct Color {
  std::string_view role, light, dark;
};
std::span<const Color> html_colors();
/// Roles that meet as text and background, or as a mark on its background: their contrast is tested.
struct ColorPair {
  std::string_view front, back;
  bool text = true;
};
std::span<const ColorPair> html_color_pairs();
std::string html_style();
/// The script, with what it says in the spoken language.
std::string html_script();

/// Drawings, as SVG. `number` tells them apart for those who hear the page.
std::string html_graph(const Report::Graph& graph, std::size_t number);
std::string html_matrix(const Report::Context::Matrix& matrix, std::size_t number);

}  // namespace linkdx::report
