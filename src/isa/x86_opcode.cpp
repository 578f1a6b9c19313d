// See x86_opcode.hpp.
#include "x86_opcode.hpp"

#include <algorithm>

#include "x86_steps.hpp"

namespace linkdx::isa {

X86Opcode opcode_of_x86(std::span<const std::uint8_t> instruction) {
  X86Opcode found;
  std::size_t at = 0;
  const auto byte = [&](std::size_t i) -> unsigned { return i < instruction.size() ? instruction[i] : 0; };
  for (;; ++at) {
    const unsigned prefix = byte(at);
    const bool legacy = prefix == 0x66 || prefix == 0x67 || prefix == 0xf2 || prefix == 0xf3 ||
                        prefix == 0xf0 || prefix == 0x2e || prefix == 0x36 || prefix == 0x3e ||
                        prefix == 0x26 || prefix == 0x64 || prefix == 0x65;
    if (!legacy || at >= instruction.size()) break;
    found.thread_local_ |= prefix == 0x64 || prefix == 0x65;
  }
  const unsigned first = byte(at);
  if (first == 0xc5 || first == 0xc4 || first == 0x62) {
    found.vector = true;
    found.map = first == 0xc5 ? 1 : byte(at + 1) & (first == 0xc4 ? 31 : 7);
    at += first == 0xc5 ? 2 : first == 0xc4 ? 3 : 4;
  } else {
    if ((first & 0xf0) == 0x40) ++at;
    if (byte(at) == 0x0f) {
      found.map = byte(at + 1) == 0x38 ? 2 : byte(at + 1) == 0x3a ? 3 : 1;
      at += found.map == 1 ? 1 : 2;
    }
  }
  found.opcode = byte(at);
  found.modrm = at + 1;
  return found;
}

X86Walk::X86Walk(std::span<const std::uint8_t> bytes)
    : bytes_(bytes), tail_begin_(bytes.size() < reach ? 0 : bytes.size() - reach) {
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(tail_begin_), bytes.end(), tail_.begin());
}

std::size_t X86Walk::length_at(std::size_t at) const {
  const X86Step step = step_x86_64(at < tail_begin_ ? bytes_.data() + at : tail_.data() + (at - tail_begin_));
  return step.length == 0 ? 1 : step.length;
}

}  // namespace linkdx::isa
