// Programs for another machine are run by something: QEMU's user emulation for Linux, Wine for Windows, node
// or wasmtime for WebAssembly. Wine keeps a directory of its own per user and leaves servers running: it gets
// one in the workspace, and is told to stop afterwards (wineserver(1)). Node needs a few lines that give the
// module its system interface (nodejs.org/api/wasi.html).
#include "runner.hpp"

#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <llvm/Support/Program.h>
#include <llvm/TargetParser/Host.h>

#include "linkdx/language.hpp"
#include "linkdx/log.hpp"
#include "targets.hpp"

namespace linkdx::verify {
namespace {

constexpr std::string_view node_script = R"(import { WASI } from 'node:wasi';
import { readFileSync } from 'node:fs';
const [program, ...rest] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: [program, ...rest], env: {}, returnOnExit: true });
const module = new WebAssembly.Module(readFileSync(program));
process.exitCode = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
)";

Runner none(std::string why) {
  Runner runner;
  runner.missing = std::move(why);
  return runner;
}

bool is_installed(const std::string& program) {
  return static_cast<bool>(llvm::sys::findProgramByName(program));
}

/// The word that says which runner, when none was asked for.
std::string fitting(const llvm::Triple& machine) {
  const llvm::Triple host(llvm::sys::getDefaultTargetTriple());
  if (machine.getArch() == host.getArch() && machine.getOS() == host.getOS()) return "native";
  if (machine.isOSLinux()) return "qemu-user";
  if (machine.isOSWindows()) return "wine";
  if (machine.isWasm()) return is_installed("node") || !is_installed("wasmtime") ? "node" : "wasmtime";
  return {};
}

Runner qemu(const llvm::Triple& machine) {
  const TargetInfo* info = target_info(architecture_of(machine.str()));
  if (info == nullptr || info->emulator.empty())
    return none(say("no emulator for {} is known", machine.getArchName().str()));
  const std::string program(info->emulator);
  if (!is_installed(program)) return none(say("{} is not installed (Debian: {})", program, "qemu-user"));
  Runner runner{program, {program}, {}, {}, true};
  if (!info->emulated_cpu.empty())
    runner.command.insert(runner.command.end(), {"-cpu", std::string(info->emulated_cpu)});
  return runner;
}

Runner wine(const Workspace& workspace) {
  if (!is_installed("wine")) return none(say("{} is not installed (Debian: {})", "wine", "wine"));
  const std::string prefix = "WINEPREFIX=" + workspace.file("wine");
  return {"wine", {"env", prefix, "WINEDEBUG=-all", "wine"}, {"env", prefix, "wineserver", "-k"}, {}, false};
}

llvm::Expected<Runner> node(const Workspace& workspace) {
  if (!is_installed("node")) return none(say("{} is not installed (Debian: {})", "node", "nodejs"));
  const std::string path = workspace.file("wasi.mjs");
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool written =
      file != nullptr && std::fwrite(node_script.data(), 1, node_script.size(), file) == node_script.size();
  if (file != nullptr) written &= std::fclose(file) == 0;
  if (!written)
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   say("{}: cannot be written", path).c_str());
  return Runner{"node", {"node", "--no-warnings", path}, {}, {}, false};
}

}  // namespace

llvm::Expected<Runner> choose_runner(const std::string& asked, const llvm::Triple& machine,
                                     const Workspace& workspace) {
  const std::string word = asked.empty() ? fitting(machine) : asked;
  if (word.empty()) return none(say("nothing here runs programs for {}", machine.str()));
  if (word == "native") return Runner{"native", {}, {}, {}, false};
  if (word == "qemu-user") return qemu(machine);
  if (word == "wine") return wine(workspace);
  if (word == "node") return node(workspace);
  std::vector<std::string> command = log::split_command(word);
  if (command.empty() || !is_installed(command.front())) return none(say("{} is not installed", word));
  // It will run in another directory.
  if (command.front().find('/') != std::string::npos)
    command.front() = std::filesystem::absolute(command.front()).string();
  return Runner{word, std::move(command), {}, {}, true};
}

}  // namespace linkdx::verify
