// A link that failed before linkdx's eyes.
//
// Whoever stands in the linker's place has what a log seldom shows: the whole command, the directory, and the
// inputs, which are all still there (rustc removes its temporary objects only when the linker has ended, and
// linkdx has not). So the link is replayed whole. The build tree is looked for around the output.
#include "failed_link.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <unistd.h>

#include "commands.hpp"
#include "linkdx/artifact.hpp"
#include "linkdx/build.hpp"
#include "linkdx/diagnose.hpp"
#include "linkdx/language.hpp"
#include "linkdx/log.hpp"
#include "linkdx/verify.hpp"
#include "model.hpp"

namespace linkdx::cli {
namespace {

namespace fs = std::filesystem;

/// What the evidence calls the place of the linker's own words.
constexpr const char* output_name = "(the linker's output)";

std::string output_of(const std::vector<std::string>& command) {
  for (std::size_t i = 1; i + 1 < command.size(); ++i)
    if (command[i] == "-o" || command[i] == "--output") return command[i + 1];
  for (const std::string& word : command) {
    if (word.starts_with("--output=")) return word.substr(9);
    if (llvm::StringRef(word).starts_with_insensitive("/out:")) return word.substr(5);
    if (llvm::StringRef(word).starts_with_insensitive("-out:")) return word.substr(5);
  }
  return {};
}

fs::path place_of_output(const FailedLink& failed) {
  std::vector<Skipped> problems;
  const std::vector<std::string> words =
      artifact::expand_response_files(failed.command, failed.directory, problems);
  const fs::path output = output_of(words);
  const fs::path place = fs::path(failed.directory) / output;
  return output.empty() ? fs::path(failed.directory) / "a.out" : place.lexically_normal();
}

log::Log read_output(const FailedLink& failed, const std::string& output) {
  log::Log log = log::read(output_name, failed.output);
  if (log.failures.empty() && (!failed.symbols.empty() || !failed.libraries.empty())) {
    log::Failure failure;
    for (const std::string& name : failed.symbols) {
      log::SymbolError error;
      error.name = name;
      failure.symbols.push_back(std::move(error));
    }
    for (const std::string& name : failed.libraries) {
      log::InputError error;
      error.kind = log::InputError::Kind::LibraryNotFound;
      error.subject = name;
      failure.inputs.push_back(std::move(error));
    }
    log.failures.push_back(std::move(failure));
  }
  for (log::Failure& failure : log.failures) {
    failure.command = log::Command{};
    failure.command->role = log::Command::Role::Link;
    failure.command->arguments = failed.command;
    failure.command->directory = failed.directory;
    if (failure.output.empty()) failure.output = output;
  }
  return log;
}

/// The build trees around a place, from the top of each; the place itself where there is none.
std::vector<std::string> trees_around(const std::string& directory) {
  const build::Facts facts = build::gather({directory});
  std::vector<std::string> trees;
  for (const build::CMakeTree& tree : facts.cmake) trees.push_back(tree.directory);
  for (const build::CargoTree& tree : facts.cargo) trees.push_back(tree.target_directory);
  if (trees.empty()) trees.push_back(directory);
  return trees;
}

/// Evidence and advice that speak of a log speak of nothing that can be opened here: the linker's words stand
/// above the report.
void leave_out_the_log(report::Report& report) {
  for (report::Report::Item& item : report.diagnoses) {
    std::erase_if(item.diagnosis.evidence,
                  [](const Evidence& one) { return one.path == output_name && one.text.empty(); });
    for (diagnose::MissingEvidence& missing : item.diagnosis.missing_evidence)
      for (std::size_t at; (at = missing.command.find(output_name)) != std::string::npos;)
        missing.command.replace(at, std::strlen(output_name), "BUILD_LOG");
  }
}

enum class Form { Terminal, Markdown, Json, Html };

Form form_of(const std::string& path) {
  if (path.ends_with(".json")) return Form::Json;
  if (path.ends_with(".html")) return Form::Html;
  return path.ends_with(".md") || path.ends_with(".markdown") ? Form::Markdown : Form::Terminal;
}

std::string render(const report::Report& report, Form form, bool color) {
  if (form == Form::Json) return report::to_json(report);
  if (form == Form::Html) return report::to_html(report);
  if (form == Form::Markdown) return report::to_markdown(report);
  report::TerminalOptions options;
  options.color = color;
  return report::to_terminal(report, options);
}

bool colored_errors() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') &&
         !(terminal != nullptr && std::string_view(terminal) == "dumb");
}

}  // namespace

report::Report report_on(const FailedLink& failed, bool try_links) {
  const fs::path output = place_of_output(failed);
  diagnose::Question question;
  question.logs.push_back(read_output(failed, output.string()));
  question.paths = trees_around(output.parent_path().string());
  question.root = "/";  // the command is the user's own, and so are all paths in it
  const std::unique_ptr<diagnose::Investigation> investigation = diagnose::investigate(std::move(question));
  report::Report report;
  if (try_links) {
    log::Command link;
    link.arguments = failed.command;
    link.directory = failed.directory;
    verify::TryRequest request;
    request.link = &link;
    const verify::Interruptible interruptible;
    report = report_with_fixes_tried(*investigation, {}, request);
  } else {
    report = build_report(*investigation, {});
  }
  leave_out_the_log(report);
  return report;
}

std::string name_of_output(const FailedLink& failed) {
  return place_of_output(failed).filename().string();
}

std::optional<std::string> deliver(const report::Report& report, const FailedLink& failed,
                                   const std::string& destination) {
  if (destination.empty()) {
    const std::string text = render(report, Form::Terminal, colored_errors());
    std::fwrite(text.data(), 1, text.size(), stderr);
    return "";
  }
  std::error_code error;
  std::vector<std::string> paths = {destination};
  if (fs::is_directory(destination, error)) {
    const std::string base = (fs::path(destination) / name_of_output(failed)).string();
    paths = {base + ".txt", base + ".md"};
  }
  for (const std::string& path : paths)
    if (!write_output(render(report, form_of(path), false), path)) return std::nullopt;
  return paths.back();
}

int diagnose_failed_link(const FailedLink& failed, bool try_links, std::string destination) {
  if (destination.empty())
    if (const char* named = std::getenv("LINKDX_REPORT")) destination = named;
  if (form_of(destination) == Form::Json) speak(Language::English);  // it is read by programs
  const report::Report report = report_on(failed, try_links);
  if (report.diagnoses.empty()) {
    complain(say("the linker failed, and nothing in what it printed is known to linkdx"));
    return NothingWrong;
  }
  const std::optional<std::string> path = deliver(report, failed, destination);
  if (!path) return Unusable;
  if (!path->empty()) complain(say("the report is in {}", *path));
  return SomethingFound;
}

}  // namespace linkdx::cli
