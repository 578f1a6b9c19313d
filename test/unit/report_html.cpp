// The HTML rendering: that it is one file, and that its colours can be read.
#include <doctest/doctest.h>

#include <cmath>

#include "html.hpp"
#include "report_sample.hpp"

using namespace linkdx::report;

namespace {

double channel(std::string_view hex) {
  const double value = std::stoi(std::string(hex), nullptr, 16) / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}
/// WCAG 2.1, "relative luminance".
double luminance(std::string_view color) {
  return 0.2126 * channel(color.substr(1, 2)) + 0.7152 * channel(color.substr(3, 2)) +
         0.0722 * channel(color.substr(5, 2));
}
/// WCAG 2.1, "contrast ratio".
double contrast(std::string_view a, std::string_view b) {
  const double first = luminance(a), second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}
const Color& color_of(std::string_view role) {
  for (const Color& color : html_colors())
    if (color.role == role) return color;
  FAIL("no colour for ", role);
  return html_colors()[0];
}

}  // namespace

TEST_CASE("contrast is that of WCAG AA: 4.5 for text, 3 for what is drawn") {
  CHECK(contrast("#000000", "#ffffff") == doctest::Approx(21));
  CHECK(contrast("#777777", "#ffffff") == doctest::Approx(4.48).epsilon(0.01));
  for (const ColorPair& pair : html_color_pairs()) {
    const Color& front = color_of(pair.front);
    const Color& back = color_of(pair.back);
    const double least = pair.text ? 4.5 : 3;
    CHECK_MESSAGE(contrast(front.light, back.light) >= least, pair.front, " on ", pair.back, ", light");
    CHECK_MESSAGE(contrast(front.dark, back.dark) >= least, pair.front, " on ", pair.back, ", dark");
  }
}

TEST_CASE("the page is one file: it loads nothing, and says so to the browser") {
  const std::string page = to_html(sample());
  for (const char* loading : {" src=", "url(", "@import", "<link", "<iframe", "fetch("})
    CHECK_MESSAGE(page.find(loading) == std::string::npos, loading);
  CHECK(page.find("default-src 'none'") != std::string::npos);
}

TEST_CASE("every place that the page leads to is there") {
  Report report = sample();
  report.diagnoses.push_back(report.diagnoses[0]);
  report.diagnoses[0].remedy.fixes.push_back(report.diagnoses[0].remedy.fixes[0]);
  const std::string page = to_html(report);
  std::size_t links = 0;
  for (std::size_t at = page.find("href=\"#"); at != std::string::npos; at = page.find("href=\"#", at + 1)) {
    const std::string id = page.substr(at + 7, page.find('"', at + 7) - at - 7);
    CHECK_MESSAGE(page.find(" id=\"" + id + "\"") != std::string::npos, id);
    ++links;
  }
  CHECK(links == 10 + 2);  // sections, and the first fix of each diagnosis
  // The second diagnosis' first fix is the third in all.
  CHECK(page.find("href=\"#fix-3\"") != std::string::npos);
}

TEST_CASE("the drawing says in words what its arrows say") {
  const std::string drawing = html_graph(sample().diagnoses[0].graph, 1);
  CHECK(drawing.find("<li><code>dot_avx512</code> breaks here (<code>no definition found</code>)</li>") !=
        std::string::npos);
}

TEST_CASE("the matrix says of each row what it has and lacks, and marks those that have all") {
  const std::string drawing = html_matrix(sample().context.matrices[0], 1);
  CHECK(drawing.find("data-say=\"knl: has avx512f; lacks avx512bw\"") != std::string::npos);
  CHECK(drawing.find("class=\"row enough\" data-find=\"skx, znver4\"") != std::string::npos);
  CHECK(drawing.find("class=\"row need\" data-find=\"dot_avx512\"") != std::string::npos);
}
