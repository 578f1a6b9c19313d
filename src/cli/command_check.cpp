// `linkdx check`: before the link, or before shipping. Starts no program, but for --ask-driver, which asks
// the driver of the link command how it would call the linker, and for --link, which runs that command.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <llvm/Support/FileSystem.h>

#include "arguments.hpp"
#include "commands.hpp"
#include "linkdx/artifact.hpp"
#include "linkdx/check.hpp"
#include "linkdx/language.hpp"
#include "linkdx/link.hpp"
#include "linkdx/report.hpp"
#include "linkdx/verify.hpp"
#include "option_table.hpp"
#include "settings.hpp"

namespace linkdx::cli {
namespace {

constexpr std::string_view help =
    N_(R"(linkdx check says before the link whether it will link, and whether what comes
of it runs on the CPUs it is for.

Examples
  linkdx check --baseline x86-64-v2 build/
                                        objects, archives, libraries of a tree
  linkdx check -- g++ a.o b.o -lz       this link: which copies it keeps too
  linkdx check --baseline x86-64 prog   a finished program or library
  linkdx check --write-baseline known.json build/
  linkdx check --compare known.json build/
                                        fails only on what is new
  linkdx check --link -- g++ a.o -o a   and links if nothing is wrong

Usage
  linkdx check [OPTION]... PATH...
  linkdx check [OPTION]... @FILE
  linkdx check [OPTION]... -- LINK COMMAND

Options
{options}

Exit status: 0 nothing wrong (notes do not count); 1 errors or warnings;
2 unusable input or call.
)");

struct CheckOptions {
  check::Request request;
  std::string format, output, color, write_known, compare, config;
  std::vector<std::string> link;  ///< --link: the command to run when nothing is wrong
  bool ask_driver = false, help = false;
};

/// The link command behind `linkdx wrap --`, where a build has both in front of its linker.
std::vector<std::string> without_wrap(std::vector<std::string> command) {
  if (command.size() < 2 || std::filesystem::path(command[0]).filename() != "linkdx" || command[1] != "wrap")
    return command;
  const auto dashes = std::find(command.begin(), command.end(), "--");
  return dashes == command.end() ? command : std::vector<std::string>(dashes + 1, command.end());
}

std::optional<CheckOptions> parse(const std::vector<std::string>& all_arguments) {
  const auto dashes = std::find(all_arguments.begin(), all_arguments.end(), "--");
  std::vector<Skipped> problems;
  const std::vector<std::string> arguments =
      artifact::expand_response_files({all_arguments.begin(), dashes}, ".", problems);
  if (!problems.empty()) {
    complain(problems.front().path + ": " + problems.front().reason);
    return std::nullopt;
  }
  const std::optional<Arguments> given = parse_arguments("check", arguments);
  if (!given) return std::nullopt;
  CheckOptions options;
  options.request.paths = given->words();
  if (dashes != all_arguments.end()) options.request.command = {dashes + 1, all_arguments.end()};
  options.request.baseline = given->text("baseline");
  options.request.target = given->text("target");
  options.request.dispatch_ok = given->has("dispatch-ok");
  constexpr unsigned most_threads = 64;
  const unsigned threads = given->number("threads");
  options.request.threads =
      std::clamp(threads > 0 ? threads : std::thread::hardware_concurrency(), 1u, most_threads);
  options.ask_driver = given->has("ask-driver");
  options.write_known = given->text("write-baseline");
  options.compare = given->text("compare");
  options.config = given->text("config");
  options.format = given->text("format");
  options.output = given->text("output");
  options.color = given->text("color");
  options.help = given->has("help");
  if (options.help) return options;
  if (options.request.paths.empty() == options.request.command.empty()) {
    complain(options.request.paths.empty() ? say("check needs paths, or a link command behind `--`")
                                           : say("check takes paths or a link command, not both"));
    return std::nullopt;
  }
  if ((options.ask_driver || given->has("link")) && options.request.command.empty()) {
    complain(say("{} needs a link command behind `--`", options.ask_driver ? "--ask-driver" : "--link"));
    return std::nullopt;
  }
  if (given->has("link")) options.link = options.request.command;
  options.request.command = without_wrap(std::move(options.request.command));
  return options;
}

/// The words of a line as `-###` prints it: in double quotes with backslashes, or bare.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, any = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && i + 1 < line.size()) {
      word += line[++i];
      any = true;
    } else if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (c == ' ' && !quoted) {
      if (any) words.push_back(std::move(word));
      word.clear();
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) words.push_back(std::move(word));
  return words;
}

/// What the driver would run to link, in its own words. Complains and returns nothing when it does not say.
std::optional<std::vector<std::string>> ask_driver(std::vector<std::string> command) {
  command.insert(command.begin() + 1, "-###");
  constexpr std::chrono::seconds limit(60);
  llvm::Expected<verify::Run> run = verify::run(command, limit);
  if (!run) {
    complain(command.front() + ": " + llvm::toString(run.takeError()));
    return std::nullopt;
  }
  std::istringstream lines(run->output);
  std::vector<std::string> last;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(' ')) last = words_of(line);
  const std::string_view name = last.empty() ? std::string_view() : std::string_view(last.front());
  if (last.size() < 2 || (!name.ends_with("collect2") && name.find("ld") == std::string_view::npos)) {
    complain(say("`{}` does not say with -### how it calls the linker", command.front()));
    return std::nullopt;
  }
  return last;
}

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string joined(const isa::FeatureSet& features) {
  std::string text;
  for (const std::string& name : isa::without_implied(features).names())
    text += (text.empty() ? "" : " ") + name;
  return text;
}

report::Report::Located located(const check::Finding& finding) {
  return {std::string(check::name_of(finding.severity)),
          finding.place.path,
          finding.place.member,
          finding.place.function,
          finding.place.offset,
          finding.fingerprint};
}

std::string describe(const check::Suppression& one) {
  std::string text;
  for (const auto& [key, value] :
       {std::pair("code", &one.code), std::pair("file", &one.file), std::pair("symbol", &one.symbol)})
    if (!value->empty()) text += fmt::format("{}{} = `{}`", text.empty() ? "" : say(", "), key, *value);
  return say("{} (line {})", text, one.line);
}

report::Report report_of(const check::Result& result, std::size_t known) {
  report::Report report;
  report.version = LINKDX_VERSION;
  report.skipped = result.skipped;
  report::Report::Check& check = report.check.emplace();
  check.arch = isa::name_of(result.arch);
  check.baseline = result.baseline;
  check.objects = result.objects;
  check.known = known;
  if (result.linked && result.investigation) {
    const diagnose::Case& facts = result.investigation->cases.front();
    report.target = facts.target;
    report.symbols = facts.symbols;
  }
  for (const check::Finding& finding : result.findings)
    report.diagnoses.push_back({finding.diagnosis, finding.remedy, located(finding)});
  for (const check::Need& need : result.needs) {
    std::string raised_by = need.raised_by.label();
    if (!need.raised_by.function.empty())
      raised_by += fmt::format(":{}+{:#x}", need.raised_by.function, need.raised_by.offset.value_or(0));
    check.needs.push_back({need.path, need.level, joined(need.features), joined(need.perhaps),
                           need.instruction.empty() ? "" : raised_by, need.instruction});
  }
  for (const check::Result::Suppressed& one : result.suppressed)
    check.suppressed.push_back(
        {one.finding.diagnosis.code, one.finding.place.label(), one.finding.diagnosis.title, one.reason});
  for (const check::Suppression& one : result.unmatched) check.unmatched.push_back(describe(one));
  return report;
}

bool wants_color(const CheckOptions& options) {
  if (options.color != "auto") return options.color == "always";
  const char* no_color = std::getenv("NO_COLOR");
  return options.output.empty() && (no_color == nullptr || *no_color == '\0') && ::isatty(STDOUT_FILENO) == 1;
}

std::string render(const report::Report& report, const CheckOptions& options) {
  if (options.format == "json") return report::to_json(report);
  if (options.format == "markdown") return report::to_check_markdown(report);
  if (options.format == "sarif") return report::to_sarif(report);
  if (options.format == "github") return report::to_github(report);
  return report::to_lines(report, wants_color(options));
}

/// The settings that are asked for, or those that lie here. False after complaining.
bool take_settings(CheckOptions& options) {
  if (options.config.empty() && !llvm::sys::fs::exists(settings_file)) return true;
  check::Settings settings = check::read_settings(options.config.empty() ? settings_file : options.config);
  for (const Skipped& fault : settings.faults) complain(fault.path + ": " + fault.reason);
  if (options.request.baseline.empty()) options.request.baseline = settings.baseline;
  options.request.suppressions = std::move(settings.suppressions);
  return settings.faults.empty();
}

/// --link: becomes the linker, or prints what is wrong where a linker would.
int link_or_say_why_not(const CheckOptions& options, const report::Report& report, bool found) {
  if (found) {
    const std::string text = render(report, options);
    if (!options.output.empty()) return write_output(text, options.output) ? SomethingFound : Unusable;
    std::fwrite(text.data(), 1, text.size(), stderr);
    return SomethingFound;
  }
  std::vector<char*> words;
  for (const std::string& word : options.link) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words.front(), words.data());
  complain(options.link.front() + ": " + system_fault(errno));
  constexpr int not_started = 127;  // what a shell says
  return not_started;
}

}  // namespace

std::string_view check_help() {
  return help;
}

int check_command(const std::vector<std::string>& arguments) {
  std::optional<CheckOptions> options = parse(arguments);
  if (!options) return Unusable;
  if (options->help) return write_output(help_page("check", help), "") ? NothingWrong : Unusable;
  if (!take_settings(*options)) return Unusable;
  if (options->ask_driver) {
    std::optional<std::vector<std::string>> command = ask_driver(options->request.command);
    if (!command) return Unusable;
    options->request.command = std::move(*command);
  }
  // Never freed: the process ends soon, and thousands of mapped objects take a twentieth of the whole time to free.
  static check::Result& result = *new check::Result(check::run(options->request));
  for (const Skipped& one : result.skipped) complain(one.path + ": " + one.reason);
  if (!result.fault.empty()) {
    complain(result.fault);
    return Unusable;
  }
  if (!options->write_known.empty()) {
    if (!write_output(check::write_known(result), options->write_known)) return Unusable;
    return write_output(render(report_of(result, 0), *options), options->output) ? NothingWrong : Unusable;
  }
  std::size_t known = 0;
  if (!options->compare.empty()) {
    const std::optional<std::string> text = read_text(options->compare);
    std::string fault = say("cannot be read");
    const std::optional<std::size_t> dropped =
        text ? check::drop_known(result, *text, fault) : std::optional<std::size_t>();
    if (!dropped) {
      complain(options->compare + ": " + fault);
      return Unusable;
    }
    known = *dropped;
  }
  const bool found =
      std::any_of(result.findings.begin(), result.findings.end(),
                  [](const check::Finding& one) { return one.severity != check::Severity::Note; });
  if (!options->link.empty()) return link_or_say_why_not(*options, report_of(result, known), found);
  if (!write_output(render(report_of(result, known), *options), options->output)) return Unusable;
  return found ? SomethingFound : NothingWrong;
}

}  // namespace linkdx::cli
