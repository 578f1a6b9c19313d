// Steps over x86 instructions, in 64-bit and in 32-bit code: how long an instruction is and which features it
// needs, from tables, without decoding its operands.
//
// A few bits of an encoding decide both nearly always: the opcode map and opcode, the mandatory prefix, the
// operand size, W, the vector length, whether VEX.vvvv is unused, and of the ModRM byte its register field
// and whether it names memory (Intel SDM vol. 2, chapter 2). These pick an entry of step_entries. Seldom it
// takes more: which register it is (`mov` to a segment register, a gather whose registers must differ), all
// of ModRM (x87, `0f 01`), 3DNow!'s opcode after the operands. Then the entry names a node of a decision
// diagram, whose every step asks one more bit.
//
// scripts/generate-x86-steps fills the tables: it asks Zydis about every key, with many values of all other
// bits, and about each of the bits that turns out to matter. What Zydis 4.0 takes for invalid is invalid
// here.
//
// An entry: bits 0-7 the class of features, 8-11 bytes after ModRM and displacement, bit 12 has ModRM, bit 13
// is a relative branch; or `step_invalid`; or bit 15 and the number of a node.
#pragma once

#include "linkdx/isa.hpp"
#include "x86_steps_layout.hpp"

namespace linkdx::isa {

#include "x86_steps.inc"

inline constexpr StepMode steps_of_64_bit{true, legacy_blocks_64, vex_blocks_64, evex_groups_64};
inline constexpr StepMode steps_of_32_bit{false, legacy_blocks_32, vex_blocks_32, evex_groups_32};

struct X86Step {
  std::uint8_t length = 0;    ///< 0: not an instruction that Zydis knows
  std::uint8_t features = 0;  ///< index into step_classes; 0 needs nothing
  std::uint8_t branch = 0;    ///< bytes of the distance at the instruction's end; 0: no relative branch
};

/// Follows the nodes of a decision diagram to an entry.
[[gnu::noinline]] inline unsigned decided_entry(const std::uint8_t* at, unsigned entry, unsigned context,
                                                bool address_of_16_bits) {
  namespace c = step_context;
  context |= (*at & 7u) << c::rm | (*at >> 6 & 3u) << c::mod | (at[1] >> 3 & 7u) << c::index;
  context |= unsigned(at[length_from_modrm(at, address_of_16_bits)]) << c::suffix;
  while ((entry & step_is_node) != 0) {
    const StepNode& node = step_nodes[entry & ~step_is_node];
    entry = (context >> node.bit & 1) != 0 ? node.one : node.zero;
  }
  return entry;
}

/// What a row says once the opcode is behind `at`. `context` holds the bits of prefixes.
inline X86Step step_by_row(const std::uint8_t* code, const std::uint8_t* at, unsigned row, unsigned context,
                           bool address_of_16_bits) {
  const unsigned modrm = *at;
  unsigned entry = step_entries[row * 16 + ((modrm >= 0xc0 ? 8u : 0u) | (modrm >> 3 & 7))];
  if (entry >= step_invalid) {
    if (entry != step_invalid) entry = decided_entry(at, entry, context, address_of_16_bits);
    if (entry == step_invalid) return {};
  }
  // Without branches: whether an instruction has a ModRM byte is hard to foresee.
  const unsigned with_modrm = -(entry >> 12 & 1), after = entry >> 8 & 15;
  const unsigned length =
      static_cast<unsigned>(at - code) + after + (with_modrm & length_from_modrm(at, address_of_16_bits));
  if (length > 15) return {};
  return {static_cast<std::uint8_t>(length), static_cast<std::uint8_t>(entry),
          static_cast<std::uint8_t>(-(entry >> 13 & 1) & after)};
}

/// VEX and XOP (Intel SDM vol. 2, 2.3; AMD APM vol. 3, 1.2.5): `bits` is the last payload byte, `map` 0 to 2
/// for VEX, 3 to 5 for XOP.
inline X86Step step_vex(const StepMode& mode, const std::uint8_t* code, const std::uint8_t* at, unsigned map,
                        unsigned rxb, unsigned bits, bool other_address_size) {
  namespace c = step_context;
  const unsigned vvvv = ~bits >> 3 & 15, wide = bits >> 7, length = bits >> 2 & 1;
  const unsigned block =
      mode.vex_blocks[(((map * 4 + (bits & 3)) * 2 + wide) * 2 + length) * 2 + (vvvv == 0)];
  const unsigned context = rxb | vvvv << c::vvvv | unsigned(other_address_size) << c::address_size;
  return step_by_row(code, at + 1, opcode_rows[block * 256u + *at], context,
                     other_address_size && !mode.is_64_bit);
}

/// EVEX (Intel SDM vol. 2, 2.7): two levels of tables, because its many bits are mostly invalid together.
/// `at` is behind the 62.
inline X86Step step_evex(const StepMode& mode, const std::uint8_t* code, const std::uint8_t* at,
                         bool other_address_size) {
  namespace c = step_context;
  const unsigned p0 = at[0], p1 = at[1], p2 = at[2], opcode = at[3], map = p0 & 7;
  if ((p0 & 8) != 0 || (p1 & 4) == 0 || map == 0 || map == 4 || map == 7) return {};
  const unsigned group =
      mode.evex_groups[(((map > 3 ? map - 2 : map - 1) * 4 + (p1 & 3)) * 2 + (p1 >> 7)) * 256 + opcode];
  const unsigned vvvv = ~p1 >> 3 & 15, v2 = ~p2 >> 3 & 1, zeroing = p2 >> 7, masked = (p2 & 7) != 0;
  const unsigned form = (((p2 >> 4 & 7) * 2 + zeroing) * 2 + masked) * 2 + (vvvv == 0 && v2 == 0);
  const unsigned context = (~p0 & 0xe0) | (~p0 & 0x10) << 4 | vvvv << c::vvvv | v2 << c::v2 |
                           unsigned(other_address_size) << c::address_size;
  return step_by_row(code, at + 4, evex_rows[group * 64u + form], context,
                     other_address_size && !mode.is_64_bit);
}

/// Encodings with legacy prefixes, VEX, XOP or EVEX.
inline X86Step step_with_prefixes(const StepMode& mode, const std::array<PrefixKind, 256>& kinds,
                                  const std::uint8_t* code) {
  const std::uint8_t* at = code;
  unsigned operand_size = 0, address_size = 0, lock = 0, rex = 0;
  unsigned mandatory = 0;  // 2 and 3 for f3 and f2, the last counts
  for (;; ++at) {
    if (at - code > 14) return {};
    const std::uint8_t byte = *at;
    const PrefixKind kind = kinds[byte];
    switch (kind) {
      case PrefixKind::Segment:
        break;
      case PrefixKind::OperandSize:
        operand_size = 1;
        break;
      case PrefixKind::Rep:
        mandatory = 2;
        break;
      case PrefixKind::Repne:
        mandatory = 3;
        break;
      case PrefixKind::Lock:
        lock = 1;
        break;
      case PrefixKind::AddressSize:
        address_size = 1;
        break;
      case PrefixKind::Rex:
        rex = byte;
        continue;
      default: {
        const bool not_vex = (kind == PrefixKind::Xop && (at[1] & 31) < 8) ||  // POP
                             (kind >= PrefixKind::Vex2 && kind != PrefixKind::Xop && !mode.is_64_bit &&
                              at[1] < 0xc0);  // LES, LDS, BOUND
        if (kind >= PrefixKind::Vex2 && !not_vex) {
          if (mandatory + operand_size + lock + rex != 0) return {};
          if (kind == PrefixKind::Evex) return step_evex(mode, code, at + 1, address_size != 0);
          if (kind == PrefixKind::Vex2)
            return step_vex(mode, code, at + 2, 0, ~at[1] & 0x80, at[1] & 0x7f, address_size != 0);
          const unsigned map = at[1] & 31, first = kind == PrefixKind::Xop ? 8 : 1;
          if (map - first > 2) return {};
          return step_vex(mode, code, at + 3, map - first + (kind == PrefixKind::Xop ? 3 : 0), ~at[1] & 0xe0,
                          at[2], address_size != 0);
        }
        unsigned map = 0, opcode = *at++;
        if (opcode == 0x0f) {
          map = 1;
          opcode = *at++;
          if (opcode == 0x38 || opcode == 0x3a) {
            map = opcode == 0x38 ? 2 : 3;
            opcode = *at++;
          }
        }
        const unsigned prefixes = mandatory == 0 ? operand_size : mandatory + 2 * operand_size;
        const unsigned block =
            mode.legacy_blocks[(((map * 6 + prefixes) * 2 + lock) * 2 + address_size) * 2 + (rex >> 3 & 1)];
        return step_by_row(code, at, opcode_rows[block * 256u + opcode], (rex & 7) << step_context::b,
                           address_size != 0 && !mode.is_64_bit);
      }
    }
    rex = 0;  // REX counts only directly before the opcode
  }
}

/// The instruction that begins at `code`. 32 bytes from there must be readable, whatever they hold.
inline X86Step step_x86_64(const std::uint8_t* code) {
  // Most instructions are an opcode of the first map, with or without REX: no branch decides between the two.
  static_assert(legacy_blocks_64[0] == 0 && legacy_blocks_64[1] == 1);
  const unsigned first = *code, rex = (first & 0xf0) == 0x40, wide = rex & first >> 3;
  const unsigned opcode = code[rex];
  if (prefix_kinds_64[opcode] == PrefixKind::None)
    return step_by_row(code, code + rex + 1, opcode_rows[wide * 256 + opcode],
                       (first & 7 & -rex) << step_context::b, false);
  return step_with_prefixes(steps_of_64_bit, prefix_kinds_64, code);
}

/// The same in 32-bit code.
inline X86Step step_i386(const std::uint8_t* code) {
  if (prefix_kinds_32[*code] == PrefixKind::None)
    return step_by_row(code, code + 1, opcode_rows[legacy_blocks_32[0] * 256 + *code], 0, false);
  return step_with_prefixes(steps_of_32_bit, prefix_kinds_32, code);
}

/// What the step's class needs.
const FeatureSet& features_of_step(Arch arch, X86Step step);

}  // namespace linkdx::isa
