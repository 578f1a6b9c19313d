// What falling back costs, where that was measured: for symbols that there is a reference kernel for.
#include "detail.hpp"

#include <algorithm>
#include <string_view>

#include "linkdx/language.hpp"

namespace linkdx::cli {
namespace {

struct Measured {
  std::string_view kernel, variant, gigabytes_per_second, times_plain, of_port_limit;
};
#define LINKDX_KERNEL_MEASURED(kernel, variant, gigabytes, times, limit) \
  {kernel, variant, gigabytes, times, limit},
constexpr Measured measured[] = {
#include "../kernel/measured.inc"
};
#undef LINKDX_KERNEL_MEASURED

struct Export {
  std::string_view symbol, architecture, kernel;
};
#define LINKDX_KERNEL_EXPORT(symbol, architecture, kernel, source) {symbol, architecture, kernel},
constexpr Export exports[] = {
#include "../kernel/exports.inc"
};
#undef LINKDX_KERNEL_EXPORT

/// The figures are of an x86-64 CPU and say nothing of another architecture's variants.
constexpr isa::Arch measured_arch = isa::Arch::X86_64;

}  // namespace

std::vector<report::Report::Context::Speed> speeds_of(const std::vector<diagnose::SymbolFacts>& symbols) {
  std::vector<report::Report::Context::Speed> speeds;
  std::vector<std::string_view> seen;
  for (const diagnose::SymbolFacts& symbol : symbols) {
    for (const Export& known : exports) {
      if (known.symbol != symbol.name || isa::arch_of_name(known.architecture) != measured_arch) continue;
      if (std::find(seen.begin(), seen.end(), known.kernel) != seen.end()) continue;
      seen.push_back(known.kernel);
      report::Report::Context::Speed speed{symbol.name, say(LINKDX_KERNEL_MEASURED_ON), {}};
      for (const Measured& row : measured) {
        if (row.kernel != known.kernel) continue;
        speed.rows.push_back({say(row.variant), std::string(row.gigabytes_per_second),
                              std::string(row.times_plain), std::string(row.of_port_limit)});
      }
      if (!speed.rows.empty()) speeds.push_back(std::move(speed));
    }
  }
  return speeds;
}

}  // namespace linkdx::cli
