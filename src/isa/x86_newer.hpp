// x86 instructions that the step tables do not know, because Zydis 4.0 does not: LLVM decodes them.
#pragma once

#include <cstdint>
#include <span>

#include "linkdx/isa.hpp"

namespace linkdx::isa {

struct NewerX86 {
  std::uint64_t length = 0;  ///< 0: no instruction, or one whose feature nobody can name
  FeatureSet features;
};
/// The instruction that begins the bytes, where the step tables say that it is none.
NewerX86 newer_x86(Arch arch, std::span<const std::uint8_t> bytes);

/// The instruction as text, in Intel's syntax. Where LLVM has no text for it, its bytes.
std::string x86_text(Arch arch, std::span<const std::uint8_t> instruction, std::uint64_t address);

}  // namespace linkdx::isa
