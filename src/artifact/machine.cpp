// Which machine an object is for, and which objects can meet in one link.
//
// A linker compares e_machine, the ELF class and the byte order, then the ABI bits that each processor
// supplement puts into e_flags or into attributes: objects that pass floating-point arguments differently
// must not be linked although their instructions are the same.
//
// Sources: architecture names, llvm/Object/ELFObjectFile.h and llvm/TargetParser/Triple.h; target names as
// GNU objdump prints them, bfd/elf*-*.c; ABI bits, the psABI of each processor as binutils checks them
// (elfNN_riscv_merge_private_bfd_data, elf32_arm_merge_eabi_attributes, ppc64_elf_merge_private_bfd_data,
// ...).

#include "machine.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <llvm/BinaryFormat/ELF.h>
#include <llvm/Support/ARMAttributeParser.h>
#include <llvm/Support/ARMBuildAttributes.h>

#include "linkdx/language.hpp"

namespace linkdx::artifact {

namespace {

namespace elf = llvm::ELF;

struct MachineName {
  std::uint16_t machine;
  unsigned bits;       ///< 0: both
  const char* little;  ///< arch in LLVM's words; null where the order does not exist
  const char* big;
  const char* little_target;  ///< what GNU tools call the format
  const char* big_target;
};

constexpr std::array machine_names = {
    MachineName{elf::EM_X86_64, 64, "x86_64", nullptr, "elf64-x86-64", nullptr},
    MachineName{elf::EM_X86_64, 32, "x86_64", nullptr, "elf32-x86-64", nullptr},
    MachineName{elf::EM_386, 32, "i386", nullptr, "elf32-i386", nullptr},
    MachineName{elf::EM_IAMCU, 32, "i386", nullptr, "elf32-iamcu", nullptr},
    MachineName{elf::EM_AARCH64, 64, "aarch64", "aarch64_be", "elf64-littleaarch64", "elf64-bigaarch64"},
    MachineName{elf::EM_AARCH64, 32, "aarch64_32", "aarch64_be", "elf32-littleaarch64", "elf32-bigaarch64"},
    MachineName{elf::EM_ARM, 32, "arm", "armeb", "elf32-littlearm", "elf32-bigarm"},
    MachineName{elf::EM_RISCV, 64, "riscv64", nullptr, "elf64-littleriscv", "elf64-bigriscv"},
    MachineName{elf::EM_RISCV, 32, "riscv32", nullptr, "elf32-littleriscv", "elf32-bigriscv"},
    MachineName{elf::EM_PPC64, 64, "powerpc64le", "powerpc64", "elf64-powerpcle", "elf64-powerpc"},
    MachineName{elf::EM_PPC, 32, "powerpcle", "powerpc", "elf32-powerpcle", "elf32-powerpc"},
    MachineName{elf::EM_S390, 64, nullptr, "s390x", nullptr, "elf64-s390"},
    MachineName{elf::EM_S390, 32, nullptr, "s390", nullptr, "elf32-s390"},
    MachineName{elf::EM_MIPS, 64, "mips64el", "mips64", "elf64-tradlittlemips", "elf64-tradbigmips"},
    MachineName{elf::EM_MIPS, 32, "mipsel", "mips", "elf32-tradlittlemips", "elf32-tradbigmips"},
    MachineName{elf::EM_LOONGARCH, 64, "loongarch64", nullptr, "elf64-loongarch", nullptr},
    MachineName{elf::EM_LOONGARCH, 32, "loongarch32", nullptr, "elf32-loongarch", nullptr},
    MachineName{elf::EM_SPARCV9, 64, nullptr, "sparcv9", nullptr, "elf64-sparc"},
    MachineName{elf::EM_SPARC, 32, "sparcel", "sparc", "elf32-sparc", "elf32-sparc"},
    MachineName{elf::EM_SPARC32PLUS, 32, "sparcel", "sparc", "elf32-sparc", "elf32-sparc"},
    MachineName{elf::EM_68K, 32, nullptr, "m68k", nullptr, "elf32-m68k"},
    MachineName{elf::EM_AVR, 32, "avr", nullptr, "elf32-avr", nullptr},
    MachineName{elf::EM_MSP430, 32, "msp430", nullptr, "elf32-msp430", nullptr},
    MachineName{elf::EM_HEXAGON, 32, "hexagon", nullptr, "elf32-hexagon", nullptr},
    MachineName{elf::EM_LANAI, 32, nullptr, "lanai", nullptr, "elf32-lanai"},
    MachineName{elf::EM_CSKY, 32, "csky", nullptr, "elf32-csky", nullptr},
    MachineName{elf::EM_XTENSA, 32, "xtensa", nullptr, "elf32-xtensa-le", "elf32-xtensa-be"},
    MachineName{elf::EM_BPF, 64, "bpfel", "bpfeb", "elf64-bpfle", "elf64-bpfbe"},
    MachineName{elf::EM_VE, 64, "ve", nullptr, "elf64-ve", nullptr},
    MachineName{elf::EM_AMDGPU, 64, "amdgcn", nullptr, "elf64-amdgpu", nullptr},
    MachineName{elf::EM_AMDGPU, 32, "r600", nullptr, "elf32-amdgpu", nullptr},
    MachineName{elf::EM_CUDA, 64, "nvptx64", nullptr, "elf64-cuda", nullptr},
    MachineName{elf::EM_CUDA, 32, "nvptx", nullptr, "elf32-cuda", nullptr},
};

const MachineName* find_name(std::uint16_t machine, unsigned bits) {
  const auto* found = std::find_if(machine_names.begin(), machine_names.end(), [&](const MachineName& row) {
    return row.machine == machine && row.bits == bits;
  });
  return found == machine_names.end() ? nullptr : found;
}

/// One value of a field of e_flags. The first row that fits counts.
struct AbiFlag {
  std::uint16_t machine;
  unsigned bits;  ///< 0: both classes
  std::uint32_t mask;
  std::uint32_t value;
  const char* abi;
};

constexpr std::array abi_flags = {
    AbiFlag{elf::EM_X86_64, 32, 0, 0, "x32"},
    AbiFlag{elf::EM_AARCH64, 32, 0, 0, "ilp32"},
    AbiFlag{elf::EM_PPC64, 64, elf::EF_PPC64_ABI, 1, "elfv1"},
    AbiFlag{elf::EM_PPC64, 64, elf::EF_PPC64_ABI, 2, "elfv2"},
    AbiFlag{elf::EM_RISCV, 64, elf::EF_RISCV_RVE | elf::EF_RISCV_FLOAT_ABI, elf::EF_RISCV_RVE, "lp64e"},
    AbiFlag{elf::EM_RISCV, 64, elf::EF_RISCV_FLOAT_ABI, elf::EF_RISCV_FLOAT_ABI_SOFT, "lp64"},
    AbiFlag{elf::EM_RISCV, 64, elf::EF_RISCV_FLOAT_ABI, elf::EF_RISCV_FLOAT_ABI_SINGLE, "lp64f"},
    AbiFlag{elf::EM_RISCV, 64, elf::EF_RISCV_FLOAT_ABI, elf::EF_RISCV_FLOAT_ABI_DOUBLE, "lp64d"},
    AbiFlag{elf::EM_RISCV, 64, elf::EF_RISCV_FLOAT_ABI, elf::EF_RISCV_FLOAT_ABI_QUAD, "lp64q"},
    AbiFlag{elf::EM_RISCV, 32, elf::EF_RISCV_RVE | elf::EF_RISCV_FLOAT_ABI, elf::EF_RISCV_RVE, "ilp32e"},
    AbiFlag{elf::EM_RISCV, 32, elf::EF_RISCV_FLOAT_ABI, elf::EF_RISCV_FLOAT_ABI_SOFT, "ilp32"},
    AbiFlag{elf::EM_RISCV, 32, elf::EF_RISCV_FLOAT_ABI, elf::EF_RISCV_FLOAT_ABI_SINGLE, "ilp32f"},
    AbiFlag{elf::EM_RISCV, 32, elf::EF_RISCV_FLOAT_ABI, elf::EF_RISCV_FLOAT_ABI_DOUBLE, "ilp32d"},
    AbiFlag{elf::EM_RISCV, 32, elf::EF_RISCV_FLOAT_ABI, elf::EF_RISCV_FLOAT_ABI_QUAD, "ilp32q"},
    AbiFlag{elf::EM_LOONGARCH, 64, elf::EF_LOONGARCH_ABI_MODIFIER_MASK, elf::EF_LOONGARCH_ABI_SOFT_FLOAT,
            "lp64s"},
    AbiFlag{elf::EM_LOONGARCH, 64, elf::EF_LOONGARCH_ABI_MODIFIER_MASK, elf::EF_LOONGARCH_ABI_SINGLE_FLOAT,
            "lp64f"},
    AbiFlag{elf::EM_LOONGARCH, 64, elf::EF_LOONGARCH_ABI_MODIFIER_MASK, elf::EF_LOONGARCH_ABI_DOUBLE_FLOAT,
            "lp64d"},
    AbiFlag{elf::EM_LOONGARCH, 32, elf::EF_LOONGARCH_ABI_MODIFIER_MASK, elf::EF_LOONGARCH_ABI_SOFT_FLOAT,
            "ilp32s"},
    AbiFlag{elf::EM_LOONGARCH, 32, elf::EF_LOONGARCH_ABI_MODIFIER_MASK, elf::EF_LOONGARCH_ABI_SINGLE_FLOAT,
            "ilp32f"},
    AbiFlag{elf::EM_LOONGARCH, 32, elf::EF_LOONGARCH_ABI_MODIFIER_MASK, elf::EF_LOONGARCH_ABI_DOUBLE_FLOAT,
            "ilp32d"},
    AbiFlag{elf::EM_MIPS, 64, 0, 0, "n64"},
    AbiFlag{elf::EM_MIPS, 32, elf::EF_MIPS_ABI2, elf::EF_MIPS_ABI2, "n32"},
    AbiFlag{elf::EM_MIPS, 32, elf::EF_MIPS_ABI, elf::EF_MIPS_ABI_O32, "o32"},
    AbiFlag{elf::EM_MIPS, 32, elf::EF_MIPS_ABI, elf::EF_MIPS_ABI_O64, "o64"},
    AbiFlag{elf::EM_MIPS, 32, elf::EF_MIPS_ABI, elf::EF_MIPS_ABI_EABI32, "eabi32"},
    AbiFlag{elf::EM_MIPS, 32, elf::EF_MIPS_ABI, elf::EF_MIPS_ABI_EABI64, "eabi64"},
    AbiFlag{elf::EM_ARM, 32, elf::EF_ARM_ABI_FLOAT_HARD, elf::EF_ARM_ABI_FLOAT_HARD, "hard-float"},
    AbiFlag{elf::EM_ARM, 32, elf::EF_ARM_ABI_FLOAT_SOFT, elf::EF_ARM_ABI_FLOAT_SOFT, "soft-float"},
};

/// Mach-O and COFF by the same numbers, so that one table knows the architectures. Sources: mach/machine.h as
/// in llvm/BinaryFormat/MachO.h; "Machine Types" of the PE/COFF specification; names as GNU objdump prints
/// them.
struct ForeignMachine {
  Format format;
  std::uint32_t number;
  std::uint16_t elf_machine;
  unsigned bits;
  const char* arch;
  const char* target;
  const char* abi;
};

constexpr std::array foreign_machines = {
    ForeignMachine{Format::MachO, 0x01000007, elf::EM_X86_64, 64, "x86_64", "mach-o-x86-64", ""},
    ForeignMachine{Format::MachO, 0x00000007, elf::EM_386, 32, "i386", "mach-o-i386", ""},
    ForeignMachine{Format::MachO, 0x0100000c, elf::EM_AARCH64, 64, "aarch64", "mach-o-arm64", "arm64"},
    ForeignMachine{Format::MachO, 0x0200000c, elf::EM_AARCH64, 32, "aarch64_32", "mach-o-arm64-32", ""},
    ForeignMachine{Format::MachO, 0x0000000c, elf::EM_ARM, 32, "arm", "mach-o-arm", ""},
    ForeignMachine{Format::MachO, 0x01000012, elf::EM_PPC64, 64, "powerpc64", "mach-o-ppc64", ""},
    ForeignMachine{Format::MachO, 0x00000012, elf::EM_PPC, 32, "powerpc", "mach-o-ppc", ""},
    ForeignMachine{Format::Coff, 0x8664, elf::EM_X86_64, 64, "x86_64", "pe-x86-64", ""},
    ForeignMachine{Format::Coff, 0x14c, elf::EM_386, 32, "i386", "pe-i386", ""},
    ForeignMachine{Format::Coff, 0xaa64, elf::EM_AARCH64, 64, "aarch64", "pe-aarch64-little", ""},
    ForeignMachine{Format::Coff, 0xa641, elf::EM_AARCH64, 64, "aarch64", "pe-aarch64-little", "arm64ec"},
    ForeignMachine{Format::Coff, 0xa64e, elf::EM_AARCH64, 64, "aarch64", "pe-aarch64-little", "arm64ec"},
    ForeignMachine{Format::Coff, 0x1c4, elf::EM_ARM, 32, "arm", "pe-arm-little", ""},
    ForeignMachine{Format::Coff, 0x1c0, elf::EM_ARM, 32, "arm", "pe-arm-little", ""},
    ForeignMachine{Format::Coff, 0x5064, elf::EM_RISCV, 64, "riscv64", "pe-riscv64-little", ""},
    ForeignMachine{Format::Coff, 0x5032, elf::EM_RISCV, 32, "riscv32", "pe-riscv32-little", ""},
    ForeignMachine{Format::Coff, 0x6264, elf::EM_LOONGARCH, 64, "loongarch64", "pe-loongarch64", ""},
};

const char* target_name(const Machine& machine) {
  for (const ForeignMachine& row : foreign_machines)
    if (row.format == machine.format && row.arch == machine.arch) return row.target;
  if (machine.format == Format::MachO || machine.format == Format::Coff) return nullptr;
  const MachineName* row = find_name(machine.elf_machine, machine.bits);
  if (!row) return nullptr;
  return machine.big_endian ? row->big_target : row->little_target;
}

}  // namespace

Machine elf_machine(std::uint16_t number, std::uint32_t flags, unsigned bits, bool big_endian) {
  Machine machine{.bits = bits,
                  .big_endian = big_endian,
                  .elf_machine = number,
                  .elf_flags = flags,
                  .format = Format::Elf};
  if (const MachineName* row = find_name(number, bits))
    if (const char* arch = big_endian ? row->big : row->little) machine.arch = arch;
  for (const AbiFlag& row : abi_flags) {
    if (row.machine != number || (row.bits != 0 && row.bits != bits) || (flags & row.mask) != row.value)
      continue;
    machine.abi = row.abi;
    break;
  }
  return machine;
}

Machine foreign_machine(Format format, std::uint32_t number, bool big_endian) {
  Machine machine{.big_endian = big_endian, .format = format};
  for (const ForeignMachine& row : foreign_machines) {
    if (row.format != format || row.number != number) continue;
    machine.arch = row.arch;
    machine.bits = row.bits;
    machine.elf_machine = row.elf_machine;
    machine.abi = row.abi;
    break;
  }
  return machine;
}

std::string arm_float_abi(std::span<const std::uint8_t> attributes, bool big_endian) {
  if (attributes.empty()) return {};
  llvm::ARMAttributeParser parser;
  if (llvm::Error error = parser.parse({attributes.data(), attributes.size()},
                                       big_endian ? llvm::endianness::big : llvm::endianness::little)) {
    llvm::consumeError(std::move(error));
    return {};
  }
  namespace tag = llvm::ARMBuildAttrs;
  if (parser.getAttributeValue(tag::ABI_FP_number_model).value_or(0) == 0) return {};
  switch (parser.getAttributeValue(tag::ABI_VFP_args).value_or(0)) {
    case tag::BaseAAPCS:
      return "soft-float";
    case tag::HardFPAAPCS:
      return "hard-float";
    default:
      return {};  // a toolchain of its own kind, or fit for both
  }
}

bool has_big_endian_code(const Machine& machine) {
  if (machine.elf_machine == elf::EM_AARCH64) return false;  // ELF for the Arm 64-bit Architecture, 4.2
  if (machine.elf_machine == elf::EM_RISCV) return false;    // ISA manual, "Base Instruction-Length Encoding"
  if (machine.elf_machine == elf::EM_ARM && (machine.elf_flags & elf::EF_ARM_BE8) != 0)
    return false;  // the linker turns the instructions around: ELF for the Arm Architecture, 5.2.1.1
  return machine.big_endian;
}

std::string describe(const Machine& machine) {
  std::string text;
  if (const char* target = target_name(machine)) {
    text = fmt::format("{} ({})", target, machine.arch.empty() ? say("no known architecture") : machine.arch);
  } else if (machine.bits != 0 && machine.elf_machine != 0) {
    text = fmt::format("elf{}, {}-endian, machine {}", machine.bits, machine.big_endian ? "big" : "little",
                       machine.elf_machine);
  } else {
    text = machine.arch.empty() ? say("unknown machine") : machine.arch;
  }
  if (!machine.abi.empty() && !(machine.format == Format::MachO && machine.abi == "arm64"))
    text += ", " + machine.abi;
  if (!machine.platform.empty()) text += ", " + machine.platform;
  return text;
}

std::optional<std::string> why_incompatible(const Machine& a, const Machine& b) {
  const auto both = [&](std::string_view what) {
    return say("{}: {} and {}", translated(what), describe(a), describe(b));
  };
  if (a.format != b.format && a.format != Format::Unknown && b.format != Format::Unknown)
    return both(N_("different object formats"));
  // ARM64EC code is made to be linked with x86-64 code.
  if (a.format == Format::Coff && (a.abi == "arm64ec" || b.abi == "arm64ec")) return std::nullopt;
  // Bitcode knows its architecture and no e_machine; a machine that has no name has only its number.
  const bool named = !a.arch.empty() && !b.arch.empty();
  const bool numbered = a.elf_machine != 0 && b.elf_machine != 0;
  if (named ? a.arch != b.arch : numbered && a.elf_machine != b.elf_machine)
    return both(N_("different machines"));
  if (!named && !numbered) return std::nullopt;
  if (a.bits != b.bits && a.bits != 0 && b.bits != 0) return both(N_("different word sizes"));
  if (a.big_endian != b.big_endian) return both(N_("different byte orders"));
  if (!a.abi.empty() && !b.abi.empty() && a.abi != b.abi) return both(N_("different ABIs"));
  if (!a.platform.empty() && !b.platform.empty() && a.platform != b.platform)
    return both(N_("different platforms"));
  return std::nullopt;
}

void Object::visit_code(llvm::function_ref<void(std::span<const std::uint8_t>)> visit) const {
  constexpr std::uint64_t code = llvm::ELF::SHF_ALLOC | llvm::ELF::SHF_EXECINSTR;
  for (const Section& section : sections())
    if ((section.flags & code) == code && !section.contents.empty()) visit(section.contents);
}

bool is_relocatable(Kind kind) {
  return kind == Kind::ElfRelocatable || kind == Kind::MachO || kind == Kind::Coff || kind == Kind::Wasm;
}

bool is_shared_library(Kind kind) {
  return kind == Kind::ElfShared || kind == Kind::MachOShared || kind == Kind::PeShared;
}

bool is_linked(Kind kind) {
  return is_shared_library(kind) || kind == Kind::ElfExecutable || kind == Kind::MachOExecutable ||
         kind == Kind::PeExecutable;
}

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::Unknown:
      return "unknown";
    case Kind::ElfRelocatable:
      return "object";
    case Kind::ElfShared:
      return "shared-library";
    case Kind::ElfExecutable:
      return "executable";
    case Kind::Archive:
      return "archive";
    case Kind::ThinArchive:
      return "thin-archive";
    case Kind::Bitcode:
      return "bitcode";
    case Kind::GccLto:
      return "gcc-lto";
    case Kind::LinkerScript:
      return "linker-script";
    case Kind::ResponseFile:
      return "response-file";
    case Kind::MachO:
      return "mach-o";
    case Kind::MachOShared:
      return "mach-o-library";
    case Kind::MachOExecutable:
      return "mach-o-executable";
    case Kind::Coff:
      return "coff";
    case Kind::CoffImport:
      return "coff-import";
    case Kind::PeShared:
      return "dll";
    case Kind::PeExecutable:
      return "pe-executable";
    case Kind::Wasm:
      return "wasm";
    case Kind::Package:
      return "package";
    case Kind::RustMetadata:
      return "rust-metadata";
  }
  return "unknown";
}

}  // namespace linkdx::artifact
