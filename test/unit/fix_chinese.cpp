// In Chinese every sentence of a diagnosis is Chinese, and what a machine applies is the same as in English.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "fix.hpp"
#include "linkdx/language.hpp"

using namespace linkdx;

namespace {

namespace fs = std::filesystem;

struct Answer {
  std::vector<diagnose::Diagnosis> diagnoses;
  std::vector<fix::Remedy> remedies;
};

/// What linkdx says of a recorded build: its log, and all that the build left.
Answer answer_for(const fs::path& build, Language language) {
  speak(language);
  std::ifstream file(build / "build.log", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  diagnose::Question question;
  question.logs.push_back(log::read("build.log", text.str()));
  question.paths = {build.string()};
  question.root = build.string();
  Answer answer;
  const std::unique_ptr<diagnose::Investigation> investigation = diagnose::investigate(std::move(question));
  for (const diagnose::Case& facts : investigation->cases)
    for (const diagnose::Diagnosis& diagnosis : diagnose::diagnose(facts)) {
      answer.remedies.push_back(fix::remedies(diagnosis, facts));
      answer.diagnoses.push_back(diagnosis);
    }
  speak(Language::English);
  return answer;
}

/// Ideographs are U+4E00 to U+9FFF: the bytes E4 to E9, and two more.
bool is_chinese(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xe4 && byte <= 0xe9;
  });
}

std::vector<std::string> sentences(const diagnose::Diagnosis& diagnosis, const fix::Remedy& remedy) {
  std::vector<std::string> said = {diagnosis.title, diagnosis.explanation};
  for (const diagnose::MissingEvidence& missing : diagnosis.missing_evidence) said.push_back(missing.what);
  for (const fix::Fix& fix : remedy.fixes)
    for (const std::string& text : {fix.title, fix.why, fix.price, fix.apply.manual})
      if (!text.empty()) said.push_back(text);
  for (const fix::Refuted& refuted : remedy.refuted) said.push_back(refuted.why);
  return said;
}

void check_same(const fix::Apply& english, const fix::Apply& chinese) {
  CHECK(english.env == chinese.env);
  CHECK(english.env_append == chinese.env_append);
  CHECK(english.rustflags == chinese.rustflags);
  CHECK(english.cflags == chinese.cflags);
  CHECK(english.ldflags == chinese.ldflags);
  CHECK(english.ldlibs == chinese.ldlibs);
  CHECK(english.commands == chinese.commands);
  CHECK(english.packages == chinese.packages);
  REQUIRE(english.edits.size() == chinese.edits.size());
  for (std::size_t i = 0; i < english.edits.size(); ++i)
    CHECK(english.edits[i].diff == chinese.edits[i].diff);
}

}  // namespace

TEST_CASE("in Chinese every sentence is Chinese, and what a machine applies is the same") {
  std::set<fs::path> builds;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(TESTDATA) / "recorded"))
    if (fs::exists(entry.path() / "build.log")) builds.insert(entry.path());
  REQUIRE(builds.size() > 20);
  for (const fs::path& build : builds) {
    CAPTURE(build.filename().string());
    const Answer english = answer_for(build, Language::English);
    const Answer chinese = answer_for(build, Language::Chinese);
    REQUIRE(english.diagnoses.size() == chinese.diagnoses.size());
    CHECK_FALSE(english.diagnoses.empty());
    for (std::size_t i = 0; i < english.diagnoses.size(); ++i) {
      CHECK(english.diagnoses[i].code == chinese.diagnoses[i].code);
      CHECK(english.diagnoses[i].confidence == chinese.diagnoses[i].confidence);
      CHECK(english.diagnoses[i].symbols == chinese.diagnoses[i].symbols);
      for (const std::string& said : sentences(chinese.diagnoses[i], chinese.remedies[i]))
        CHECK_MESSAGE(is_chinese(said), said);
      for (const std::string& said : sentences(english.diagnoses[i], english.remedies[i]))
        CHECK_MESSAGE(!is_chinese(said), said);
      REQUIRE(english.remedies[i].fixes.size() == chinese.remedies[i].fixes.size());
      for (std::size_t fix = 0; fix < english.remedies[i].fixes.size(); ++fix) {
        const fix::Fix& one = english.remedies[i].fixes[fix];
        const fix::Fix& other = chinese.remedies[i].fixes[fix];
        check_same(one.apply, other.apply);
        REQUIRE(one.snippets.size() == other.snippets.size());
        for (std::size_t snippet = 0; snippet < one.snippets.size(); ++snippet)
          CHECK(one.snippets[snippet].text == other.snippets[snippet].text);
      }
    }
  }
}
