// Build attributes: what an ARM or RISC-V object was built for, as a list of tags with a number or a text
// each. A section begins with a version letter; then come parts by vendor ("aeabi", "riscv"), in them
// attributes of the whole file. LLVM's parsers know the tags; they read numbers and texts and report what
// does not fit.
//
// Sources: "Addenda to, and Errata in, the ABI for the Arm Architecture", 3.3; RISC-V ELF psABI,
// "Attributes".
#include <fmt/format.h>
#include <llvm/BinaryFormat/ELF.h>
#include <llvm/Support/ARMAttributeParser.h>
#include <llvm/Support/ARMBuildAttributes.h>
#include <llvm/Support/RISCVAttributeParser.h>
#include <llvm/Support/RISCVAttributes.h>

#include "declarations.hpp"

namespace linkdx::artifact {
namespace {

namespace arm = llvm::ARMBuildAttrs;
namespace elf = llvm::ELF;

/// The tags that say which instructions the code may hold.
constexpr unsigned arm_tags[] = {arm::CPU_name,        arm::CPU_arch,           arm::CPU_arch_profile,
                                 arm::ARM_ISA_use,     arm::THUMB_ISA_use,      arm::FP_arch,
                                 arm::WMMX_arch,       arm::Advanced_SIMD_arch, arm::MVE_arch,
                                 arm::FP_HP_extension, arm::MPextension_use,    arm::DIV_use,
                                 arm::DSP_extension,   arm::Virtualization_use, arm::PAC_extension,
                                 arm::BTI_extension};
constexpr unsigned riscv_tags[] = {llvm::RISCVAttrs::ARCH, llvm::RISCVAttrs::UNALIGNED_ACCESS,
                                   llvm::RISCVAttrs::ATOMIC_ABI};

/// A value by its name. Rows without one are shown by number. Source: Addenda, 3.3.5.2, "Target-related
/// attributes".
struct ValueName {
  unsigned tag, value;
  std::string_view name;
};
constexpr ValueName value_names[] = {
    {arm::CPU_arch, arm::Pre_v4, "before v4"},
    {arm::CPU_arch, arm::v4, "v4"},
    {arm::CPU_arch, arm::v4T, "v4t"},
    {arm::CPU_arch, arm::v5T, "v5t"},
    {arm::CPU_arch, arm::v5TE, "v5te"},
    {arm::CPU_arch, arm::v5TEJ, "v5tej"},
    {arm::CPU_arch, arm::v6, "v6"},
    {arm::CPU_arch, arm::v6KZ, "v6kz"},
    {arm::CPU_arch, arm::v6T2, "v6t2"},
    {arm::CPU_arch, arm::v6K, "v6k"},
    {arm::CPU_arch, arm::v7, "v7"},
    {arm::CPU_arch, arm::v6_M, "v6-m"},
    {arm::CPU_arch, arm::v6S_M, "v6s-m"},
    {arm::CPU_arch, arm::v7E_M, "v7e-m"},
    {arm::CPU_arch, arm::v8_A, "v8-a"},
    {arm::CPU_arch, arm::v8_R, "v8-r"},
    {arm::CPU_arch, arm::v8_M_Base, "v8-m.base"},
    {arm::CPU_arch, arm::v8_M_Main, "v8-m.main"},
    {arm::CPU_arch, arm::v8_1_M_Main, "v8.1-m.main"},
    {arm::CPU_arch, arm::v9_A, "v9-a"},
    {arm::CPU_arch_profile, 'A', "application"},
    {arm::CPU_arch_profile, 'R', "real-time"},
    {arm::CPU_arch_profile, 'M', "microcontroller"},
    {arm::CPU_arch_profile, 'S', "application or real-time"},
    {arm::FP_arch, 1, "vfpv1"},
    {arm::FP_arch, 2, "vfpv2"},
    {arm::FP_arch, 3, "vfpv3"},
    {arm::FP_arch, 4, "vfpv3-d16"},
    {arm::FP_arch, 5, "vfpv4"},
    {arm::FP_arch, 6, "vfpv4-d16"},
    {arm::FP_arch, 7, "fp-armv8"},
    {arm::FP_arch, 8, "fp-armv8-d16"},
    {arm::Advanced_SIMD_arch, 1, "neon"},
    {arm::Advanced_SIMD_arch, 2, "neon with fused multiply-add"},
    {arm::Advanced_SIMD_arch, 3, "neon of v8"},
    {arm::Advanced_SIMD_arch, 4, "neon of v8.1"},
    {arm::THUMB_ISA_use, 1, "thumb-1"},
    {arm::THUMB_ISA_use, 2, "thumb-2"},
    {arm::THUMB_ISA_use, 3, "by architecture"},
    {arm::ARM_ISA_use, 1, "yes"},
    {arm::MVE_arch, 1, "integer"},
    {arm::MVE_arch, 2, "integer and float"},
};

std::string value_of(const llvm::ELFAttributeParser& parser, unsigned tag, bool is_arm) {
  if (const std::optional<llvm::StringRef> text = parser.getAttributeString(tag)) return text->str();
  const std::optional<unsigned> value = parser.getAttributeValue(tag);
  if (!value || *value == 0) return {};
  for (const ValueName& row : value_names)
    if (is_arm && row.tag == tag && row.value == *value) return std::string(row.name);
  return fmt::format("{}", *value);
}

}  // namespace

bool read_build_attributes(std::span<const std::uint8_t> section, std::string_view name,
                           const Machine& machine, Declarations& result) {
  const bool is_arm = machine.elf_machine == elf::EM_ARM;
  if (!is_arm && machine.elf_machine != elf::EM_RISCV) return false;
  if (section.empty()) return true;
  llvm::ARMAttributeParser arm_parser;
  llvm::RISCVAttributeParser riscv_parser;
  llvm::ELFAttributeParser& parser =
      is_arm ? static_cast<llvm::ELFAttributeParser&>(arm_parser) : riscv_parser;
  if (llvm::Error error = parser.parse({section.data(), section.size()},
                                       machine.big_endian ? llvm::endianness::big : llvm::endianness::little))
    result.faults.push_back(fmt::format("{}: {}", name, llvm::toString(std::move(error))));
  const std::span<const unsigned> tags =
      is_arm ? std::span<const unsigned>(arm_tags) : std::span<const unsigned>(riscv_tags);
  const llvm::TagNameMap names =
      is_arm ? arm::getARMAttributeTags() : llvm::RISCVAttrs::getRISCVAttributeTags();
  for (const unsigned tag : tags) {
    const std::string value = value_of(parser, tag, is_arm);
    if (value.empty()) continue;
    result.said.push_back({.kind = Declaration::Kind::Attribute,
                           .where = std::string(name),
                           .name = llvm::ELFAttrs::attrTypeAsString(tag, names).str(),
                           .value = value});
  }
  return true;
}

}  // namespace linkdx::artifact
