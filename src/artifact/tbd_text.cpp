// See tbd_text.hpp.

#include "tbd_text.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <llvm/Support/JSON.h>

#include "linkdx/language.hpp"

namespace linkdx::artifact {

namespace {

struct KindName {
  std::string_view key;
  StubKind kind;
};
constexpr std::array yaml_kinds = {
    KindName{"symbols", StubKind::Symbol},
    KindName{"weak-symbols", StubKind::WeakSymbol},
    KindName{"weak-def-symbols", StubKind::WeakSymbol},
    KindName{"thread-local-symbols", StubKind::ThreadLocal},
    KindName{"objc-classes", StubKind::Class},
    KindName{"objc-eh-types", StubKind::ExceptionType},
    KindName{"objc-ivars", StubKind::InstanceVariable},
};
constexpr std::array json_kinds = {
    KindName{"global", StubKind::Symbol},
    KindName{"weak", StubKind::WeakSymbol},
    KindName{"thread_local", StubKind::ThreadLocal},
    KindName{"objc_class", StubKind::Class},
    KindName{"objc_eh_type", StubKind::ExceptionType},
    KindName{"objc_ivar", StubKind::InstanceVariable},
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string unquoted(std::string_view text) {
  text = trimmed(text);
  if (text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front())
    return std::string(text.substr(1, text.size() - 2));
  return std::string(text);
}

/// `[ a, 'b, c' ]` or a lone value. Quotes may hold commas.
std::vector<std::string> values_of(std::string_view text) {
  text = trimmed(text);
  std::vector<std::string> values;
  if (!text.starts_with('[')) {
    if (!text.empty()) values.push_back(unquoted(text));
    return values;
  }
  text.remove_prefix(1);
  if (text.ends_with(']')) text.remove_suffix(1);
  std::size_t begin = 0;
  char quote = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : ',';
    if (quote != 0) {
      if (c == quote) quote = 0;
      if (at < text.size()) continue;
    }
    if (c == '\'' || c == '"') quote = c;
    if (c != ',') continue;
    if (std::string value = unquoted(text.substr(begin, at - begin)); !value.empty())
      values.push_back(std::move(value));
    begin = at + 1;
  }
  return values;
}

class YamlReader {
 public:
  explicit YamlReader(std::string_view text) : text_(text) {}

  StubText read() {
    while (!text_.empty()) read_line();
    end_item();
    if (result_.targets.empty()) result_.fault = say("no targets");
    return std::move(result_);
  }

 private:
  /// One line, and those that belong to it because a bracket is still open.
  void read_line() {
    std::string_view line = take_line();
    if (line.starts_with("---")) {
      end_item();
      ++documents_;
      const std::string_view tag = trimmed(line.substr(3));  // none in version 1
      result_.marked_names |= tag.empty() || tag == "!tapi-tbd-v1" || tag == "!tapi-tbd-v2";
      section_.clear();
      return;
    }
    if (trimmed(line).empty() || line.starts_with("...") || trimmed(line).front() == '#') return;
    const std::size_t indent = line.find_first_not_of(' ');
    std::string_view content = line.substr(indent);
    const bool item = content.starts_with("- ") || content == "-";
    if (item) content = trimmed(content.substr(1));
    const std::size_t colon = content.find(": ");
    const std::size_t end = colon != std::string_view::npos ? colon
                            : content.ends_with(':')        ? content.size() - 1
                                                            : content.size();
    const std::string_view key = trimmed(content.substr(0, end));
    std::string value(trimmed(content.substr(std::min(end + 1, content.size()))));
    while (value.starts_with('[') && value.find(']') == std::string::npos && !text_.empty()) {
      value += ' ';
      value += trimmed(take_line());
    }
    if (indent == 0 && !item) {
      end_item();
      section_ = value.empty() ? std::string(key) : std::string();
      top(key, value);
      return;
    }
    if (item) end_item();
    inner(key, value);
  }

  std::string_view take_line() {
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    std::string_view line = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  void top(std::string_view key, const std::string& value) {
    // The first document is the library itself; those behind it are the ones that it re-exports.
    if (documents_ > 1) return;
    if (key == "targets" || key == "archs") result_.targets = values_of(value);
    if (key == "platform") result_.platform = unquoted(value);
    if (key == "install-name") result_.install_name = unquoted(value);
  }

  void inner(std::string_view key, const std::string& value) {
    if (section_ == "exports" || section_ == "reexports") {
      if (key == "targets" || key == "archs") item_targets_ = values_of(value);
      for (const KindName& row : yaml_kinds)
        if (row.key == key) item_.push_back({{}, row.kind, values_of(value)});
      if (key == "re-exports") add_libraries(value);
    } else if (section_ == "reexported-libraries" && key == "libraries") {
      add_libraries(value);
    }
  }

  void add_libraries(const std::string& value) {
    if (documents_ > 1) return;
    for (std::string& library : values_of(value)) result_.libraries.push_back(std::move(library));
  }

  void end_item() {
    for (StubRecord& record : item_) {
      record.targets = item_targets_;
      result_.records.push_back(std::move(record));
    }
    item_.clear();
    item_targets_.clear();
  }

  std::string_view text_;
  StubText result_;
  std::string section_;
  int documents_ = 0;
  std::vector<std::string> item_targets_;
  std::vector<StubRecord> item_;
};

std::vector<std::string> strings_of(const llvm::json::Array* array) {
  std::vector<std::string> result;
  if (array)
    for (const llvm::json::Value& value : *array)
      if (const std::optional<llvm::StringRef> text = value.getAsString()) result.push_back(text->str());
  return result;
}

void read_library(const llvm::json::Object& library, bool main, StubText& result) {
  const auto each = [&](llvm::StringRef key, auto take) {
    if (const llvm::json::Array* array = library.getArray(key))
      for (const llvm::json::Value& value : *array)
        if (const llvm::json::Object* object = value.getAsObject()) take(*object);
  };
  if (main) {
    each("target_info", [&](const llvm::json::Object& info) {
      if (const std::optional<llvm::StringRef> target = info.getString("target"))
        result.targets.push_back(target->str());
    });
    each("install_names", [&](const llvm::json::Object& name) {
      if (result.install_name.empty()) result.install_name = name.getString("name").value_or("").str();
    });
    each("reexported_libraries", [&](const llvm::json::Object& item) {
      for (std::string& name : strings_of(item.getArray("names")))
        result.libraries.push_back(std::move(name));
    });
  }
  for (const char* key : {"exported_symbols", "reexported_symbols"})
    each(key, [&](const llvm::json::Object& item) {
      const std::vector<std::string> targets = strings_of(item.getArray("targets"));
      for (const char* segment : {"data", "text"})
        if (const llvm::json::Object* symbols = item.getObject(segment))
          for (const KindName& row : json_kinds)
            if (const llvm::json::Array* names =
                    symbols->getArray(llvm::StringRef(row.key.data(), row.key.size())))
              result.records.push_back({targets, row.kind, strings_of(names)});
    });
}

/// LLVM's reader of JSON recurses with the depth of the text. A stub is never nested deeper than a handful of
/// levels.
bool is_nested_too_deeply(std::string_view text) {
  constexpr int deepest = 64;
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > deepest) return true;
  }
  return false;
}

StubText read_json(std::string_view text) {
  StubText result;
  if (is_nested_too_deeply(text)) {
    result.fault = say("nested too deeply");
    return result;
  }
  llvm::Expected<llvm::json::Value> value = llvm::json::parse({text.data(), text.size()});
  if (!value) {
    result.fault = llvm::toString(value.takeError());
    return result;
  }
  const llvm::json::Object* root = value->getAsObject();
  const llvm::json::Object* main = root ? root->getObject("main_library") : nullptr;
  if (!main) {
    result.fault = say("no main_library");
    return result;
  }
  read_library(*main, true, result);
  if (const llvm::json::Array* libraries = root->getArray("libraries"))
    for (const llvm::json::Value& library : *libraries)
      if (const llvm::json::Object* object = library.getAsObject()) read_library(*object, false, result);
  if (result.targets.empty()) result.fault = say("no targets");
  return result;
}

}  // namespace

StubText read_stub_text(std::string_view text) {
  return text.starts_with('{') ? read_json(text) : YamlReader(text).read();
}

}  // namespace linkdx::artifact
