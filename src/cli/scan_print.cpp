// A scan for people and for programs. Names come from files, so they are escaped: control bytes in the table,
// quotes in CSV (RFC 4180), broken UTF-8 in JSON. JSON and CSV have one record a row with the same fields,
// which may be added to and are never renamed.
#include "scan_print.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "linkdx/language.hpp"
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
  return added.empty() ? "" : "  " + say("(calls: {})", words_of(added, ""));
}

std::string label_of(const ScanRow& row) {
  return report::escape_terminal(row.member.empty() ? row.file : row.file + "(" + row.member + ")");
}

std::string_view word_of(Confidence confidence) {
  return confidence == Confidence::Certain  ? "certain"
         : confidence == Confidence::Likely ? "likely"
                                            : "possible";
}

/// When code runs, in the spoken language.
std::string_view said(scan::Reach::State state) {
  // Those of scan::name_of.
  [[maybe_unused]] static constexpr std::string_view states[] = {N_("always"), N_("dispatched"),
                                                                 N_("unknown")};
  return translated(scan::name_of(state));
}

std::string_view word_of(ScanBy by) {
  return by == ScanBy::Function ? "function" : by == ScanBy::Member ? "member" : "file";
}

constexpr std::size_t columns = 80;

/// Words after a beginning, broken before column 80; lines that follow are indented.
std::string wrapped(const std::string& beginning, const std::vector<std::string>& words, std::size_t indent) {
  const bool ascii = std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return std::none_of(word.begin(), word.end(), [](unsigned char c) { return c >= 0x80; });
  });
  if (spoken() != Language::English && !ascii) {  // lines may end where no space is
    std::string whole = beginning;
    for (const std::string& word : words) whole += (whole.ends_with("：") ? "" : " ") + word;
    const std::size_t first = whole.find_first_not_of(' ');
    std::string text;
    for (const std::string& line : report::wrap(whole, columns - indent))
      text += std::string(text.empty() ? first : indent, ' ') + line + '\n';
    return text;
  }
  std::string text = beginning;
  std::size_t column = report::display_width(beginning);
  for (const std::string& word : words) {
    if (column + 1 + word.size() > columns && column > indent) {
      text += '\n' + std::string(indent, ' ') + word;
      column = indent + word.size();
    } else {
      const bool spaced = !text.ends_with("：");
      text += (spaced ? " " : "") + word;
      column += spaced + word.size();
    }
  }
  return text + '\n';
}

std::vector<std::string> names_or_dash(const isa::FeatureSet& features) {
  return features.empty() ? std::vector<std::string>{"-"} : features.names();
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

/// What stands below a row, in either form of the table.
std::string details_of(const ScanRow& row, const std::string& indent) {
  std::string text;
  if (row.undecoded > 0)
    text += indent +
            say("{} bytes are no known instruction: data, or newer than this program", row.undecoded) + "\n";
  for (const ScanRow::Reason& reason : row.reasons)
    text += indent +
            (reason.function.empty()
                 ? say("{}: at {:#x}: {}", reason.feature, reason.offset,
                       report::escape_terminal(reason.disassembly))
                 : say("{}: {} at {:#x}: {}", reason.feature, report::escape_terminal(reason.function),
                       reason.offset, report::escape_terminal(reason.disassembly))) +
            "\n";
  return text;
}

std::string function_table(const std::vector<ScanRow>& rows) {
  std::size_t level_width = 0;
  for (const ScanRow& row : rows) level_width = std::max(level_width, report::display_width(row.level));
  std::string text;
  std::string_view file, member;
  for (const ScanRow& row : rows) {
    if (row.file != file || row.member != member) {
      text += (text.empty() ? "" : "\n") + label_of(row) + ":\n";
      file = row.file;
      member = row.member;
    }
    text += fmt::format("  {:<{}}  {}: {}{}\n", row.level, level_width, report::escape_terminal(row.name),
                        words_of(row.own, "-"), added_by_calls(row));
    text += details_of(row, "      ");
    if (!row.reasons.empty() && !row.reach.reason.empty())
      text += wrapped("      " + say("{}:", said(row.reach.state)),
                      split(report::escape_terminal(row.reach.reason)), 10);
  }
  return text;
}

/// Two levels a line: what always runs needs, and what all of it needs.
std::string file_table(const std::vector<ScanRow>& rows) {
  const std::string always_title = say("always"), all_title = say("with dispatch");
  std::size_t always_width = report::display_width(always_title),
              all_width = report::display_width(all_title);
  for (const ScanRow& row : rows) {
    always_width = std::max(always_width, report::display_width(row.always_level));
    all_width = std::max(all_width, report::display_width(row.level));
  }
  std::string text;
  if (!rows.empty()) text = fmt::format("{:<{}}  {:<{}}\n", always_title, always_width, all_title, all_width);
  while (text.ends_with(" \n")) text.erase(text.size() - 2, 1);
  for (const ScanRow& row : rows) {
    text += wrapped(fmt::format("{:<{}}  {:<{}}  {}:", row.always_level, always_width, row.level, all_width,
                                label_of(row)),
                    names_or_dash(row.own), 4);
    if (!row.always.empty() && !(row.always == row.own))
      text += wrapped("    " + say("always:"), row.always.names(), 8);
    const isa::FeatureSet facilities = scan::facilities_in(row.unknown),
                          unknown = row.unknown.minus(facilities);
    if (!unknown.empty())
      text += wrapped("    " + say("perhaps always, as nothing seen decides it:"), unknown.names(), 8);
    if (!facilities.empty())
      text +=
          wrapped("    " + say("facilities of the system, for the code to ask for:"), facilities.names(), 8);
    constexpr std::size_t most = 4;
    for (std::size_t i = 0; i < std::min(most, row.declared.size()); ++i)
      text += wrapped("    " + say("declares:"), split(report::escape_terminal(row.declared[i])), 8);
    if (row.declared.size() > most)
      text += "    " + say("declares: {} more; --format json has them", row.declared.size() - most) + "\n";
    for (const std::string& contradiction : row.contradictions)
      text += wrapped("    " + say("contradiction:"), split(report::escape_terminal(contradiction)), 8);
    text += details_of(row, "    ");
  }
  return text;
}

}  // namespace

std::string scan_table(const std::vector<ScanRow>& rows, ScanBy by) {
  return by == ScanBy::Function ? function_table(rows) : file_table(rows);
}

std::string scan_json(const std::vector<ScanRow>& rows, ScanBy by) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream, 2);
  const auto string = [&json](llvm::StringRef key, std::string_view value) {
    json.attribute(key, llvm::json::fixUTF8(value));
  };
  const auto features = [&json](llvm::StringRef key, const isa::FeatureSet& set) {
    json.attributeArray(key, [&] {
      for (const std::string& name : set.names()) json.value(name);
    });
  };
  const auto strings = [&json](llvm::StringRef key, const std::vector<std::string>& list) {
    json.attributeArray(key, [&] {
      for (const std::string& text : list) json.value(llvm::json::fixUTF8(text));
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
          if (by == ScanBy::Function) {
            string("reach", scan::name_of(row.reach.state));
            if (row.reach.state == scan::Reach::State::Dispatched)
              string("reach_confidence", word_of(row.reach.confidence));
            if (!row.reach.reason.empty()) string("reach_reason", row.reach.reason);
          } else {
            features("always", row.always);
            string("always_level", row.always_level);
            features("unknown", row.unknown);
            strings("declared", row.declared);
            strings("contradictions", row.contradictions);
          }
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
  std::string text =
      "file,member,function,arch,address,size,instructions,undecoded,features,with_calls,level,always,always_"
      "level,reach\r\n";
  for (const ScanRow& row : rows)
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", quoted(row.file), quoted(row.member),
                        quoted(row.name), isa::name_of(row.arch),
                        by == ScanBy::Function ? std::to_string(row.address) : "", row.size, row.instructions,
                        row.undecoded, words_of(row.own, ""), words_of(row.with_calls, ""), row.level,
                        words_of(row.always, ""), row.always_level,
                        by == ScanBy::Function ? scan::name_of(row.reach.state) : "");
  return text;
}

}  // namespace linkdx::cli
