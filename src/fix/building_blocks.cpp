// Diffs, paths and link arguments: what every kind of fix needs.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "fix.hpp"

namespace linkdx::fix {

namespace fs = std::filesystem;

bool Apply::empty() const {
  return env.empty() && env_append.empty() && rustflags.empty() && cflags.empty() && ldflags.empty() &&
         ldlibs.empty() && commands.empty() && packages.empty() && edits.empty() && manual.empty();
}

std::string_view name_of(Effect effect) {
  switch (effect) {
    case Effect::Resolves:
      return "resolves";
    case Effect::Prevents:
      return "prevents";
    case Effect::WorksAround:
      return "works-around";
  }
  return "resolves";
}

bool linked_by_rustc(const Case& facts) {
  if (!facts.failure) return false;
  if (!facts.failure->command) {
    // The log lost the command: what asks for the symbols are files that rustc makes.
    for (const diagnose::SymbolFacts& symbol : facts.symbols)
      for (const diagnose::SymbolFacts::ReferencedBy& reference : symbol.referenced_by)
        if (reference.object.find(".rcgu.o") != std::string::npos) return true;
    return false;
  }
  for (const std::string& word : facts.failure->command->arguments)
    if (word.ends_with(".rlib") || word.find(".rcgu.o") != std::string::npos ||
        word.find("rustlib") != std::string::npos || word.ends_with("symbols.o"))
      return true;
  return false;
}

std::vector<std::string> configured_rustflags(const Case& facts) {
  std::vector<std::string> of_target, of_build;
  if (!facts.build) return of_target;
  for (const build::CargoTree& tree : facts.build->cargo)
    for (const build::CargoConfig& config : tree.configs)
      for (const build::CargoConfig::Flags& flags : config.rustflags) {
        // Tables by cfg(...) apply to some targets only; the triple's own table is the sure one.
        bool target = flags.table.starts_with("target.") &&
                      (facts.target.empty() || flags.table.find("cfg(") != std::string::npos ||
                       flags.table.find(facts.target) != std::string::npos);
        std::vector<std::string>& into = target ? of_target : of_build;
        if (target || flags.table == "build")
          into.insert(into.end(), flags.rustflags.begin(), flags.rustflags.end());
      }
  return of_target.empty() ? of_build : of_target;
}

namespace {

void through_rustc(Apply& apply, const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    apply.rustflags.push_back("-C");
    apply.rustflags.push_back("link-arg=" + argument);
  }
}

std::vector<std::string> read_lines(const std::string& path, bool& last_has_newline) {
  std::vector<std::string> lines;
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > (8 << 20)) return lines;
  std::ifstream file(path, std::ios::binary);
  std::string line;
  last_has_newline = true;
  while (std::getline(file, line)) {
    last_has_newline = !file.eof();
    lines.push_back(line);
  }
  return lines;
}

std::optional<Apply::Edit> make_diff(const std::string& path, std::uint64_t first, std::uint64_t removed,
                                     const std::vector<std::string>& added) {
  std::string relative = relative_path(path);
  if (fs::path(relative).is_absolute() || relative.starts_with("..")) return std::nullopt;
  bool last_has_newline = true;
  std::vector<std::string> lines = read_lines(path, last_has_newline);
  if (!last_has_newline || first == 0 || first - 1 + removed > lines.size()) return std::nullopt;
  constexpr std::uint64_t context = 3;
  std::uint64_t start = first > context ? first - context : 1;
  std::uint64_t end = std::min<std::uint64_t>(lines.size(), first - 1 + removed + context);
  std::string body;
  for (std::uint64_t i = start; i < first; ++i) body += " " + lines[i - 1] + "\n";
  for (std::uint64_t i = first; i < first + removed; ++i) body += "-" + lines[i - 1] + "\n";
  for (const std::string& line : added) body += "+" + line + "\n";
  for (std::uint64_t i = first + removed; i <= end; ++i) body += " " + lines[i - 1] + "\n";
  std::uint64_t old_count = end + 1 - start;
  return Apply::Edit{relative, fmt::format("--- a/{0}\n+++ b/{0}\n@@ -{1},{2} +{1},{3} @@\n{4}", relative,
                                           start, old_count, old_count - removed + added.size(), body)};
}

}  // namespace

void append_to_link(Apply& apply, std::vector<std::string> arguments, const Case& facts) {
  if (linked_by_rustc(facts))
    through_rustc(apply, arguments);
  else
    apply.ldlibs.insert(apply.ldlibs.end(), arguments.begin(), arguments.end());
}

void prepend_to_link(Apply& apply, std::vector<std::string> arguments, const Case& facts) {
  if (linked_by_rustc(facts))
    through_rustc(apply, arguments);
  else
    apply.ldflags.insert(apply.ldflags.end(), arguments.begin(), arguments.end());
}

std::string relative_path(const std::string& path) {
  std::error_code error;
  fs::path here = fs::canonical(".", error);
  if (error) return path;
  fs::path real = fs::weakly_canonical(path, error);
  if (error) return path;
  fs::path relative = real.lexically_relative(here);
  if (relative.empty() || *relative.begin() == "..") return real.string();
  return relative.string();
}

std::string path_for_link(const std::string& path, const Case& facts) {
  bool elsewhere = facts.build && (!facts.build->cmake.empty() || !facts.build->cargo.empty());
  std::error_code error;
  return elsewhere ? fs::weakly_canonical(path, error).string() : relative_path(path);
}

std::string line_of(const std::string& path, std::uint64_t line) {
  bool last_has_newline = true;
  std::vector<std::string> lines = read_lines(path, last_has_newline);
  return line >= 1 && line <= lines.size() ? lines[line - 1] : std::string();
}

std::optional<Apply::Edit> replace_line(const std::string& path, std::uint64_t line,
                                        const std::vector<std::string>& with) {
  return make_diff(path, line, 1, with);
}

std::optional<Apply::Edit> insert_after(const std::string& path, std::uint64_t line,
                                        const std::vector<std::string>& lines) {
  return make_diff(path, line + 1, 0, lines);
}

std::string baseline_march(isa::Arch arch, std::string_view target) {
  switch (arch) {
    case isa::Arch::X86_64:
      return "x86-64";
    case isa::Arch::X86:
      return "i686";
    case isa::Arch::AArch64:
      return "armv8-a";
    case isa::Arch::RiscV64:
      return "rv64gc";
    case isa::Arch::RiscV32:
      return "rv32gc";
    case isa::Arch::Arm:
      return target.starts_with("armv7") || target.find("hf") != std::string_view::npos ? "armv7-a"
                                                                                        : "armv5te";
    default:
      return {};
  }
}

std::string shell_quote(std::string_view word) {
  bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("_-./=:,+@%").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return std::string(word);
  std::string quoted = "'";
  for (char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace linkdx::fix
