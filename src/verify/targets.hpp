// What is known of each architecture, and the names that targets have elsewhere. See targets.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llvm/TargetParser/Triple.h>

namespace linkdx::verify {

/// A row of targets.inc.
struct TargetInfo {
  std::string_view architecture, configurations, baseline, emulator, emulated_cpu, older_cpu;
  bool told;
};
/// Null for an architecture without a row.
const TargetInfo* target_info(std::string_view architecture);

/// The words of a table's cell.
std::vector<std::string> words_of(std::string_view cell);

/// Flags by which GCC and clang are held to the lowest CPU of the architecture.
std::vector<std::string> baseline_flags(std::string_view architecture);

/// LLVM's view of a triple in any of its spellings: GNU's, rustc's (`riscv64gc-...`), LLVM's own.
llvm::Triple triple_of(std::string_view name);

/// rustc's name of the target (`rustc --print target-list`); a compiler may call it x86_64-linux-gnu or
/// x86_64-pc-linux-gnu.
std::string rustc_target(const std::string& target);

}  // namespace linkdx::verify
