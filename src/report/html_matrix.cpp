// Symbols by features by levels and CPUs, drawn as SVG: what is needed above, who has it below, one column a
// feature.
//
// CPUs that do not differ are one row. A row that has everything any of the symbols needs is printed bold.
// The same is in the tables as text; each row also says itself in words, in its tooltip and below the
// drawing.
#include <algorithm>

#include <fmt/format.h>

#include "escape.hpp"
#include "html.hpp"
#include "linkdx/language.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

using Matrix = Report::Context::Matrix;

constexpr std::size_t symbols_shown = 60, names_in_a_row = 3, longest_name = 38;
constexpr double letter = 7.3, column_width = 26, row_height = 22, group_gap = 12, heading_height = 24;

std::string cut(std::string_view text) {
  const std::string shown = escape_terminal(text);
  if (display_width(shown) <= longest_name) return shown;
  std::size_t length = longest_name;
  while (length > 0 && (static_cast<unsigned char>(shown[length]) & 0xc0) == 0x80) --length;
  return shown.substr(0, length) + "\u2026";
}

std::string row_name(const Matrix::Row& row) {
  if (row.names.size() == 1) return cut(row.names.front());
  const Capped names = capped(row.names, names_in_a_row);
  const std::string text = listed(names.items);
  if (names.more == 0) return cut(text);
  const std::string more = " +" + std::to_string(names.more);
  return cut(text) + more;
}

/// `haswell, broadwell: has avx2; lacks avx512f`
std::string in_words(const Matrix& matrix, const Matrix::Row& row, bool needs) {
  std::vector<std::string> has, lacks;
  for (std::size_t i = 0; i < matrix.features.size(); ++i)
    (row.has[i] ? has : lacks).push_back(matrix.features[i]);
  const std::string names = listed(row.names);
  if (needs) return has.empty() ? say("{}: ", names) : say("{}: needs {}", names, listed(has));
  if (lacks.empty()) return has.empty() ? say("{}: ", names) : say("{}: has {}", names, listed(has));
  return has.empty() ? say("{}: lacks {}", names, listed(lacks))
                     : say("{}: has {}; lacks {}", names, listed(has), listed(lacks));
}

class Drawing {
 public:
  explicit Drawing(const Matrix& matrix) : matrix_(matrix) {
    std::size_t widest = 8;
    for (const auto* rows : {&matrix.symbols, &matrix.levels, &matrix.cpus})
      for (const Matrix::Row& row : *rows) widest = std::max(widest, display_width(row_name(row)));
    left_ = static_cast<double>(widest) * letter + 16;
    std::size_t longest = 4;
    for (const std::string& name : matrix.features) longest = std::max(longest, display_width(cut(name)));
    head_ = static_cast<double>(longest) * letter * 0.87 + 16;  // names stand at 60 degrees
    width_ = left_ + static_cast<double>(matrix.features.size()) * column_width + head_ * 0.6;
    y_ = head_;
  }

  std::string draw() {
    group(say("needed by"), matrix_.symbols, true);
    group(say("levels"), matrix_.levels, false);
    group(say("CPUs"), matrix_.cpus, false);
    std::string columns;
    for (std::size_t i = 0; i < matrix_.features.size(); ++i) {
      const double x = left_ + static_cast<double>(i) * column_width;
      columns +=
          fmt::format("<rect class=\"column\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
                      x, head_ - 4, column_width, y_ - head_);
      columns += fmt::format("<text transform=\"translate({:.1f} {:.1f}) rotate(-60)\">{}</text>\n",
                             x + column_width / 2 + 4, head_ - 8, escape_html(cut(matrix_.features[i])));
    }
    return fmt::format(
               "<svg width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" "
               "aria-label=\"{2}\">\n",
               width_, y_ + 4, say("Which levels and CPUs have the features that the symbols need")) +
           columns + rows_ + "</svg>\n";
  }

 private:
  void group(std::string_view title, const std::vector<Matrix::Row>& rows, bool needs) {
    if (rows.empty()) return;
    rows_ += fmt::format(
        "<line class=\"rule\" x1=\"0\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text class=\"kindhead\" "
        "x=\"4\" "
        "y=\"{:.1f}\">{}</text>\n",
        left_ + static_cast<double>(matrix_.features.size()) * column_width, y_, y_, y_ + 16, title);
    y_ += heading_height;
    std::size_t shown = 0;
    for (const Matrix::Row& row : rows) {
      if (needs && shown++ == symbols_shown) {
        rows_ += fmt::format("<text x=\"16\" y=\"{:.1f}\">{}</text>\n", y_ + 15,
                             say("and {} more", rows.size() - symbols_shown));
        y_ += row_height;
        break;
      }
      one_row(row, needs);
    }
    y_ += group_gap;
  }

  void one_row(const Matrix::Row& row, bool needs) {
    const std::string words = in_words(matrix_, row, needs);
    const bool enough = !needs && std::all_of(row.has.begin(), row.has.end(), [](bool has) { return has; });
    rows_ += fmt::format(
        "<g class=\"row{}{}\" data-find=\"{}\" data-say=\"{}\"><title>{}</title><rect class=\"back\" x=\"0\" "
        "y=\"{:.1f}\" "
        "width=\"{:.1f}\" height=\"{:.1f}\"/><text x=\"16\" y=\"{:.1f}\">{}</text>",
        needs ? " need" : "", enough ? " enough" : "", escape_html(listed(row.names)), escape_html(words),
        escape_html(words), y_, left_ + static_cast<double>(matrix_.features.size()) * column_width,
        row_height, y_ + 15, escape_html(row_name(row)));
    for (std::size_t i = 0; i < row.has.size(); ++i) {
      const double x = left_ + (static_cast<double>(i) + 0.5) * column_width;
      // Shape and not colour alone tells the two apart.
      if (row.has[i])
        rows_ += fmt::format(
            "<rect class=\"dot\" data-column=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"14\" "
            "height=\"14\" rx=\"3\"/>",
            i, x - 7, y_ + 4);
      else if (!needs)
        rows_ += fmt::format(
            "<circle class=\"none\" data-column=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>", i, x, y_ + 11);
    }
    rows_ += "</g>\n";
    y_ += row_height;
  }

  const Matrix& matrix_;
  double left_ = 0, head_ = 0, width_ = 0, y_ = 0;
  std::string rows_;
};

}  // namespace

std::string html_matrix(const Matrix& matrix, std::size_t number) {
  return "<figure class=\"matrix\">\n<figcaption>" +
         say("{}: a filled square is a feature that is needed (those that it implies too), or that a level "
             "or "
             "CPU has; bold names have all of them. In the drawing, the arrow keys read it row by row.",
             escape_html(matrix.arch)) +
         "</figcaption>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
         say("Drawing {}: symbols, features and CPUs", number) + "\">\n" + Drawing(matrix).draw() +
         "</div>\n<p class=\"readout\" role=\"status\"></p>\n</figure>\n";
}

}  // namespace linkdx::report
