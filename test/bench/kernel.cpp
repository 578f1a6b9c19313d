// The reference kernels' variants side by side in one run: bytes per second, per cycle, against a plain loop
// and against the limit that the core's ports set.
//
//   cmake --build DIR --target bench && DIR/test/bench/kernel [CORE]
//
// The variants take turns, and each one's best round counts, so that what else the machine does falls on all
// alike. "cycle" is measured beside them: the time of one addition in a chain of dependent ones, which every
// CPU since the 1990s does in a cycle, so it follows the clock that the core has at that moment.
//
// The roofline. A step of a variant's loop takes so many bytes, and so many operations (counted from its
// source, named in its head comment): look-ups and permutes for the shuffle ports, conversions, loads, and
// all vector operations together. A core has so many ports for each; the step cannot take fewer cycles than
// the scarcest allows. What is not in it: the start and end of a call, waiting for sums, and operations with
// three inputs, which read a port of a neighbour on some cores. CORE is one of the table below; without it,
// the CPU is asked, and no limit is printed for one that the table does not know.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "cpu_features.h"
#include "f16.h"
#include "pq4_sum.h"

namespace {

/// How many a core does in a cycle, for vectors of 512 bits and for shorter ones; 0: no published figure is
/// known, not counted.
struct Ports {
  double vector, shuffle, conversion, load;
};
struct Core {
  const char* name;
  Ports wide, narrow;
  unsigned family, model;  ///< cpuid's; model ~0: all of the family
  const char* source;
};
constexpr Core cores[] = {
    {"zen5", {4, 2, 0, 2}, {4, 2, 0, 2}, 26, ~0u, "Yee, Zen5's AVX512 Teardown (numberworld.org, 2024)"},
    {"sapphire-rapids",
     {2, 1, 1, 2},
     {3, 2, 2, 3},
     6,
     0x8f,
     "LLVM 19's scheduling model SapphireRapids (llvm-mca), after uops.info's tables of Alder Lake P"},
};

/// What a step of a variant's loop does.
struct Step {
  bool wide;
  double bytes, operations, shuffles, conversions, loads;
};
struct StepRow {
  std::string_view function;
  Step step;
};
constexpr StepRow steps[] = {
    {"pq4_sum_ssse3", {false, 16, 11, 2, 0, 2}},   {"pq4_sum_avx2", {false, 32, 11, 2, 0, 2}},
    {"pq4_sum_avx512bw", {true, 64, 11, 2, 0, 2}}, {"pq4_sum_avx512vnni", {true, 64, 8, 3, 0, 2}},
    {"f16_dot_f16c", {false, 16, 3, 0, 2, 2}},     {"f16_dot_avx512", {true, 32, 3, 0, 2, 2}},
    {"f16_cosine_f16c", {false, 16, 4, 0, 2, 2}},  {"f16_cosine_avx512", {true, 32, 4, 0, 2, 2}},
};

/// Bytes a cycle that the core's ports allow; 0 where nothing is known.
double limit(const Core* core, std::string_view function) {
  for (const StepRow& row : steps) {
    if (core == nullptr || row.function != function) continue;
    const Step& step = row.step;
    const Ports& ports = step.wide ? core->wide : core->narrow;
    const double conversion = ports.conversion > 0 ? step.conversions / ports.conversion : 0;
    return step.bytes / std::max({step.operations / ports.vector, step.shuffles / ports.shuffle, conversion,
                                  step.loads / ports.load});
  }
  return 0;
}

const Core* this_core() {
#ifdef __x86_64__
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  __get_cpuid(1, &eax, &ebx, &ecx, &edx);
  const unsigned base = eax >> 8 & 15, family = base == 15 ? base + (eax >> 20 & 255) : base;
  const unsigned model = (eax >> 4 & 15) | (base == 15 || base == 6 ? eax >> 12 & 0xf0 : 0);
  for (const Core& core : cores) {
    if (core.family == family && (core.model == ~0u || core.model == model)) return &core;
  }
#endif
  return nullptr;
}

// ---- The loops that anyone would write first ----

__attribute__((noinline)) void plain_sum(const std::uint8_t* codes, std::size_t code_length,
                                         const std::uint8_t* dist_table, std::uint16_t* dists) {
  static const unsigned order[16] = {0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15};
  for (unsigned i = 0; i < 32; ++i) dists[i] = 0;
  for (std::size_t q = 0; q < code_length / 16; ++q) {
    for (unsigned j = 0; j < 16; ++j) {
      const unsigned code = codes[16 * q + j];
      dists[order[j]] = static_cast<std::uint16_t>(dists[order[j]] + dist_table[16 * q + (code & 15)]);
      dists[16 + order[j]] =
          static_cast<std::uint16_t>(dists[16 + order[j]] + dist_table[16 * q + (code >> 4)]);
    }
  }
}

float plain_float(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16, exponent = half >> 10 & 31, fraction = half & 0x3ffu;
  if (exponent == 0) {
    const float small = static_cast<float>(fraction) / 16777216.0f;
    return sign != 0 ? -small : small;
  }
  const std::uint32_t bits = sign | (exponent == 31 ? 255u : exponent + 112) << 23 | fraction << 13;
  float result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

__attribute__((noinline)) float plain_dot(const std::uint16_t* x, const std::uint16_t* y, std::uint32_t n) {
  float sum = 0;
  for (std::uint32_t i = 0; i < n; ++i) sum += plain_float(x[i]) * plain_float(y[i]);
  return sum;
}

__attribute__((noinline)) float plain_cosine(const std::uint16_t* x, float x_norm, const std::uint16_t* y,
                                             std::uint32_t n) {
  float sum = 0, square = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const float b = plain_float(y[i]);
    sum += plain_float(x[i]) * b;
    square += b * b;
  }
  return 1 - sum / (x_norm * __builtin_sqrtf(square));
}

// ---- Measuring ----

/// A variant of any kernel, called with as many bytes of its first input.
struct Variant {
  std::string_view kernel, name, function;
  bool can_run;
  void (*run)(const Variant& variant, const std::uint8_t* first, const std::uint8_t* second,
              std::size_t bytes, std::uint16_t* dists);
  void (*code)();
  double best_seconds = 0;
};

template <typename Function>
Function* code_of(const Variant& variant) {
  return reinterpret_cast<Function*>(variant.code);
}
float sink;  // so that no call is left out

void run_sum(const Variant& variant, const std::uint8_t* codes, const std::uint8_t* table, std::size_t bytes,
             std::uint16_t* dists) {
  code_of<decltype(pq4_sum_portable)>(variant)(codes, bytes, table, dists);
}
void run_dot(const Variant& variant, const std::uint8_t* x, const std::uint8_t* y, std::size_t bytes,
             std::uint16_t*) {
  sink += code_of<decltype(f16_dot_portable)>(variant)(reinterpret_cast<const std::uint16_t*>(x),
                                                       reinterpret_cast<const std::uint16_t*>(y),
                                                       static_cast<std::uint32_t>(bytes / 2));
}
void run_cosine(const Variant& variant, const std::uint8_t* x, const std::uint8_t* y, std::size_t bytes,
                std::uint16_t*) {
  sink += code_of<decltype(f16_cosine_portable)>(variant)(reinterpret_cast<const std::uint16_t*>(x), 1.0f,
                                                          reinterpret_cast<const std::uint16_t*>(y),
                                                          static_cast<std::uint32_t>(bytes / 2));
}

std::vector<Variant> all_variants() {
  const unsigned features = linkdx_cpu_features();
  std::vector<Variant> all;
  auto add = [&](std::string_view kernel, std::string_view name, std::string_view function, unsigned needs,
                 void (*code)()) {
    const auto run = kernel == "pq4_sum"      ? run_sum
                     : kernel == "f16_dot"    ? run_dot
                     : kernel == "f16_cosine" ? run_cosine
                                              : nullptr;
    if (run != nullptr) all.push_back({kernel, name, function, (features & needs) == needs, run, code});
  };
  add("pq4_sum", "plain loop", "", 0, reinterpret_cast<void (*)()>(plain_sum));
  add("f16_dot", "plain loop", "", 0, reinterpret_cast<void (*)()>(plain_dot));
  add("f16_cosine", "plain loop", "", 0, reinterpret_cast<void (*)()>(plain_cosine));
#define LINKDX_HERE(kernel, variant, needs) \
  add(#kernel, #variant, #kernel "_" #variant, needs, reinterpret_cast<void (*)()>(kernel##_##variant));
#include "kernel_variants_here.inc"
#undef LINKDX_HERE
  std::stable_sort(all.begin(), all.end(),
                   [](const Variant& a, const Variant& b) { return a.kernel > b.kernel; });
  return all;
}

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

/// Sets each variant's best time of a call; returns the clock.
double measure(std::vector<Variant>& variants, std::size_t bytes) {
  std::vector<std::uint8_t> first(bytes + 64), second(bytes + 64);
  for (std::size_t i = 0; i < bytes; ++i) {
    // As half-precision numbers, too, of like size: the exponent in every second byte.
    first[i] = static_cast<std::uint8_t>(i % 2 == 1 ? 0x38 | (std::rand() & 0x83) : std::rand());
    second[i] = static_cast<std::uint8_t>(i % 2 == 1 ? 0x38 | (std::rand() & 0x83) : std::rand());
  }
  alignas(64) std::uint16_t dists[32];
  const std::size_t repeats = std::max<std::size_t>(1, 100000 / bytes);
  double clock = 0;
  for (Variant& variant : variants) variant.best_seconds = 1e9;
  for (int round = 0; round < 60; ++round) {
    clock = std::max(clock, clock_rate());
    for (Variant& variant : variants) {
      if (!variant.can_run) continue;
      const double start = seconds();
      for (std::size_t i = 0; i < repeats; ++i)
        variant.run(variant, first.data(), second.data(), bytes, dists);
      variant.best_seconds =
          std::min(variant.best_seconds, (seconds() - start) / static_cast<double>(repeats));
    }
  }
  return clock;
}

}  // namespace

int main(int argc, char** argv) {
  const Core* core = this_core();
  if (argc > 1) {
    const auto found = std::find_if(std::begin(cores), std::end(cores),
                                    [&](const Core& each) { return argv[1] == std::string_view(each.name); });
    if (found == std::end(cores)) {
      std::fprintf(stderr, "no core called %s is known\n", argv[1]);
      return 2;
    }
    core = found;
  }
  if (core != nullptr)
    std::printf("limits: the ports of %s, from %s\n", core->name, core->source);
  else
    std::printf("limits: none, this core's ports are not in the table\n");
  std::vector<Variant> variants = all_variants();
  // From one block to past the second-level cache.
  for (std::size_t bytes :
       {std::size_t{32}, std::size_t{96}, std::size_t{512}, std::size_t{1536}, std::size_t{4096},
        std::size_t{16384}, std::size_t{131072}, std::size_t{1} << 20, std::size_t{4} << 20}) {
    const double clock = measure(variants, bytes);
    std::printf("\n%zu bytes of codes or of the first vector, core at %.2f GHz\n", bytes, clock / 1e9);
    double plain = 0;
    for (const Variant& variant : variants) {
      std::printf("  %-10.*s %-10.*s ", static_cast<int>(variant.kernel.size()), variant.kernel.data(),
                  static_cast<int>(variant.name.size()), variant.name.data());
      if (!variant.can_run) {
        std::printf("not run: the CPU lacks the features\n");
        continue;
      }
      if (variant.function.empty()) plain = variant.best_seconds;
      const double rate = static_cast<double>(bytes) / variant.best_seconds,
                   most = limit(core, variant.function);
      std::printf("%7.2f GB/s %6.2f bytes/cycle %6.2f x plain", rate / 1e9, rate / clock,
                  plain / variant.best_seconds);
      if (most > 0) std::printf("  %3.0f%% of the limit of %.1f", 100 * rate / clock / most, most);
      std::printf("\n");
    }
  }
}
