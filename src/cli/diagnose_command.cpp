// `linkdx [diagnose] [LOG|-]... [PATH]...`: the main job, from the words of the command line to a report.
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <unistd.h>

#include "bundle.hpp"
#include "commands.hpp"
#include "inputs.hpp"
#include "linkdx/diagnose.hpp"
#include "linkdx/language.hpp"
#include "linkdx/report.hpp"
#include "linkdx/verify.hpp"
#include "model.hpp"
#include "private_names.hpp"

namespace linkdx::cli {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// https://no-color.org: any value that is not empty. An explicit --color outranks it.
bool wants_color(const Options& options) {
  if (options.color != Color::Auto) return options.color == Color::Always;
  return options.output.empty() && environment("NO_COLOR").empty() && environment("TERM") != "dumb" &&
         ::isatty(STDOUT_FILENO) == 1;
}

/// The directory that paths begin at, for links; empty where there are to be none. Only a terminal that shows
/// colours may get links, and only one that is known to make links of OSC 8, since others print it.
/// FORCE_HYPERLINK=1 or 0 outranks what is known here, as for other programs (npm's supports-hyperlinks).
std::string link_directory(bool color) {
  if (!color || ::isatty(STDOUT_FILENO) != 1) return "";
  const std::string forced = environment("FORCE_HYPERLINK");
  if (forced == "0") return "";
  bool known = !forced.empty();
  for (const char* variable : {"KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM", "WEZTERM_PANE"})
    known |= !environment(variable).empty();
  for (std::string_view program : {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"})
    known |= environment("TERM_PROGRAM") == program;
  const std::string vte = environment("VTE_VERSION");  // 5000 and later; before, a bug ended the program
  known |= (vte.size() > 4 || (vte.size() == 4 && vte >= "5001")) &&
           vte.find_first_not_of("0123456789") == std::string::npos;
  known |= environment("TERM") == "xterm-kitty" || environment("TERM") == "alacritty" ||
           environment("TERM") == "foot";
  llvm::SmallString<128> here;
  if (!known || llvm::sys::fs::current_path(here)) return "";
  return std::string(here);
}

/// A file of linkdx's own directory among the caches; empty where there is no such place. XDG Base Directory
/// Specification.
std::string cache_file(const std::string& name) {
  const std::string given = environment("XDG_CACHE_HOME"), home = environment("HOME");
  if (given.starts_with('/')) return given + "/linkdx/" + name;
  return home.empty() ? "" : home + "/.cache/linkdx/" + name;
}

std::string render(const report::Report& report, const Options& options) {
  switch (options.format) {
    case Format::Json:
      return report::to_json(report);
    case Format::Markdown:
      return report::to_markdown(report);
    case Format::Html:
      return report::to_html(report);
    case Format::Sarif:
      return report::to_sarif(report);
    case Format::Github:
      return report::to_github(report);
    case Format::Terminal:
      break;
  }
  report::TerminalOptions terminal;
  terminal.color = wants_color(options);
  terminal.link_directory = options.output.empty() ? link_directory(terminal.color) : "";
  return report::to_terminal(report, terminal);
}

/// The report must not replace what it was made from.
bool overwrites_input(const Options& options, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    bool same = false;
    if (!options.output.empty() && !llvm::sys::fs::equivalent(word, options.output, same) && same)
      return true;
  }
  return false;
}

/// A word that is no file may be a mistyped command.
std::string hint(const std::string& word, bool first) {
  const std::string_view near = first ? nearest(word, command_names()) : std::string_view();
  return near.empty() || near == word ? "" : say("; did you mean the command `{}`?", near);
}

/// A bundle is diagnosed as what is in it, from the place that stands for the one where it was made.
int diagnose_bundle(Options options) {
  int status = Unusable, signal = 0;
  {
    const verify::Interruptible interruptible;
    llvm::Expected<OpenedBundle> bundle = open_bundle(options.words.front());
    std::error_code error;
    if (!bundle) {
      complain(llvm::toString(bundle.takeError()));
      return Unusable;
    }
    for (const std::string& fault : bundle->faults) complain(fault);
    if (!options.output.empty()) options.output = std::filesystem::absolute(options.output, error).string();
    std::filesystem::current_path(bundle->directory, error);
    if (error) {
      complain(options.words.front() + ": " + system_fault(error.value()));
      return Unusable;
    }
    options.bundle = bundle->place.file(bundle_files);
    options.words = bundle->words;
    options.root.clear();
    if (options.target.empty()) options.target = bundle->target;
    status = diagnose_command(options);
    signal = verify::Interruptible::signal();
    std::filesystem::current_path("/", error);
  }
  if (signal != 0) std::raise(signal);  // ends as an interrupted program should
  return status;
}

}  // namespace

int diagnose_command(const Options& options) {
  std::vector<std::string> words = options.words;
  if (options.bundle.empty() && words.size() == 1 && is_bundle(words.front()))
    return diagnose_bundle(options);
  if (words.empty()) {
    if (::isatty(STDIN_FILENO) == 1) {
      complain(say("no log and no path given"));
      complain(say("try `cargo build 2>&1 | linkdx`, `linkdx build.log target/`, or `linkdx --help`"));
      return Unusable;
    }
    words.emplace_back("-");
  }
  if (overwrites_input(options, words)) {
    complain(say("{}: is an input; the report would replace it", options.output));
    return Unusable;
  }

  Inputs inputs = read_inputs(words);
  for (const Skipped& one : inputs.unusable) {
    complain(one.path + ": " + one.reason + hint(one.path, one.path == words.front()));
  }
  if (inputs.logs.empty() && inputs.paths.empty()) return Unusable;

  diagnose::Question question;
  question.logs = std::move(inputs.logs);
  question.paths = inputs.paths;
  question.target = options.target;
  question.root = options.root;
  question.system = options.system;
  if (options.system) question.library_cache = cache_file("libraries");
  const std::unique_ptr<diagnose::Investigation> investigation = diagnose::investigate(std::move(question));
  report::Report report;
  int signal = 0;
  if (options.verify) {
    const verify::Interruptible interruptible;
    verify::TryRequest request;
    request.compiler = options.compiler;
    report = report_with_fixes_tried(*investigation, inputs.paths, request);
    signal = verify::Interruptible::signal();
  } else {
    report = build_report(*investigation, inputs.paths);
  }
  if (signal != 0) std::raise(signal);  // ends as an interrupted program should
  report.skipped.insert(report.skipped.begin(), inputs.unusable.begin(), inputs.unusable.end());
  if (options.redact) report::redact(report, private_names());

  std::string text = render(report, options);
  // The place where a bundle was unpacked is nobody's.
  for (std::size_t at = 0;
       !options.bundle.empty() && (at = text.find(options.bundle, at)) != std::string::npos;)
    text.erase(at, options.bundle.size());
  if (!write_output(text, options.output)) return Unusable;
  return report.diagnoses.empty() ? NothingWrong : SomethingFound;
}

}  // namespace linkdx::cli
