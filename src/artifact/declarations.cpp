// What an ELF object says of the CPUs it is for. Five places can hold it:
//
//   .note.gnu.property   which ISA levels are needed and used, and protections all the code respects (x86-64
//   psABI, "Program
//                        Property"; Arm, "ELF for the Arm 64-bit Architecture", "Program Property"):
//                        gnu_properties.cpp
//   build attributes     tags and values in .ARM.attributes and .riscv.attributes: build_attributes.cpp
//   e_flags              bits of the header, by each processor's supplement
//   producers            `-march` and the like in DW_AT_producer (-grecord-gcc-switches) and
//   .GCC.command.line
//
// LLVM turns attributes and header flags of some machines into its own feature names
// (ELFObjectFileBase::getFeatures).
#include "declarations.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <llvm/BinaryFormat/ELF.h>
#include <llvm/Object/ELFObjectFile.h>
#include <llvm/TargetParser/SubtargetFeature.h>

namespace linkdx::artifact {
namespace {

namespace elf = llvm::ELF;

/// A value of a field of e_flags that says something about instructions. Sources: llvm/BinaryFormat/ELF.h,
/// which repeats the supplements.
struct FlagWord {
  std::uint16_t machine;
  std::uint32_t mask, value;
  std::string_view word;
};
constexpr FlagWord flag_words[] = {
    {elf::EM_RISCV, elf::EF_RISCV_RVC, elf::EF_RISCV_RVC, "compressed instructions"},
    {elf::EM_RISCV, elf::EF_RISCV_RVE, elf::EF_RISCV_RVE, "16 registers"},
    {elf::EM_RISCV, elf::EF_RISCV_TSO, elf::EF_RISCV_TSO, "total store order"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_1, "mips1"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_2, "mips2"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_3, "mips3"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_4, "mips4"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_5, "mips5"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_32, "mips32"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_64, "mips64"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_32R2, "mips32r2"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_64R2, "mips64r2"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_32R6, "mips32r6"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH, elf::EF_MIPS_ARCH_64R6, "mips64r6"},
    {elf::EM_MIPS, elf::EF_MIPS_MACH, elf::EF_MIPS_MACH_OCTEON, "octeon"},
    {elf::EM_MIPS, elf::EF_MIPS_MACH, elf::EF_MIPS_MACH_OCTEON2, "octeon2"},
    {elf::EM_MIPS, elf::EF_MIPS_MACH, elf::EF_MIPS_MACH_OCTEON3, "octeon3"},
    {elf::EM_MIPS, elf::EF_MIPS_MACH, elf::EF_MIPS_MACH_LS2E, "loongson2e"},
    {elf::EM_MIPS, elf::EF_MIPS_MACH, elf::EF_MIPS_MACH_LS2F, "loongson2f"},
    {elf::EM_MIPS, elf::EF_MIPS_MACH, elf::EF_MIPS_MACH_LS3A, "loongson3a"},
    {elf::EM_MIPS, elf::EF_MIPS_NAN2008, elf::EF_MIPS_NAN2008, "nan2008"},
    {elf::EM_MIPS, elf::EF_MIPS_MICROMIPS, elf::EF_MIPS_MICROMIPS, "micromips"},
    {elf::EM_MIPS, elf::EF_MIPS_ARCH_ASE_M16, elf::EF_MIPS_ARCH_ASE_M16, "mips16"},
    {elf::EM_ARM, elf::EF_ARM_BE8, elf::EF_ARM_BE8, "little-endian code"},
};

/// The words of a text, quotes kept as they are: only words that begin with a dash matter.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(" \t\n");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" \t\n"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

/// Flags that choose instructions: -march, -mcpu, -mfpu, -mavx2, -mno-avx. Not -m64, -mtune or the cost and
/// code models.
bool chooses_instructions(std::string_view flag) {
  constexpr std::string_view others[] = {
      "-mtune=",       "-mabi=",        "-mcmodel",          "-m64",
      "-m32",          "-mx32",         "-mbranch-cost",     "-mllvm",
      "-mfloat-abi",   "-mtls-",        "-mpreferred-stack", "-mstack",
      "-mno-red-zone", "-mlong-double", "-mrelax",           "-mpush-args"};
  if (!flag.starts_with("-m")) return false;
  return std::none_of(std::begin(others), std::end(others),
                      [flag](std::string_view other) { return flag.starts_with(other); });
}

void add(Declaration declaration, Declarations& result) {
  if (std::find(result.said.begin(), result.said.end(), declaration) == result.said.end())
    result.said.push_back(std::move(declaration));
}

/// A compiler that wrote down any flag wrote down those that choose instructions; one that wrote none says
/// nothing.
void read_producers(const Object& object, Declarations& result) {
  for (const std::string& producer : object.producers()) {
    const std::vector<std::string> words = words_of(producer);
    const auto flag = std::find_if(words.begin(), words.end(),
                                   [](const std::string& word) { return word.size() > 1 && word[0] == '-'; });
    // An assembler writes down its own options, and no code model.
    if (flag == words.end() || producer.starts_with("GNU AS")) continue;
    const std::size_t dash = producer.find(" -");
    std::string compiler = dash == std::string::npos ? std::string() : producer.substr(0, dash);
    std::string flags;
    for (const std::string& word : words)
      if (chooses_instructions(word)) flags += (flags.empty() ? "" : " ") + word;
    add({.kind = Declaration::Kind::CompilerFlags,
         .where = "producer",
         .name = std::move(compiler),
         .value = std::move(flags)},
        result);
  }
}

void read_header_flags(const Machine& machine, Declarations& result) {
  if (machine.elf_flags == 0) return;
  std::string words = machine.abi;
  for (const FlagWord& row : flag_words)
    if (row.machine == machine.elf_machine && (machine.elf_flags & row.mask) == row.value)
      words += (words.empty() ? "" : ", ") + std::string(row.word);
  add({.kind = Declaration::Kind::HeaderFlags,
       .where = "e_flags",
       .name = fmt::format("{:#x}", machine.elf_flags),
       .value = std::move(words)},
      result);
}

/// Whether LLVM 19 can be asked for features: it reads the first byte of every attributes section, of an
/// empty one too, and takes MIPS flags other than these for impossible.
bool readable_by_llvm(const Object& object) {
  const Machine& machine = object.machine();
  if (machine.elf_machine == elf::EM_MIPS) {
    const std::uint32_t cpu = machine.elf_flags & elf::EF_MIPS_MACH;
    return (machine.elf_flags & elf::EF_MIPS_ARCH) <= elf::EF_MIPS_ARCH_64R6 &&
           (cpu == elf::EF_MIPS_MACH_NONE || cpu == elf::EF_MIPS_MACH_OCTEON);
  }
  const std::vector<Section> sections = object.sections();
  return std::none_of(sections.begin(), sections.end(), [](const Section& section) {
    return section.type == elf::SHT_ARM_ATTRIBUTES && section.contents.empty();
  });
}

/// LLVM's names for what attributes and header flags say; on the first declaration that they can be read
/// from.
void add_llvm_features(const Object& object, std::string_view bytes, Declarations& result) {
  constexpr std::uint16_t machines[] = {elf::EM_ARM, elf::EM_RISCV, elf::EM_MIPS, elf::EM_LOONGARCH};
  const Machine& machine = object.machine();
  if (std::find(std::begin(machines), std::end(machines), machine.elf_machine) == std::end(machines)) return;
  const auto said = std::find_if(result.said.begin(), result.said.end(), [](const Declaration& declaration) {
    return declaration.kind == Declaration::Kind::Attribute ||
           declaration.kind == Declaration::Kind::HeaderFlags;
  });
  if (said == result.said.end()) return;
  if (!readable_by_llvm(object)) return;
  auto file = llvm::object::ObjectFile::createELFObjectFile(
      llvm::MemoryBufferRef({bytes.data(), bytes.size()}, "object"), false);
  if (!file) {
    llvm::consumeError(file.takeError());  // the object's own reader has said what is wrong with it
    return;
  }
  llvm::Expected<llvm::SubtargetFeatures> features = (*file)->getFeatures();
  if (!features)
    result.faults.push_back("build attributes: " + llvm::toString(features.takeError()));
  else
    said->features = features->getFeatures();
}

}  // namespace

Declarations elf_declarations(const Object& object, std::string_view bytes) {
  Declarations result;
  const Machine& machine = object.machine();
  bool attributes = false;
  for (const Section& section : object.sections()) {
    if (section.type == elf::SHT_NOTE && section.name == ".note.gnu.property")
      read_gnu_properties(section.contents, machine, result);
    // The number is SHT_ARM_ATTRIBUTES and SHT_RISCV_ATTRIBUTES, and something else on other machines.
    if (section.type == elf::SHT_ARM_ATTRIBUTES && !attributes)
      attributes = read_build_attributes(section.contents, section.name, machine, result);
  }
  read_header_flags(machine, result);
  add_llvm_features(object, bytes, result);
  read_producers(object, result);
  return result;
}

}  // namespace linkdx::artifact
