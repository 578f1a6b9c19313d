// SARIF 2.1.0, the exchange format of static analysers (OASIS), as GitHub code scanning takes it.
//
// GitHub wants of every result a message and a location with a file, and tells old results from new by
// partialFingerprints; a run may have 25,000 results (docs.github.com, "SARIF support for code scanning"). A
// place in an object has no line, so the region is line 1 of the file, and the function and its offset are
// the logical location, which SARIF has for this (section 3.33). What SARIF has no property for (how sure the
// cause is, the fixes and what will not help) stands in the message and, for programs, in the property bag.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "escape.hpp"
#include "lines.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

using llvm::json::OStream;

constexpr std::size_t most_results = 25000;

std::string utf8(std::string_view text) {
  return llvm::json::fixUTF8({text.data(), text.size()});
}

void message(OStream& json, const char* key, std::string_view text) {
  json.attributeObject(key, [&] { json.attribute("text", utf8(text)); });
}

void write_rule(OStream& json, const diagnose::RuleInfo& rule) {
  json.attribute("id", utf8(rule.code));
  json.attribute("name", utf8(diagnose::name_of(rule.cause)));
  message(json, "shortDescription", rule.title);
  message(json, "fullDescription", first_sentence(rule.page));
  json.attributeObject("help", [&] { json.attribute("text", utf8(rule.page)); });
  json.attributeObject("properties", [&] { json.attributeArray("tags", [&] { json.value("linker"); }); });
}

void write_location(OStream& json, const Report::Located& located) {
  json.attributeObject("physicalLocation", [&] {
    json.attributeObject("artifactLocation", [&] { json.attribute("uri", file_uri(located.path)); });
    json.attributeObject("region", [&] {
      json.attribute("startLine", static_cast<std::int64_t>(located.line == 0 ? 1 : located.line));
    });
  });
  if (located.member.empty() && located.function.empty()) return;
  json.attributeArray("logicalLocations", [&] {
    if (!located.member.empty())
      json.object([&] {
        json.attribute("name", utf8(located.member));
        json.attribute("fullyQualifiedName", utf8(object_of(located)));
        json.attribute("kind", "member");
      });
    if (!located.function.empty())
      json.object([&] {
        json.attribute("name", utf8(located.function));
        json.attribute("fullyQualifiedName", utf8(place_of(located)));
        json.attribute("kind", "function");
      });
  });
}

/// Evidence beside the place of the result; its text is the message of its place.
void write_evidence(OStream& json, const Evidence& evidence) {
  json.attributeObject("physicalLocation", [&] {
    json.attributeObject("artifactLocation", [&] { json.attribute("uri", file_uri(evidence.path)); });
    if (evidence.line > 0)
      json.attributeObject("region",
                           [&] { json.attribute("startLine", static_cast<std::int64_t>(evidence.line)); });
  });
  message(json, "message", evidence.text);
}

template <class Items, class Of>
void texts(OStream& json, const char* key, const Items& items, Of of) {
  json.attributeArray(key, [&] {
    for (const auto& item : items) json.value(utf8(of(item)));
  });
}

void write_properties(OStream& json, const Report::Item& item) {
  json.attribute("cause", utf8(diagnose::name_of(item.diagnosis.cause)));
  json.attribute("confidence", utf8(name_of(item.diagnosis.confidence)));
  texts(json, "symbols", item.diagnosis.symbols, [](const std::string& name) { return name; });
  texts(json, "fixes", item.remedy.fixes, [](const fix::Fix& fix) { return fix.title; });
  texts(json, "refuted", item.remedy.refuted, [](const fix::Refuted& refuted) { return refuted.advice; });
}

void write_result(OStream& json, const Report::Item& item, bool check, std::size_t rule) {
  const Report::Located& located = *item.located;
  json.attribute("ruleId", utf8(item.diagnosis.code));
  json.attribute("ruleIndex", static_cast<std::int64_t>(rule));
  json.attribute("level", located.severity);
  message(json, "message",
          check ? headline(item.diagnosis) + ". " + item.diagnosis.explanation : account_of(item));
  if (!located.path.empty())
    json.attributeArray("locations", [&] { json.object([&] { write_location(json, located); }); });
  if (!check) {
    json.attributeArray("relatedLocations", [&] {
      for (const Evidence& evidence : item.diagnosis.evidence)
        if (!evidence.path.empty() && evidence.path != "-")
          json.object([&] { write_evidence(json, evidence); });
    });
  }
  json.attributeObject("partialFingerprints",
                       [&] { json.attribute("linkdx/v1", utf8(located.fingerprint)); });
  json.attributeObject("properties", [&] { write_properties(json, item); });
}

}  // namespace

std::string to_sarif(const Report& report) {
  std::vector<const diagnose::RuleInfo*> rules;
  for (const diagnose::RuleInfo& rule : diagnose::rules())
    if (std::any_of(report.diagnoses.begin(), report.diagnoses.end(), [&](const Report::Item& item) {
          return item.located && item.diagnosis.code == rule.code;
        }))
      rules.push_back(&rule);
  std::string out;
  llvm::raw_string_ostream stream(out);
  OStream json(stream, 2);
  json.object([&] {
    json.attribute("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json.attribute("version", "2.1.0");
    json.attributeArray("runs", [&] {
      json.object([&] {
        json.attributeObject("tool", [&] {
          json.attributeObject("driver", [&] {
            json.attribute("name", "linkdx");
            json.attribute("version", utf8(report.version));
            json.attributeArray("rules", [&] {
              for (const diagnose::RuleInfo* rule : rules) json.object([&] { write_rule(json, *rule); });
            });
          });
        });
        json.attributeArray("results", [&] {
          std::size_t written = 0;
          for (const Report::Item& item : report.diagnoses) {
            if (!item.located || ++written > most_results) continue;
            const auto rule = std::find_if(rules.begin(), rules.end(), [&](const diagnose::RuleInfo* one) {
              return one->code == item.diagnosis.code;
            });
            json.object([&] {
              write_result(json, item, report.check.has_value(),
                           static_cast<std::size_t>(rule - rules.begin()));
            });
          }
        });
      });
    });
  });
  stream << '\n';
  stream.flush();
  return ascii_escape_json(std::move(out));
}

}  // namespace linkdx::report
