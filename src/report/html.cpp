// The HTML rendering: one file that needs nothing else, to open, to search and to print.
//
// It says what document.cpp says, adds a summary that leads to the fixes, and draws who refers to what and
// which CPU has what as SVG. It reads whole without its script. Names and log lines are text wherever they
// stand; and should one ever become markup, the page's own Content-Security-Policy (W3C, CSP Level 3) runs no
// script and loads nothing but what has the hash of ours.
#include "html.hpp"

#include <array>

#include <llvm/Support/Base64.h>
#include <llvm/Support/SHA256.h>

#include "document.hpp"
#include "escape.hpp"
#include "linkdx/language.hpp"
#include "layout.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

std::string with_entities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string hash_of(std::string_view text) {
  llvm::SHA256 hash;
  hash.update(llvm::StringRef(text.data(), text.size()));
  const std::array<std::uint8_t, 32> digest = hash.final();
  return "'sha256-" + llvm::encodeBase64(digest) + "'";
}

std::string inline_html(const Text& text) {
  std::string out;
  for (const Span& span : text) {
    switch (span.kind) {
      case Span::Kind::Plain:
        out += escape_html(span.text);
        break;
      case Span::Kind::Code:
        out += "<code>" + escape_html(span.text) + "</code>";
        break;
      case Span::Kind::Strong:
        out += "<strong>" + inline_html(prose(span.text)) + "</strong>";
        break;
      case Span::Kind::Confidence:
        out += "<span class=\"sure " + escape_html(span.text) + "\">" + escape_html(translated(span.text)) +
               "</span>";
        break;
    }
  }
  return out;
}

/// What a browser's tab and its list of bookmarks have room for.
std::string cut_title(const std::string& text) {
  constexpr std::size_t longest = 68;
  const std::string shown = escape_terminal(text);
  if (display_width(shown) <= longest) return shown;
  return shown.substr(0, prefix_within(shown, longest - 3)) + "...";
}

class Html final : public Writer {
 public:
  explicit Html(const Report& report) : report_(report) {}

  std::string finish() {
    end_section();
    const std::string style = html_style();
    const std::string script = html_script();
    std::string page = "<!DOCTYPE html>\n<html lang=\"" + std::string(language_tag()) +
                       "\">\n<head>\n<meta charset=\"utf-8\">\n";
    page +=
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
        "form-action "
        "'none'; style-src " +
        hash_of(style) + "; script-src " + hash_of(script) + "\">\n";
    page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    page += "<meta name=\"generator\" content=\"linkdx " + escape_html(report_.version) + "\">\n";
    page += "<title>" + title_ + "</title>\n<style>" + style +
            "</style>\n</head>\n<body>\n<div class=\"frame\">\n";
    page += "<header>\n<p class=\"tool\">" + say("linkdx report") + "</p>\n" + top_ + summary() + tools() +
            "</header>\n";
    page += "<div class=\"columns\">\n" + contents() + "<main>\n" + body_ + "</main>\n</div>\n";
    page += "<footer><p>" + say("Written by linkdx {}.", escape_html(report_.version)) +
            "</p></footer>\n</div>\n";
    return page + "<script>" + script + "</script>\n</body>\n</html>\n";
  }

  void heading(unsigned level, const Text& text, std::string_view id) override {
    const std::string shown = inline_html(text);
    const std::string tag = "h" + std::to_string(level);
    if (level == 1) {
      std::string plain;
      for (const Span& span : text) plain += span.text;
      title_ = escape_html(cut_title(plain));
      top_ = "<h1>" + shown + "</h1>\n";
      return;
    }
    if (level == 2) {
      end_section();
      contents_ += "<li><a href=\"#" + std::string(id) + "\">" + shown + "</a></li>\n";
      body_ += "<section aria-labelledby=\"" + std::string(id) + "\">\n";
      in_section_ = true;
      section_ = id;
    }
    body_ +=
        "<" + tag + (id.empty() ? "" : " id=\"" + std::string(id) + "\"") + ">" + shown + "</" + tag + ">\n";
  }
  void paragraph(const Text& text) override { body_ += "<p>" + inline_html(text) + "</p>\n"; }
  void bullets(const std::vector<Text>& items) override {
    body_ += "<ul>\n";
    for (const Text& item : items) body_ += "<li>" + inline_html(item) + "</li>\n";
    body_ += "</ul>\n";
  }
  void block(const Block& block) override {
    const std::string label = inline_html(block.label);
    // Of a fix's snippets the first is shown; one click brings the others.
    if (in_fix_ && ++blocks_in_fix_ > 1 && !label.empty()) {
      body_ += "<details><summary>" + label + "</summary>\n<figure>" +
               preformatted(block.text, block.language) + "</figure>\n</details>\n";
      return;
    }
    body_ +=
        "<figure>" +
        (label.empty() ? "" : "<figcaption>" + label + std::string(translated(N_(":"))) + "</figcaption>\n") +
        preformatted(block.text, block.language) + "</figure>\n";
  }
  void evidence(const Text& place, const std::string& text) override {
    body_ += "<figure class=\"evidence\"><figcaption>" + inline_html(place) + "</figcaption>\n" +
             preformatted(text, "text") + "</figure>\n";
  }
  void table(const Table& table) override {
    // A wide table scrolls by itself; the keyboard reaches it because it takes the focus.
    body_ += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
             say("Table {}: {}", ++tables_, translated(table.head.front())) + "\">\n<table" +
             (section_ == "symbols"            ? " class=\"symbols\""
              : section_ == "technical-detail" ? " class=\"flags\""
                                               : "") +
             ">\n<thead><tr>";
    for (std::string_view name : table.head)
      body_ += "<th scope=\"col\">" + escape_html(translated(name)) + "</th>";
    body_ += "</tr></thead>\n<tbody>\n";
    for (const std::vector<Text>& row : table.rows) {
      body_ += "<tr>";
      for (const Text& cell : row) body_ += "<td>" + (cell.empty() ? "-" : inline_html(cell)) + "</td>";
      body_ += "</tr>\n";
    }
    body_ += "</tbody>\n</table>\n</div>\n";
  }
  void steps(const std::vector<Report::Context::Step>& steps) override {
    body_ += "<ol>\n";
    for (const auto& step : steps) {
      body_ += "<li>" + inline_html(prose(step.what));
      if (!step.command.empty()) body_ += "\n<figure>" + preformatted(step.command, "sh") + "</figure>";
      body_ += "</li>\n";
    }
    body_ += "</ol>\n";
  }
  void graph(const Report::Graph& graph) override { body_ += html_graph(graph, ++drawings_); }
  void matrix(const Report::Context::Matrix& matrix) override { body_ += html_matrix(matrix, ++drawings_); }
  void begin_fix() override {
    const std::string_view best = is_best(fixes_) ? " best" : "";
    ++fixes_;
    body_ += "<article class=\"fix" + std::string(best) + "\" id=\"fix-" + std::to_string(fixes_) + "\">\n";
    in_fix_ = true;
    blocks_in_fix_ = 0;
  }
  void end_fix() override {
    body_ += "</article>\n";
    in_fix_ = false;
  }

 private:
  void end_section() {
    if (in_section_) body_ += "</section>\n";
    in_section_ = false;
  }
  /// Whether the fix of that number, counted through all diagnoses, is the first of its diagnosis.
  bool is_best(std::size_t number) const {
    for (const Report::Item& item : report_.diagnoses) {
      if (number == 0 && !item.remedy.fixes.empty()) return true;
      if (number < item.remedy.fixes.size()) return false;
      number -= item.remedy.fixes.size();
    }
    return false;
  }
  /// Log lines are folded; commands are not, since their lines mean something.
  static std::string preformatted(const std::string& text, std::string_view language) {
    const bool quoted = language == "text";
    return "<pre" + std::string(quoted ? " class=\"wraps\"" : " data-copy tabindex=\"0\"") + "><code>" +
           escape_html_block(text) + "</code></pre>";
  }

  /// Each diagnosis in a line, with the way to what mends it.
  std::string summary() const {
    if (report_.diagnoses.empty()) return "";
    std::string out = "<div class=\"short\">\n<ul>\n";
    std::size_t fix = 1;
    for (const Report::Item& item : report_.diagnoses) {
      out += "<li><strong>" + escape_html(item.diagnosis.code) + "</strong> " +
             inline_html({{Span::Kind::Confidence, std::string(name_of(item.diagnosis.confidence))}}) + " " +
             say("{}, {}", inline_html(prose(item.diagnosis.title)),
                 escape_html(counted(item.diagnosis.symbols.size(), N_("{} symbol"), N_("{} symbols"))));
      if (!item.remedy.fixes.empty())
        out += "<br>" + say("Fix: {}", "<a href=\"#fix-" + std::to_string(fix) + "\">" +
                                           inline_html(prose(item.remedy.fixes.front().title)) + "</a>");
      out += "</li>\n";
      fix += item.remedy.fixes.size();
    }
    return out + "</ul>\n</div>\n";
  }
  static std::string tools() {
    std::string out = "<div class=\"tools\">\n<fieldset><legend>" + say("Colours") + "</legend>\n";
    for (const auto& [value, name] :
         {std::pair("system", N_("System")), std::pair("light", N_("Light")), std::pair("dark", N_("Dark"))})
      out += std::string("<label><input type=\"radio\" name=\"theme\" id=\"theme-") + value + "\" value=\"" +
             value + "\"" + (std::string_view(value) == "system" ? " checked" : "") + "> " + say(name) +
             "</label>\n";
    // Without the script there is nothing to search with.
    return out + "</fieldset>\n<label id=\"search-part\" class=\"search\" hidden>" + say("Search") +
           " <input type=\"search\" id=\"search\" placeholder=\"" + say("symbol, file, CPU") +
           "\" autocomplete=\"off\"> "
           "<span "
           "id=\"found\" class=\"quiet\" role=\"status\"></span></label>\n</div>\n";
  }
  std::string contents() const {
    if (contents_.empty()) return "<div></div>\n";
    return "<nav aria-label=\"" + say("Contents") + "\"><ul>\n" + contents_ + "</ul></nav>\n";
  }

  const Report& report_;
  std::string title_, top_, contents_, body_, section_;
  std::size_t fixes_ = 0, drawings_ = 0, tables_ = 0, blocks_in_fix_ = 0;
  bool in_section_ = false, in_fix_ = false;
};

}  // namespace

std::string escape_html(std::string_view text) {
  return with_entities(visible(text, Keep::Nothing));
}

std::string escape_html_block(std::string_view text) {
  return with_entities(visible(text, Keep::LinesAndTabs));
}

std::string to_html(const Report& report) {
  Html html(report);
  write_document(report, html);
  return html.finish();
}

}  // namespace linkdx::report
