// Which instruction some bytes of x86 code are, as far as the opcode tells: for what looks at few
// instructions and needs no decoder. Encodings are those of the Intel SDM, vol. 2, chapter 2 ("Instruction
// Format") and appendix A (opcode maps).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace linkdx::isa {

/// Opcode maps as VEX numbers them: 0 is the one-byte map, 1 behind 0F, 2 behind 0F 38, 3 behind 0F 3A.
struct X86Opcode {
  unsigned map = 0, opcode = 0;
  bool vector = false;         ///< VEX or EVEX
  bool thread_local_ = false;  ///< FS or GS: not relative to the code
  std::size_t modrm = 0;       ///< where the ModRM byte would be
};

/// The opcode of a whole instruction, whose length is known.
X86Opcode opcode_of_x86(std::span<const std::uint8_t> instruction);

/// Steps through x86-64 code from instruction to instruction.
class X86Walk {
 public:
  explicit X86Walk(std::span<const std::uint8_t> bytes);
  /// Of the instruction there; 1 for what the tables are not sure of: rare, and the walk finds its way back
  /// within a few bytes.
  std::size_t length_at(std::size_t at) const;

 private:
  static constexpr std::size_t reach = 32;  ///< that the step tables may read
  std::span<const std::uint8_t> bytes_;
  std::size_t tail_begin_;
  std::array<std::uint8_t, 2 * reach> tail_{};
};

}  // namespace linkdx::isa
