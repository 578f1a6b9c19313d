// The standard output of a cargo build script, which cargo keeps in target/**/build/PACKAGE-HASH/output even
// when it shows none of it. Three voices are mixed in it:
//
//   cargo:rustc-link-lib=static=k        the script, to cargo (`cargo::KEY=VALUE` since cargo 1.77)
//   TARGET = Some("x86_64-...")          the cc crate: each environment variable that it asked for
//   running: "cc" "-c" "k.c"             the cc crate: each command that it ran ...
//   cargo:warning=cc1: error: bad ...    ... what that command wrote to its standard error ...
//   exit status: 1                       ... and how it ended
//
// cc 1.0 prints all of that. Since cc 1.1 `running:`, the variables and the status come only with
// CC_ENABLE_DEBUG_OUTPUT, and a failed command is left in the error text, if the script prints it. A command
// and its messages are joined only where their order leaves no doubt: cc with its `parallel` feature prints
// several `running:` lines before the first status, and nothing then says whose status it is.
//
// Sources: cargo's reference, "Build Scripts"; functions run, spawn and getenv in src/lib.rs of cc 1.0.73 and
// src/command_helpers.rs of cc 1.1 and later; Display of ExitStatus in Rust's standard library.
#include "script_output.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "commands.hpp"
#include "files.hpp"

namespace linkdx::build {
namespace {

enum class Status { None, Success, Failure };

// `exit status: 1` (Unix), `exit code: 1` (Windows), `signal: 11 (SIGSEGV)`
Status read_status(std::string_view line) {
  if (line == "exit status: 0" || line == "exit code: 0") return Status::Success;
  for (std::string_view start :
       {std::string_view("exit status: "), std::string_view("exit code: "), std::string_view("signal: ")})
    if (line.starts_with(start) && line.size() > start.size() &&
        std::isxdigit(static_cast<unsigned char>(line[start.size()])))
      return Status::Failure;
  return Status::None;
}

// A command that cc-rs says did not work, out of its error text:
//   Command "cc" "-c" "a.c" with args "cc" did not execute successfully (status code exit status: 1).
//   (cc 1.0, 1.1) command did not execute successfully (status code exit status: 1): LC_ALL="C" "cc" "-c"
//   "a.c"       (cc 1.2) Command "nasm" "a.asm" with args "nasm" failed to start: ...
// also inside `Error { kind: ToolExecError, message: "..." }`, where the whole text is quoted once more.
std::optional<RustCommand> failed_command(std::string_view line) {
  bool ran = line.find("did not execute successfully (status code ") != std::string_view::npos;
  if (!ran && line.find(" failed to start: ") == std::string_view::npos) return std::nullopt;
  if (std::size_t quoted = line.find("message: \""); quoted != std::string_view::npos) {
    std::string_view rest = line.substr(quoted + 9);
    if (std::optional<std::string> message = take_rust_string(rest);
        message && message->find("message: \"") == std::string::npos)
      return failed_command(*message);
    return std::nullopt;
  }
  if (std::size_t at = line.find("command did not execute successfully (status code ");
      at != std::string_view::npos) {
    std::size_t close = line.find("): ", at);
    return close == std::string_view::npos ? std::nullopt : read_rust_command(line.substr(close + 3));
  }
  std::size_t at = line.find("Command ");
  if (at == std::string_view::npos) return std::nullopt;
  std::optional<RustCommand> command = read_rust_command(line.substr(at + 8));
  if (command && !command->rest.starts_with(" with args ")) return std::nullopt;  // another program's words
  return command;
}

// "Failed to find tool. Is `nasm` installed?"
std::string missing_tool(std::string_view line) {
  constexpr std::string_view start = "Failed to find tool. Is `";
  std::size_t at = line.find(start);
  if (at == std::string_view::npos) return "";
  line.remove_prefix(at + start.size());
  std::size_t end = line.find("` installed?");
  return end == std::string_view::npos ? "" : std::string(line.substr(0, end));
}

// The lines that compilers put around their errors: excerpts, carets, context, notes, warnings.
bool is_tool_talk(std::string_view line) {
  if (is_tool_error(line)) return true;
  if (line.starts_with("  ") || line.starts_with("In file included from ") ||
      line == "compilation terminated.")
    return true;
  if (line.ends_with(" generated.") || line.ends_with("Assembler messages:")) return true;
  for (std::string_view word :
       {std::string_view(": note: "), std::string_view(": warning: "), std::string_view(": Warning: "),
        std::string_view(": In function "), std::string_view(": At top level")})
    if (line.find(word) != std::string_view::npos) return true;
  return false;
}

bool is_variable_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
  });
}

class OutputReader {
 public:
  OutputReader(const std::string& path, BuildScriptRun& run) : path_(path), run_(run) {}

  void line(std::string_view text, std::uint64_t number) {
    if (text.starts_with("cargo:")) {
      directive(text, number);
      return;
    }
    if (text.starts_with("running: ")) {
      flush_loose();
      start(text, number);
      return;
    }
    if (Status status = read_status(text); status != Status::None) {
      flush_loose();
      end(status == Status::Success);
      return;
    }
    if (variable(text)) return;
    words(text, number, false);
  }

  void finish() { flush_loose(); }

 private:
  // A command in flight: its place in run_.compiles, or none when it is no compile (ar, cmake).
  struct Running {
    std::optional<std::size_t> compile;
  };

  void directive(std::string_view text, std::uint64_t number) {
    std::string_view rest = text.substr(text.starts_with("cargo::") ? 7 : 6);
    std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return;
    Setting setting;
    setting.key = std::string(rest.substr(0, equals));
    setting.value = std::string(rest.substr(equals + 1));
    setting.where = {number, std::string(text)};
    setting.path = path_;
    bool warning = setting.key == "warning";
    run_.settings.push_back(std::move(setting));
    if (warning || run_.settings.back().key == "error")
      words(run_.settings.back().value, number, true);
    else
      flush_loose();
  }

  // Words of a tool or of the script itself.
  void words(std::string_view text, std::uint64_t number, bool forwarded) {
    if (std::optional<RustCommand> command = failed_command(text)) {
      fail(std::move(*command), {number, std::string(text)});
      return;
    }
    if (!missing_tool(text).empty()) {
      flush_loose();
      if (running_.size() == 1 && running_.front().compile) {
        Compile& compile = run_.compiles[*running_.front().compile];
        compile.messages.push_back({number, std::string(text)});
        compile.result = Compile::Result::Failed;
        running_.clear();
      } else {
        Compile compile;
        compile.result = Compile::Result::Failed;
        compile.messages.push_back({number, std::string(text)});
        compile.where = compile.messages.front();
        compile.path = path_;
        run_.compiles.push_back(std::move(compile));
      }
      return;
    }
    if (running_.size() == 1) {
      if (running_.front().compile)
        run_.compiles[*running_.front().compile].messages.push_back({number, std::string(text)});
      return;
    }
    if (forwarded && is_tool_talk(text))
      loose_.push_back({number, std::string(text)});
    else
      flush_loose();
  }

  void start(std::string_view text, std::uint64_t number) {
    std::optional<RustCommand> command = read_rust_command(text.substr(9));
    Running running;
    if (command && is_compile(command->arguments)) {
      Compile compile = make(std::move(*command), {number, std::string(text)});
      run_.compiles.push_back(std::move(compile));
      running.compile = run_.compiles.size() - 1;
    }
    running_.push_back(running);
  }

  void end(bool success) {
    statuses_.push_back(success);
    if (statuses_.size() < running_.size()) return;
    // As many ends as starts. With several at once it is known who failed only if all or none did.
    bool all = std::all_of(statuses_.begin(), statuses_.end(), [](bool s) { return s; });
    bool none = std::none_of(statuses_.begin(), statuses_.end(), [](bool s) { return s; });
    if (statuses_.size() == running_.size() && (all || none))
      for (const Running& running : running_)
        if (running.compile)
          run_.compiles[*running.compile].result = all ? Compile::Result::Succeeded : Compile::Result::Failed;
    running_.clear();
    statuses_.clear();
  }

  Compile make(RustCommand command, Excerpt where) const {
    Compile compile;
    compile.arguments = std::move(command.arguments);
    compile.environment = std::move(command.environment);
    compile.directory = std::move(command.directory);
    compile.where = std::move(where);
    compile.path = path_;
    read_files(compile);
    return compile;
  }

  // cc-rs names a command that failed.
  void fail(RustCommand command, Excerpt where) {
    for (auto known = run_.compiles.rbegin(); known != run_.compiles.rend(); ++known) {
      if (known->arguments != command.arguments || known->result == Compile::Result::Succeeded) continue;
      if (known->messages.empty()) known->messages = std::exchange(loose_, {});
      known->result = Compile::Result::Failed;
      flush_loose();
      return;
    }
    if (!is_compile(command.arguments)) {
      flush_loose();
      return;
    }
    // Not seen starting: cc 1.1 and later. What a tool said just before is what this one said.
    Compile compile = make(std::move(command), where);
    compile.result = Compile::Result::Failed;
    compile.messages = std::exchange(loose_, {});
    if (compile.messages.empty()) compile.messages.push_back(std::move(where));
    run_.compiles.push_back(std::move(compile));
  }

  // Errors of a tool whose command nobody printed are a failed compile all the same.
  void flush_loose() {
    std::vector<Excerpt> lines = std::exchange(loose_, {});
    auto error =
        std::find_if(lines.begin(), lines.end(), [](const Excerpt& e) { return is_tool_error(e.text); });
    if (error == lines.end()) return;
    Compile compile;
    compile.result = Compile::Result::Failed;
    compile.where = *error;
    compile.path = path_;
    compile.messages = std::move(lines);
    run_.compiles.push_back(std::move(compile));
  }

  // `CFLAGS_x86_64_unknown_linux_gnu = Some("-O2")`, `HOST = None`
  bool variable(std::string_view text) {
    std::size_t at = text.find(" = ");
    if (at == std::string_view::npos || !is_variable_name(text.substr(0, at))) return false;
    std::string_view value = text.substr(at + 3);
    if (value != "None" && !(value.starts_with("Some(") && value.ends_with(")"))) return false;
    run_.environment.insert_or_assign(std::string(text.substr(0, at)), std::string(value));
    return true;
  }

  const std::string& path_;
  BuildScriptRun& run_;
  std::vector<Running> running_;
  std::vector<bool> statuses_;
  std::vector<Excerpt> loose_;  // forwarded lines of a tool that no known command claims
};

}  // namespace

void read_script_output(std::string_view text, const std::string& path, BuildScriptRun& run) {
  OutputReader reader(path, run);
  Lines lines(text);
  for (std::string_view line; lines.next(line);) reader.line(line, lines.number());
  reader.finish();
}

void read_script_stderr(std::string_view text, const std::string& path, BuildScriptRun& run) {
  run.stderr_path = path;
  Lines lines(text);
  OutputReader reader(path, run);
  for (std::string_view line; lines.next(line);) {
    run.stderr_lines.push_back({lines.number(), std::string(line)});
    if (failed_command(line) || !missing_tool(line).empty()) reader.line(line, lines.number());
  }
  reader.finish();
}

std::optional<std::string> environment_value(const BuildScriptRun& run, const std::string& name) {
  auto found = run.environment.find(name);
  if (found == run.environment.end() || !found->second.starts_with("Some(")) return std::nullopt;
  std::string_view text = std::string_view(found->second).substr(5);
  if (text.starts_with('"')) return take_rust_string(text);
  return std::string(text.substr(0, text.size() - 1));  // cc 1.2 prints some without quotes: `Some(-O2)`
}

}  // namespace linkdx::build
