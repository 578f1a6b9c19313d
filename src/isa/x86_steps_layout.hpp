// The shapes of the tables in x86_steps.inc, and the little of x86's encoding that is not in them: prefixes,
// and how long ModRM, SIB and displacement are. For the program that makes the tables and for the steps that
// follow them (x86_steps.hpp, which explains both).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linkdx::isa {

inline constexpr unsigned step_has_modrm = 0x1000, step_is_branch = 0x2000, step_invalid = 0x4000,
                          step_is_node = 0x8000;

/// Asks one bit of the context (below), and goes to one of two entries.
struct StepNode {
  std::uint8_t bit;
  std::uint16_t zero, one;
};

/// The context of a decision: where the bits stand that a node may ask. Register numbers are as they count,
/// not as they are stored.
namespace step_context {
inline constexpr unsigned rm = 0, mod = 3, b = 5, x = 6, r = 7, r2 = 8, vvvv = 9, v2 = 13, index = 14,
                          address_size = 17, suffix = 18, bits = 26;
}

/// One mode's way into the rows. Blocks are 256 rows, one for each opcode.
struct StepMode {
  bool is_64_bit;
  /// By map (4), prefixes (6: none, 66, f3, f2, 66 f3, 66 f2), lock, address size, W.
  const std::uint16_t* legacy_blocks;
  const std::uint16_t* vex_blocks;   ///< by map (VEX 1 to 3, XOP 8 to 10), pp, W, L, vvvv unused
  const std::uint16_t* evex_groups;  ///< by map (1, 2, 3, 5, 6), pp, W, opcode: 64 rows by length, broadcast,
                                     ///< zeroing, masked, unused
};

enum class PrefixKind : std::uint8_t {
  None,
  OperandSize,
  Rep,
  Repne,
  Lock,
  AddressSize,
  Segment,
  Rex,
  Escape,
  Vex2,
  Vex3,
  Evex,
  Xop,
};

constexpr std::array<PrefixKind, 256> prefix_kinds_of(bool is_64_bit) {
  std::array<PrefixKind, 256> kinds{};
  kinds[0x66] = PrefixKind::OperandSize;
  kinds[0x67] = PrefixKind::AddressSize;
  kinds[0xf0] = PrefixKind::Lock;
  kinds[0xf3] = PrefixKind::Rep;
  kinds[0xf2] = PrefixKind::Repne;
  for (unsigned segment : {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65}) kinds[segment] = PrefixKind::Segment;
  for (unsigned rex = 0x40; is_64_bit && rex < 0x50; ++rex) kinds[rex] = PrefixKind::Rex;
  kinds[0x0f] = PrefixKind::Escape;
  kinds[0xc5] = PrefixKind::Vex2;
  kinds[0xc4] = PrefixKind::Vex3;
  kinds[0x62] = PrefixKind::Evex;
  kinds[0x8f] = PrefixKind::Xop;
  return kinds;
}
inline constexpr std::array<PrefixKind, 256> prefix_kinds_64 = prefix_kinds_of(true),
                                             prefix_kinds_32 = prefix_kinds_of(false);

/// Bytes of ModRM, SIB and displacement by the ModRM byte, with addresses of 32 or 64 bits; a SIB byte with
/// base 5 may add four.
inline constexpr std::array<std::uint8_t, 256> modrm_lengths = [] {
  std::array<std::uint8_t, 256> lengths{};
  for (unsigned modrm = 0; modrm < 256; ++modrm) {
    unsigned mod = modrm >> 6, rm = modrm & 7;
    const bool four = mod == 2 || (mod == 0 && rm == 5);
    lengths[modrm] = static_cast<std::uint8_t>(1 + (mod != 3 && rm == 4) + (mod == 1 ? 1 : four ? 4 : 0));
  }
  return lengths;
}();

inline unsigned length_from_modrm(const std::uint8_t* at, bool address_of_16_bits) {
  const unsigned modrm = *at;
  if (address_of_16_bits) {
    const unsigned mod = modrm >> 6, rm = modrm & 7;
    return 1 + (mod == 1 ? 1 : mod == 2 || (mod == 0 && rm == 6) ? 2 : 0);
  }
  return modrm_lengths[modrm] + ((modrm & 0xc7) == 4 && (at[1] & 7) == 5 ? 4u : 0u);
}

}  // namespace linkdx::isa
