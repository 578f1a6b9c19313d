// Measures the x86-64 scanner against Zydis on the executable sections of the given ELF files, in one run, and holds the one
// against the other: every instruction of a linear sweep must have the same length and the same needs.
//
//   isa_scan FILE...
#include <Zydis/Zydis.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <thread>

#include "code.hpp"
#include "code_x86.hpp"
#include "linkdx/isa.hpp"
#include "llvm/Object/ELFObjectFile.h"
#include "x86_steps.hpp"

using namespace linkdx::isa;
using Bytes = std::span<const std::uint8_t>;

namespace {

double clock_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Processor time of this thread: other work on the machine does not count. The better of two runs.
double seconds(const auto& work, clockid_t clock = CLOCK_THREAD_CPUTIME_ID) {
  double best = 1e9;
  for (int run = 0; run < 2; ++run) {
    double start = clock_of(clock);
    work();
    best = std::min(best, clock_of(clock) - start);
  }
  return best;
}

std::uint64_t zydis_sweep(const ZydisDecoder& decoder, Bytes code, bool full) {
  std::uint64_t count = 0;
  ZydisDecodedInstruction instruction;
  ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
  for (std::size_t at = 0; at < code.size(); ++count) {
    bool good = full ? ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code.data() + at, code.size() - at, &instruction, operands))
                     : ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, code.data() + at, code.size() - at, &instruction));
    at += good ? instruction.length : 1;
  }
  return count;
}

struct Comparison { std::uint64_t instructions = 0, sure = 0, different = 0; };

void compare(const ZydisDecoder& decoder, Bytes code, Comparison& result) {
  std::vector<FeatureSet> features;
  for (std::string_view words : step_classes)
    features.push_back(feature_words(Arch::X86_64, words));
  ZydisDecodedInstruction instruction;
  for (std::size_t at = 0; at + 32 <= code.size(); ++result.instructions) {
    bool good = ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, code.data() + at, code.size() - at, &instruction));
    X86Step step = step_x86_64(code.data() + at);
    if (step.length != 0) {
      ++result.sure;
      if (!good || step.length != instruction.length || !(features[step.features] == needs_of_zydis(Arch::X86_64, instruction)))
        ++result.different;
    }
    at += good ? instruction.length : 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  for (int i = 1; i < argc; ++i) {
    auto binary = llvm::object::ObjectFile::createObjectFile(argv[i]);
    if (!binary) {
      std::fprintf(stderr, "%s: %s\n", argv[i], llvm::toString(binary.takeError()).c_str());
      return 2;
    }
    std::vector<Bytes> sections;
    double megabytes = 0;
    for (const auto& section : binary->getBinary()->sections()) {
      if (!section.isText())
        continue;
      llvm::StringRef contents = llvm::cantFail(section.getContents());
      sections.emplace_back(reinterpret_cast<const std::uint8_t*>(contents.data()), contents.size());
      megabytes += static_cast<double>(contents.size()) / 1e6;
    }
    Comparison result;
    for (Bytes code : sections)
      compare(decoder, code, result);
    auto each = [&](const auto& work) { return seconds([&] { for (Bytes code : sections) work(code); }); };
    double scan = each([](Bytes code) { from_code(Arch::X86_64, code); });
    double full = each([&](Bytes code) { zydis_sweep(decoder, code, true); });
    double plain = each([&](Bytes code) { zydis_sweep(decoder, code, false); });
    auto halves = [&] {
      for (Bytes code : sections) {
        std::jthread other([&] { from_code(Arch::X86_64, code.subspan(0, code.size() / 2)); });
        from_code(Arch::X86_64, code.subspan(code.size() / 2));
      }
    };
    double both = seconds(halves, CLOCK_MONOTONIC);
    std::printf("%s: %.1f MB of code, %lu instructions, %.3f%% by table, %lu different\n", argv[i], megabytes, result.instructions,
                100.0 * static_cast<double>(result.sure) / static_cast<double>(result.instructions), result.different);
    std::printf("  scan %.0f MB/s (two threads, by the clock on the wall, %.0f), Zydis full %.0f, without operands %.0f: %.1f and %.1f times\n", megabytes / scan,
                megabytes / both, megabytes / full, megabytes / plain, full / scan, plain / scan);
  }
  return 0;
}
