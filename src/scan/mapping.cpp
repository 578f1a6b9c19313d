// See mapping.hpp.
#include "mapping.hpp"

#include <algorithm>
#include <tuple>

#include <llvm/BinaryFormat/ELF.h>

namespace linkdx::scan {
namespace {

namespace elf = llvm::ELF;

bool has_mapping_symbols(const artifact::Machine& machine) {
  return machine.elf_machine == elf::EM_ARM || machine.elf_machine == elf::EM_AARCH64 ||
         machine.elf_machine == elf::EM_RISCV;
}

/// Machines on which extensions claim the same encodings, so that what the object declares decides.
bool has_shared_encodings(const artifact::Machine& machine) {
  return machine.elf_machine == elf::EM_ARM || machine.elf_machine == elf::EM_RISCV ||
         machine.elf_machine == elf::EM_MIPS;
}
/// How LLVM begins the name of a feature that it has not finished.
constexpr std::string_view unfinished = "+experimental-";

/// The letter of a mapping symbol; 0 if it is none.
char kind_of(std::string_view name, std::uint16_t machine) {
  if (name.size() < 2 || name[0] != '$') return 0;
  const std::string_view letters = machine == elf::EM_ARM ? "atd" : "xd";
  const bool ends =
      name.size() == 2 || name[2] == '.' || (machine == elf::EM_RISCV && name.starts_with("$xrv"));
  return ends && letters.find(name[1]) != std::string_view::npos ? name[1] : '\0';
}

}  // namespace

MappingSymbols::MappingSymbols(const artifact::Object& object) {
  if (!has_mapping_symbols(object.machine())) return;
  for (const artifact::Symbol& symbol : object.local_symbols())
    if (const char kind = kind_of(symbol.name, object.machine().elf_machine); kind != 0)
      marks_.push_back({symbol.section, symbol.value, kind});
  std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) {
    return std::tie(a.section, a.address) < std::tie(b.section, b.address);
  });
}

void MappingSymbols::cut(ScannedCode& code, bool thumb) const {
  const auto before = [](const Mark& mark, const std::pair<std::uint32_t, std::uint64_t>& place) {
    return std::tie(mark.section, mark.address) < std::tie(place.first, place.second);
  };
  // The last mark at or before the beginning says what the beginning is.
  auto next =
      std::lower_bound(marks_.begin(), marks_.end(), std::pair(code.section, code.address + 1), before);
  char kind = thumb ? 't' : 'x';
  if (next != marks_.begin() && std::prev(next)->section == code.section) kind = std::prev(next)->kind;
  std::uint64_t begin = 0;
  const auto add = [&](std::uint64_t end) {
    if (begin < end && kind != 'd') code.pieces.push_back({begin, end - begin, kind == 't'});
    begin = end;
  };
  for (; next != marks_.end() && next->section == code.section &&
         next->address - code.address < code.bytes.size();
       ++next) {
    add(next->address - code.address);
    kind = next->kind;
  }
  add(code.bytes.size());
}

isa::CodeNeeds needs_of(isa::Arch arch, const ScannedCode& code, const isa::CodeMode& mode,
                        std::vector<isa::Branch>& branches) {
  isa::CodeNeeds all;
  all.features = isa::FeatureSet(arch);
  for (const ScannedCode::Piece& piece : code.pieces) {
    isa::CodeMode its_mode = mode;
    its_mode.thumb = piece.thumb;
    const std::size_t first_branch = branches.size();
    isa::CodeNeeds needs = isa::from_code(arch, code.bytes.subspan(piece.offset, piece.size),
                                          code.address + piece.offset, &branches, its_mode);
    for (std::size_t i = first_branch; i < branches.size(); ++i) branches[i].field += piece.offset;
    for (isa::Witness& witness : needs.witnesses) {
      witness.offset += piece.offset;
      if (!all.features.has(witness.feature)) all.witnesses.push_back(std::move(witness));
    }
    all.features.add(needs.features);
    all.instructions += needs.instructions;
    all.undecoded += needs.undecoded;
  }
  return all;
}

isa::CodeMode mode_of(const artifact::Object& object) {
  isa::CodeMode mode;
  mode.big_endian = artifact::has_big_endian_code(object.machine());
  const isa::Arch arch = isa::arch_of_name(object.machine().arch);
  mode.declared = isa::FeatureSet(arch);
  if (!has_shared_encodings(object.machine())) return mode;
  for (const artifact::Declaration& declaration : object.declarations().said) {
    using enum artifact::Declaration::Kind;
    if (declaration.kind != Attribute && declaration.kind != HeaderFlags) continue;
    for (std::string_view feature : declaration.features)
      if (feature.starts_with('+')) {
        feature.remove_prefix(feature.starts_with(unfinished) ? unfinished.size() : 1);
        mode.declared.add(feature);
      }
  }
  return mode;
}

}  // namespace linkdx::scan
