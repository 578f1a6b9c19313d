// Findings that are known: the file of --write-baseline and --compare, one JSON object. Only the fingerprints
// count; the rest is for people who read the file in a review.
#include <set>

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "linkdx/check.hpp"
#include "linkdx/language.hpp"

namespace linkdx::check {
namespace {

constexpr const char* schema = "linkdx-known-findings/1";

std::string utf8(const std::string& text) {
  return llvm::json::fixUTF8(text);
}

/// LLVM's parser calls itself for every bracket. What --write-baseline writes has three in each other;
/// brackets in titles are counted too.
bool is_deep(std::string_view text) {
  constexpr std::size_t deepest = 1000;
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (depth > deepest) return true;
  }
  return false;
}

}  // namespace

std::string write_known(const Result& result) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream, 2);
  json.object([&] {
    json.attribute("schema", schema);
    json.attribute("baseline", utf8(result.baseline));
    json.attributeArray("findings", [&] {
      for (const Finding& finding : result.findings) {
        if (finding.severity == Severity::Note) continue;
        json.object([&] {
          json.attribute("fingerprint", finding.fingerprint);
          json.attribute("code", utf8(finding.diagnosis.code));
          json.attribute("where", utf8(finding.place.label()));
          json.attribute("title", utf8(finding.diagnosis.title));
        });
      }
    });
  });
  stream << '\n';
  stream.flush();
  return text;
}

std::optional<std::size_t> drop_known(Result& result, std::string_view text, std::string& fault) {
  if (is_deep(text)) {
    fault = say("not a file that --write-baseline wrote");
    return std::nullopt;
  }
  llvm::Expected<llvm::json::Value> parsed = llvm::json::parse({text.data(), text.size()});
  if (!parsed) {
    fault = llvm::toString(parsed.takeError());
    return std::nullopt;
  }
  const llvm::json::Object* object = parsed->getAsObject();
  const llvm::json::Array* findings = object != nullptr ? object->getArray("findings") : nullptr;
  if (findings == nullptr || object->getString("schema").value_or("") != schema) {
    fault = say("not a file that --write-baseline wrote");
    return std::nullopt;
  }
  std::set<std::string> known;
  for (const llvm::json::Value& value : *findings)
    if (const llvm::json::Object* finding = value.getAsObject())
      if (const auto fingerprint = finding->getString("fingerprint")) known.insert(fingerprint->str());
  return std::erase_if(result.findings, [&known](const Finding& finding) {
    return finding.severity != Severity::Note && known.contains(finding.fingerprint);
  });
}

}  // namespace linkdx::check
