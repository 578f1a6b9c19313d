// Architectures by the names that triples, LLVM and Debian write. A triple's first part is the architecture
// (llvm/TargetParser/Triple.h, parseArch); the table adds the spellings that compilers and packagers use
// beside it.
#include "linkdx/isa.hpp"

#include <algorithm>

namespace linkdx::isa {
namespace {

struct ArchName {
  std::string_view name;
  Arch arch;
};
constexpr ArchName exact_names[] = {
    {"x86_64", Arch::X86_64},
    {"amd64", Arch::X86_64},
    {"x86-64", Arch::X86_64},
    {"x64", Arch::X86_64},
    {"x86_64h", Arch::X86_64},
    {"i386", Arch::X86},
    {"i486", Arch::X86},
    {"i586", Arch::X86},
    {"i686", Arch::X86},
    {"x86", Arch::X86},
    {"aarch64", Arch::AArch64},
    {"arm64", Arch::AArch64},
    {"aarch64_be", Arch::AArch64},
    {"arm64e", Arch::AArch64},
    {"arm64ec", Arch::AArch64},
    {"aarch64_32", Arch::AArch64},
    {"arm64_32", Arch::AArch64},
    {"riscv32", Arch::RiscV32},
    {"riscv64", Arch::RiscV64},
    {"powerpc", Arch::PowerPC},
    {"ppc", Arch::PowerPC},
    {"ppc32", Arch::PowerPC},
    {"powerpcle", Arch::PowerPC},
    {"ppcle", Arch::PowerPC},
    {"powerpc64", Arch::PowerPC64},
    {"powerpc64le", Arch::PowerPC64},
    {"ppc64", Arch::PowerPC64},
    {"ppc64le", Arch::PowerPC64},
    {"ppc64el", Arch::PowerPC64},
    {"s390x", Arch::SystemZ},
    {"systemz", Arch::SystemZ},
    {"loongarch64", Arch::LoongArch64},
    {"loong64", Arch::LoongArch64},
    {"wasm32", Arch::Wasm},
    {"wasm64", Arch::Wasm},
    {"wasm", Arch::Wasm},
};
/// Families whose names carry a version or a byte order: `armv7l`, `thumbv7em`, `mips64el`, `riscv64gc`.
constexpr ArchName prefixes[] = {
    {"riscv32", Arch::RiscV32}, {"riscv64", Arch::RiscV64},  {"thumb", Arch::Arm},      {"arm", Arch::Arm},
    {"mips64", Arch::Mips64},   {"mipsisa64", Arch::Mips64}, {"mipsn32", Arch::Mips64}, {"mips", Arch::Mips},
};

}  // namespace

Arch arch_of_name(std::string_view llvm_arch_name) {
  std::string name(llvm_arch_name);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return c < 0x80 ? std::tolower(c) : c; });
  for (const ArchName& row : exact_names)
    if (name == row.name) return row.arch;
  for (const ArchName& row : prefixes)
    if (name.starts_with(row.name)) return row.arch;
  return Arch::Unknown;
}

Arch arch_of_triple(std::string_view triple) {
  return arch_of_name(triple.substr(0, triple.find('-')));
}

std::string_view name_of(Arch arch) {
  switch (arch) {
    case Arch::X86:
      return "i386";
    case Arch::X86_64:
      return "x86-64";
    case Arch::AArch64:
      return "aarch64";
    case Arch::Arm:
      return "arm";
    case Arch::RiscV32:
      return "riscv32";
    case Arch::RiscV64:
      return "riscv64";
    case Arch::PowerPC:
      return "powerpc";
    case Arch::PowerPC64:
      return "powerpc64";
    case Arch::SystemZ:
      return "s390x";
    case Arch::Mips:
      return "mips";
    case Arch::Mips64:
      return "mips64";
    case Arch::LoongArch64:
      return "loongarch64";
    case Arch::Wasm:
      return "wasm";
    case Arch::Unknown:
      break;
  }
  return "unknown";
}

std::string_view name_of(Source source) {
  switch (source) {
    case Source::Instructions:
      return "instructions";
    case Source::NameStandard:
      return "name-standard";
    case Source::Sibling:
      return "sibling";
    case Source::NameConvention:
      break;
  }
  return "name-convention";
}

}  // namespace linkdx::isa
