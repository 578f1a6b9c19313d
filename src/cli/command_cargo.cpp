// `cargo linkdx build ...`: cargo with `linkdx wrap` in front of every linker, and the reports when cargo has
// ended.
//
// A linker is set in many places (environment, config files by triple or cfg(), -C linker in RUSTFLAGS, the
// target's own default), and which of them counts only rustc's arguments show. So linkdx stands in front of
// rustc, by RUSTC_WRAPPER, and behind the user's own wrapper if there is one; it gives rustc a linker that is
// a link to linkdx. The link has the name of the real linker, because rustc guesses from the name how the
// linker is spoken to. cargo's decision what is to be built again looks at neither. Sources: the cargo book
// (environment variables, configuration), the rustc book (-C linker), rustc's `linker_and_flavor`.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/SHA1.h>
#include <llvm/ADT/StringExtras.h>
#include <unistd.h>

#include "commands.hpp"
#include "failed_link.hpp"
#include "linkdx/build.hpp"
#include "linkdx/language.hpp"
#include "linkdx/verify.hpp"
#include "option_table.hpp"
#include "output.hpp"

namespace linkdx::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* user_wrapper = "LINKDX_RUSTC_WRAPPER";  ///< what RUSTC_WRAPPER was
constexpr int not_started = 127;

constexpr std::string_view help = N_(R"(cargo linkdx runs cargo and diagnoses every link that fails.

Examples
  cargo linkdx build --release
  LINKDX_REPORT=reports cargo linkdx test --target x86_64-unknown-linux-gnu

Usage
  cargo linkdx COMMAND [ARGUMENT]...

Everything behind `linkdx` goes to cargo as it is. The linkers, RUSTFLAGS and
wrappers that are set stay in force. The reports come after cargo's own words,
on standard error, and go to $LINKDX_REPORT as well, if that is set.

Exit status: cargo's.
)");

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Ends as a program did that was run in linkdx's place.
int end_as(const verify::PassedThrough& ran) {
  if (ran.signal == 0) return ran.exit_status;
  std::signal(ran.signal, SIG_DFL);
  std::raise(ran.signal);
  return 128 + ran.signal;
}

/// What runs rustc in this directory already.
std::string wrapper_of_user() {
  for (const char* name : {"RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"})
    if (std::getenv(name) != nullptr) return environment(name);
  std::error_code error;
  std::vector<Skipped> problems;
  const std::vector<build::CargoConfig> configs =
      build::cargo_configs(fs::current_path(error).string(), environment("CARGO_HOME"), problems);
  for (const build::CargoConfig& config : configs)
    if (!config.rustc_wrapper.empty()) return config.rustc_wrapper;
  return {};
}

/// A link of linkdx that stands for the linker, made once for each.
std::string stand_in(const fs::path& session, const std::string& linker) {
  const fs::path name = fs::path(linker).filename();
  const auto digest = llvm::SHA1::hash(llvm::arrayRefFromStringRef(linker));
  const fs::path directory = session / "linkers" / llvm::toHex(llvm::ArrayRef(digest).take_front(8), true);
  const fs::path link = directory / name;
  std::error_code error;
  if (fs::exists(fs::symlink_status(link, error))) return link.string();
  fs::create_directories(directory, error);
  if (replace_file((directory / "is").string(), linker)) return linker;
  fs::create_symlink(fs::read_symlink("/proc/self/exe", error), link, error);
  // Another rustc may have been faster.
  return fs::exists(fs::symlink_status(link, error)) ? link.string() : linker;
}

/// The linker that rustc takes by itself for the target of these arguments: the target's own, else `cc`.
/// Asked once.
std::string default_linker(const fs::path& session, const std::vector<std::string>& arguments) {
  std::string target;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--target" && i + 1 < arguments.size()) target = arguments[i + 1];
    if (arguments[i].starts_with("--target=")) target = arguments[i].substr(9);
  }
  const auto digest = llvm::SHA1::hash(llvm::arrayRefFromStringRef(arguments.front() + "\n" + target));
  const fs::path known = session / ("default-" + llvm::toHex(llvm::ArrayRef(digest).take_front(8), true));
  std::error_code error;
  if (fs::exists(known, error)) return contents(known);
  std::vector<std::string> command = {"env",     "RUSTC_BOOTSTRAP=1", arguments.front(),
                                      "--print", "target-spec-json",  "-Zunstable-options"};
  if (!target.empty()) command.insert(command.end(), {"--target", target});
  std::string linker;
  llvm::Expected<verify::Run> run = verify::run(command, std::chrono::seconds(60));
  if (!run) {
    llvm::consumeError(run.takeError());
    return {};
  }
  llvm::Expected<llvm::json::Value> spec =
      llvm::json::parse(run->succeeded() ? llvm::StringRef(run->output) : llvm::StringRef("null"));
  if (!spec) {
    llvm::consumeError(spec.takeError());
  } else if (const llvm::json::Object* object = spec->getAsObject()) {
    linker = object->getString("linker").value_or("cc").str();
  }
  replace_file(known.string(), linker);
  return linker;
}

/// Whether rustc links with these arguments.
bool links(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--test") return true;
    std::string_view type;
    if (arguments[i] == "--crate-type" && i + 1 < arguments.size()) type = arguments[i + 1];
    if (arguments[i].starts_with("--crate-type=")) type = std::string_view(arguments[i]).substr(13);
    for (const std::string_view linked : {"bin", "dylib", "proc-macro"})
      if (type.find(linked) != std::string_view::npos) return true;
  }
  return false;
}

/// Puts the stand-in where the arguments name a linker. False if they name none.
bool replace_linker(std::vector<std::string>& arguments, const fs::path& session) {
  bool named = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    for (const std::string_view option : {"-Clinker=", "--codegen=linker="})
      if (arguments[i].starts_with(option)) {
        arguments[i] = std::string(option) + stand_in(session, arguments[i].substr(option.size()));
        named = true;
      }
    const bool apart = arguments[i] == "-C" || arguments[i] == "--codegen";
    if (apart && i + 1 < arguments.size() && arguments[i + 1].starts_with("linker=")) {
      arguments[i + 1] = "linker=" + stand_in(session, arguments[i + 1].substr(7));
      named = true;
    }
  }
  return named;
}

}  // namespace

std::string_view cargo_help() {
  return help;
}

int cargo_rustc_command(const std::vector<std::string>& given) {
  if (given.empty()) return Unusable;
  const fs::path session = environment(cargo_session);
  std::vector<std::string> arguments = given;
  if (!replace_linker(arguments, session) && links(arguments)) {
    const std::string linker = default_linker(session, arguments);
    if (!linker.empty()) arguments.insert(arguments.end(), {"-C", "linker=" + stand_in(session, linker)});
  }
  if (const std::string before = environment(user_wrapper); !before.empty())
    arguments.insert(arguments.begin(), before);
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  ::execvp(words.front(), words.data());
  complain(arguments.front() + ": " + system_fault(errno));
  return not_started;
}

int cargo_linker_command(const std::string& called_as, const std::vector<std::string>& arguments) {
  FailedLink link;
  link.command = {contents(fs::path(called_as).parent_path() / "is")};
  link.command.insert(link.command.end(), arguments.begin(), arguments.end());
  llvm::Expected<verify::PassedThrough> ran = verify::run_passing_through(link.command);
  if (!ran) {
    complain(llvm::toString(ran.takeError()));
    return not_started;
  }
  std::error_code error;
  link.directory = fs::current_path(error).string();
  const fs::path report = fs::path(environment(cargo_session)) / "reports" / (name_of_output(link) + ".txt");
  // rustc links again with other flags when the linker does not know some: only the last try counts.
  fs::remove(report, error);
  if (ran->signal != 0 || ran->exit_status == 0) return end_as(*ran);
  link.output = std::move(ran->output);
  const report::Report found = report_on(link, false);
  if (!found.diagnoses.empty()) {
    deliver(found, link, report.string());
    if (const std::string also = environment("LINKDX_REPORT"); !also.empty()) deliver(found, link, also);
  }
  return ran->exit_status;
}

int cargo_command(const std::vector<std::string>& given) {
  std::vector<std::string> arguments = given;
  if (!arguments.empty() && arguments.front() == "linkdx") arguments.erase(arguments.begin());
  if (arguments.empty() || arguments.front() == "--help" || arguments.front() == "-h")
    return write_output(page_of(help), "") ? NothingWrong : Unusable;

  llvm::Expected<verify::Workspace> session = verify::Workspace::create();
  if (!session) {
    complain(llvm::toString(session.takeError()));
    return Unusable;
  }
  std::error_code error;
  const fs::path place = session->path();
  fs::create_directory(place / "reports", error);
  if (!error) fs::create_symlink(fs::read_symlink("/proc/self/exe", error), place / "rustc", error);
  if (error) {
    complain(place.string() + ": " + system_fault(error.value()));
    return Unusable;
  }
  ::setenv(user_wrapper, wrapper_of_user().c_str(), 1);
  ::setenv(cargo_session, place.c_str(), 1);
  ::setenv("RUSTC_WRAPPER", (place / "rustc").c_str(), 1);

  const std::string cargo = environment("CARGO");
  arguments.insert(arguments.begin(), cargo.empty() ? "cargo" : cargo);
  llvm::Expected<verify::PassedThrough> ran = verify::run_passing_through(arguments, false);
  if (!ran) {
    complain(llvm::toString(ran.takeError()));
    return not_started;
  }
  std::vector<fs::path> reports;
  for (const fs::directory_entry& entry : fs::directory_iterator(place / "reports", error))
    reports.push_back(entry.path());
  std::sort(reports.begin(), reports.end());
  for (const fs::path& report : reports) {
    const std::string text = "\n" + contents(report);
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
  {
    const verify::Workspace removed = std::move(*session);
  }  // a signal ends linkdx before anything is destroyed
  return end_as(*ran);
}

}  // namespace linkdx::cli
