// Measures the x86 scanner on the executable sections of ELF files, and holds it against Zydis in the same
// run: every instruction of a linear sweep must have the same length, needs and branch. Bytes that Zydis
// takes for no instruction must be none to the step tables either; what linkdx then finds there all the same,
// because LLVM knows newer instructions, is counted apart. Times are processor time of one thread, the better
// of two runs; only the two threads are measured by the clock on the wall.
//
//   isa_scan FILE...
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <thread>

#include "linkdx/isa.hpp"
#include "llvm/Object/ELFObjectFile.h"
#include "x86_newer.hpp"
#include "x86_steps.hpp"
#include "x86_zydis.hpp"

using namespace linkdx::isa;
using Bytes = std::span<const std::uint8_t>;

namespace {

double clock_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

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
    bool good = full ? ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code.data() + at, code.size() - at,
                                                           &instruction, operands))
                     : ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, code.data() + at,
                                                                  code.size() - at, &instruction));
    at += good ? instruction.length : 1;
  }
  return count;
}

struct Comparison {
  std::uint64_t instructions = 0, undecoded = 0, newer = 0, different = 0;
};

void compare(Arch arch, const ZydisDecoder& decoder, const ZydisNeeds& needs, Bytes code,
             Comparison& result) {
  std::vector<std::uint8_t> padded(code.begin(), code.end());
  padded.resize(code.size() + 32);
  ZydisDecodedInstruction instruction;
  for (std::size_t at = 0; at < code.size();) {
    const bool good = zydis_decodes(decoder, code.subspan(at), instruction);
    X86Step step = arch == Arch::X86 ? step_i386(&padded[at]) : step_x86_64(&padded[at]);
    if (step.length > code.size() - at) step = {};
    if (!good) {
      ++result.undecoded;
      result.newer += newer_x86(arch, code.subspan(at)).length != 0;
      result.different += step.length != 0;
      ++at;
      continue;
    }
    ++result.instructions;
    if (step.length != instruction.length || step.branch != branch_width(instruction) ||
        !(features_of_step(arch, step) == needs.of(instruction))) {
      if (++result.different <= 10)
        std::printf("  different at %#zx: length %u, Zydis %u\n", at, unsigned(step.length),
                    unsigned(instruction.length));
    }
    at += instruction.length;
  }
}

struct Code {
  Arch arch = Arch::Unknown;
  std::vector<Bytes> sections;
  double megabytes = 0;
};

Code code_of(const llvm::object::ObjectFile& file) {
  Code code;
  if (file.getArch() == llvm::Triple::x86_64 || file.getArch() == llvm::Triple::x86)
    code.arch = file.getArch() == llvm::Triple::x86 ? Arch::X86 : Arch::X86_64;
  for (const auto& section : file.sections()) {
    if (!section.isText() || section.isVirtual()) continue;
    llvm::StringRef contents = llvm::cantFail(section.getContents());
    code.sections.emplace_back(reinterpret_cast<const std::uint8_t*>(contents.data()), contents.size());
    code.megabytes += static_cast<double>(contents.size()) / 1e6;
  }
  return code;
}

bool measure(const char* name, const Code& code) {
  const ZydisDecoder decoder = zydis_decoder(code.arch);
  const ZydisNeeds needs(code.arch);
  Comparison result;
  for (Bytes section : code.sections) compare(code.arch, decoder, needs, section, result);
  auto each = [&](const auto& work) {
    return seconds([&] {
      for (Bytes section : code.sections) work(section);
    });
  };
  const double scan = each([&](Bytes section) { from_code(code.arch, section); });
  const double full = each([&](Bytes section) { zydis_sweep(decoder, section, true); });
  const double plain = each([&](Bytes section) { zydis_sweep(decoder, section, false); });
  const double both = seconds(
      [&] {
        for (Bytes section : code.sections) {
          std::jthread other([&] { from_code(code.arch, section.subspan(0, section.size() / 2)); });
          from_code(code.arch, section.subspan(section.size() / 2));
        }
      },
      CLOCK_MONOTONIC);
  std::printf(
      "%s: %s, %.1f MB of code, %lu instructions, %lu bytes undecoded by Zydis, %lu newer instructions "
      "there, %lu different\n",
      name, std::string(name_of(code.arch)).c_str(), code.megabytes, result.instructions, result.undecoded,
      result.newer, result.different);
  std::printf(
      "  scan %.0f MB/s (two threads, by the clock on the wall, %.0f), Zydis full %.0f, without operands "
      "%.0f: %.1f and %.1f times\n",
      code.megabytes / scan, code.megabytes / both, code.megabytes / full, code.megabytes / plain,
      full / scan, plain / scan);
  return result.different == 0;
}

}  // namespace

int main(int argc, char** argv) {
  bool same = true;
  for (int i = 1; i < argc; ++i) {
    auto file = llvm::object::ObjectFile::createObjectFile(argv[i]);
    if (!file) {
      std::fprintf(stderr, "%s: %s\n", argv[i], llvm::toString(file.takeError()).c_str());
      return 2;
    }
    const Code code = code_of(*file->getBinary());
    if (code.arch == Arch::Unknown) {
      std::fprintf(stderr, "%s: no x86 code\n", argv[i]);
      return 2;
    }
    same = measure(argv[i], code) && same;
  }
  return same ? 0 : 1;
}
