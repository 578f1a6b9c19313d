// The step tables against Zydis, from which they were made: at every offset both must find the same length,
// the same needs and the same branch, or both no instruction. Every offset of this program's own file is
// tried, code and data alike, and bytes drawn at random.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "x86_steps.hpp"
#include "x86_zydis.hpp"

using namespace linkdx::isa;

namespace {

struct Comparison {
  std::size_t instructions = 0, different = 0;
};

Comparison compare(Arch arch, const std::vector<std::uint8_t>& bytes) {
  const ZydisNeeds needs(arch);
  const ZydisDecoder decoder = zydis_decoder(arch);
  Comparison result;
  for (std::size_t at = 0; at + 32 <= bytes.size(); ++at) {
    const X86Step step = arch == Arch::X86 ? step_i386(bytes.data() + at) : step_x86_64(bytes.data() + at);
    ZydisDecodedInstruction instruction;
    const bool decoded = zydis_decodes(decoder, {bytes.data() + at, 32}, instruction);
    result.instructions += decoded;
    const bool same = decoded
                          ? instruction.length == step.length && branch_width(instruction) == step.branch &&
                                needs.of(instruction) == features_of_step(arch, step)
                          : step.length == 0;
    if (same) continue;
    if (++result.different <= 5) {
      std::string text;
      for (std::size_t i = 0; i < 16; ++i)
        text += "0123456789abcdef"[bytes[at + i] >> 4], text += "0123456789abcdef"[bytes[at + i] & 15],
            text += ' ';
      MESSAGE(text << ": step " << int(step.length) << " " << step_classes[step.features] << ", Zydis "
                   << (decoded ? int(instruction.length) : 0));
    }
  }
  return result;
}

/// Bytes drawn at random, with the prefixes and escapes that matter more frequent than chance has them.
std::vector<std::uint8_t> random_bytes() {
  std::mt19937 random(1);
  const std::uint8_t frequent[] = {0x66, 0xf2, 0xf3, 0x67, 0xf0, 0x0f, 0x48, 0x41, 0xc4,
                                   0xc5, 0x8f, 0x38, 0x3a, 0x2e, 0x64, 0x62, 0x62};
  std::vector<std::uint8_t> bytes(2u << 20);
  for (std::uint8_t& byte : bytes)
    byte = random() % 4 == 0 ? frequent[random() % std::size(frequent)] : static_cast<std::uint8_t>(random());
  return bytes;
}

/// EVEX and VEX prefixes that are well formed, before random opcodes and operands.
std::vector<std::uint8_t> vector_encodings(Arch arch) {
  std::mt19937 random(2);
  auto byte = [&] { return static_cast<std::uint8_t>(random()); };
  const unsigned fixed = arch == Arch::X86 ? 0xc0 : 0;
  std::vector<std::uint8_t> bytes;
  while (bytes.size() < 4u << 20) {
    static constexpr std::uint8_t maps[] = {1, 2, 3, 5, 6};
    if (random() % 4 != 0) {
      const unsigned vvvv = random() % 2 ? 0x78 : byte() & 0x78, v2 = random() % 2 ? 8 : byte() & 8;
      bytes.insert(
          bytes.end(),
          {0x62, static_cast<std::uint8_t>(fixed | (byte() & 0xf0) | maps[random() % 5]),
           static_cast<std::uint8_t>((byte() & 0x83) | vvvv | 4),
           static_cast<std::uint8_t>((byte() & 0x77) | v2 | (random() % 4 == 0 ? 0x80 : 0)), byte()});
    } else {
      const bool xop = random() % 4 == 0;
      const unsigned vvvv = random() % 2 ? 0x78 : byte() & 0x78;
      bytes.insert(bytes.end(), {static_cast<std::uint8_t>(xop ? 0x8f : 0xc4),
                                 static_cast<std::uint8_t>(fixed | (byte() & 0xe0) |
                                                           (xop ? 8 + random() % 3 : 1 + random() % 3)),
                                 static_cast<std::uint8_t>((byte() & 0x87) | vvvv), byte()});
    }
    for (unsigned i = 0; i < 6; ++i)
      bytes.push_back(i == 0 && random() % 3 == 0 ? static_cast<std::uint8_t>((byte() & 0xb8) | 4)
                                                  : byte());  // often with SIB
  }
  return bytes;
}

}  // namespace

TEST_CASE("x86 steps: the bytes of this program") {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::vector<std::uint8_t> bytes(2u << 20);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  for (Arch arch : {Arch::X86_64, Arch::X86}) {
    const Comparison result = compare(arch, bytes);
    CHECK(result.different == 0);
    CHECK(result.instructions > 1000000);
  }
}

TEST_CASE("x86 steps: random bytes") {
  for (Arch arch : {Arch::X86_64, Arch::X86}) {
    const Comparison result = compare(arch, random_bytes());
    CHECK(result.different == 0);
    CHECK(result.instructions > 500000);
  }
}

TEST_CASE("x86 steps: random VEX, XOP and EVEX encodings") {
  for (Arch arch : {Arch::X86_64, Arch::X86}) {
    const Comparison result = compare(arch, vector_encodings(arch));
    CHECK(result.different == 0);
    CHECK(result.instructions > 500000);
  }
}
