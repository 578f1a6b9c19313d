// Needs of code where LLVM's disassembler does not enforce features (PowerPC, LoongArch): it says which
// instruction the bytes are, and a table of the architecture says what an instruction of that name needs.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "code.hpp"

namespace linkdx::isa {

struct RuledCode {
  Arch arch = Arch::Unknown;
  const char* triple = "";
  const char* features = "";  ///< LLVM's feature string with which its disassembler reads all there is
  unsigned step = 4;          ///< what bytes that are no instruction are stepped over by
  /// The features that an opcode of LLVM's name needs, separated by spaces; nothing for one that the table
  /// does not have, which then counts as undecoded, because what it needs is not known.
  std::optional<std::string_view> (*needs)(std::string_view opcode) = nullptr;
  /// Adds the branch that the instruction is, if it is one that leaves the `size` bytes at `address`.
  void (*add_branch)(std::span<const std::uint8_t> instruction, std::uint64_t at, std::uint64_t address,
                     std::uint64_t size, std::vector<Branch>& branches) = nullptr;
};

/// `how` must live as long as the program: what was looked up is kept for it, for each thread.
CodeNeeds needs_of_ruled(const RuledCode& how, std::span<const std::uint8_t> bytes, std::uint64_t address,
                         std::vector<Branch>* branches);

}  // namespace linkdx::isa
