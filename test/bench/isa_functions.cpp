// Holds the x86 scanner against Zydis on every function of objects and archives, and against a list of
// functions whose features were found by other means. Functions are the symbol table's; all their
// instructions are compared in a linear sweep, and what from_code says of a whole function with what its
// instructions need.
//
//   isa_functions ROOT [LIST] FILE...
//
// FILE is a path below ROOT. LIST has tab-separated columns: arch, package, archive (as FILE), member,
// symbol, words of the name, features (comma-separated), and more that is not read; its first line is a
// header. Features of the baseline count on neither side.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "linkdx/artifact.hpp"
#include "linkdx/isa.hpp"
#include "x86_steps.hpp"
#include "x86_zydis.hpp"

using namespace linkdx;
using isa::Arch, isa::FeatureSet;

namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (char c : text) c == at ? parts.emplace_back() : (parts.back() += c, parts.back());
  return parts;
}

/// Words of a list that are neither LLVM's nor a toolchain's names for features.
std::string_view common_word(std::string_view word) {
  if (word == "movdir") return "movdiri";
  if (word == "vpclmul") return "vpclmulqdq";
  return word;
}

FeatureSet listed_features(const std::string& words, std::set<std::string>& unknown) {
  FeatureSet features(Arch::X86_64);
  for (const std::string& word : split(words, ',')) {
    if (word.empty() || word == "tzcnt")  // rep bsf runs anywhere
      continue;
    const auto named = isa::features_named(common_word(word), Arch::X86_64);
    named ? features.add(*named) : static_cast<void>(unknown.insert(word));
  }
  return features;
}

std::string above_baseline(const FeatureSet& features) {
  const FeatureSet said =
      isa::without_implied(isa::with_implied(features)).minus(isa::baseline(features.arch()));
  std::string words;
  for (const std::string& name : said.names()) words += (words.empty() ? "" : " ") + name;
  return words;
}

struct Totals {
  std::uint64_t functions = 0, instructions = 0, undecoded = 0, newer = 0, different_instructions = 0,
                different_functions = 0;
  std::uint64_t listed = 0, listed_differently = 0;
};

class Checker {
 public:
  std::map<std::string, std::vector<std::string>>
      listed;  ///< features by archive, member and symbol; several symbols may share a name
  Totals totals;
  std::set<std::string> unknown;

  void check(const artifact::File& file, const std::string& path) {
    for (const auto& object : file.objects()) {
      const Arch arch = isa::arch_of_name(object->machine().arch);
      if (arch != Arch::X86 && arch != Arch::X86_64) continue;
      for (const artifact::Function& function : object->functions()) {
        const isa::CodeNeeds needs = isa::from_code(arch, function.bytes, function.address);
        sweep(arch, function, needs, path + "(" + std::string(object->member()) + ")");
        const auto found =
            listed.find(path + "\t" + std::string(object->member()) + "\t" + std::string(function.name));
        if (found == listed.end()) continue;
        ++totals.listed;
        const std::string ours = above_baseline(needs.features);
        std::string theirs;
        bool same = false;
        for (const std::string& words : found->second) {
          theirs = above_baseline(listed_features(words, unknown));
          same = same || theirs == ours;
        }
        if (!same) {
          ++totals.listed_differently;
          std::printf("listed differently: %s: %s; list: %s; linkdx: %s\n", path.c_str(),
                      std::string(function.name).c_str(), theirs.c_str(), ours.c_str());
        }
      }
    }
  }

 private:
  void sweep(Arch arch, const artifact::Function& function, const isa::CodeNeeds& needs,
             const std::string& where) {
    static const isa::ZydisNeeds zydis_needs[] = {isa::ZydisNeeds(Arch::X86), isa::ZydisNeeds(Arch::X86_64)};
    static const ZydisDecoder decoders[] = {isa::zydis_decoder(Arch::X86), isa::zydis_decoder(Arch::X86_64)};
    const std::size_t mode = arch == Arch::X86 ? 0 : 1;
    std::vector<std::uint8_t> padded(function.bytes.begin(), function.bytes.end());
    const std::size_t size = padded.size();
    padded.resize(size + 32);
    FeatureSet features(arch);
    bool all_decoded = true;
    ++totals.functions;
    for (std::size_t at = 0; at < size;) {
      ZydisDecodedInstruction instruction;
      const bool good = isa::zydis_decodes(decoders[mode], {&padded[at], size - at}, instruction);
      isa::X86Step step = mode == 0 ? isa::step_i386(&padded[at]) : isa::step_x86_64(&padded[at]);
      if (step.length > size - at) step = {};
      all_decoded = all_decoded && good;
      const bool same = good ? step.length == instruction.length &&
                                   step.branch == isa::branch_width(instruction) &&
                                   isa::features_of_step(arch, step) == zydis_needs[mode].of(instruction)
                             : step.length == 0;
      if (good) features.add(zydis_needs[mode].of(instruction));
      totals.instructions += good;
      totals.undecoded += !good;
      if (!same && ++totals.different_instructions <= 20)
        std::printf("different instruction: %s: %s+%#zx\n", where.c_str(), std::string(function.name).c_str(),
                    at);
      at += good ? instruction.length : 1;
    }
    if (needs.features == features) return;
    // After bytes that Zydis does not know, linkdx may have gone on behind an instruction that is newer.
    all_decoded ? ++totals.different_functions : ++totals.newer;
    std::printf("%s: %s: %s: Zydis: %s; linkdx: %s\n",
                all_decoded ? "different function" : "newer than Zydis, or data", where.c_str(),
                std::string(function.name).c_str(), above_baseline(features).c_str(),
                above_baseline(needs.features).c_str());
  }
};

}  // namespace

int main(int argc, char** argv) {
  Checker checker;
  int i = 2;
  if (argc > 2 && std::string_view(argv[2]).ends_with(".tsv")) {
    std::ifstream list(argv[i++]);
    std::string line;
    std::getline(list, line);
    while (std::getline(list, line)) {
      const std::vector<std::string> columns = split(line, '\t');
      if (columns.size() > 6 && columns[0] == "amd64")
        checker.listed[columns[2] + "\t" + columns[3] + "\t" + columns[4]].push_back(columns[6]);
    }
  }
  for (; i < argc; ++i) {
    auto file = artifact::open(std::string(argv[1]) + "/" + argv[i]);
    if (!file) {
      std::fprintf(stderr, "%s\n", llvm::toString(file.takeError()).c_str());
      continue;
    }
    checker.check(**file, argv[i]);
  }
  const Totals& t = checker.totals;
  for (const std::string& word : checker.unknown) std::printf("unknown word in the list: %s\n", word.c_str());
  std::printf(
      "%lu functions, %lu instructions, %lu bytes undecoded by Zydis; different: %lu instructions, %lu "
      "functions, and %lu functions that hold "
      "such bytes; listed: %lu, differently: %lu\n",
      t.functions, t.instructions, t.undecoded, t.different_instructions, t.different_functions, t.newer,
      t.listed, t.listed_differently);
  return t.different_instructions + t.different_functions == 0 ? 0 : 1;
}
