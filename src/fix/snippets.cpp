// The machine form of a change, said in the words of the tools people use. One place, so that what a reader
// pastes is what a script would apply.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "fix.hpp"

namespace linkdx::fix {

namespace {

std::string join(const std::vector<std::string>& words, bool quote) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + (quote ? shell_quote(word) : word);
  return text;
}

std::string toml_string(std::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

/// A value in double quotes for a shell, with references to other variables left alive.
std::string appended(const std::string& name, const std::string& value) {
  return fmt::format("\"${{{}:+${} }}{}\"", name, name, value);
}

/// The variables of a change, with flags put where make, CMake and cargo take them from.
struct Variables {
  std::map<std::string, std::string> set, append;
};
Variables variables_of(const Apply& apply) {
  Variables variables{apply.env, apply.env_append};
  auto add = [&](const std::string& name, const std::vector<std::string>& words) {
    if (!words.empty())
      variables.append[name] += (variables.append[name].empty() ? "" : " ") + join(words, false);
  };
  add("RUSTFLAGS", apply.rustflags);
  add("CFLAGS", apply.cflags);
  add("CXXFLAGS", apply.cflags);
  add("LDFLAGS", apply.ldflags);
  add("LDLIBS", apply.ldlibs);
  return variables;
}

std::string shell(const Apply& apply, bool rust) {
  std::string text;
  if (!apply.packages.empty()) text += "apt-get install -y " + join(apply.packages, true) + "\n";
  for (const Apply::Edit& edit : apply.edits) text += fmt::format("patch -p1 <<'EOF'\n{}EOF\n", edit.diff);
  for (const auto& command : apply.commands) text += join(command, true) + "\n";
  Variables variables = variables_of(apply);
  for (const auto& [name, value] : variables.set)
    text += fmt::format("export {}={}\n", name, shell_quote(value));
  for (const auto& [name, value] : variables.append)
    text += fmt::format("export {}={}\n", name, appended(name, value));
  (void)rust;
  return text;
}

std::string dockerfile(const Apply& apply) {
  std::string text;
  if (!apply.packages.empty())
    text += "RUN apt-get update && apt-get install -y --no-install-recommends " + join(apply.packages, true) +
            "\n";
  for (const auto& command : apply.commands) text += "RUN " + join(command, true) + "\n";
  Variables variables = variables_of(apply);
  for (const auto& [name, value] : variables.set)
    text += fmt::format("ENV {}={}\n", name, toml_string(value));
  for (const auto& [name, value] : variables.append)
    text += fmt::format("ENV {}={}\n", name, toml_string(value));
  return text;
}

std::string cargo_config(const Apply& apply, const Case& facts) {
  std::string text;
  Variables variables{apply.env, apply.env_append};
  if (!variables.set.empty() || !variables.append.empty()) text += "[env]\n";
  for (const auto& [name, value] : variables.set) text += fmt::format("{} = {}\n", name, toml_string(value));
  for (const auto& [name, value] : variables.append)
    text += fmt::format("{} = {}\n", name, toml_string(value));
  std::vector<std::string> flags = apply.rustflags;
  for (const std::string& flag : apply.ldflags) flags.insert(flags.end(), {"-C", "link-arg=" + flag});
  for (const std::string& flag : apply.ldlibs) flags.insert(flags.end(), {"-C", "link-arg=" + flag});
  if (!flags.empty()) {
    text += facts.target.empty() ? std::string("[build]\n") : fmt::format("[target.{}]\n", facts.target);
    text += "rustflags = [";
    for (std::size_t i = 0; i < flags.size(); ++i) text += (i ? ", " : "") + toml_string(flags[i]);
    text += "]\n";
  }
  return text;
}

std::string cmake(const Apply& apply) {
  std::string text;
  if (!apply.ldlibs.empty())
    text += fmt::format("target_link_libraries(TARGET PRIVATE {})\n", join(apply.ldlibs, false));
  if (!apply.ldflags.empty())
    text += fmt::format("target_link_options(TARGET PRIVATE {})\n", join(apply.ldflags, false));
  if (!apply.cflags.empty())
    text += fmt::format("target_compile_options(TARGET PRIVATE {})\n", join(apply.cflags, false));
  return text;
}

std::string make(const Apply& apply) {
  std::string text = "make";
  if (!apply.cflags.empty())
    text += fmt::format(" CFLAGS={}", shell_quote("$CFLAGS " + join(apply.cflags, false)));
  if (!apply.ldflags.empty()) text += fmt::format(" LDFLAGS={}", shell_quote(join(apply.ldflags, false)));
  if (!apply.ldlibs.empty()) text += fmt::format(" LDLIBS={}", shell_quote(join(apply.ldlibs, false)));
  return text + "\n";
}

}  // namespace

std::vector<Snippet> snippets_of(const Apply& apply, const Case& facts) {
  std::vector<Snippet> snippets;
  if (!apply.manual.empty() || apply.empty()) return snippets;
  bool rust = linked_by_rustc(facts) || (facts.build && !facts.build->cargo.empty());
  bool has_cmake = facts.build && !facts.build->cmake.empty();
  bool link_or_flags = !apply.ldlibs.empty() || !apply.ldflags.empty() || !apply.cflags.empty();
  snippets.push_back({"shell", shell(apply, rust)});
  if (std::string text = dockerfile(apply); !text.empty()) snippets.push_back({"dockerfile", text});
  if (rust)
    if (std::string text = cargo_config(apply, facts); !text.empty())
      snippets.push_back({"cargo-config", text});
  if (!rust && link_or_flags) {
    if (has_cmake || !facts.build || facts.build->cargo.empty()) snippets.push_back({"cmake", cmake(apply)});
    if (!has_cmake && apply.cflags.empty()) snippets.push_back({"make", make(apply)});
  }
  return snippets;
}

}  // namespace linkdx::fix
