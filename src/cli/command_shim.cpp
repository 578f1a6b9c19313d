// `linkdx shim -o LIB.a SYMBOL...`: an archive of reference kernels that defines missing symbols, made with
// the user's compiler.
#include <algorithm>
#include <csignal>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "arguments.hpp"
#include "commands.hpp"
#include "inputs.hpp"
#include "linkdx/language.hpp"
#include "linkdx/report.hpp"
#include "linkdx/verify.hpp"
#include "option_table.hpp"

namespace linkdx::cli {
namespace {

constexpr std::string_view help =
    N_(R"(linkdx shim builds an archive that defines missing kernels, ready to link.

Examples
  linkdx shim -o libfix.a --target x86_64-unknown-linux-gnu SYMBOL
  linkdx shim -o libfix.a --from build.log
                                        symbols and target from a failed build
  linkdx shim -o libfix.a --cc 'clang --target=x86_64-apple-darwin' SYMBOL
  linkdx shim --list                    the symbols that linkdx has kernels for

Usage
  linkdx shim -o LIB.a [OPTION]... SYMBOL...

Each symbol becomes a function that works on every CPU of the target: it takes
the fastest variant that the CPU has. Nothing else is defined, nothing is
called. The product is inspected before it is written. A symbol that linkdx has
no reference kernel for is refused; an empty stand-in is never made.

Options
{options}

Exit status: 0 all made, 1 some symbol was refused, 2 nothing could be made.
)");

struct ShimOptions {
  verify::ShimRequest request;
  std::string log;
  bool list = false, help = false;
};

std::optional<ShimOptions> parse(const std::vector<std::string>& arguments) {
  const std::optional<Arguments> given = parse_arguments("shim", arguments);
  if (!given) return std::nullopt;
  ShimOptions options;
  options.request.symbols = given->words();
  options.request.output = given->text("output");
  options.request.target = given->text("target");
  options.request.compiler = given->text("cc");
  options.request.keep = given->has("keep");
  options.log = given->text("from");
  options.list = given->has("list");
  options.help = given->has("help");
  if (options.help || options.list) return options;
  if (options.request.output.empty()) {
    complain(say("shim needs -o: the archive to write"));
    return std::nullopt;
  }
  if (options.request.symbols.empty() && options.log.empty()) {
    complain(say("shim needs symbols, or --from a log that names them"));
    return std::nullopt;
  }
  return options;
}

/// Adds what the log says is undefined, and its target when none is given. False after complaining.
bool add_from_log(ShimOptions& options) {
  if (options.log.empty()) return true;
  Inputs inputs = read_inputs({options.log});
  for (const Skipped& problem : inputs.unusable) complain(problem.path + ": " + problem.reason);
  std::vector<std::string>& symbols = options.request.symbols;
  for (const log::Log& log : inputs.logs) {
    for (const log::Failure& failure : log.failures) {
      for (const log::SymbolError& error : failure.symbols) {
        if (error.kind != log::SymbolError::Kind::Undefined &&
            error.kind != log::SymbolError::Kind::UndefinedHidden)
          continue;
        if (std::find(symbols.begin(), symbols.end(), error.name) == symbols.end())
          symbols.push_back(error.name);
      }
      if (options.request.target.empty()) options.request.target = failure.target;
    }
  }
  if (!symbols.empty()) return true;
  complain(say("{}: names no undefined symbol", options.log));
  return false;
}

std::string indented(const std::string& text) {
  std::string result = "    ";
  for (char c : text) {
    result += c;
    if (c == '\n') result += "    ";
  }
  return result + "\n";
}

std::string described(const verify::Shim& shim) {
  std::string text;
  if (!shim.made.empty()) {
    text += say("{}: for {}, made by {}", shim.path, shim.compiler.target, shim.compiler.version) + "\n";
    for (const verify::Shim::Made& made : shim.made) {
      text += fmt::format("  {}\n", made.symbol);
      text += "    " + say("meaning: {}", made.source) + "\n    " +
              say("variants: {}", fmt::join(made.variants, ", ")) + "\n";
    }
    for (const Skipped& variant : shim.left_out)
      text += "  " + say("left out: {}: {}", variant.path, variant.reason) + "\n";
    for (const std::string& what : shim.inspected) text += "  " + say("inspected: {}", what) + "\n";
    for (const std::string& what : shim.not_inspected) text += "  " + say("not inspected: {}", what) + "\n";
    if (!shim.workspace.empty()) text += "  " + say("kept: {}", shim.workspace) + "\n";
  }
  for (const verify::Shim::Refused& refused : shim.refused)
    text += say("refused: {}", refused.symbol) + "\n  " + refused.reason + "\n  " +
            say("instead: {}", refused.instead) + "\n";
  std::string escaped;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = text.find('\n', start);
    escaped += report::escape_terminal(text.substr(start, end - start)) + "\n";
    start = end + 1;
  }
  for (const verify::Shim::Line& line : shim.lines)
    escaped += "\n" + say("link it: {}", translated(line.for_tool)) + "\n" + indented(line.text);
  return escaped;
}

}  // namespace

std::string_view shim_help() {
  return help;
}

int shim_command(const std::vector<std::string>& arguments) {
  std::optional<ShimOptions> options = parse(arguments);
  if (!options) return Unusable;
  if (options->help) return write_output(help_page("shim", help), "") ? NothingWrong : Unusable;
  if (options->list) {
    std::string text;
    for (const verify::Export& row : verify::exports())
      text += fmt::format("{}  {}  ({})\n", row.symbol, row.architecture, row.source);
    return write_output(text, "") ? NothingWrong : Unusable;
  }
  if (!add_from_log(*options)) return Unusable;

  int status = Unusable;
  int signal = 0;
  {
    const verify::Interruptible interruptible;
    llvm::Expected<verify::Shim> shim = verify::make_shim(options->request);
    if (!shim) {
      complain(llvm::toString(shim.takeError()));
    } else {
      write_output(described(*shim), "");
      status = shim->made.empty() ? Unusable : shim->refused.empty() ? NothingWrong : SomethingFound;
    }
    signal = verify::Interruptible::signal();
  }
  if (signal != 0) std::raise(signal);  // ends as an interrupted program should
  return status;
}

}  // namespace linkdx::cli
