// The section .note.gnu.property: notes named "GNU" of type 5, each a list of properties, each a type, a size
// and a value of so many bytes, padded to 8 bytes in 64-bit files and 4 in others. A property whose value is
// a set of bits says in its type how a linker merges it: "and" for what all objects must have (protections),
// "or" for what any object needs (ISA levels needed), and "or-and" for what is known only if all objects say
// it (ISA levels used).
//
// Sources: x86-64 psABI, "Program Property"; "ELF for the Arm 64-bit Architecture", "Program Property";
// llvm/BinaryFormat/ELF.h. Older numbers for the x86 ISA, which binutils 2.31 to 2.33 wrote with other
// meanings of the bits, are passed over.
#include <fmt/format.h>
#include <llvm/BinaryFormat/ELF.h>
#include <llvm/Support/Endian.h>

#include "declarations.hpp"

#include "linkdx/language.hpp"

namespace linkdx::artifact {
namespace {

namespace elf = llvm::ELF;

enum class Machines { X86, AArch64 };

struct Property {
  Machines machines;
  std::uint32_t type;
  Declaration::Kind kind;
  std::string_view name;
};
constexpr Property properties[] = {
    {Machines::X86, elf::GNU_PROPERTY_X86_ISA_1_NEEDED, Declaration::Kind::IsaNeeded, "x86 ISA needed"},
    {Machines::X86, elf::GNU_PROPERTY_X86_ISA_1_USED, Declaration::Kind::IsaUsed, "x86 ISA used"},
    {Machines::X86, elf::GNU_PROPERTY_X86_FEATURE_1_AND, Declaration::Kind::Protection, "x86 protections"},
    {Machines::AArch64, elf::GNU_PROPERTY_AARCH64_FEATURE_1_AND, Declaration::Kind::Protection,
     "AArch64 protections"},
};

struct Bit {
  Machines machines;
  Declaration::Kind kind;
  std::uint32_t bit;
  std::string_view word;
};
constexpr Bit bits[] = {
    {Machines::X86, Declaration::Kind::IsaNeeded, elf::GNU_PROPERTY_X86_ISA_1_BASELINE, "x86-64"},
    {Machines::X86, Declaration::Kind::IsaNeeded, elf::GNU_PROPERTY_X86_ISA_1_V2, "x86-64-v2"},
    {Machines::X86, Declaration::Kind::IsaNeeded, elf::GNU_PROPERTY_X86_ISA_1_V3, "x86-64-v3"},
    {Machines::X86, Declaration::Kind::IsaNeeded, elf::GNU_PROPERTY_X86_ISA_1_V4, "x86-64-v4"},
    {Machines::X86, Declaration::Kind::IsaUsed, elf::GNU_PROPERTY_X86_ISA_1_BASELINE, "x86-64"},
    {Machines::X86, Declaration::Kind::IsaUsed, elf::GNU_PROPERTY_X86_ISA_1_V2, "x86-64-v2"},
    {Machines::X86, Declaration::Kind::IsaUsed, elf::GNU_PROPERTY_X86_ISA_1_V3, "x86-64-v3"},
    {Machines::X86, Declaration::Kind::IsaUsed, elf::GNU_PROPERTY_X86_ISA_1_V4, "x86-64-v4"},
    {Machines::X86, Declaration::Kind::Protection, elf::GNU_PROPERTY_X86_FEATURE_1_IBT, "ibt"},
    {Machines::X86, Declaration::Kind::Protection, elf::GNU_PROPERTY_X86_FEATURE_1_SHSTK, "shstk"},
    {Machines::AArch64, Declaration::Kind::Protection, elf::GNU_PROPERTY_AARCH64_FEATURE_1_BTI, "bti"},
    {Machines::AArch64, Declaration::Kind::Protection, elf::GNU_PROPERTY_AARCH64_FEATURE_1_PAC, "pac"},
    {Machines::AArch64, Declaration::Kind::Protection, elf::GNU_PROPERTY_AARCH64_FEATURE_1_GCS, "gcs"},
};

class Reader {
 public:
  Reader(std::span<const std::uint8_t> note, const Machine& machine, Declarations& result)
      : note_(note),
        order_(machine.big_endian ? llvm::endianness::big : llvm::endianness::little),
        padding_(machine.bits == 64 ? 8 : 4),
        result_(result) {
    x86_ = machine.elf_machine == elf::EM_X86_64 || machine.elf_machine == elf::EM_386;
    aarch64_ = machine.elf_machine == elf::EM_AARCH64;
  }

  void run() {
    std::uint64_t at = 0;
    while (at < note_.size()) {
      constexpr std::uint64_t header = 12;  // sizes of name and value, type; then the name
      if (note_.size() - at < header) return fault("a note's header", at);
      const std::uint32_t name_size = word(at), size = word(at + 4), type = word(at + 8);
      const std::uint64_t name = at + header, value = name + padded(name_size, 4);
      if (value > note_.size() || size > note_.size() - value) return fault("a note", at);
      const bool gnu = name_size == 4 && note_[name] == 'G' && note_[name + 1] == 'N' &&
                       note_[name + 2] == 'U' && note_[name + 3] == 0;
      if (gnu && type == elf::NT_GNU_PROPERTY_TYPE_0 && !read_list(value, value + size)) return;
      at = value + padded(size, padding_);
    }
  }

 private:
  bool read_list(std::uint64_t at, std::uint64_t end) {
    while (at < end) {
      if (end - at < 8) return fault("a property's header", at), false;
      const std::uint32_t type = word(at), size = word(at + 4);
      if (size > end - at - 8) return fault("a property", at), false;
      if (size == 4) read_property(type, word(at + 8));
      at += 8 + padded(size, padding_);
    }
    return true;
  }

  void read_property(std::uint32_t type, std::uint32_t value) {
    for (const Property& row : properties) {
      if (row.type != type || !(row.machines == Machines::X86 ? x86_ : aarch64_)) continue;
      std::string words;
      std::uint32_t known = 0;
      for (const Bit& bit : bits) {
        if (bit.machines != row.machines || bit.kind != row.kind || (value & bit.bit) == 0) continue;
        words += (words.empty() ? "" : " ") + std::string(bit.word);
        known |= bit.bit;
      }
      if ((value & ~known) != 0)
        words += fmt::format("{}unknown bits {:#x}", words.empty() ? "" : " ", value & ~known);
      Declaration declaration{.kind = row.kind,
                              .where = ".note.gnu.property",
                              .name = std::string(row.name),
                              .value = std::move(words)};
      if (!declaration.value.empty()) result_.said.push_back(std::move(declaration));
    }
  }

  std::uint32_t word(std::uint64_t at) const {
    return llvm::support::endian::read<std::uint32_t>(note_.data() + at, order_);
  }
  static std::uint64_t padded(std::uint64_t size, std::uint64_t to) { return (size + to - 1) / to * to; }
  void fault(std::string_view what, std::uint64_t at) {
    result_.faults.push_back(say(".note.gnu.property: {} at {:#x} reaches past the end", what, at));
  }

  std::span<const std::uint8_t> note_;
  llvm::endianness order_;
  std::uint64_t padding_;
  Declarations& result_;
  bool x86_ = false, aarch64_ = false;
};

}  // namespace

void read_gnu_properties(std::span<const std::uint8_t> note, const Machine& machine, Declarations& result) {
  Reader(note, machine, result).run();
}

}  // namespace linkdx::artifact
