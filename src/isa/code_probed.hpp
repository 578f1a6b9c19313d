// Needs of code where no table says which instruction needs what. LLVM's disassemblers enforce features (generated from the Predicates in
// llvm/lib/Target/*/*.td), so they are asked: with everything on, which features can be taken away one after the other, newest first,
// so that the bytes stay the same instruction? What cannot is needed. Taking the newest away first settles the cases where several
// features alone allow an instruction: the older one, which ordinary code means, is what stays.
//
// The answer depends on LLVM's opcode and little else, and is remembered for it, so that code costs little more than its decode.
#pragma once

#include <span>
#include <string_view>

#include "code.hpp"

namespace linkdx::isa {

/// One of the ways to read bytes for which extensions of one architecture claim the same encodings (RISC-V: Zcmp and the compressed
/// loads of D; ARM: NEON and MVE). Readings are tried in their order; the first that knows the bytes counts.
struct Reading {
  std::string_view without;       ///< features that are off in it, with all that imply them
  std::string_view declared_by;   ///< not empty: only for code that declares one of these, and then before the others
};

/// How code of one kind is probed.
struct ProbedCode {
  Arch arch = Arch::Unknown;      ///< whose catalogue numbers the features
  const char* triple = "";
  const char* always = "";        ///< LLVM's feature string for what is always on and no feature of the catalogue: `+v8a`
  std::span<const Reading> readings = {};   ///< none: everything at once
  unsigned step = 4;              ///< what bytes that are no instruction are stepped over by
  /// Opcodes (LLVM's names) as which an instruction does no harm on a CPU that does not know it: hints.
  std::span<const std::string_view> hints = {};
  /// Opcodes whose operands decide what they need, as LLVM's text for them shows: system registers.
  std::span<const std::string_view> decided_by_text = {};
  /// Registers (LLVM's names) that not every CPU with the instruction has.
  bool (*is_optional_register)(std::string_view name) = nullptr;
  /// Adds the branch that the instruction is, if it is one that leaves the `size` bytes at `address`.
  void (*add_branch)(std::span<const std::uint8_t> instruction, std::uint64_t at, std::uint64_t address, std::uint64_t size,
                     std::vector<Branch>& branches) = nullptr;
};

/// `how` must live as long as the program: what was learned is kept for it, for each thread.
CodeNeeds needs_of_probed(const ProbedCode& how, std::span<const std::uint8_t> bytes, std::uint64_t address,
                          std::vector<Branch>* branches, const FeatureSet& declared);

/// For add_branch: tells a branch whose distance is 0, for a relocation may fill it in, or which leaves the bytes.
void add_if_leaving(std::uint64_t field, std::uint64_t target, bool unfilled, std::uint64_t address, std::uint64_t size,
                    std::vector<Branch>& branches);

}  // namespace linkdx::isa
