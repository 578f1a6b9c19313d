// `linkdx verify`: configurations proved with the reference kernel on the user's own toolchain, as a matrix.
#include <algorithm>
#include <csignal>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "arguments.hpp"
#include "commands.hpp"
#include "inputs.hpp"
#include "linkdx/language.hpp"
#include "option_table.hpp"
#include "recommended.hpp"
#include "verify_print.hpp"

namespace linkdx::cli {
namespace {

constexpr std::string_view help =
    N_(R"(linkdx verify proves configurations of your toolchain with a reference kernel.

Examples
  linkdx verify                         the levels of this machine's target
  linkdx verify --cc x86_64-linux-gnu-gcc --config x86-64-v3 --config avx512vnni
  linkdx verify --target aarch64-unknown-linux-gnu --runner qemu-user
  linkdx verify build.log target/       what the diagnosis of a build speaks of
  linkdx verify --cxx g++ --rustc rustc --config x86-64-v3
  linkdx verify --format markdown -o MATRIX.md

Usage
  linkdx verify [LOG|PATH]... [OPTION]...

With the log of a failed build it tries the configurations that the diagnosis
speaks of, for the target of that build; paths of the build tree help it to see
more. Nothing that a log names is run.

Steps, each only when the one before did not fail:
  flags      the compilers take the flags of the configuration, and know what
             they name
  compiles   the kernel's best variant for it compiles with nothing but them
  defines    the object defines the kernel, for the right machine
  contains   its instructions need what the variant is for, and no more than
             the configuration has
  links      a caller for the baseline links with it; others in C++ and Rust
  runs       its results are right, between guard pages
  older-cpu  on an older CPU (emulated) the dispatcher takes another variant

Options
{options}

Exit status: 0 no step failed, 1 one did, 2 unusable call or no compiler.
)");

struct VerifyOptions {
  verify::VerifyRequest request;
  std::string format, output;
  std::vector<std::string> words;  ///< logs and paths
  bool help = false;
};

std::optional<VerifyOptions> parse(const std::vector<std::string>& arguments) {
  const std::optional<Arguments> given = parse_arguments("verify", arguments);
  if (!given) return std::nullopt;
  VerifyOptions options;
  options.request.target = given->text("target");
  options.request.compiler = given->text("cc");
  options.request.cxx = given->text("cxx");
  options.request.rustc = given->text("rustc");
  options.request.runner = given->text("runner");
  options.request.limit = std::chrono::seconds(std::clamp(given->number("limit"), 1u, 3600u));
  options.request.keep = given->has("keep");
  options.request.configurations = given->list("config");
  options.words = given->list("from");
  for (const std::string& word : given->words()) options.words.push_back(word);
  options.format = given->text("format");
  options.output = given->text("output");
  options.help = given->has("help");
  return options;
}

/// Takes target and configurations, where they are not given, from the diagnosis of the logs. False after
/// complaining.
bool add_from_diagnosis(VerifyOptions& options) {
  if (options.words.empty()) return true;
  Inputs inputs = read_inputs(options.words);
  for (const Skipped& problem : inputs.unusable) complain(problem.path + ": " + problem.reason);
  if (inputs.logs.empty() && inputs.paths.empty()) return false;
  diagnose::Question question;
  question.logs = std::move(inputs.logs);
  question.paths = std::move(inputs.paths);
  question.target = options.request.target;
  const Recommended recommended = recommended_by(*diagnose::investigate(std::move(question)));
  if (options.request.target.empty()) options.request.target = recommended.target;
  if (!options.request.configurations.empty()) return true;
  options.request.configurations = recommended.configurations;
  if (recommended.configurations.empty())
    complain(say("the diagnosis speaks of no CPU feature and no level; trying the levels of the target"));
  else
    complain(say("from the diagnosis: {}", fmt::join(recommended.configurations, " ")));
  return true;
}

}  // namespace

std::string_view verify_help() {
  return help;
}

int verify_command(const std::vector<std::string>& arguments) {
  std::optional<VerifyOptions> options = parse(arguments);
  if (!options) return Unusable;
  if (options->help) return write_output(help_page("verify", help), "") ? NothingWrong : Unusable;

  if (!add_from_diagnosis(*options)) return Unusable;

  int status = Unusable;
  int signal = 0;
  {
    const verify::Interruptible interruptible;
    llvm::Expected<verify::Matrix> matrix = verify::verify(options->request);
    if (!matrix) {
      complain(llvm::toString(matrix.takeError()));
    } else {
      const std::string text = options->format == "json"       ? matrix_as_json(*matrix)
                               : options->format == "markdown" ? matrix_as_markdown(*matrix)
                                                               : matrix_for_terminal(*matrix);
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
