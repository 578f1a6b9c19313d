// `linkdx verify`: configurations proved with the reference kernel on the user's own toolchain, as a matrix.
#include <algorithm>
#include <csignal>

#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "commands.hpp"
#include "linkdx/report.hpp"
#include "linkdx/verify.hpp"

namespace linkdx::cli {
namespace {

namespace po = boost::program_options;
using verify::Outcome;

constexpr std::string_view help = R"(linkdx verify proves configurations of your toolchain with a reference kernel.

Examples
  linkdx verify                         the levels of this machine's target
  linkdx verify --cc x86_64-linux-gnu-gcc --config x86-64-v3 --config avx512vnni
  linkdx verify --target aarch64-unknown-linux-gnu --runner qemu-user
  linkdx verify --format markdown -o MATRIX.md

Usage
  linkdx verify [OPTION]...

Steps, each only when the one before did not fail:
  flags      the compiler takes the flags of the configuration
  compiles   the kernel's best variant for it compiles with nothing but them
  defines    the object defines the kernel, for the right machine
  contains   its instructions need what the variant is for, and no more than
             the configuration has
  links      a caller for the baseline links with it
  runs       its results are right, between guard pages
  older-cpu  on an older CPU (emulated) the dispatcher takes another variant

Options
      --target TRIPLE   what to compile for; else what the compiler makes
      --cc COMMAND      the C compiler; else one is looked for
      --config WHAT     a level, a CPU, or features joined by commas;
                        repeatable. Else the levels of the target
      --runner WHAT     native, qemu-user, wine or a command
      --limit SECONDS   for each program that is run (60)
      --format FORMAT   terminal (default), markdown or json
  -o, --output FILE     write to FILE
      --keep            keep the temporary directory
  -h, --help            this text

Exit status: 0 no step failed, 1 one did, 2 unusable call or no compiler.
)";

struct VerifyOptions {
  verify::VerifyRequest request;
  std::string format, output;
  bool help = false;
};

std::optional<VerifyOptions> parse(const std::vector<std::string>& arguments) {
  po::options_description known;
  const auto text = [] { return po::value<std::string>()->default_value(""); };
  known.add_options()("target", text())("cc", text())("runner", text())("output,o", text())(
      "format,f", po::value<std::string>()->default_value("terminal"))("limit", po::value<unsigned>()->default_value(60))(
      "config", po::value<std::vector<std::string>>())("keep", po::bool_switch())("help,h", po::bool_switch());
  po::variables_map given;
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(known).positional({}).style(style).run(), given);
  } catch (const po::unknown_option& unknown) {
    std::vector<std::string> names;
    for (const auto& option : known.options()) names.push_back("--" + option->long_name());
    const std::string_view near = nearest(unknown.get_option_name(), {names.begin(), names.end()});
    complain(fmt::format("verify has no option `{}`{}", unknown.get_option_name(),
                         near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
    return std::nullopt;
  } catch (const po::error& wrong) {
    complain(wrong.what());
    return std::nullopt;
  }
  VerifyOptions options;
  options.request.target = given["target"].as<std::string>();
  options.request.compiler = given["cc"].as<std::string>();
  options.request.runner = given["runner"].as<std::string>();
  options.request.limit = std::chrono::seconds(std::clamp(given["limit"].as<unsigned>(), 1u, 3600u));
  options.request.keep = given["keep"].as<bool>();
  if (given.count("config") != 0) options.request.configurations = given["config"].as<std::vector<std::string>>();
  options.format = given["format"].as<std::string>();
  options.output = given["output"].as<std::string>();
  options.help = given["help"].as<bool>();
  if (options.format != "terminal" && options.format != "markdown" && options.format != "json") {
    complain("--format knows terminal, markdown and json, and not `" + options.format + "`");
    return std::nullopt;
  }
  return options;
}

/// A cell of the matrix: the step may not have been reached.
std::string_view cell(const verify::Configuration& configuration, std::size_t step) {
  if (step >= configuration.steps.size()) return "-";
  switch (configuration.steps[step].outcome) {
    case Outcome::Passed: return "ok";
    case Outcome::Failed: return "FAILED";
    case Outcome::NotRun: break;
  }
  return "not run";
}

/// Wide enough for the step's name and any cell.
std::size_t column(std::string_view step) { return std::max(step.size(), std::string_view("not run").size()) + 1; }

/// What a reader needs besides the matrix: failures with their meaning, and why steps were not run.
std::vector<std::string> notes(const verify::Configuration& configuration) {
  std::vector<std::string> lines;
  for (const verify::Step& step : configuration.steps) {
    if (step.outcome == Outcome::Passed) continue;
    lines.push_back(fmt::format("{}, {}: {}", configuration.name, step.name, step.detail));
    if (!step.meaning.empty()) lines.push_back("  that means: " + step.meaning);
  }
  return lines;
}

std::string to_terminal(const verify::Matrix& matrix) {
  std::size_t width = std::string_view("config").size();
  for (const verify::Configuration& each : matrix.configurations) width = std::max(width, each.name.size());
  std::string text = report::escape_terminal(fmt::format("{} for {}", matrix.compiler.version, matrix.compiler.target)) + "\n";
  text += report::escape_terminal("run by: " + (matrix.runner.empty() ? std::string("nothing") : matrix.runner)) + "\n\n";
  text += fmt::format("{:<{}}", "config", width);
  for (std::string_view step : verify::step_names()) text += fmt::format(" {:<{}}", step, column(step));
  while (text.ends_with(' ')) text.pop_back();
  text += "\n";
  for (const verify::Configuration& each : matrix.configurations) {
    text += fmt::format("{:<{}}", report::escape_terminal(each.name), width);
    for (std::size_t step = 0; step < verify::step_names().size(); ++step) text += fmt::format(" {:<{}}", cell(each, step), column(verify::step_names()[step]));
    while (text.ends_with(' ')) text.pop_back();
    text += "\n";
  }
  bool first = true;
  for (const verify::Configuration& each : matrix.configurations) {
    for (const std::string& line : notes(each)) {
      text += (first ? "\n" : "") + report::escape_terminal(line) + "\n";
      first = false;
    }
  }
  if (!matrix.workspace.empty()) text += "\nkept: " + report::escape_terminal(matrix.workspace) + "\n";
  return text;
}

std::string to_markdown(const verify::Matrix& matrix) {
  const auto escape = [](const std::string& text) { return report::escape_markdown(text); };
  std::string text = fmt::format("## Configurations proved\n\nCompiler: {} for {}. Run by: {}.\n\n| configuration | flags given | variant |",
                                 escape(matrix.compiler.version), escape(matrix.compiler.target),
                                 matrix.runner.empty() ? "nothing" : escape(matrix.runner));
  for (std::string_view step : verify::step_names()) text += fmt::format(" {} |", step);
  text += "\n|---|---|---|";
  for (std::size_t step = 0; step < verify::step_names().size(); ++step) text += "---|";
  text += "\n";
  for (const verify::Configuration& each : matrix.configurations) {
    text += fmt::format("| {} | {} | {} |", escape(each.name), escape(fmt::format("{}", fmt::join(each.flags, " "))), each.variant);
    for (std::size_t step = 0; step < verify::step_names().size(); ++step) text += fmt::format(" {} |", cell(each, step));
    text += "\n";
  }
  text += "\n";
  for (const verify::Configuration& each : matrix.configurations) {
    for (const std::string& line : notes(each)) text += (line.starts_with(' ') ? "  " : "- ") + escape(line) + "\n";
  }
  return text;
}

std::string to_json(const verify::Matrix& matrix) {
  llvm::json::Array configurations;
  for (const verify::Configuration& each : matrix.configurations) {
    llvm::json::Array steps;
    for (const verify::Step& step : each.steps) {
      llvm::json::Object row{{"name", step.name}, {"outcome", std::string(verify::name_of(step.outcome))},
                             {"detail", llvm::json::fixUTF8(step.detail)}};
      if (!step.meaning.empty()) row["meaning"] = step.meaning;
      steps.push_back(std::move(row));
    }
    configurations.push_back(llvm::json::Object{{"name", llvm::json::fixUTF8(each.name)}, {"flags", llvm::json::Array(each.flags)},
                                                {"variant", each.variant}, {"proved", each.proved()}, {"steps", std::move(steps)}});
  }
  llvm::json::Array command;
  for (const std::string& word : matrix.compiler.command) command.push_back(llvm::json::fixUTF8(word));
  llvm::json::Object all{{"compiler", llvm::json::Object{{"command", std::move(command)},
                                                               {"version", llvm::json::fixUTF8(matrix.compiler.version)},
                                                               {"target", llvm::json::fixUTF8(matrix.compiler.target)}}},
                               {"runner", llvm::json::fixUTF8(matrix.runner)},
                               {"configurations", std::move(configurations)}};
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << llvm::formatv("{0:2}", llvm::json::Value(std::move(all))) << "\n";
  return text;
}

}  // namespace

int verify_command(const std::vector<std::string>& arguments) {
  const std::optional<VerifyOptions> options = parse(arguments);
  if (!options) return Unusable;
  if (options->help) return write_output(help, "") ? NothingWrong : Unusable;

  int status = Unusable;
  int signal = 0;
  {
    const verify::Interruptible interruptible;
    llvm::Expected<verify::Matrix> matrix = verify::verify(options->request);
    if (!matrix) {
      complain(llvm::toString(matrix.takeError()));
    } else {
      const std::string text = options->format == "json" ? to_json(*matrix) : options->format == "markdown" ? to_markdown(*matrix) : to_terminal(*matrix);
      const bool failed = std::any_of(matrix->configurations.begin(), matrix->configurations.end(),
                                      [](const verify::Configuration& each) { return each.failed(); });
      status = !write_output(text, options->output) ? Unusable : failed ? SomethingFound : NothingWrong;
    }
    signal = verify::Interruptible::signal();
  }
  if (signal != 0) std::raise(signal);  // ends as an interrupted program should
  return status;
}

}  // namespace linkdx::cli
