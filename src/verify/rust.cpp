// rustc takes -C target-cpu and -C target-feature on trust. A CPU that LLVM does not know costs one line on
// standard error
// (`'x' is not a recognized processor for this target (ignoring processor)`,
// llvm/lib/MC/MCSubtargetInfo.cpp), an unknown feature a warning
// (compiler/rustc_codegen_llvm/src/llvm_util.rs); the exit status is 0 either way, and the code is for
// another CPU than was asked for. So what rustc prints is read, and not its exit status alone.
//
// The caller is a crate without std, compiled to an object: it needs `core` for the target and no linker.
#include "rust.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "linkdx/language.hpp"
#include "linkdx/log.hpp"
#include "targets.hpp"
#include "translation.hpp"

namespace linkdx::verify {
namespace {

constexpr std::chrono::seconds question_limit{30};
constexpr std::string_view words_for_unknown[] = {"is not a recognized", "unknown and unstable feature",
                                                  "unknown feature specified"};

llvm::Error error(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

}  // namespace

std::string unknown_to_rustc(const std::string& output) {
  for (std::size_t start = 0; start < output.size();) {
    const std::size_t end = std::min(output.find('\n', start), output.size());
    const std::string line = output.substr(start, end - start);
    for (std::string_view words : words_for_unknown) {
      if (line.find(words) != std::string::npos) return line;
    }
    start = end + 1;
  }
  return {};
}

std::string rust_caller(const std::string& function) {
  return fmt::format(R"(#![no_std]
extern "C" {{
    fn {0}(codes: *const u8, code_length: usize, dist_table: *const u8, dists: *mut u16);
}}
#[no_mangle]
pub unsafe extern "C" fn linkdx_caller(codes: *const u8, code_length: usize, dist_table: *const u8, dists: *mut u16) {{
    {0}(codes, code_length, dist_table, dists)
}}
)",
                     function);
}

llvm::Expected<Rustc> find_rustc(const std::string& rustc, const std::string& target,
                                 const Workspace& workspace) {
  Rustc result;
  Compiler& compiler = result.compiler;
  compiler.command = log::split_command(rustc);
  if (compiler.command.empty()) return error(say("--rustc is empty"));
  if (compiler.command.front().find('/') != std::string::npos)
    compiler.command.front() = std::filesystem::absolute(compiler.command.front()).string();
  std::vector<std::string> question = compiler.command;
  question.emplace_back("--version");
  llvm::Expected<Run> version = run(question, question_limit);
  if (!version) return version.takeError();
  if (!version->succeeded() || version->output.find("rustc") == std::string::npos)
    return error(version->succeeded()
                     ? say("`{} --version` does not call itself rustc", rustc)
                     : fmt::format("`{} --version`: {}", rustc, describe(*version, question_limit)));
  compiler.version = version->output.substr(0, version->output.find('\n'));
  compiler.target = compiler.machine = rustc_target(target);
  compiler.command.insert(compiler.command.end(), {"--target", compiler.target});

  if (llvm::Error failed = write_text(workspace.file("core.rs"), "#![no_std]\n")) return failed;
  question = compiler.command;
  question.insert(question.end(), {"--crate-type", "lib", "--emit=obj", "core.rs", "-o", "core.o"});
  llvm::Expected<Run> tried = run(question, question_limit, workspace.path());
  if (!tried) return tried.takeError();
  if (tried->succeeded()) return result;
  result.without_core = first_error(tried->output);
  if (result.without_core.find("`core`") != std::string::npos)
    result.without_core = say("rustc has no `core` for {0} (rustup target add {0})", compiler.target);
  return result;
}

}  // namespace linkdx::verify
