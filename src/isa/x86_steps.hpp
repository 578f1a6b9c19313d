// Steps over x86-64 instructions: how long an instruction is and which features it needs, from tables, without decoding its operands.
//
// Nearly all code is made of encodings for which a few bits decide both: the opcode map and opcode, the last mandatory prefix,
// REX.W or VEX.W, VEX.L, whether VEX.vvvv is unused, and of the ModRM byte its register field and whether it
// names memory (Intel SDM vol. 2, chapter 2). scripts/generate-x86-steps asked Zydis about every such key with many values of all
// other bits. Where the answers agree, the entry holds them; where they do not, and for what is rare or depends on more (LOCK,
// address size, XOP, vector indices, invalid bytes), the answer is "not sure", and the full decoder is asked.
//
// An entry: bits 0-7 the class of features, 8-11 bytes after ModRM and displacement, bit 12 has ModRM, bit 13 is a relative branch.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linkdx::isa {

#include "x86_steps.inc"

struct X86Step {
  std::uint8_t length = 0;      ///< 0: not sure
  std::uint8_t features = 0;    ///< index into step_classes; 0 needs nothing
  std::uint8_t branch = 0;      ///< bytes of the distance at the instruction's end; 0: no relative branch
};

enum class PrefixKind : std::uint8_t { None, OperandSize, Rep, Repne, Segment, Rex, Escape, Vex2, Vex3, Evex, Unsure };

inline constexpr std::array<PrefixKind, 256> prefix_kinds = [] {
  std::array<PrefixKind, 256> kinds{};
  kinds[0x66] = PrefixKind::OperandSize;
  kinds[0xf3] = PrefixKind::Rep;
  kinds[0xf2] = PrefixKind::Repne;
  for (unsigned segment : {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65})
    kinds[segment] = PrefixKind::Segment;
  for (unsigned rex = 0x40; rex < 0x50; ++rex)
    kinds[rex] = PrefixKind::Rex;
  kinds[0x0f] = PrefixKind::Escape;
  kinds[0xc5] = PrefixKind::Vex2;
  kinds[0xc4] = PrefixKind::Vex3;
  kinds[0x62] = PrefixKind::Evex;
  for (unsigned other : {0x67, 0xf0, 0x8f})   // address size, LOCK, XOP or POP
    kinds[other] = PrefixKind::Unsure;
  return kinds;
}();

/// Bytes of ModRM, SIB and displacement by the ModRM byte; a SIB byte with base 5 may add four.
inline constexpr std::array<std::uint8_t, 256> modrm_lengths = [] {
  std::array<std::uint8_t, 256> lengths{};
  for (unsigned modrm = 0; modrm < 256; ++modrm) {
    unsigned mod = modrm >> 6, rm = modrm & 7;
    lengths[modrm] = static_cast<std::uint8_t>(1 + (mod != 3 && rm == 4) + (mod == 1 ? 1 : mod == 2 || (mod == 0 && rm == 5) ? 4 : 0));
  }
  return lengths;
}();

/// What a row says once the opcode is behind `at`.
inline X86Step step_by_row(const std::uint8_t* code, const std::uint8_t* at, unsigned row) {
  const unsigned modrm = *at;
  const unsigned entry = step_entries[row * 16 + ((modrm >= 0xc0 ? 8u : 0u) | (modrm >> 3 & 7))];
  if ((entry & 0xff) == 0xff)
    return {};
  // Without branches: whether an instruction has a ModRM byte is hard to foresee.
  const unsigned with_modrm = -(entry >> 12 & 1);
  const unsigned far_base = (modrm & 0xc7) == 4 && (at[1] & 7) == 5 ? 4 : 0;
  const unsigned length = static_cast<unsigned>(at - code) + (entry >> 8 & 15) + (with_modrm & (modrm_lengths[modrm] + far_base));
  if (length > 15)
    return {};
  return {static_cast<std::uint8_t>(length), static_cast<std::uint8_t>(entry), static_cast<std::uint8_t>(-(entry >> 13 & 1) & (entry >> 8 & 15))};
}

/// EVEX (Intel SDM vol. 2, 2.7): two levels of tables, because its many bits are mostly invalid together.
inline X86Step step_evex(const std::uint8_t* code) {
  const unsigned p0 = code[1], p1 = code[2], p2 = code[3], opcode = code[4], map = p0 & 7;
  if ((p0 & 8) != 0 || (p1 & 4) == 0 || map == 0 || map == 4 || map == 7)
    return {};
  const unsigned group = (((map > 3 ? map - 2 : map - 1) * 4 + (p1 & 3)) * 2 + (p1 >> 7)) * 256 + opcode;
  const unsigned zeroing = p2 >> 7, masked = (p2 & 7) != 0;
  if (zeroing > masked)
    return {};
  const unsigned unused = (p1 >> 3 & 15) == 15 && (p2 & 8) != 0;
  const unsigned form = (((p2 >> 5 & 3) * 2 + (p2 >> 4 & 1)) * 3 + zeroing + masked) * 2 + unused;
  return step_by_row(code, code + 5, evex_rows[evex_groups[group] * 48u + form]);
}

/// Encodings with legacy prefixes, VEX or EVEX.
inline X86Step step_with_prefixes(const std::uint8_t* code) {
  const std::uint8_t* at = code;
  unsigned mandatory = 0;
  for (;;) {
    const std::uint8_t byte = *at++;
    switch (prefix_kinds[byte]) {
      case PrefixKind::Segment:
        break;
      case PrefixKind::OperandSize:
        if (mandatory > 1)
          return {};
        mandatory = 1;
        break;
      case PrefixKind::Rep:
      case PrefixKind::Repne: {
        const unsigned kind = byte == 0xf3 ? 2 : 3;
        if (mandatory != 0 && mandatory != kind)
          return {};
        mandatory = kind;
        break;
      }
      case PrefixKind::Rex:
      case PrefixKind::Escape:
      case PrefixKind::None: {
        // REX counts only directly before the opcode.
        const bool rex = (byte & 0xf0) == 0x40;
        const unsigned wide = rex ? byte >> 3 & 1 : 0;
        unsigned map = 0, opcode = rex ? *at++ : byte;
        if (opcode == 0x0f) {
          map = 1;
          opcode = *at++;
          if (opcode == 0x38 || opcode == 0x3a) {
            map = opcode == 0x38 ? 2 : 3;
            opcode = *at++;
          }
        } else if (prefix_kinds[opcode] != PrefixKind::None) {
          return {};
        }
        return step_by_row(code, at, legacy_rows[((map * 4 + mandatory) * 2 + wide) * 256 + opcode]);
      }
      case PrefixKind::Vex2: {
        if (at - code != 1)
          return {};
        const unsigned bits = *at++, opcode = *at++;
        const unsigned key = ((bits & 3) * 2 * 2 + (bits >> 2 & 1)) * 2 + ((bits >> 3 & 15) == 15);
        return step_by_row(code, at, vex_rows[key * 256 + opcode]);
      }
      case PrefixKind::Vex3: {
        if (at - code != 1)
          return {};
        const unsigned map = *at++ & 31, bits = *at++, opcode = *at++;
        if (map < 1 || map > 3)
          return {};
        const unsigned key = ((((map - 1) * 4 + (bits & 3)) * 2 + (bits >> 7)) * 2 + (bits >> 2 & 1)) * 2 + ((bits >> 3 & 15) == 15);
        return step_by_row(code, at, vex_rows[key * 256 + opcode]);
      }
      case PrefixKind::Evex:
        return at - code == 1 ? step_evex(code) : X86Step{};
      case PrefixKind::Unsure:
        return {};
    }
    if (at - code > 14)
      return {};
  }
}

/// The instruction that begins at `code`. 32 bytes from there must be readable, whatever they hold.
inline X86Step step_x86_64(const std::uint8_t* code) {
  // Most instructions are an opcode of the first map, with or without REX: no branch decides between the two.
  const unsigned first = *code, rex = (first & 0xf0) == 0x40, wide = rex & first >> 3;
  const unsigned opcode = code[rex];
  if (prefix_kinds[opcode] == PrefixKind::None)
    return step_by_row(code, code + rex + 1, legacy_rows[wide * 256 + opcode]);
  return step_with_prefixes(code);
}

}  // namespace linkdx::isa
