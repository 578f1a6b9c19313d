// The reference kernel's variants side by side in one run: bytes of codes per second, per cycle, and against the plain loop.
//
//   cmake --build DIR --target bench && DIR/test/bench/kernel
//
// The variants take turns, and each one's best round counts, so that what else the machine does falls on all alike.
// "cycle" is measured beside them: the time of one addition in a chain of dependent ones, which every CPU since the 1990s
// does in a cycle, so it follows the clock that the core has at that moment.
//
// The roofline. Per step a variant does so many vector operations on so many bytes (counted from its source, named in
// its head comment), and a core has so many ports for them. Ports are from uops.info and the vendors' optimisation guides:
// 512-bit on Intel (Ice Lake to Sapphire Rapids) two ports, 0 and 5, byte shuffles and vpermb on 5 alone; 128 and 256-bit three,
// of which shuffles take 1 and 5; AMD Zen 5 four pipes of 512 bits, two of them shuffling. Loads: two of a full register
// a cycle on all of these. The limit printed is that of the operation count; loads never limit here (two for each step).
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "pq4_sum.h"
#ifdef LINKDX_PQ4_SUM_X86
#include "x86_features.h"
#endif

namespace {

using Kernel = void (*)(const std::uint8_t*, std::size_t, const std::uint8_t*, std::uint16_t*);

/// The loop that anyone would write first.
__attribute__((noinline)) void plain_loop(const std::uint8_t* codes, std::size_t code_length,
                                          const std::uint8_t* dist_table, std::uint16_t* dists) {
  static const unsigned order[16] = {0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15};
  for (unsigned i = 0; i < 32; ++i) dists[i] = 0;
  for (std::size_t q = 0; q < code_length / 16; ++q) {
    for (unsigned j = 0; j < 16; ++j) {
      const unsigned code = codes[16 * q + j];
      dists[order[j]] = static_cast<std::uint16_t>(dists[order[j]] + dist_table[16 * q + (code & 15)]);
      dists[16 + order[j]] = static_cast<std::uint16_t>(dists[16 + order[j]] + dist_table[16 * q + (code >> 4)]);
    }
  }
}

struct Variant {
  const char* name;
  Kernel run;
  bool can_run;
  double bytes, operations;  ///< a step of the loop; 0 operations: no limit is stated
  double best_seconds = 0;
};

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Cycles of the core per second, now.
double clock_rate() {
  constexpr int additions = 200000;
  std::uint64_t value = 1;
  const double start = seconds();
  for (int i = 0; i < additions; i += 8) {
    for (int k = 0; k < 8; ++k) {
      value += static_cast<unsigned>(i);
      asm volatile("" : "+r"(value));  // one dependent addition each, whatever the compiler knows
    }
  }
  return additions / (seconds() - start);
}

void measure(std::vector<Variant>& variants, std::size_t length, double& clock) {
  std::vector<std::uint8_t> codes(length), table(length);
  for (std::size_t i = 0; i < length; ++i) {
    codes[i] = static_cast<std::uint8_t>(std::rand());
    table[i] = static_cast<std::uint8_t>(std::rand());
  }
  alignas(64) std::uint16_t dists[32];
  const std::size_t repeats = std::max<std::size_t>(1, 200000 / length);
  for (Variant& variant : variants) variant.best_seconds = 1e9;
  clock = 0;
  for (int round = 0; round < 60; ++round) {
    clock = std::max(clock, clock_rate());
    for (Variant& variant : variants) {
      if (!variant.can_run) continue;
      const double start = seconds();
      for (std::size_t i = 0; i < repeats; ++i) variant.run(codes.data(), length, table.data(), dists);
      variant.best_seconds = std::min(variant.best_seconds, (seconds() - start) / static_cast<double>(repeats));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Variant> variants = {{"plain loop", plain_loop, true, 0, 0}, {"portable", pq4_sum_portable, true, 0, 0}};
#ifdef LINKDX_PQ4_SUM_X86
  const unsigned features = linkdx_x86_features();
  variants.push_back({"ssse3", pq4_sum_ssse3, (features & LINKDX_SSSE3) != 0, 16, 11});
  variants.push_back({"avx2", pq4_sum_avx2, (features & LINKDX_AVX2) != 0, 32, 11});
  variants.push_back({"avx512bw", pq4_sum_avx512bw, (features & LINKDX_AVX512BW) != 0, 64, 11});
  variants.push_back({"avx512vnni", pq4_sum_avx512vnni, (features & LINKDX_AVX512VNNI) != 0, 64, 8});
#endif
#ifdef LINKDX_PQ4_SUM_NEON
  variants.push_back({"neon", pq4_sum_neon, true, 16, 8});
#endif
  // Ports for vector operations of this core: 2 for 512-bit Intel, 3 for its 256-bit, 4 for Zen 5 and most AArch64 servers.
  const double ports = argc > 1 ? std::atof(argv[1]) : 4;
  for (std::size_t length : {std::size_t{32}, std::size_t{96}, std::size_t{512}, std::size_t{1536}, std::size_t{4096},
                             std::size_t{16384}, std::size_t{131072}, std::size_t{1} << 20, std::size_t{4} << 20}) {
    double clock = 0;
    measure(variants, length, clock);
    std::printf("%zu bytes of codes, core at %.2f GHz, limit for %g vector ports\n", length, clock / 1e9, ports);
    for (const Variant& variant : variants) {
      if (!variant.can_run) {
        std::printf("  %-11s not run: the CPU lacks the features\n", variant.name);
        continue;
      }
      const double rate = static_cast<double>(length) / variant.best_seconds;
      std::printf("  %-11s %7.2f GB/s %6.2f bytes/cycle %6.2f x plain", variant.name, rate / 1e9, rate / clock,
                  variants.front().best_seconds / variant.best_seconds);
      if (variant.operations > 0)
        std::printf("  %.2f of the port limit", rate / clock / (variant.bytes * ports / variant.operations));
      std::printf("\n");
    }
  }
}
