// Instructions of an architecture with what linkdx says they need, for isa_agreement.py to hold against an
// assembler:
//
//     isa_words aarch64|arm|thumb|riscv64|riscv32 [ROUNDS]
//
// prints one line for each: bytes, features (LLVM's names, comma between), the same with all that they imply,
// LLVM's opcode, text. Words are found by search: from random ones and those with few operands, each that is
// a new opcode is kept, and all its neighbours one and two bits away are tried too, until nothing new comes
// up. Where extensions claim the same encodings, the search is made for code that declares each of them. Then
// follow, one a line, all opcodes that LLVM's table has and that are no pseudo-instructions, behind `opcode`,
// and those that were met with everything on, behind `met`: an instruction may be another, or a hint, where
// only what it needs is on.
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
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/TargetRegistry.h"
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
  std::vector<std::string_view>
      declared;  ///< what code may declare, beside nothing: features that share encodings with others
};
const std::vector<std::string_view> riscv_declared = {"zfinx",  "zcmp",   "xtheadba",
                                                      "xcvalu", "xsfvcp", "xwchc"};
const Target targets[] = {
    {"aarch64", Arch::AArch64, "aarch64-unknown-linux-gnu", "+v8a,-fp-armv8", false, {}},
    {"arm", Arch::Arm, "armv4-unknown-linux-gnueabi", "", false, {}},
    {"thumb", Arch::Arm, "armv4-unknown-linux-gnueabi", "+thumb-mode", true, {"mclass"}},
    {"riscv64", Arch::RiscV64, "riscv64-unknown-linux-gnu", "", false, riscv_declared},
    {"riscv32", Arch::RiscV32, "riscv32-unknown-linux-gnu", "", false, riscv_declared},
};
constexpr unsigned samples_each = 2;
constexpr unsigned expanded_each = 3;
/// Low halves of instructions that are almost all opcode: their register fields are zero or ones.
constexpr std::uint32_t low_halves[] = {0x0000, 0xffff, 0x001f, 0x03e0, 0x03ff, 0x0bff, 0x03c0, 0x0400,
                                        0x0073, 0x000f, 0x200f, 0x400f, 0x4073, 0x6013, 0x43e0, 0x9000,
                                        0xc000, 0x405f, 0x5813, 0x302b, 0x100b, 0x5013};
/// High halves behind which the low half is all opcode: A64's hints, barriers, system instructions and
/// pointer authentication.
constexpr std::uint32_t high_halves[] = {0xd503, 0xd500, 0xd50b, 0xdac1};

std::size_t size_of(const Target& target, std::uint32_t word) {
  if (target.arch == Arch::RiscV64 || target.arch == Arch::RiscV32) return (word & 3) == 3 ? 4 : 2;
  return target.thumb && (word & 0xffff) < 0xe800 ? 2 : 4;
}

class Search {
 public:
  explicit Search(const Target& target) : target_(target), table_(llvm_table(target.triple)) {
    everything_ = LlvmDecoder::create(target.triple, target.base);
    for (const LlvmEntry& entry : table_.features)
      if (FeatureSet(target.arch).add(entry.name)) {
        const std::string name = (entry.unfinished ? "+experimental-" : "+") + entry.name;
        everything_->subtarget().ApplyFeatureFlag(name);
      }
  }

  void run(unsigned rounds) {
    search("", rounds);
    for (const std::string_view declared : target_.declared) search(declared, rounds / 10);
  }

  void print_opcodes() const {
    std::string error;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(target_.triple, error);
    const std::unique_ptr<llvm::MCInstrInfo> table(target->createMCInstrInfo());
    for (unsigned i = 0; i < table->getNumOpcodes(); ++i)
      if (!table->get(i).isPseudo() && table->get(i).getSize() > 0)
        std::printf("opcode\t%s\n", table->getName(i).str().c_str());
    for (const std::string& name : met_) std::printf("met\t%s\n", name.c_str());
  }

 private:
  void search(std::string_view declared, unsigned rounds) {
    declared_ = FeatureSet(target_.arch);
    if (!declared.empty()) declared_.add(declared);
    std::mt19937 random(1);
    for (unsigned round = 0; round < rounds; ++round) spread_from(static_cast<std::uint32_t>(random()));
    for (std::uint32_t half = 0; half < 0x10000; ++half) {
      if (size_of(target_, half) == 2) spread_from(half);
      for (const std::uint32_t high : high_halves) spread_from(high << 16 | half);
      for (const std::uint32_t low : low_halves)
        spread_from(target_.thumb ? low << 16 | half : half << 16 | low);
    }
  }

  void spread_from(std::uint32_t start) {
    waiting_.push_back(start);
    while (!waiting_.empty()) {
      const std::uint32_t word = waiting_.front();
      waiting_.pop_front();
      if (!look_at(word)) continue;
      for (unsigned bit = 0; bit < 32; ++bit) {
        waiting_.push_back(word ^ 1u << bit);
        for (unsigned other = 0; other < bit; ++other) waiting_.push_back(word ^ 1u << bit ^ 1u << other);
      }
    }
  }

  /// Whether the word is a new opcode with its needs.
  bool look_at(std::uint32_t word) {
    std::uint8_t bytes[4];
    std::memcpy(bytes, &word, 4);
    const std::span<const std::uint8_t> code(bytes, size_of(target_, word));
    const CodeNeeds needs =
        from_code(target_.arch, code, 0, nullptr, {.thumb = target_.thumb, .declared = declared_});
    if (needs.undecoded > 0 || needs.instructions != 1) return false;
    llvm::MCInst instruction;
    everything_->forget();
    std::string met;
    if (everything_->decode(code, 0, instruction) == code.size()) met = everything_->opcode_name(instruction);
    LlvmDecoder& decoder = decoder_for(needs.features);
    decoder.forget();
    const bool same = decoder.decode(code, 0, instruction) == code.size();
    const std::string features = llvm_names(needs.features);
    const std::string key = features + " " + (same ? decoder.opcode_name(instruction) : "?");
    met_.insert(met);
    const unsigned seen = seen_[key + " " + met]++;
    if (seen >= samples_each) return seen < expanded_each;
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
  FeatureSet declared_;
  std::deque<std::uint32_t> waiting_;
  std::unique_ptr<LlvmDecoder> everything_;
  std::set<std::string> met_;
  std::map<std::string, unsigned> seen_;
  std::map<std::string, std::unique_ptr<LlvmDecoder>> decoders_;
};

}  // namespace

int main(int argc, char** argv) {
  for (const Target& target : targets)
    if (argc > 1 && std::strcmp(argv[1], target.name) == 0) {
      Search search(target);
      search.run(argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 200000);
      search.print_opcodes();
      return 0;
    }
  std::fprintf(stderr, "usage: isa_words aarch64|arm|thumb|riscv64|riscv32 [ROUNDS]\n");
  return 2;
}
