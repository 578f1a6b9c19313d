// Finding a C compiler for a target, and holding it to its word.
//
// The same target has several names: rustc's and LLVM's triple (x86_64-unknown-linux-gnu), GNU's, which cross
// compilers carry in their names (x86_64-linux-gnu-gcc), Zig's (x86_64-linux-gnu). What a compiler really
// makes is what it answers to -dumpmachine (GCC manual, "Developer Options"; clang has it too), and that is
// compared before anything is compiled. The kernels are freestanding, so any compiler for the same
// architecture and object format will do: one for glibc makes objects for musl.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/TargetParser/Triple.h>

#include "linkdx/language.hpp"
#include "linkdx/log.hpp"
#include "linkdx/verify.hpp"
#include "targets.hpp"

namespace linkdx::verify {
namespace {

constexpr std::chrono::seconds question_limit{20};

llvm::Error error(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

bool same_kind_of_object(const llvm::Triple& a, const llvm::Triple& b) {
  return a.getArch() == b.getArch() && a.getObjectFormat() == b.getObjectFormat() && a.isX32() == b.isX32();
}

/// The prefixes that GNU cross compilers for a target have: config.sub's names, as distributions package
/// them.
std::vector<std::string> gnu_prefixes(const llvm::Triple& triple, const std::string& target) {
  std::vector<std::string> result = {target};
  const std::string arch = triple.getArch() == llvm::Triple::x86 ? "i686" : architecture_of(target);
  if (triple.isOSWindows()) result.push_back(arch + "-w64-mingw32");
  if (triple.isOSLinux()) {
    const bool arm = triple.getArch() == llvm::Triple::arm;
    const bool hard = triple.getEnvironmentName().ends_with("hf");
    result.push_back(arch + "-linux-" + (arm ? (hard ? "gnueabihf" : "gnueabi") : "gnu"));
    result.push_back(arch + "-linux-" + (arm ? (hard ? "musleabihf" : "musleabi") : "musl"));
  }
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::vector<std::string> gnu_compilers(const llvm::Triple& triple, const std::string& target) {
  std::vector<std::string> result;
  for (const std::string& prefix : gnu_prefixes(triple, target)) result.push_back(prefix + "-gcc");
  return result;
}

/// The Debian package of the GNU cross compiler; empty where there is none.
std::string package_for(const llvm::Triple& triple, const std::string& target) {
  if (triple.isOSWindows()) return "gcc-mingw-w64";
  if (!triple.isOSLinux()) return "clang";
  const std::vector<std::string> prefixes = gnu_prefixes(triple, target);
  std::string name = prefixes.back();
  for (const std::string& prefix : prefixes) {
    if (prefix.find("-linux-gnu") != std::string::npos && prefix.find("-unknown-") == std::string::npos)
      name = prefix;
  }
  std::replace(name.begin(), name.end(), '_', '-');
  return "gcc-" + name;
}

bool is_clang(const std::string& version) {
  return version.find("clang") != std::string::npos || version.find("zig") != std::string::npos;
}

std::string program_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// How a compiler that knows many targets is told which: clang's --target, and Zig's -target with a triple
/// without vendor.
std::vector<std::string> target_option(const std::vector<std::string>& command, const llvm::Triple& triple,
                                       const std::string& target) {
  if (program_name(command.front()) != "zig") return {"--target=" + triple.str()};
  const std::string os = triple.isOSDarwin() ? "macos" : triple.getOSName().str();
  const std::string abi = triple.getEnvironmentName().str();
  return {"-target", architecture_of(target) + "-" + os + (abi.empty() ? "" : "-" + abi)};
}

/// The compiler that the command is; an error if it is none or makes code for something else.
llvm::Expected<Compiler> ask(std::vector<std::string> command, const std::string& target) {
  // It will run in another directory.
  if (command.front().find('/') != std::string::npos)
    command.front() = std::filesystem::absolute(command.front()).string();
  const std::string name = fmt::format("{}", fmt::join(command, " "));
  auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = command;
    all.insert(all.end(), more.begin(), more.end());
    return run(all, question_limit);
  };
  llvm::Expected<Run> version = with({"--version"});
  if (!version) return version.takeError();
  if (!version->succeeded())
    return error(fmt::format("`{} --version`: {}", name, describe(*version, question_limit)));

  Compiler result;
  result.version = version->output.substr(0, version->output.find('\n'));
  const llvm::Triple wanted = triple_of(target);
  const bool targeted = name.find("-target") != std::string::npos;
  result.clang = is_clang(version->output) || program_name(command.front()) == "zig";
  if (result.clang && !target.empty() && !targeted) {
    for (std::string& word : target_option(command, wanted, target)) command.push_back(std::move(word));
  }
  llvm::Expected<Run> machine = with({"-dumpmachine"});
  if (!machine) return machine.takeError();
  result.machine = machine->output.substr(0, machine->output.find('\n'));
  // Zig answers -dumpmachine only when it is given something to do.
  if (!machine->succeeded() || result.machine.find('-') == std::string::npos) {
    if (program_name(command.front()) != "zig" || target.empty())
      return error(say("`{} -dumpmachine` names no target: {}", fmt::join(command, " "),
                       describe(*machine, question_limit)));
    result.machine = target;
  }
  result.target = target.empty() ? result.machine : target;
  result.command = std::move(command);
  if (!same_kind_of_object(triple_of(result.machine), triple_of(result.target)))
    return error(say("`{}` makes code for {}, and the target is {}", name, result.machine, target));
  return result;
}

std::string variable_name(std::string target) {
  std::replace_if(target.begin(), target.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return "CC_" + target;
}

}  // namespace

llvm::Expected<Compiler> find_compiler(const std::string& cc, const std::string& target) {
  if (!target.empty() && triple_of(target).getArch() == llvm::Triple::UnknownArch)
    return error(
        say("`{}` is no target triple that LLVM knows; one looks like x86_64-unknown-linux-gnu", target));
  if (!cc.empty()) {
    std::vector<std::string> command = log::split_command(cc);
    if (command.empty()) return error(say("--cc is empty"));
    return ask(std::move(command), target);
  }
  std::vector<std::string> candidates;
  const llvm::Triple triple = triple_of(target);
  if (!target.empty()) {
    if (const char* variable = std::getenv(variable_name(target).c_str())) candidates.emplace_back(variable);
    for (std::string& compiler : gnu_compilers(triple, target)) candidates.push_back(std::move(compiler));
  }
  candidates.insert(candidates.end(), {"cc", "gcc", "clang"});
  for (unsigned version = 21; version >= 14; --version)
    candidates.push_back(fmt::format("clang-{}", version));
  for (const std::string& candidate : candidates) {
    std::vector<std::string> command = log::split_command(candidate);
    if (command.empty()) continue;
    llvm::Expected<Compiler> found = ask(std::move(command), target);
    if (found) return found;
    llvm::consumeError(found.takeError());
    if (Interruptible::signal() != 0) return error("interrupted");
  }
  if (target.empty())
    return error(say("no C compiler found (cc, gcc, clang); on Debian: apt-get install gcc"));
  return error(
      say("no C compiler for {} found (looked for ${}, {}, clang); on Debian: apt-get install {}, or "
          "name one with --cc",
          target, variable_name(target), fmt::join(gnu_compilers(triple, target), ", "),
          package_for(triple, target)));
}

}  // namespace linkdx::verify
