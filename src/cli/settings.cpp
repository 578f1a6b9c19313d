// `.linkdx.toml` in the working directory: what a project wants of linkdx whenever it is called there.
//
//     [options]               # for every command that has the option
//     color = "never"
//     [options.check]         # for one
//     baseline = "x86-64-v2"
//     dispatch-ok = true
//
// The same file holds the suppressions of `check` (src/check/settings.cpp). It comes with the sources that
// linkdx is called on, so it is not trusted: an option that starts a program, writes a file or reads one from
// elsewhere is refused (options.inc says which).
#include "settings.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "arguments.hpp"
#include "commands.hpp"
#include "linkdx/language.hpp"
#include "linkdx/toml.hpp"

namespace linkdx::cli {
namespace {

class Reader {
 public:
  Reader(std::string_view command, Defaults& defaults) : command_(command), defaults_(defaults) {}

  void read(const toml::table& file) {
    const toml::node* options = file.get("options");
    if (options != nullptr) read_options(*options);
    for (const auto& [line, reason] : faults_) defaults_.faults.push_back(say("line {}: {}", line, reason));
  }

 private:
  void read_options(const toml::node& options) {
    const toml::table* table = options.as_table();
    if (table == nullptr) return fault(options, say("`options` is written as [options]"));
    for (const auto& [key, value] : *table) {
      if (const toml::table* of_command = value.as_table()) {
        read_command(key.str(), *of_command);
        continue;
      }
      const std::vector<const Option*> named = options_called(key.str());
      if (named.empty()) {
        fault(value, say("no command has an option `{}`", key.str()));
        continue;
      }
      for (const Option* option : named)
        if (option->command == command_ && !meant_for_others(*option, named, value))
          take(*option, value, false);
    }
  }

  static std::vector<const Option*> options_called(std::string_view name) {
    std::vector<const Option*> found;
    for (const Option& option : all_options())
      if (option.name == name) found.push_back(&option);
    return found;
  }

  /// `format = "sarif"` is for the commands that have that format.
  static bool meant_for_others(const Option& option, const std::vector<const Option*>& named,
                               const toml::node& value) {
    const auto* word = value.as_string();
    const auto knows = [&](const Option& one) {
      const std::vector<std::string_view> choices = words_of_list(one.choices);
      return word != nullptr && std::find(choices.begin(), choices.end(), word->get()) != choices.end();
    };
    return !knows(option) &&
           std::any_of(named.begin(), named.end(), [&](const Option* one) { return knows(*one); });
  }

  void read_command(std::string_view name, const toml::table& table) {
    const std::vector<const Option*> known = options_of(name);
    if (known.empty()) {
      const std::vector<std::string_view>& names = command_names();
      return fault(table, say("there is no command `{}`{}", name, did_you_mean(name, names)));
    }
    for (const auto& [key, value] : table) {
      const auto row = std::find_if(known.begin(), known.end(),
                                    [&](const Option* option) { return option->name == key.str(); });
      if (row == known.end()) {
        std::vector<std::string_view> names;
        for (const Option* option : known) names.push_back(option->name);
        fault(value, say("{} has no option `{}`{}", name, key.str(), did_you_mean(key.str(), names)));
      } else if (name == command_) {
        take(**row, value, true);
      }
    }
  }

  void take(const Option& option, const toml::node& value, bool of_command) {
    if (option.place != Option::Place::Settings)
      return fault(value, say("`{}` is for the command line only", option.name));
    std::string text;
    if (const auto* switched = value.as_boolean(); option.is_switch() && switched != nullptr)
      text = switched->get() ? "true" : "false";
    else if (const auto* number = value.as_integer(); option.is_number() && number != nullptr)
      text = std::to_string(number->get());
    else if (const auto* words = value.as_string();
             !option.is_switch() && !option.is_number() && words != nullptr)
      text = words->get();
    else
      return fault(value, option.is_switch()   ? say("`{}` takes true or false", option.name)
                          : option.is_number() ? say("`{}` takes a number", option.name)
                                               : say("`{}` takes text", option.name));
    for (Defaults::Value& known : defaults_.values) {
      if (known.option != &option) continue;
      if (of_command) known.text = text;
      return;
    }
    defaults_.values.push_back({&option, text});
  }

  void fault(const toml::node& node, const std::string& reason) {
    faults_.emplace(node.source().begin.line, reason);
  }

  std::string_view command_;
  Defaults& defaults_;
  std::multimap<std::size_t, std::string> faults_;  ///< by line
};

}  // namespace

Defaults read_defaults(std::string_view command, const std::string& path) {
  Defaults defaults;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return defaults;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  try {
    Reader(command, defaults).read(parse_toml(text.str(), path));
  } catch (const toml::parse_error& wrong) {
    defaults.faults.push_back(say("line {}: {}", wrong.source().begin.line, wrong.description()));
  }
  return defaults;
}

}  // namespace linkdx::cli
