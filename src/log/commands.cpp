#include "commands.hpp"

#include <algorithm>

#include "places.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

using Role = Command::Role;

struct Tool {
  std::string_view name;
  Role role;
};

// File names without triple, version and `.exe`. Link stands for drivers too: `-c` makes a compile of it.
constexpr Tool kTools[] = {
    {"gcc", Role::Link},
    {"g++", Role::Link},
    {"cc", Role::Link},
    {"c++", Role::Link},
    {"clang", Role::Link},
    {"clang++", Role::Link},
    {"gfortran", Role::Link},
    {"tcc", Role::Link},
    {"icc", Role::Link},
    {"icx", Role::Link},
    {"icpx", Role::Link},
    {"icpc", Role::Link},
    {"nvcc", Role::Link},
    {"emcc", Role::Link},
    {"em++", Role::Link},
    {"flang", Role::Link},
    {"gnat", Role::Link},
    {"gdc", Role::Link},
    {"ldc2", Role::Link},
    {"swiftc", Role::Link},
    {"cl", Role::Compile},
    {"clang-cl", Role::Compile},
    {"rustc", Role::Compile},
    {"clippy-driver", Role::Compile},
    {"cc1", Role::Compile},
    {"cc1plus", Role::Compile},
    {"as", Role::Assemble},
    {"nasm", Role::Assemble},
    {"yasm", Role::Assemble},
    {"armasm", Role::Assemble},
    {"ml64", Role::Assemble},
    {"llvm-mc", Role::Assemble},
    {"ar", Role::Archive},
    {"ranlib", Role::Archive},
    {"llvm-ar", Role::Archive},
    {"gcc-ar", Role::Archive},
    {"collect2", Role::Link},
    {"build-script-build", Role::BuildScript},
    {"build-script-main", Role::BuildScript},
};

constexpr std::string_view kLaunchers[] = {"ccache",     "sccache",   "distcc",  "icecc", "env",
                                           "time",       "nice",      "command", "exec",  "sudo",
                                           "buildcache", "fastcache", "nohup"};

constexpr std::string_view kIntroductions[] = {"libtool: link: ",
                                               "libtool: compile: ",
                                               "running: ",
                                               "Running `",
                                               "+ ",
                                               "++ ",
                                               "$ ",
                                               "Running command: ",
                                               "ninja: job failed: ",
                                               "mold: fatal: exec: ",
                                               "process didn't exit successfully: `",
                                               "executing: ",
                                               "Executing: "};

std::string_view tool_name(std::string_view path) {
  std::string_view name = base_name(path);
  drop_suffix(name, ".exe");
  while (!name.empty()) {
    std::size_t dash = name.find_last_of('-');
    if (dash == std::string_view::npos || dash + 1 == name.size()) break;
    bool version =
        std::all_of(name.begin() + dash + 1, name.end(), [](char c) { return is_digit(c) || c == '.'; });
    bool variant = name.substr(dash + 1) == "posix" || name.substr(dash + 1) == "win32";
    if (!version && !variant) break;
    name = name.substr(0, dash);
  }
  return name;
}

std::optional<Role> role_of_program(std::string_view path) {
  std::string_view name = tool_name(path);
  for (const Tool& tool : kTools) {
    if (name == tool.name) return tool.role;
    if (name.size() > tool.name.size() + 1 && name.ends_with(tool.name) &&
        name[name.size() - tool.name.size() - 1] == '-')
      return tool.role;
  }
  if (linker_of_program(path) && name != "link" && name != "lld" && name != "wild" && name != "gold")
    return Role::Link;
  return std::nullopt;
}

bool is_assignment(std::string_view word) {
  std::size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0 || is_digit(word[0])) return false;
  return std::all_of(word.begin(), word.begin() + equals,
                     [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

}  // namespace

Role role_of(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return Role::Other;
  std::optional<Role> role = role_of_program(arguments[0]);
  if (!role) return Role::Other;
  if (*role != Role::Link) return *role;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    if (argument == "-c" || argument == "-S" || argument == "-E" || argument == "-M" || argument == "-MM" ||
        argument == "-fsyntax-only")
      return Role::Compile;
  }
  return Role::Link;
}

std::string output_of(const Command& command) {
  const std::vector<std::string>& arguments = command.arguments;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    if ((argument == "-o" || argument == "--output") && i + 1 < arguments.size()) return arguments[i + 1];
    if (drop_prefix(argument, "/OUT:") || drop_prefix(argument, "-out:") || drop_prefix(argument, "/out:") ||
        drop_prefix(argument, "--output="))
      return std::string(argument);
  }
  return {};
}

std::optional<Command> read_command(std::string_view line) {
  line = trim(line);
  bool introduced = false;
  for (bool again = true; again;) {
    again = false;
    for (std::string_view introduction : kIntroductions)
      if (drop_prefix(line, introduction)) {
        again = introduced = true;
        if (introduction.ends_with("`"))
          if (std::size_t tick = line.rfind('`'); tick != std::string_view::npos) line = line.substr(0, tick);
      }
    line = trim_left(line);
  }
  if (line.size() < 4) return std::nullopt;
  // A cheap look at the first word, before the whole line is split.
  std::vector<std::string> words = split_command(line);
  Command command;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= words.size(); ++i) {
    if (i < words.size() && words[i] != "&&" && words[i] != ";" && words[i] != "||") continue;
    // One simple command, from `begin` to `i`.
    std::size_t at = begin;
    std::vector<std::string> environment;
    while (at < i) {
      std::string_view word = words[at];
      if (is_assignment(word))
        environment.push_back(words[at]);
      else if (std::find(std::begin(kLaunchers), std::end(kLaunchers), tool_name(word)) ==
               std::end(kLaunchers))
        break;
      ++at;
    }
    if (at + 1 < i && words[at] == "cd") command.directory = words[at + 1];
    if (at < i && role_of_program(words[at])) {
      bool looks = introduced || environment.size() > 0;
      for (std::size_t k = at + 1; k < i && !looks; ++k)
        looks = words[k].size() > 1 && (words[k][0] == '-' || words[k][0] == '@' || words[k][0] == '/');
      if (role_of_program(words[at]) == Role::Archive) looks |= i - at > 2;
      // Prose such as "cc is needed" is no command, and a message names its speaker with a colon.
      if (looks && at + 1 < i && !words[at].ends_with(":")) {
        command.arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(at),
                                 words.begin() + static_cast<std::ptrdiff_t>(i));
        // The end of a subshell, "(cd dir && cc -c a.c -o a.o)", as bazel prints it.
        if (std::string& last = command.arguments.back(); last.ends_with(")") && !contains(last, "(")) {
          last.pop_back();
          if (last.empty()) command.arguments.pop_back();
        }
        command.environment = std::move(environment);
        command.role = role_of(command.arguments);
        for (const std::string& argument : command.arguments)
          command.abridged |= argument == "..." || argument == "…" ||
                              contains(argument, "object files omitted>") ||
                              argument.starts_with("<sysroot>");
        return command;
      }
    }
    begin = i + 1;
  }
  return std::nullopt;
}

std::vector<std::string> split_command(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quote) {
      if (c == quote)
        quote = 0;
      else if (quote == '"' && c == '\\' && i + 1 < text.size() &&
               (text[i + 1] == '"' || text[i + 1] == '\\' || text[i + 1] == '$' || text[i + 1] == '`'))
        word += text[++i];
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (c == '\\' && i + 1 < text.size()) {
      if (text[i + 1] != '\n') {
        word += text[i + 1];
        in_word = true;
      }
      ++i;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
    } else if (c == ';') {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
      words.push_back(";");
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

}  // namespace linkdx::log
