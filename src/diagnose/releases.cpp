#include "releases.hpp"

#include <algorithm>

#include "facts.hpp"
#include "linkdx/pattern.hpp"

namespace linkdx::diagnose {

namespace {

struct IntrinsicRelease {
  std::string_view pattern, gcc, clang, source;
};
constexpr IntrinsicRelease intrinsic_releases[] = {
#include "intrinsic_releases.inc"
};

/// The feature that a vector type came with. Sources: Intel Intrinsics Guide; ACLE.
struct TypeFeature {
  std::string_view pattern, feature;
  isa::Arch arch;
};
constexpr TypeFeature type_features[] = {
    {"__m*bh", "avx512bf16", isa::Arch::X86_64}, {"__m*h", "avx512fp16", isa::Arch::X86_64},
    {"__mmask*", "avx512f", isa::Arch::X86_64},  {"__m512*", "avx512f", isa::Arch::X86_64},
    {"__m256*", "avx", isa::Arch::X86_64},       {"bfloat16x*", "bf16", isa::Arch::AArch64},
    {"sv*_t", "sve", isa::Arch::AArch64},
};

constexpr DroppedFlag dropped_flags[] = {
#include "dropped_flags.inc"
};

std::string newer(const std::string& a, const std::string& b) {
  return a.empty() || (!b.empty() && isa::is_older(a, b)) ? b : a;
}

isa::FeatureSet named_extension(std::string_view word, isa::Arch arch) {
  if (std::optional<isa::FeatureSet> features = isa::features_named(word, arch)) return *features;
  return {};
}

}  // namespace

OtherRelease release_of_name(const std::string& name) {
  OtherRelease found;
  found.refused = name;
  for (const IntrinsicRelease& row : intrinsic_releases)
    if (fits_pattern(row.pattern, name)) {
      found.gcc = row.gcc, found.clang = row.clang;
      return found;
    }
  for (const TypeFeature& row : type_features)
    if (fits_pattern(row.pattern, name)) {
      isa::FeatureSet features(row.arch);
      if (!features.add(row.feature)) break;
      found.gcc = isa::releases_of(features, isa::Tool::Gcc).first;
      found.clang = isa::releases_of(features, isa::Tool::Clang).first;
      break;
    }
  return found;
}

bool came_late(std::string_view name) {
  return std::any_of(std::begin(intrinsic_releases), std::end(intrinsic_releases),
                     [&](const IntrinsicRelease& row) { return fits_pattern(row.pattern, name); });
}

OtherRelease release_of_flag(std::string flag, isa::Arch arch) {
  OtherRelease found;
  found.refused = flag;
  if (flag.starts_with("-mno-")) flag.erase(2, 3);
  for (isa::Arch candidate : {arch, isa::Arch::X86_64, isa::Arch::AArch64, isa::Arch::RiscV64}) {
    if (candidate == isa::Arch::Unknown) continue;
    if (flag.starts_with("-march=") || flag.starts_with("-mcpu=")) {
      std::string_view words = std::string_view(flag).substr(flag.find('=') + 1);
      const std::string name(words.substr(0, words.find('+')));
      if (!isa::find_level(name, candidate)) continue;
      found.gcc = isa::releases_of_level(name, candidate, isa::Tool::Gcc).first;
      found.clang = isa::releases_of_level(name, candidate, isa::Tool::Clang).first;
      // `armv8.2-a+i8mm+nosve`: what is added may be younger than what it is added to.
      while (words.find('+') != std::string_view::npos) {
        words.remove_prefix(words.find('+') + 1);
        isa::FeatureSet added = named_extension(words.substr(0, words.find('+')), candidate);
        if (added.empty()) continue;
        found.gcc = newer(found.gcc, isa::releases_of(added, isa::Tool::Gcc).first);
        found.clang = newer(found.clang, isa::releases_of(added, isa::Tool::Clang).first);
      }
      return found;
    }
    isa::FeatureSet features = named_features({flag}, candidate);
    if (features.empty()) continue;
    found.gcc = isa::releases_of(features, isa::Tool::Gcc).first;
    found.clang = isa::releases_of(features, isa::Tool::Clang).first;
    return found;
  }
  return found;
}

const DroppedFlag* dropped_flag(const log::ToolMessage& message) {
  if (message.kind != log::ToolMessage::Kind::UnknownFlag) return nullptr;
  std::string_view name = message.subject;
  for (std::string_view prefix : {"-m", "no-"})
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  for (const DroppedFlag& row : dropped_flags)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace linkdx::diagnose
