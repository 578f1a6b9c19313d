// What each architecture brings to the catalogue: one file `catalogue_<name>.cpp` with its features, levels
// and CPUs, and one row in architectures.cpp. Everything else in this room asks the catalogue and does not
// know which architectures there are.
#pragma once

#include <array>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"

namespace linkdx::isa {

/// How C compilers are told about features on their command line.
enum class SwitchStyle {
  OneEach,     ///< a switch for each, on top of -march: `-mavx2 -mno-avx2`
  Extensions,  ///< all in one argument: `-march=armv8-a+sve2+nocrypto`
  Own,         ///< neither: the architecture's own functions below
};

/// What the value of -march or -mcpu means, for architectures whose style is their own.
struct MarchMeaning {
  FeatureSet features;  ///< all that is on, the baseline included
  bool known = false;
};

struct FlagGrammar {
  SwitchStyle style = SwitchStyle::OneEach;
  std::string_view level_option = "-march=";  ///< before a level's name
  std::string_view cpu_option = "-march=";    ///< before a CPU's name
  std::string_view base = "";                 ///< Extensions: what the features are added to, `armv8-a`
  /// Own: the arguments that turn on `features` (implied ones included, baseline taken away).
  Flags (*say)(const FeatureSet& features, Tool tool) = nullptr;
  /// Own: reads the value of -march= or -mcpu=.
  MarchMeaning (*read)(std::string_view value, Arch arch) = nullptr;
  /// Where the option and the name do not make it: the arguments of GCC or clang for a level that is no CPU.
  std::vector<std::string> (*say_level)(std::string_view level, Tool tool) = nullptr;
  bool rustc_has_levels = true;  ///< false: its target-cpu knows CPUs only
};

/// How the compilers know a level or CPU. Those without a row have LLVM's name everywhere.
struct LevelNames {
  std::string_view name;  ///< LLVM's
  std::string_view gcc;   ///< GCC's; `-`: no GCC knows it, and its flags name the features instead
  std::string_view first_gcc, first_clang;  ///< releases; empty: not known, or any in use
};

struct Architecture {
  Arch arch;
  /// The features in their fixed order (older first), what each directly implies, and the baseline.
  Catalogue (*features)(Arch);
  /// Levels smallest first, CPUs in LLVM's order. Runs after `features`.
  Levels (*levels)(Arch);
  /// A level's or CPU's other name to its own, or an empty string.
  std::string_view (*alias)(std::string_view name) = nullptr;
  FlagGrammar flags = {};
  std::span<const LevelNames> (*level_names)() = nullptr;
};

/// The row of a level or CPU; nothing where every compiler knows it by LLVM's name.
const LevelNames* find_level_names(std::string_view level, Arch arch);

/// The level on top of which compilers take a feature's switch, and without which they refuse it: `pwr10` for
/// `mma`. Empty: on any.
std::string_view level_of_switch(std::string_view feature, Arch arch);

/// Nothing for an architecture that has no catalogue.
const Architecture* find_architecture(Arch arch);

Catalogue x86_features(Arch arch);
Levels x86_levels(Arch arch);
std::string_view x86_alias(std::string_view name);
std::span<const LevelNames> x86_level_names();

Catalogue aarch64_features(Arch arch);
Levels aarch64_levels(Arch arch);
std::string_view aarch64_alias(std::string_view name);
std::span<const LevelNames> aarch64_level_names();

Catalogue powerpc_features(Arch arch);
Levels powerpc_levels(Arch arch);
std::string_view powerpc_alias(std::string_view name);
std::span<const LevelNames> powerpc_level_names();

Catalogue wasm_features(Arch arch);
Levels wasm_levels(Arch arch);

Catalogue systemz_features(Arch arch);
Levels systemz_levels(Arch arch);

Catalogue mips_features(Arch arch);
Levels mips_levels(Arch arch);
std::span<const LevelNames> mips_level_names();

Catalogue loongarch_features(Arch arch);
Levels loongarch_levels(Arch arch);
Catalogue riscv_features(Arch arch);
Levels riscv_levels(Arch arch);
std::string_view riscv_alias(std::string_view name);
std::span<const LevelNames> riscv_level_names();
Flags riscv_arguments(const FeatureSet& features, Tool tool);
MarchMeaning riscv_meaning(std::string_view value, Arch arch);

Catalogue arm_features(Arch arch);
Levels arm_levels(Arch arch);
std::string_view arm_alias(std::string_view name);
std::span<const LevelNames> arm_level_names();
Flags arm_arguments(const FeatureSet& features, Tool tool);
std::vector<std::string> arm_level_arguments(std::string_view level, Tool tool);
MarchMeaning arm_meaning(std::string_view value, Arch arch);

/// One T for each architecture, made when it is first asked for.
template <class T, T (*make)(Arch)>
const T& made_once(Arch arch) {
  constexpr std::size_t architectures = static_cast<std::size_t>(Arch::Wasm) + 1;
  static std::array<std::once_flag, architectures> flags;
  static std::array<T, architectures> made;
  const auto index = static_cast<std::size_t>(arch);
  std::call_once(flags[index], [&] { made[index] = make(arch); });
  return made[index];
}

}  // namespace linkdx::isa
