// Instructions of an architecture with what linkdx says they need, for isa_agreement.py to hold against an assembler:
//
//     isa_words aarch64|arm|thumb|riscv64|riscv32 [ROUNDS]
//
// prints one line for each: bytes, features (LLVM's names, comma between), the same with all that they imply, LLVM's opcode, text. Words are found by search: from random
// ones, each that is a new opcode is kept, and all its neighbours one bit away are tried too, until nothing new comes up.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>

#include "linkdx/isa.hpp"
#include "llvm_decoder.hpp"
#include "llvm_table.hpp"

namespace {

using namespace linkdx::isa;

struct Target {
  const char* name;
  Arch arch;
  const char* triple;
  const char* base;
  bool thumb;
};
constexpr Target targets[] = {
    {"aarch64", Arch::AArch64, "aarch64-unknown-linux-gnu", "+v8a,-fp-armv8", false},
    {"arm", Arch::Arm, "armv4-unknown-linux-gnueabi", "", false},
    {"thumb", Arch::Arm, "armv4-unknown-linux-gnueabi", "+thumb-mode", true},
    {"riscv64", Arch::RiscV64, "riscv64-unknown-linux-gnu", "", false},
    {"riscv32", Arch::RiscV32, "riscv32-unknown-linux-gnu", "", false},
};
constexpr unsigned samples_each = 2;

std::size_t size_of(const Target& target, std::uint32_t word) {
  if (target.arch == Arch::RiscV64 || target.arch == Arch::RiscV32) return (word & 3) == 3 ? 4 : 2;
  return target.thumb && (word & 0xffff) < 0xe800 ? 2 : 4;
}

class Search {
 public:
  explicit Search(const Target& target) : target_(target), table_(llvm_table(target.triple)) {}

  void run(unsigned rounds) {
    std::mt19937 random(1);
    for (unsigned round = 0; round < rounds; ++round) {
      waiting_.push_back(random());
      while (!waiting_.empty()) {
        const std::uint32_t word = waiting_.front();
        waiting_.pop_front();
        if (!look_at(word)) continue;
        for (unsigned bit = 0; bit < 32; ++bit) waiting_.push_back(word ^ 1u << bit);
      }
    }
  }

 private:
  /// Whether the word is a new opcode with its needs.
  bool look_at(std::uint32_t word) {
    std::uint8_t bytes[4];
    std::memcpy(bytes, &word, 4);
    const std::span<const std::uint8_t> code(bytes, size_of(target_, word));
    const CodeNeeds needs = from_code(target_.arch, code, 0, nullptr, {.thumb = target_.thumb});
    if (needs.undecoded > 0 || needs.instructions != 1) return false;
    LlvmDecoder& decoder = decoder_for(needs.features);
    decoder.forget();
    llvm::MCInst instruction;
    const bool same = decoder.decode(code, 0, instruction) == code.size();
    const std::string features = llvm_names(needs.features);
    const std::string key = features + " " + (same ? decoder.opcode_name(instruction) : "?");
    if (seen_[key]++ >= samples_each) return false;
    for (std::uint8_t byte : code) std::printf("%02x", byte);
    std::printf("\t%s\t%s\t%s\t%s\n", features.c_str(), llvm_names(with_implied(needs.features)).c_str(),
                same ? decoder.opcode_name(instruction).c_str() : "?",
                same ? decoder.text(instruction, 0).c_str() : "not decoded with these features");
    return true;
  }

  std::string llvm_names(const FeatureSet& features) const {
    std::string text;
    for (const std::string& name : features.names()) {
      const bool unfinished =
          std::any_of(table_.features.begin(), table_.features.end(),
                      [&](const LlvmEntry& entry) { return entry.name == name && entry.unfinished; });
      text += (text.empty() ? "+" : ",+") + std::string(unfinished ? "experimental-" : "") + name;
    }
    return text;
  }

  LlvmDecoder& decoder_for(const FeatureSet& features) {
    std::string attributes = target_.base;
    const std::string names = llvm_names(with_implied(features));
    attributes += (attributes.empty() || names.empty() ? "" : ",") + names;
    std::unique_ptr<LlvmDecoder>& decoder = decoders_[attributes];
    if (!decoder) decoder = LlvmDecoder::create(target_.triple, attributes.c_str());
    return *decoder;
  }

  const Target& target_;
  LlvmTable table_;
  std::deque<std::uint32_t> waiting_;
  std::map<std::string, unsigned> seen_;
  std::map<std::string, std::unique_ptr<LlvmDecoder>> decoders_;
};

}  // namespace

int main(int argc, char** argv) {
  for (const Target& target : targets)
    if (argc > 1 && std::strcmp(argv[1], target.name) == 0) {
      Search(target).run(argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 200000);
      return 0;
    }
  std::fprintf(stderr, "usage: isa_words aarch64|arm|thumb|riscv64|riscv32 [ROUNDS]\n");
  return 2;
}
