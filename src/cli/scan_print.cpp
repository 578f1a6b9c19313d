// A scan for people and for programs. Names come from files, so they are escaped: control bytes in the table, quotes in CSV (RFC 4180), broken
// UTF-8 in JSON. JSON and CSV have one record a row with the same fields, which may be added to and are never renamed.
#include "scan_print.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "linkdx/report.hpp"

namespace linkdx::cli {
namespace {

std::string join(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

std::string words_of(const isa::FeatureSet& features, std::string_view empty) {
  return features.empty() ? std::string(empty) : join(features.names(), " ");
}

/// What calls add to a function's own needs.
std::string added_by_calls(const ScanRow& row) {
  const isa::FeatureSet added = row.with_calls.minus(isa::with_implied(row.own));
  return added.empty() ? "" : fmt::format("  (calls: {})", words_of(added, ""));
}

std::string label_of(const ScanRow& row) {
  return report::escape_terminal(row.member.empty() ? row.file : row.file + "(" + row.member + ")");
}

std::string_view word_of(ScanBy by) {
  return by == ScanBy::Function ? "function" : by == ScanBy::Member ? "member" : "file";
}

}  // namespace

std::string scan_table(const std::vector<ScanRow>& rows, ScanBy by) {
  std::size_t level_width = 0;
  for (const ScanRow& row : rows) level_width = std::max(level_width, row.level.size());
  std::string text;
  std::string_view file, member;
  for (const ScanRow& row : rows) {
    std::string subject = label_of(row);
    std::string indent;
    if (by == ScanBy::Function) {
      if (row.file != file || row.member != member) {
        text += (text.empty() ? "" : "\n") + subject + ":\n";
        file = row.file;
        member = row.member;
      }
      subject = report::escape_terminal(row.name);
      indent = "  ";
    }
    text += fmt::format("{}{:<{}}  {}: {}{}\n", indent, row.level, level_width, subject, words_of(row.own, "-"), added_by_calls(row));
    if (row.undecoded > 0)
      text += fmt::format("{}    {} bytes are no known instruction: data, or newer than this program\n", indent, row.undecoded);
    for (const ScanRow::Reason& reason : row.reasons)
      text += fmt::format("{}    {}: {}at {:#x}: {}\n", indent, reason.feature,
                          reason.function.empty() ? "" : report::escape_terminal(reason.function) + " ", reason.offset,
                          report::escape_terminal(reason.disassembly));
  }
  return text;
}

std::string scan_json(const std::vector<ScanRow>& rows, ScanBy by) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream, 2);
  const auto string = [&json](llvm::StringRef key, std::string_view value) { json.attribute(key, llvm::json::fixUTF8(value)); };
  const auto features = [&json](llvm::StringRef key, const isa::FeatureSet& set) {
    json.attributeArray(key, [&] {
      for (const std::string& name : set.names()) json.value(name);
    });
  };
  json.object([&] {
    json.attribute("scan_version", 1);
    string("by", word_of(by));
    json.attributeArray("rows", [&] {
      for (const ScanRow& row : rows) {
        json.object([&] {
          string("file", row.file);
          if (!row.member.empty()) string("member", row.member);
          if (by == ScanBy::Function) {
            string("function", row.name);
            json.attribute("address", row.address);
          }
          string("arch", isa::name_of(row.arch));
          features("features", row.own);
          features("with_calls", row.with_calls);
          string("level", row.level);
          if (by != ScanBy::Function) json.attribute("functions", row.functions);
          json.attribute("size", row.size);
          json.attribute("instructions", row.instructions);
          json.attribute("undecoded", row.undecoded);
          if (row.reasons.empty()) return;
          json.attributeArray("reasons", [&] {
            for (const ScanRow::Reason& reason : row.reasons) {
              json.object([&] {
                string("feature", reason.feature);
                string("function", reason.function.empty() ? row.name : reason.function);
                json.attribute("offset", reason.offset);
                string("disassembly", reason.disassembly);
              });
            }
          });
        });
      }
    });
  });
  stream << '\n';
  return stream.str();
}

std::string scan_csv(const std::vector<ScanRow>& rows, ScanBy by) {
  const auto quoted = [](std::string_view field) {
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(field);
    std::string text = "\"";
    for (const char c : field) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + '"';
  };
  std::string text = "file,member,function,arch,address,size,instructions,undecoded,features,with_calls,level\r\n";
  for (const ScanRow& row : rows)
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\r\n", quoted(row.file), quoted(row.member), quoted(row.name),
                        isa::name_of(row.arch), by == ScanBy::Function ? std::to_string(row.address) : "", row.size, row.instructions,
                        row.undecoded, words_of(row.own, ""), words_of(row.with_calls, ""), row.level);
  return text;
}

}  // namespace linkdx::cli
