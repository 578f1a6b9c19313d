// The step tables against Zydis, from which they were made: wherever a step is sure, Zydis must agree on the length and on what the
// instruction needs. Every offset of this program's own file is tried, code and data alike, and bytes drawn at random.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "code.hpp"
#include "code_x86.hpp"
#include "x86_steps.hpp"

using namespace linkdx::isa;

namespace {

/// Offsets where a sure step and Zydis differ; `sure` counts the steps that were sure.
std::size_t differences(const std::vector<std::uint8_t>& bytes, std::size_t& sure) {
  std::vector<FeatureSet> features;
  for (std::string_view words : step_classes)
    features.push_back(feature_words(Arch::X86_64, words));
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  std::size_t count = 0;
  for (std::size_t at = 0; at + 32 <= bytes.size(); ++at) {
    X86Step step = step_x86_64(bytes.data() + at);
    if (step.length == 0)
      continue;
    ++sure;
    ZydisDecodedInstruction instruction;
    bool decoded = ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, bytes.data() + at, 32, &instruction));
    bool same = decoded && instruction.length == step.length && needs_of_zydis(Arch::X86_64, instruction) == features[step.features] &&
                (instruction.raw.imm[0].is_relative ? instruction.raw.imm[0].size / 8 : 0) == step.branch;
    if (same)
      continue;
    if (++count <= 5) {
      std::string text;
      for (std::size_t i = 0; i < 16; ++i)
        text += "0123456789abcdef"[bytes[at + i] >> 4], text += "0123456789abcdef"[bytes[at + i] & 15], text += ' ';
      MESSAGE(text << "step " << int(step.length) << " " << step_classes[step.features] << ", Zydis " << (decoded ? int(instruction.length) : 0));
    }
  }
  return count;
}

}  // namespace

TEST_CASE("x86 steps: the bytes of this program") {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::vector<std::uint8_t> bytes(4u << 20);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  std::size_t sure = 0;
  CHECK(differences(bytes, sure) == 0);
  CHECK(sure > 1000000);
}

TEST_CASE("x86 steps: random bytes, with the prefixes and escapes that matter more frequent than chance has them") {
  std::mt19937 random(1);
  const std::uint8_t frequent[] = {0x66, 0xf2, 0xf3, 0x0f, 0x48, 0x41, 0xc4, 0xc5, 0x38, 0x3a, 0x2e, 0x64, 0x62};
  std::vector<std::uint8_t> bytes(2u << 20);
  for (std::uint8_t& byte : bytes)
    byte = random() % 4 == 0 ? frequent[random() % std::size(frequent)] : static_cast<std::uint8_t>(random());
  std::size_t sure = 0;
  CHECK(differences(bytes, sure) == 0);
  CHECK(sure > 500000);
}
