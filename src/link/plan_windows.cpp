// See other_linkers.hpp.

#include "other_linkers.hpp"

#include <algorithm>
#include <array>

namespace linkdx::link {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return result;
}

enum class Effect {
  Output,
  LibraryPath,
  Library,
  NoDefaultLibrary,
  WholeArchive,
  Dll,
  Entry,
  Include,
  Force,
  AllowMultiple
};

struct Option {
  std::string_view name;  ///< in lower case, without its slash
  Effect effect;
};
constexpr std::array options = {
    Option{"out", Effect::Output},
    Option{"libpath", Effect::LibraryPath},
    Option{"defaultlib", Effect::Library},
    Option{"nodefaultlib", Effect::NoDefaultLibrary},
    Option{"wholearchive", Effect::WholeArchive},
    Option{"dll", Effect::Dll},
    Option{"entry", Effect::Entry},
    Option{"include", Effect::Include},
    Option{"force", Effect::Force},
};

/// `/name` or `/name:value`, `-` for `/`. A path of a Unix system begins with a slash too, and has more of
/// them or a file's ending.
bool is_option(std::string_view word) {
  if (word.starts_with('-')) return true;
  if (!word.starts_with('/')) return false;
  const std::string_view name = word.substr(1, word.find(':') - 1);
  return name.find_first_of("/.\\") == std::string_view::npos;
}

void take(Effect effect, const std::string& value, Plan& plan) {
  switch (effect) {
    case Effect::Output:
      plan.output_path = value;
      return;
    case Effect::LibraryPath:
      plan.search_directories.push_back(value);
      return;
    case Effect::Library:
      plan.inputs.push_back({.name = value.find('.') == std::string::npos ? value + ".lib" : value});
      return;
    case Effect::NoDefaultLibrary:
      plan.excluded_libraries.push_back(lower(value));
      return;
    case Effect::WholeArchive:
      if (!value.empty())
        plan.inputs.push_back({.name = value, .whole_archive = true});
      else
        plan.all_archives_whole = true;
      return;
    case Effect::Dll:
      plan.output = Output::Shared;
      return;
    case Effect::Entry:
      plan.entry = value;
      return;
    case Effect::Include:
      plan.required.push_back(value);
      return;
    case Effect::Force:
      plan.allow_undefined |= value.empty() || lower(value) == "unresolved";
      plan.allow_multiple_definition |= value.empty() || lower(value) == "multiple";
      return;
    case Effect::AllowMultiple:
      plan.allow_multiple_definition = true;
      return;
  }
}

}  // namespace

bool is_windows_linker(std::string_view program) {
  const std::string name = lower(program);
  return name == "link" || name == "lld-link" || name.ends_with("-lld-link");
}

void read_windows_words(const std::vector<std::string>& words, Plan& plan) {
  plan.archive_order_matters = false;
  plan.objects_name_libraries = true;
  for (const std::string& word : words) {
    if (!is_option(word)) {
      plan.inputs.push_back({.name = word});
      continue;
    }
    const std::size_t colon = word.find(':');
    const std::string name = lower(std::string_view(word).substr(1, colon - 1));
    const std::string value = colon == std::string::npos ? std::string() : word.substr(colon + 1);
    for (const Option& option : options)
      if (option.name == name) take(option.effect, value, plan);
  }
  if (plan.all_archives_whole)
    for (Input& input : plan.inputs) input.whole_archive = true;
}

}  // namespace linkdx::link
