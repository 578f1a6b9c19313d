// The catalogue of one architecture: its features in a fixed order (older first), what each implies, what the
// toolchains call it, the architecture's levels and the CPUs that LLVM knows. A FeatureSet is a set of
// indices into it. Built once for each architecture on first use, from LLVM's tables and the small tables
// (*.inc) beside this file for what those do not know. Which architectures there are: architectures.hpp.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "linkdx/isa.hpp"

namespace linkdx::isa {

constexpr std::size_t tool_count = 3;  // of enum Tool

/// A feature's row in an architecture's table, x86_features.inc and the like. An empty word: no name there.
struct FeatureRow {
  const char *name, *gcc, *clang, *rustc;
  const char* cpuinfo;     ///< the word in Linux's /proc/cpuinfo
  const char* hwcap = "";  ///< the bit in Linux's auxiliary vector: `HWCAP2_SVE2`
};

/// The first releases that take a feature's switch: `14`, `1.89`. Empty: not known, or any release in use.
struct FirstReleases {
  std::string_view feature, gcc, clang, rustc;
};

/// The first releases that take a feature's switch no more.
struct GoneReleases {
  const char *feature, *gcc, *clang;
};
/// What LLVM does not know a feature to bring.
struct Implication {
  const char *feature, *implied;
};

struct Feature {
  std::string name;               ///< LLVM's
  std::string gcc, clang, rustc;  ///< empty: no switch there
  std::string cpuinfo;
  std::string hwcap;
  std::array<std::string_view, tool_count> since;  ///< by Tool, the first release that takes the switch
  std::array<std::string_view, tool_count> gone;   ///< by Tool, the first that takes it no more
  bool in_llvm = true;                             ///< LLVM 19 has it, and so have Zig and rustc
  FeatureSet implied;                              ///< itself and all that it brings
};

struct Catalogue {
  Arch arch = Arch::Unknown;
  std::vector<Feature> features;
  std::unordered_map<std::string_view, std::size_t> index_of;  ///< its keys are the features' own names
  FeatureSet baseline;

  Catalogue() = default;
  Catalogue(Catalogue&&) = default;  // moving keeps the names where they are; copying would not
  Catalogue& operator=(Catalogue&&) = default;

  static const Catalogue& of(Arch arch);

  const Feature* find(std::string_view llvm_name) const;
  /// By the name that `tool` uses, LLVM's names included.
  const Feature* find_for(Tool tool, std::string_view name) const;

  // For the functions that build one (architectures.hpp):
  void append(const FeatureRow& row);
  /// After the last append, before the first imply.
  void number_features();
  /// Names that are no feature's are ignored: LLVM's tables imply tuning flags too.
  void imply(std::string_view feature, std::string_view implied);
  void set_releases(std::span<const FirstReleases> first, std::span<const GoneReleases> gone = {});
  /// Where compilers for this architecture refuse the switch, which others of the family take.
  void clear_switches(std::span<const char* const> names);
  void set_baseline(std::span<const char* const> names);

  static void set(FeatureSet& set, std::size_t index) { set.bits_.set(index); }
  static void clear(FeatureSet& set, std::size_t index) { set.bits_.reset(index); }
  static bool test(const FeatureSet& set, std::size_t index) { return set.bits_.test(index); }
  static std::size_t count(const FeatureSet& set) { return set.bits_.count(); }
};

/// Levels of the architecture, smallest first, and CPUs in LLVM's order. Built on first use, apart from the
/// features.
struct Levels {
  std::vector<Level> architecture;
  std::vector<Level> cpus;
  std::vector<Level> beyond;  ///< CPUs with features that they have and no compiler turns on for them

  static const Levels& of(Arch arch);
};

/// The feature's name in `tool`.
const std::string& switch_of(const Feature& feature, Tool tool);

bool is_x86(Arch arch);

}  // namespace linkdx::isa
