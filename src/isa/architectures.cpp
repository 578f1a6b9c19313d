// The architectures that have a catalogue: one row each.
#include "architectures.hpp"

namespace linkdx::isa {
namespace {

constexpr FlagGrammar arm_flags = {.style = SwitchStyle::Own,
                                   .cpu_option = "-mcpu=",
                                   .say = arm_arguments,
                                   .read = arm_meaning,
                                   .say_level = arm_level_arguments,
                                   .rustc_has_levels = false};
constexpr FlagGrammar riscv_flags = {.style = SwitchStyle::Own,
                                     .cpu_option = "-mcpu=",
                                     .say = riscv_arguments,
                                     .read = riscv_meaning,
                                     .rustc_has_levels = false};

constexpr Architecture architectures[] = {
    {Arch::X86, x86_features, x86_levels, x86_alias, {}, x86_level_names},
    {Arch::X86_64, x86_features, x86_levels, x86_alias, {}, x86_level_names},
    {Arch::AArch64,
     aarch64_features,
     aarch64_levels,
     aarch64_alias,
     {.style = SwitchStyle::Extensions, .cpu_option = "-mcpu=", .base = "armv8-a"},
     aarch64_level_names},
    {Arch::PowerPC,
     powerpc_features,
     powerpc_levels,
     powerpc_alias,
     {.level_option = "-mcpu=", .cpu_option = "-mcpu="},
     powerpc_level_names},
    {Arch::PowerPC64,
     powerpc_features,
     powerpc_levels,
     powerpc_alias,
     {.level_option = "-mcpu=", .cpu_option = "-mcpu="},
     powerpc_level_names},
    {Arch::SystemZ, systemz_features, systemz_levels},
    {Arch::Mips, mips_features, mips_levels, nullptr, {}, mips_level_names},
    {Arch::Mips64, mips_features, mips_levels, nullptr, {}, mips_level_names},
    {Arch::LoongArch64, loongarch_features, loongarch_levels},
    {Arch::Wasm, wasm_features, wasm_levels, nullptr, {.level_option = "-mcpu=", .cpu_option = "-mcpu="}},
    {Arch::Arm, arm_features, arm_levels, arm_alias, arm_flags, arm_level_names},
    {Arch::RiscV32, riscv_features, riscv_levels, riscv_alias, riscv_flags, riscv_level_names},
    {Arch::RiscV64, riscv_features, riscv_levels, riscv_alias, riscv_flags, riscv_level_names},
};

struct SwitchLevel {
  Arch arch;
  std::string_view feature, level;
};
constexpr SwitchLevel switch_levels[] = {
#define ON(arch, feature, level) {Arch::arch, feature, level},
#include "switch_levels.inc"
#undef ON
};

}  // namespace

std::string_view level_of_switch(std::string_view feature, Arch arch) {
  for (const SwitchLevel& row : switch_levels)
    if (row.arch == arch && row.feature == feature) return row.level;
  return {};
}

const Architecture* find_architecture(Arch arch) {
  for (const Architecture& row : architectures)
    if (row.arch == arch) return &row;
  return nullptr;
}

const LevelNames* find_level_names(std::string_view level, Arch arch) {
  const Architecture* architecture = find_architecture(arch);
  if (architecture == nullptr || architecture->level_names == nullptr) return nullptr;
  for (const LevelNames& row : architecture->level_names())
    if (row.name == level) return &row;
  return nullptr;
}

std::vector<Arch> catalogued_architectures() {
  std::vector<Arch> arches;
  for (const Architecture& row : architectures) arches.push_back(row.arch);
  return arches;
}

}  // namespace linkdx::isa
