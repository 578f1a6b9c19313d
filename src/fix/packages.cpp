// What is known of single packages. It only adds to what the evidence shows: the rules find the cause without
// it.
#include <algorithm>

#include <fmt/format.h>

#include "fix.hpp"
#include "linkdx/pattern.hpp"

namespace linkdx::fix {

namespace {

enum class How { Manual, Cflags };

struct KnownPackage {
  std::string_view package, symbols, fault, remedy;
  How how;
  std::string_view flag, price, source;
};

constexpr KnownPackage packages[] = {
#include "packages.inc"
};

/// Whether the name fits one of the row's patterns; Mach-O puts an underscore before it.
bool is_of(const KnownPackage& known, std::string_view symbol) {
  std::string_view bare = symbol.starts_with("_") ? symbol.substr(1) : symbol;
  for (std::string_view rest = known.symbols; !rest.empty();) {
    std::string_view pattern = rest.substr(0, rest.find('|'));
    rest.remove_prefix(std::min(rest.size(), pattern.size() + 1));
    if (fits_pattern(pattern, symbol) || fits_pattern(pattern, bare)) return true;
  }
  return false;
}

}  // namespace

void add_known_package(const Diagnosis& diagnosis, const Case&, Remedy& remedy) {
  using diagnose::Cause;
  if (diagnosis.cause != Cause::KernelObjectNotBuilt && diagnosis.cause != Cause::AsmToolMissing &&
      diagnosis.cause != Cause::AssemblerOrCompilerTooOld &&
      diagnosis.cause != Cause::FeatureFlagMismatchBetweenUnits)
    return;
  for (const KnownPackage& known : packages) {
    bool concerned = false;
    for (const std::string& symbol : diagnosis.symbols) concerned = concerned || is_of(known, symbol);
    if (!concerned) continue;
    Fix fix;
    fix.title = std::string(translated(known.remedy));
    fix.effect = known.how == How::Manual ? Effect::Prevents : Effect::WorksAround;
    // The symbol's name alone says which package it is.
    fix.confidence = Confidence::Likely;
    fix.why = say("The name is that of a kernel of {}: {}. Source: {}.", known.package,
                  translated(known.fault), known.source);
    fix.price = std::string(translated(known.price));
    if (known.how == How::Cflags)
      fix.apply.cflags.push_back(std::string(known.flag));
    else
      fix.apply.manual = say("{}.", translated(known.remedy));
    // Before what is only a way to find out more.
    auto weaker = std::find_if(remedy.fixes.begin(), remedy.fixes.end(),
                               [&](const Fix& other) { return other.confidence > fix.confidence; });
    remedy.fixes.insert(weaker, std::move(fix));
    return;
  }
}

}  // namespace linkdx::fix
