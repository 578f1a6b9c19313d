// The Markdown rendering: the report to hand on, attached to a ticket or shown by a job.
//
// Written in the part of Markdown that CommonMark and GitHub Flavored Markdown (tables) share with pandoc.
// What it says is document.cpp's; who refers to what is drawn by Mermaid, which GitHub and GitLab show as a
// picture.
#include "document.hpp"
#include "escape.hpp"
#include "linkdx/language.hpp"
#include "mermaid.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

/// Running text keeps the spaces at its ends: it may stand between two code spans.
std::string running(std::string_view text, bool first) {
  if (text.find_first_not_of(' ') == std::string_view::npos) return first || text.empty() ? "" : " ";
  const std::string_view before = text.front() == ' ' && !first ? " " : "";
  return std::string(before) + escape_markdown(text) + (text.back() == ' ' ? " " : "");
}

class Markdown final : public Writer {
 public:
  std::string finish(const std::string& version) {
    line("---");
    blank();
    line(say("Written by linkdx {}.", escape_markdown(version)));
    return std::move(out_);
  }

  void heading(unsigned level, const Text& text, std::string_view) override {
    paragraph_of(std::string(level, '#') + " " + inline_text(text));
  }
  void paragraph(const Text& text) override { paragraph_of(inline_text(text)); }
  void bullets(const std::vector<Text>& items) override {
    for (const Text& item : items) line("- " + inline_text(item));
    blank();
  }
  void block(const Block& block) override {
    if (!block.label.empty()) paragraph(block.label + translated(N_(":")));
    out_ += fenced(block.text, block.language);
    blank();
  }
  void evidence(const Text& place, const std::string& text) override {
    paragraph_of("- " + inline_text(place));
    indented(fenced(text, "text"), "  ");
  }
  void table(const Table& table) override {
    std::string head = "|", rule = "|";
    for (std::string_view name : table.head) {
      head += " " + say(name) + " |";
      rule += "---|";
    }
    line(head);
    line(rule);
    for (const std::vector<Text>& row : table.rows) {
      std::string text = "|";
      for (const Text& cell : row) text += " " + (cell.empty() ? std::string("-") : inline_text(cell)) + " |";
      line(text);
    }
    blank();
  }
  void steps(const std::vector<Report::Context::Step>& steps) override {
    std::size_t number = 0;
    for (const auto& step : steps) {
      const std::string lead = std::to_string(++number) + ". ";
      paragraph_of(lead + markdown_prose(step.what));
      // Indented to belong to the list item.
      if (!step.command.empty()) indented(fenced(step.command, "sh"), std::string(lead.size(), ' '));
    }
  }
  void graph(const Report::Graph& graph) override {
    out_ += "```mermaid\n" + mermaid(graph) + "```\n";
    blank();
  }
  /// One column a feature; a picture of many symbols is left to HTML, where it can be searched.
  void matrix(const Report::Context::Matrix& matrix) override {
    std::string head = "| |", rule = "|---|";
    for (const std::string& feature : matrix.features) {
      head += " " + code_span(feature) + " |";
      rule += ":-:|";
    }
    line(head);
    line(rule);
    const auto rows = [&](const std::vector<Report::Context::Matrix::Row>& all, std::string_view what) {
      std::size_t written = 0;
      for (const auto& row : all) {
        if (written++ == rows_of_a_kind) break;
        const Capped names = capped(row.names, names_in_a_row);
        Capped spans{{}, names.more};
        for (const std::string& name : names.items) spans.items.push_back(code_span(name));
        std::string text = "| " + say("{} {}", translated(what), listed(spans));
        for (const bool has : row.has) text += has ? " | " + say("yes") : " | -";
        line(text + " |");
      }
    };
    rows(matrix.symbols, N_("needed by"));
    rows(matrix.levels, N_("level"));
    rows(matrix.cpus, N_("CPU"));
    blank();
    if (matrix.symbols.size() > rows_of_a_kind)
      paragraph_of(counted(matrix.symbols.size() - rows_of_a_kind, N_("And {} more symbol."),
                           N_("And {} more symbols.")));
  }

 private:
  static constexpr std::size_t rows_of_a_kind = 24;
  static constexpr std::size_t names_in_a_row = 3;

  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }
  void blank() { out_ += '\n'; }
  void paragraph_of(std::string_view markdown) {
    line(markdown);
    blank();
  }
  void indented(const std::string& block, const std::string& indent) {
    for (std::string_view part : lines_of(block)) line(part.empty() ? "" : indent + std::string(part));
    blank();
  }
  static std::string inline_text(const Text& text) {
    std::string out;
    for (const Span& span : text) {
      switch (span.kind) {
        case Span::Kind::Plain:
          out += running(span.text, out.empty());
          break;
        case Span::Kind::Code:
          out += code_span(span.text);
          break;
        case Span::Kind::Strong:
        case Span::Kind::Confidence:
          out += "**" + markdown_prose(span.kind == Span::Kind::Strong ? span.text : translated(span.text)) +
                 "**";
          break;
      }
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
  }

  std::string out_;
};

}  // namespace

std::string to_markdown(const Report& report) {
  Markdown markdown;
  write_document(report, markdown);
  return markdown.finish(report.version);
}

}  // namespace linkdx::report
