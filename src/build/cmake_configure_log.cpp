// CMakeConfigureLog.yaml: what CMake since 3.26 did while configuring, a YAML document for each run, in each
// a list `events`. Of the kinds of event, `try_compile-v1` and `try_run-v1` are checks:
//
//   checks: [ "Performing Test HAVE_AVX512" ]
//   buildResult: { variable: "HAVE_AVX512", stdout: | ..., exitCode: 1 }
//
// `exitCode` is that of the build, and of a try_run also that of the program; 0 means passed. In text blocks
// CMake writes a backslash as `\\` and other unprintable bytes as `\xNN`. A file that is cut off ends in a
// problem, and the events before it count. Source: manual cmake-configure-log(7).
//
// llvm::yaml recurses for each level of nesting, so a text that could be nested deeper than CMake ever writes
// it is refused first.
#include <optional>

#include <fmt/format.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/YAMLParser.h>

#include "cmake_files.hpp"
#include "files.hpp"
#include "linkdx/language.hpp"

namespace linkdx::build {
namespace {

constexpr std::size_t most_indentation = 256;
constexpr int most_brackets = 64;
constexpr int most_marks = 64;

// `key: |`: the lines below it that are indented further are text.
bool opens_text_block(std::string_view line) {
  for (std::string_view end : {std::string_view(": |"), std::string_view(": |-"), std::string_view(": |+")}) {
    if (!line.ends_with(end)) continue;
    std::string_view key = line.substr(0, line.size() - end.size());
    return key.find_first_not_of(" -abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
           std::string_view::npos;
  }
  return false;
}

// True for text outside of text blocks that CMake would not write and that could nest deeply: many brackets,
// many marks (`- - -`) in one line, deep indentation, and quotes that go on in the next line, behind
// which any of those could hide.
bool is_strange(std::string_view text) {
  int brackets = 0;
  std::size_t block = std::string_view::npos;  // indentation of the key that opened a text block
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    std::size_t indentation = line.find_first_not_of(' ');
    if (indentation == std::string_view::npos) continue;
    if (block != std::string_view::npos && indentation > block) continue;
    if (indentation > most_indentation) return true;
    bool quoted = false;
    int marks = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      char c = line[i];
      if (quoted && c == '\\')
        ++i;
      else if (c == '"')
        quoted = !quoted;
      else if (quoted)
        continue;
      else if (c == '\'')
        return true;
      else if (c == '[' || c == '{')
        ++brackets;
      else if (c == ']' || c == '}')
        --brackets;
      else if (c == '-' || c == '?' || c == ':')
        ++marks;
      if (brackets > most_brackets) return true;
    }
    if (quoted || (marks > most_marks && line.find_first_not_of("-. ") != std::string_view::npos))
      return true;
    block = brackets == 0 && opens_text_block(line) ? indentation : std::string_view::npos;
  }
  return false;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decode(llvm::StringRef text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
    } else if (text[i + 1] == '\\') {
      plain += text[++i];
    } else if (text[i + 1] == 'x' && i + 3 < text.size() && hex_digit(text[i + 2]) >= 0 &&
               hex_digit(text[i + 3]) >= 0) {
      plain += static_cast<char>(hex_digit(text[i + 2]) * 16 + hex_digit(text[i + 3]));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::string text_of(llvm::yaml::Node* node) {
  if (auto* scalar = llvm::dyn_cast_or_null<llvm::yaml::ScalarNode>(node)) {
    llvm::SmallString<64> storage;
    return scalar->getValue(storage).str();
  }
  if (auto* block = llvm::dyn_cast_or_null<llvm::yaml::BlockScalarNode>(node))
    return decode(block->getValue());
  return "";
}

struct Result {
  std::string variable, output, exit_code;
};

Result read_result(llvm::yaml::MappingNode& mapping) {
  Result result;
  for (llvm::yaml::KeyValueNode& pair : mapping) {
    std::string key = text_of(pair.getKey());
    if (key == "variable")
      result.variable = text_of(pair.getValue());
    else if (key == "stdout" || key == "stderr")
      result.output += text_of(pair.getValue());
    else if (key == "exitCode")
      result.exit_code = text_of(pair.getValue());
    else
      pair.skip();
  }
  return result;
}

class LogReader {
 public:
  LogReader(std::string_view text, const std::string& path, std::vector<Skipped>& problems)
      : text_(text), path_(path), problems_(problems) {}

  std::vector<Check> read() {
    if (is_strange(text_)) {
      problems_.push_back({path_, say("not in the form in which CMake writes its configure log")});
      return {};
    }
    llvm::SourceMgr manager;
    manager.setDiagHandler([](const llvm::SMDiagnostic& diagnostic,
                              void* reader) { static_cast<LogReader*>(reader)->complain(diagnostic); },
                           this);
    llvm::yaml::Stream stream(llvm::StringRef(text_.data(), text_.size()), manager, /*ShowColors=*/false);
    for (llvm::yaml::document_iterator document = stream.begin(); document != stream.end() && !failed_;
         ++document) {
      if (stream.failed()) break;
      if (auto* root = llvm::dyn_cast_or_null<llvm::yaml::MappingNode>(document->getRoot()))
        read_document(*root);
    }
    return std::move(checks_);
  }

 private:
  void complain(const llvm::SMDiagnostic& diagnostic) {
    if (!failed_)
      problems_.push_back(
          {path_, say("line {}: not YAML: {}", diagnostic.getLineNo(), diagnostic.getMessage().str())});
    failed_ = true;
  }

  void read_document(llvm::yaml::MappingNode& root) {
    for (llvm::yaml::KeyValueNode& pair : root) {
      if (failed_) return;
      llvm::yaml::SequenceNode* events = nullptr;
      if (text_of(pair.getKey()) == "events")
        events = llvm::dyn_cast_or_null<llvm::yaml::SequenceNode>(pair.getValue());
      if (!events) {
        pair.skip();
        continue;
      }
      for (llvm::yaml::Node& event : *events) {
        if (failed_) return;
        if (auto* mapping = llvm::dyn_cast<llvm::yaml::MappingNode>(&event))
          read_event(*mapping);
        else
          event.skip();
      }
    }
  }

  void read_event(llvm::yaml::MappingNode& event) {
    std::string kind;
    Check check;
    std::optional<Result> build, run;
    check.where.line = line_of(event);
    for (llvm::yaml::KeyValueNode& pair : event) {
      std::string key = text_of(pair.getKey());
      if (key == "kind") {
        kind = text_of(pair.getValue());
      } else if (key == "checks") {
        auto* names = llvm::dyn_cast_or_null<llvm::yaml::SequenceNode>(pair.getValue());
        if (!names) continue;
        for (llvm::yaml::Node& name : *names) check.what = text_of(&name);  // the innermost stands last
      } else if (key == "buildResult" || key == "runResult") {
        auto* result = llvm::dyn_cast_or_null<llvm::yaml::MappingNode>(pair.getValue());
        if (result) (key == "buildResult" ? build : run) = read_result(*result);
      } else {
        pair.skip();
      }
    }
    if (failed_ || !(kind == "try_compile-v1" || kind == "try_run-v1") || !build) return;
    check.variable = build->variable;
    if (kind == "try_run-v1" && run && !run->variable.empty()) check.variable = run->variable;
    check.passed = build->exit_code == "0" && (kind != "try_run-v1" || (run && run->exit_code == "0"));
    if (!check.passed) check.message = first_error(build->output);
    check.where.text = check.what.empty() ? check.variable : check.what;
    check.path = path_;
    checks_.push_back(std::move(check));
  }

  // Nodes come in the order of the text, so counting goes on from the last one.
  std::uint64_t line_of(llvm::yaml::Node& node) {
    const char* place = node.getSourceRange().Start.getPointer();
    if (place < text_.data() || place > text_.data() + text_.size()) return 0;
    std::size_t offset = static_cast<std::size_t>(place - text_.data());
    for (; counted_ < offset; ++counted_)
      if (text_[counted_] == '\n') ++line_;
    return line_;
  }

  std::string_view text_;
  const std::string& path_;
  std::vector<Skipped>& problems_;
  std::vector<Check> checks_;
  std::size_t counted_ = 0;
  std::uint64_t line_ = 1;
  bool failed_ = false;
};

}  // namespace

std::vector<Check> read_cmake_configure_log(std::string_view text, const std::string& path,
                                            std::vector<Skipped>& problems) {
  return LogReader(text, path, problems).read();
}

}  // namespace linkdx::build
