// See directives.hpp. Source: "MSVC linker options", /DEFAULTLIB and /NODEFAULTLIB; ld(1) of Apple on
// auto-linking.

#include "directives.hpp"

#include <algorithm>

namespace linkdx::link {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

/// Words between spaces; a quoted part may hold spaces and loses its quotes.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if ((c == ' ' || c == '\t' || c == '\0') && !quoted) {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    } else {
      word += c;
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

bool is_excluded(const std::string& library, const Plan& plan) {
  const std::string name = lower(library);
  const std::string stem = name.substr(0, name.find(".lib"));
  return std::any_of(
      plan.excluded_libraries.begin(), plan.excluded_libraries.end(), [&](const std::string& excluded) {
        return excluded.empty() || excluded == name || excluded == stem || excluded == stem + ".lib";
      });
}

}  // namespace

std::vector<Input> inputs_of_directive(std::string_view directive, const Plan& plan) {
  constexpr std::string_view default_library = "defaultlib:";
  std::vector<Input> inputs;
  const std::vector<std::string> words = words_of(directive);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word.starts_with("-l") && word.size() > 2) {
      inputs.push_back({.name = word.substr(2), .is_library = true});
    } else if (word == "-framework" && i + 1 < words.size()) {
      const std::string& name = words[++i];
      inputs.push_back({.name = "/System/Library/Frameworks/" + name + ".framework/" + name + ".tbd"});
    } else if ((word.starts_with('/') || word.starts_with('-')) &&
               lower(word.substr(1)).starts_with(default_library)) {
      std::string name = word.substr(1 + default_library.size());
      if (is_excluded(name, plan)) continue;
      if (name.find('.') == std::string::npos) name += ".lib";
      inputs.push_back({.name = name});
    }
  }
  return inputs;
}

}  // namespace linkdx::link
