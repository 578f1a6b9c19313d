// Needs of code where no table says which instruction needs what. LLVM's disassemblers enforce features
// (generated from the Predicates in llvm/lib/Target/*/*.td), so they are asked: with everything on, which
// features can be taken away one after the other, newest first, so that the bytes stay the same instruction?
// What cannot is needed. Taking the newest away first settles the cases where several features alone allow an
// instruction: the older one, which ordinary code means, is what stays.
//
// The answer depends on LLVM's opcode and little else, and is remembered for it, so that code costs little
// more than its decode.
#pragma once

#include <span>
#include <string_view>

#include "code.hpp"

namespace linkdx::isa {

/// One of the ways to read bytes for which extensions of one architecture claim the same encodings (RISC-V:
/// Zcmp and the compressed loads of D; ARM: NEON and MVE). Readings are tried in their order; the first that
/// knows the bytes counts.
struct Reading {
  std::string_view without;  ///< features that are off in it, with all that imply them
  std::string_view
      declared_by;  ///< not empty: only for code that declares one of these, and then before the others
};

/// An instruction in the code that is read.
struct CodeAt {
  std::span<const std::uint8_t> bytes;  ///< from it to the end of the code
  std::size_t instruction_size = 0;
  std::uint64_t at = 0;       ///< offset in the code
  std::uint64_t address = 0;  ///< of the code's first byte
  std::uint64_t code_size = 0;
};
/// Data that an instruction loads from among the code: where, counted from the instruction, and how many
/// bytes. None: no bytes.
struct Literal {
  std::int64_t distance = 0;
  std::size_t size = 0;
};

/// An opcode (LLVM's name) of which LLVM's decoder does not ask what its assembler does. Words of the
/// catalogue.
struct Unenforced {
  std::string_view opcode, features;
};

/// How code of one kind is probed.
struct ProbedCode {
  Arch arch = Arch::Unknown;  ///< whose catalogue numbers the features
  const char* triple = "";
  const char* always =
      "";  ///< LLVM's feature string for what is always on and no feature of the catalogue: `+v8a`
  std::span<const Reading> readings = {};  ///< none: everything at once
  unsigned step = 4;                       ///< the smallest instruction
  /// How long an instruction that begins so is, where the encoding says so even if nobody knows it. Null:
  /// `step`.
  std::size_t (*length_of)(std::span<const std::uint8_t> bytes) = nullptr;
  /// Opcodes (LLVM's names) as which an instruction does no harm on a CPU that does not know it: hints.
  std::span<const std::string_view> hints = {};
  std::span<const Unenforced> unenforced = {};
  /// Opcodes whose operands decide what they need, as LLVM's text for them shows: system registers.
  std::span<const std::string_view> decided_by_text = {};
  /// What those need beside it, by their immediate operands: for registers whose features LLVM does not know.
  /// Words of the catalogue.
  std::string_view (*also_needs)(std::span<const std::int64_t> immediates) = nullptr;
  /// Registers (LLVM's names) that not every CPU with the instruction has.
  bool (*is_optional_register)(std::string_view name) = nullptr;
  /// Adds the branch that the instruction is, if it leaves the code.
  void (*add_branch)(const CodeAt& code, std::vector<Branch>& branches) = nullptr;
  Literal (*literal_of)(const CodeAt& code) = nullptr;
};

/// `how` must live as long as the program: what was learned is kept for it, for each thread.
CodeNeeds needs_of_probed(const ProbedCode& how, std::span<const std::uint8_t> bytes, std::uint64_t address,
                          std::vector<Branch>* branches, const FeatureSet& declared);

/// Adds the branch whose distance stands at offset `field` if it leaves the code, or if a relocation may fill
/// it in because it is `unfilled`.
void add_if_leaving(std::uint64_t field, std::uint64_t target, bool unfilled, std::uint64_t address,
                    std::uint64_t size, std::vector<Branch>& branches);
/// The same for a distance that stands in the instruction and counts from its first byte.
void add_if_leaving(const CodeAt& code, std::int64_t distance, bool unfilled, std::vector<Branch>& branches);

}  // namespace linkdx::isa
