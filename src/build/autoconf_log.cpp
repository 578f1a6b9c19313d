// config.log: what a configure script made by autoconf looked for, how, and what came of it. Each check is
//
//   configure:3522: checking whether cc supports -mavx512f
//   configure:3535: cc -c -O2 -mavx512f conftest.c >&5
//   cc: error: unrecognized command-line option '-mavx512f'
//   configure:3535: $? = 1
//   configure: failed program was:
//   | int main (void) ...
//   configure:3540: result: no
//
// At its end stand the cache (`ac_cv_host=...`) and the output variables, among them automake's conditionals:
// a name that ends in `_TRUE` holds `#` when the conditional is off, for it comments out what a Makefile has
// under it. Source: autoconf's lib/autoconf/general.m4 (AC_MSG_CHECKING, _AS_ECHO_LOG) and status.m4;
// automake's m4/cond.m4.
#include <set>

#include "cmake_files.hpp"
#include "configured_files.hpp"
#include "files.hpp"

namespace linkdx::build {
namespace {

/// What follows `configure:123: `; nothing for other lines. Scripts have other names too (`mpi_configure`).
std::string_view after_place(std::string_view line) {
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 64) return {};
  if (line.substr(0, colon).find("configure") == std::string_view::npos) return {};
  std::size_t at = colon + 1;
  while (at < line.size() && line[at] >= '0' && line[at] <= '9') ++at;
  if (at == colon + 1 || !line.substr(at).starts_with(": ")) return {};
  return line.substr(at + 2);
}

bool is_negative(std::string_view result) {
  return result == "no" || result == "none" || result == "not found" || result.starts_with("no (") ||
         result.starts_with("no, ");
}

/// The value of `NAME='value'`.
std::string_view unquoted(std::string_view value) {
  if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'')
    value = value.substr(1, value.size() - 2);
  return value;
}

/// A check for one of these is a look for a tool.
const std::set<std::string_view> assemblers = {"nasm",    "yasm",    "as", "gas", "gas-preprocessor.pl",
                                               "llvm-as", "armasm64"};

void read_invocation(std::string_view line, std::uint64_t number, const std::string& path,
                     ConfiguredTree& tree) {
  std::size_t at = 0;
  while ((at = line.find(" --", at)) != std::string_view::npos) {
    std::string_view word = line.substr(at + 1);
    word = word.substr(0, word.find(' '));
    Setting option;
    std::size_t equals = word.find('=');
    option.key = std::string(word.substr(0, equals));
    if (equals != std::string_view::npos) option.value = std::string(unquoted(word.substr(equals + 1)));
    option.type = "ARGUMENT";
    option.where = {number, std::string(line)};
    option.path = path;
    if (option.key == "--host") tree.host = option.value;
    if (option.key == "--build") tree.build = option.value;
    tree.options.push_back(std::move(option));
    at += 3;
  }
}

}  // namespace

bool read_config_log(std::string_view text, const std::string& path, ConfiguredTree& tree) {
  if (text.substr(0, 1024).find("running configure") == std::string_view::npos) return false;
  tree.system = "autoconf";
  std::optional<Check> open;
  std::string output;  // of the tools, while a check is open
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    if (line.starts_with("| ")) continue;
    std::string_view said = after_place(line);
    if (said.starts_with("checking ")) {
      open = Check{};
      open->what = std::string(said.substr(9));
      open->where = {lines.number(), std::string(line)};
      open->path = path;
      output.clear();
    } else if (said.starts_with("result: ") && open) {
      std::string_view result = said.substr(8);
      open->passed = !is_negative(result);
      if (!open->passed) open->message = first_error(output);
      if (open->what.starts_with("for ")) {
        std::string_view name = std::string_view(open->what).substr(4);
        if (assemblers.contains(name))
          tree.tools.push_back(
              {std::string(name), open->passed ? std::string(result) : std::string(), open->where, path});
      }
      tree.checks.push_back(std::move(*open));
      open.reset();
    } else if (line.starts_with("  $ ")) {
      read_invocation(line.substr(4), lines.number(), path, tree);
    } else if (line.starts_with("ac_cv_host=")) {
      if (tree.host.empty()) tree.host = std::string(unquoted(line.substr(11)));
    } else if (line.starts_with("ac_cv_build=")) {
      if (tree.build.empty()) tree.build = std::string(unquoted(line.substr(12)));
    } else if (line.starts_with("abs_srcdir=") || line.starts_with("srcdir=")) {
      if (tree.source_directory.empty() || line.starts_with("abs_"))
        tree.source_directory = std::string(unquoted(line.substr(line.find('=') + 1)));
    } else if (std::size_t mark = line.find("_TRUE='");
               mark != std::string_view::npos && mark > 0 && line.ends_with("'")) {
      Setting conditional;
      conditional.key = std::string(line.substr(0, mark));
      conditional.value = line.substr(mark + 7).starts_with("#") ? "off" : "on";
      conditional.type = "CONDITIONAL";
      conditional.where = {lines.number(), std::string(line)};
      conditional.path = path;
      tree.options.push_back(std::move(conditional));
    } else if (open && said.empty() && output.size() < (std::size_t{64} << 10)) {
      output += line;
      output += '\n';
    }
  }
  return true;
}

}  // namespace linkdx::build
