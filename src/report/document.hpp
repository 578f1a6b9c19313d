// The report as a document: what is said, in which order, apart from how it is written down. See
// document.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linkdx/report.hpp"

namespace linkdx::report {

/// A stretch of running text, untrusted and unescaped.
struct Span {
  /// The text of Confidence is its stable name; what is shown is the spoken word for it.
  enum class Kind { Plain, Code, Strong, Confidence } kind = Kind::Plain;
  std::string text;
};
using Text = std::vector<Span>;

/// Running text in which `words in backticks` are code.
Text prose(std::string_view text);
Text code(std::string_view text);
/// A text of the catalogue in which `{}`, or `{0}`, `{1}`, stand for running text. Its own text is plain.
Text filled(std::string_view text, const std::vector<Text>& parts);
Text operator+(Text first, const Text& second);
Text operator+(Text first, std::string_view plain);

/// One place to put a change, and what to put there.
struct Block {
  Text label;  ///< `In a Dockerfile`; may be empty
  std::string text;
  std::string_view language;
};

struct Table {
  std::vector<std::string_view> head;  ///< texts of the catalogue
  std::vector<std::vector<Text>> rows;
};

/// Writes a document in some markup. Every text that it is given may come from anywhere.
class Writer {
 public:
  virtual ~Writer() = default;
  /// `id`: a word to link to; empty for headings below sections.
  virtual void heading(unsigned level, const Text& text, std::string_view id) = 0;
  virtual void paragraph(const Text& text) = 0;
  virtual void bullets(const std::vector<Text>& items) = 0;
  virtual void block(const Block& block) = 0;
  virtual void evidence(const Text& place, const std::string& text) = 0;
  virtual void table(const Table& table) = 0;
  virtual void steps(const std::vector<Report::Context::Step>& steps) = 0;
  virtual void graph(const Report::Graph& graph) = 0;
  virtual void matrix(const Report::Context::Matrix& matrix) = 0;
  /// What stands between belongs together: one fix.
  virtual void begin_fix() {}
  virtual void end_fix() {}
};

void write_document(const Report& report, Writer& writer);

}  // namespace linkdx::report
