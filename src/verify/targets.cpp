// The same target has several names, and each architecture its own lowest CPU, emulator and levels worth
// trying. Names: rustc's are in `rustc --print target-list`, GNU's in config.sub, LLVM's in
// llvm/TargetParser/Triple.h; the rest is in targets.inc.
#include "targets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "linkdx/verify.hpp"

namespace linkdx::verify {
namespace {

constexpr TargetInfo target_table[] = {
#define LINKDX_TARGET(architecture, configurations, baseline, emulator, emulated_cpu, older_cpu, told) \
  {architecture, configurations, baseline, emulator, emulated_cpu, older_cpu, told},
#include "targets.inc"
#undef LINKDX_TARGET
};

/// Where rustc's first word is not LLVM's name of the architecture.
struct RustWord {
  std::string_view architecture, word;
};
constexpr RustWord rust_words[] = {{"i386", "i686"}, {"riscv64", "riscv64gc"}, {"riscv32", "riscv32gc"}};

}  // namespace

const TargetInfo* target_info(std::string_view architecture) {
  for (const TargetInfo& info : target_table) {
    if (info.architecture == architecture) return &info;
  }
  return nullptr;
}

std::vector<std::string> words_of(std::string_view cell) {
  std::vector<std::string> words;
  while (!cell.empty()) {
    const std::size_t end = std::min(cell.find(' '), cell.size());
    if (end != 0) words.emplace_back(cell.substr(0, end));
    cell.remove_prefix(std::min(end + 1, cell.size()));
  }
  return words;
}

std::vector<std::string> baseline_flags(std::string_view architecture) {
  const TargetInfo* info = target_info(architecture);
  return info == nullptr ? std::vector<std::string>() : words_of(info->baseline);
}

llvm::Triple triple_of(std::string_view name) {
  // LLVM's parser of triples does not take extensions in RISC-V's names: `riscv64gc`, `riscv64imac`.
  std::string text(name);
  for (std::string_view riscv : {"riscv64", "riscv32"}) {
    if (text.starts_with(riscv))
      text = std::string(riscv) + text.substr(std::min(text.find('-'), text.size()));
  }
  return llvm::Triple(llvm::Triple::normalize(text));
}

std::string architecture_of(std::string_view triple) {
  const llvm::Triple parsed = triple_of(triple);
  return parsed.getArch() == llvm::Triple::UnknownArch
             ? std::string(triple.substr(0, triple.find('-')))
             : llvm::Triple::getArchTypeName(parsed.getArch()).str();
}

std::string rustc_target(const std::string& target) {
  const llvm::Triple triple = triple_of(target);
  std::string architecture = architecture_of(target);
  for (const RustWord& each : rust_words) {
    if (each.architecture == architecture) architecture = each.word;
  }
  if (triple.getArch() == llvm::Triple::arm)
    architecture = target.starts_with("armv")                    ? target.substr(0, target.find('-'))
                   : triple.getEnvironmentName().ends_with("hf") ? "armv7"
                                                                 : "arm";
  if (triple.isOSLinux() && !triple.isAndroid())
    return fmt::format("{}-unknown-linux-{}", architecture, triple.getEnvironmentName().str());
  if (triple.isOSWindows())
    return fmt::format("{}-pc-windows-{}", architecture, triple.isWindowsGNUEnvironment() ? "gnu" : "msvc");
  if (triple.isMacOSX() || triple.isOSDarwin()) return architecture + "-apple-darwin";
  return target;
}

}  // namespace linkdx::verify
