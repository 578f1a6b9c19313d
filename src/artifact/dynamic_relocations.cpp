// What the loader patches. A linked library does not know where it will lie, so wherever it holds an address
// there is a dynamic relocation: of a symbol, or relative to the library's own start. The second kind says
// which of its functions are reached through pointers, also in a library without a symbol table.
//
// Tables: SHT_RELA and SHT_REL (gABI chapter 4, "Relocation"), and SHT_RELR, a list of places in which one
// word gives an address and the next ones are bitmaps of the words behind it (gABI, "Relative Relocation
// Table").
#include <llvm/BinaryFormat/ELF.h>
#include <llvm/Support/Endian.h>

#include "linkdx/artifact.hpp"

namespace linkdx::artifact {
namespace {

namespace elf = llvm::ELF;

/// The relocation types that matter here, for each machine.
struct Types {
  std::uint16_t machine;
  std::uint32_t relative, irelative;
};
constexpr Types types[] = {
    {elf::EM_X86_64, elf::R_X86_64_RELATIVE, elf::R_X86_64_IRELATIVE},
    {elf::EM_386, elf::R_386_RELATIVE, elf::R_386_IRELATIVE},
    {elf::EM_AARCH64, elf::R_AARCH64_RELATIVE, elf::R_AARCH64_IRELATIVE},
    {elf::EM_ARM, elf::R_ARM_RELATIVE, elf::R_ARM_IRELATIVE},
    {elf::EM_RISCV, elf::R_RISCV_RELATIVE, elf::R_RISCV_IRELATIVE},
    {elf::EM_PPC, elf::R_PPC_RELATIVE, elf::R_PPC_IRELATIVE},
    {elf::EM_PPC64, elf::R_PPC64_RELATIVE, elf::R_PPC64_IRELATIVE},
    {elf::EM_S390, elf::R_390_RELATIVE, elf::R_390_IRELATIVE},
    {elf::EM_LOONGARCH, elf::R_LARCH_RELATIVE, elf::R_LARCH_IRELATIVE},
};

/// The words of one table, in the object's byte order and word size. Outside the table there are only zeros.
class Words {
 public:
  Words(std::span<const std::uint8_t> bytes, const Machine& machine)
      : bytes_(bytes),
        wide_(machine.bits == 64),
        order_(machine.big_endian ? llvm::endianness::big : llvm::endianness::little) {}
  std::size_t word_size() const { return wide_ ? 8 : 4; }
  std::uint64_t word(std::uint64_t at) const {
    return wide_ ? read<std::uint64_t>(at) : read<std::uint32_t>(at);
  }
  template <class Number>
  Number read(std::uint64_t at) const {
    if (at > bytes_.size() || bytes_.size() - at < sizeof(Number)) return 0;
    return llvm::support::endian::read<Number>(bytes_.data() + at, order_);
  }

 private:
  std::span<const std::uint8_t> bytes_;
  bool wide_;
  llvm::endianness order_;
};

class Loader {
 public:
  Loader(const Object& object, llvm::function_ref<void(const DynamicRelocation&)> visit)
      : machine_(object.machine()), sections_(object.sections()), visit_(visit) {
    for (const Types& row : types)
      if (row.machine == machine_.elf_machine) types_ = row;
  }

  void run() {
    for (const Section& table : sections_) {
      if ((table.flags & elf::SHF_ALLOC) == 0) continue;
      if (table.type == elf::SHT_RELR)
        read_packed(table);
      else if (table.type == elf::SHT_RELA || table.type == elf::SHT_REL)
        read_table(table);
    }
  }

 private:
  void read_table(const Section& table) {
    const bool has_addend = table.type == elf::SHT_RELA;
    const Words words(table.contents, machine_);
    const std::size_t word = words.word_size(), size = word * (has_addend ? 3 : 2);
    const std::span<const std::uint8_t> symbols =
        table.link < sections_.size() ? sections_[table.link].contents : std::span<const std::uint8_t>();
    const bool calls = table.name.ends_with(".plt");
    for (std::size_t at = 0; at + size <= table.contents.size(); at += size) {
      const std::uint64_t info = words.word(at + word);
      const auto symbol = static_cast<std::uint32_t>(word == 8 ? info >> 32 : info >> 8);
      const auto type = static_cast<std::uint32_t>(word == 8 ? info & 0xffffffff : info & 0xff);
      DynamicRelocation relocation{.place = words.word(at), .call = calls};
      const std::uint64_t addend = has_addend ? words.word(at + 2 * word) : word_at(relocation.place);
      if (type == types_.relative || type == types_.irelative) {
        relocation.kind =
            type == types_.relative ? DynamicRelocation::Kind::Relative : DynamicRelocation::Kind::Irelative;
        relocation.target = addend;
      } else if (symbol == 0) {
        continue;
      } else {
        name_symbol(relocation, Words(symbols, machine_), symbol, table.link);
        if (relocation.target != 0 && has_addend) relocation.target += addend;
      }
      visit_(relocation);
    }
  }

  void read_packed(const Section& table) {
    const Words words(table.contents, machine_);
    const std::size_t word = words.word_size();
    std::uint64_t next = 0;
    for (std::size_t at = 0; at + word <= table.contents.size(); at += word) {
      const std::uint64_t entry = words.word(at);
      if ((entry & 1) == 0) {
        relative(entry);
        next = entry + word;
        continue;
      }
      for (std::size_t bit = 1; bit < word * 8; ++bit)
        if ((entry >> bit & 1) != 0) relative(next + (bit - 1) * word);
      next += (word * 8 - 1) * word;
    }
  }

  void relative(std::uint64_t place) {
    visit_({.kind = DynamicRelocation::Kind::Relative, .place = place, .target = word_at(place)});
  }

  /// The word that the file holds at an address.
  std::uint64_t word_at(std::uint64_t address) const {
    for (const Section& section : sections_)
      if ((section.flags & elf::SHF_ALLOC) != 0 && address >= section.address &&
          address - section.address < section.contents.size())
        return Words(section.contents, machine_).word(address - section.address);
    return 0;
  }

  void name_symbol(DynamicRelocation& relocation, const Words& symbols, std::uint32_t index,
                   std::uint32_t table) const {
    const bool wide = machine_.bits == 64;
    const std::uint64_t at = std::uint64_t{index} * (wide ? 24 : 16);
    const bool defined = symbols.read<std::uint16_t>(at + (wide ? 6 : 14)) != elf::SHN_UNDEF;
    if (defined) relocation.target = symbols.word(at + (wide ? 8 : 4));
    if (table >= sections_.size() || sections_[table].link >= sections_.size()) return;
    const std::span<const std::uint8_t> bytes = sections_[sections_[table].link].contents;
    const std::string_view names(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::uint32_t name = symbols.read<std::uint32_t>(at);
    const std::size_t end = names.find('\0', name);
    if (name < names.size() && end != std::string_view::npos)
      relocation.symbol = names.substr(name, end - name);
  }

  const Machine& machine_;
  std::vector<Section> sections_;
  llvm::function_ref<void(const DynamicRelocation&)> visit_;
  Types types_{0, ~0u, ~0u};
};

}  // namespace

void visit_dynamic_relocations(const Object& object,
                               llvm::function_ref<void(const DynamicRelocation&)> visit) {
  if (object.kind() == Kind::ElfShared || object.kind() == Kind::ElfExecutable) Loader(object, visit).run();
}

}  // namespace linkdx::artifact
