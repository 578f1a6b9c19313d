// All code of one file as a graph. An archive's members are joined where one uses a symbol that another
// defines, as a link would join them; a linked file has one graph anyway.
//
// In an object, relocations tell every use of every place: a branch, an address in code, an address in data.
// In a linked file most of them are gone: code names places by distances (isa::references_of), and only what
// the loader patches is still listed (artifact::visit_dynamic_relocations). There a table of pointers is told
// from the address that code takes of its beginning.
#include "program.hpp"

#include <algorithm>

#include <llvm/BinaryFormat/ELF.h>

#include "linkdx/code_flow.hpp"
#include "linkdx/entry_point.hpp"
#include "linkdx/language.hpp"

namespace linkdx::scan {

namespace elf = llvm::ELF;
using isa::Reference;

/// What the loader writes into a linked file, by place.
class Slots {
 public:
  explicit Slots(const artifact::Object& object) {
    artifact::visit_dynamic_relocations(object, [this](const artifact::DynamicRelocation& slot) {
      slots_.insert_or_assign(slot.place, slot);
    });
  }
  const artifact::DynamicRelocation* at(std::uint64_t address) const {
    const auto found = slots_.find(address);
    return found == slots_.end() ? nullptr : &found->second;
  }
  const std::map<std::uint64_t, artifact::DynamicRelocation>& all() const { return slots_; }

 private:
  std::map<std::uint64_t, artifact::DynamicRelocation> slots_;
};

namespace {

void add_once(std::vector<Use>& list, std::uint32_t index, std::uint64_t at) {
  if (list.empty() || list.back().index != index) list.push_back({index, static_cast<std::uint32_t>(at)});
}

void add_once(std::vector<std::uint32_t>& list, std::uint32_t index) {
  if (list.empty() || list.back() != index) list.push_back(index);
}

void sort_once(std::vector<std::uint32_t>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

/// Whether code may go on in what is behind it: unless it is seen to end, and to jump nowhere by a table.
bool may_go_on(isa::Arch arch, const ScannedCode& code) {
  const isa::CodeFlow flow = isa::flow_of(arch, code.bytes);
  return flow.runs_on || flow.ends.empty() || !flow.jumps_by_table.empty();
}

bool runs_at_start(std::string_view section) {
  return section.starts_with(".init_array") || section.starts_with(".preinit_array") ||
         section.starts_with(".ctors") || section.starts_with(".fini_array") || section.starts_with(".dtors");
}

}  // namespace

Program::Program(std::span<ScannedObject> objects, const Linkage* linkage)
    : objects_(objects), linkage_(linkage) {
  node_of_.resize(objects.size());
  variables_.resize(objects.size());
  data_ids_.resize(objects.size());
  overruled_.resize(objects.size());
  gone_.resize(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    sections_.push_back(objects[i].object->sections());
    finders_.emplace_back(objects[i].code, is_linked(*objects[i].object));
    add_nodes(i);
    add_symbols(i);
  }
  if (linkage != nullptr)
    for (std::size_t i = 0; i < objects.size(); ++i) join_copies(i);
  for (std::size_t i = 0; i < objects.size(); ++i)
    if (is_linked(*objects[i].object))
      read_linked(i);
    else
      read_relocatable(i);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    join_pieces(i);
    follow_on(i);
    mark_entry_point(i);
  }
  for (Node& node : nodes_) {
    keep_first(node.calls);
    keep_first(node.takes);
    keep_first(node.reads);
    keep_first(node.writes);
  }
  for (Data& data : data_) sort_once(data.holds);
}

/// Several names for one function are one node.
void Program::add_nodes(std::size_t object) {
  std::map<Place, std::uint32_t> begins;
  for (ScannedCode& code : objects_[object].code) {
    const auto [found, is_new] =
        begins.try_emplace(Place{code.section, code.address}, static_cast<std::uint32_t>(nodes_.size()));
    if (is_new) nodes_.push_back({.code = &code, .object = &objects_[object]});
    node_of_[object].push_back(found->second);
    // The C library's start code gets its address; for a linked program that is all there is to see.
    if (code.name == "main" && objects_[object].object->kind() == artifact::Kind::ElfExecutable)
      nodes_[found->second].entry = true;
  }
}

bool Program::is_overruled(std::size_t object, std::string_view name) const {
  if (linkage_ == nullptr) return false;
  const artifact::Object* definer = linkage_->definer(name);
  return definer != nullptr && definer != objects_[object].object;
}

/// A use of a copy that the link leaves out is a use of the copy that it keeps.
void Program::join_copies(std::size_t object) {
  const std::vector<ScannedCode>& code = objects_[object].code;
  gone_[object].resize(code.size());
  for (std::size_t i = 0; i < code.size(); ++i) {
    const bool overruled = overruled_[object].contains({code[i].section, code[i].address});
    if (!overruled && keeps(object, code[i].section)) continue;
    gone_[object][i] = true;
    const Target kept = target_named(code[i].name);
    if (kept.kind == Target::Kind::Code) node_of_[object][i] = kept.index;
  }
}

void Program::add_symbols(std::size_t object) {
  const artifact::Object& from = *objects_[object].object;
  const bool linked = is_linked(from);
  const auto add = [&](const artifact::Symbol& symbol, bool global) {
    if (symbol.state != artifact::State::Defined || symbol.section == 0 ||
        symbol.section >= sections_[object].size() || !keeps(object, symbol.section))
      return;
    const Place place{linked ? 0 : symbol.section,
                      symbol.value & ~std::uint64_t{from.machine().elf_machine == elf::EM_ARM}};
    if ((sections_[object][symbol.section].flags & elf::SHF_EXECINSTR) == 0) {
      if (symbol.size > 0) variables_[object].try_emplace(place, symbol.size, symbol.name);
    } else if (global && is_overruled(object, symbol.name)) {
      overruled_[object].emplace(place, symbol.name);
    } else if (const auto code = finders_[object].at(place)) {
      Node& node = nodes_[node_of_[object][*code]];
      node.entry |= global && (linkage_ == nullptr || !linkage_->offered || linkage_->offered(symbol.name));
      node.resolver |= symbol.type == artifact::SymbolType::Ifunc;
    }
    if (global && (linkage_ == nullptr || linkage_->definer(symbol.name) == &from))
      definitions_.try_emplace(symbol.name, Definition{object, symbol.section, symbol.value, linked});
  };
  from.visit_symbols([&](const artifact::Symbol& symbol) { add(symbol, true); });
  for (const artifact::Symbol& symbol : from.local_symbols()) add(symbol, false);
}

std::uint32_t Program::data_at(std::size_t object, const Place& place) {
  Place begin = place;
  std::string_view name;
  auto variable = variables_[object].upper_bound(place);
  if (variable != variables_[object].begin() && (--variable)->first.section == place.section &&
      place.offset - variable->first.offset < variable->second.first) {
    begin = variable->first;
    name = variable->second.second;
  }
  const auto [found, is_new] = data_ids_[object].try_emplace(begin, static_cast<std::uint32_t>(data_.size()));
  if (is_new) data_.push_back({.name = name, .object = object, .place = begin});
  return found->second;
}

Program::Target Program::target_at(std::size_t object, const Place& place) {
  if (const auto code = finders_[object].at(place)) {
    // The address of a function is that of its beginning; anything else is a table or a label in it.
    const ScannedCode& found = objects_[object].code[*code];
    if (found.named && found.address != place.offset) return {};
    return {Target::Kind::Code, node_of_[object][*code]};
  }
  return {Target::Kind::Data, data_at(object, place)};
}

Program::Target Program::target_named(std::string_view name) {
  const auto found = definitions_.find(name);
  if (found == definitions_.end()) return {};
  return target_at(found->second.object,
                   {found->second.linked ? 0 : found->second.section, found->second.value});
}

/// Code without symbols is cut where padding ends, which also stands before loops. A piece that nothing names
/// goes on from the one before it, when both need features: assembly jumps into it by a table, or runs into
/// it.
void Program::join_pieces(std::size_t object) {
  const std::vector<ScannedCode>& code = objects_[object].code;
  std::vector<bool> named(nodes_.size());
  for (const Node& node : nodes_) {
    for (const Use& call : node.calls) named[call.index] = true;
    for (const Use& taken : node.takes) named[taken.index] = true;
  }
  for (const Data& data : data_)
    for (const std::uint32_t held : data.holds) named[held] = true;
  const auto needs = [](const ScannedCode& piece) {
    return !piece.is_data() && !above_baseline(piece.own.features).empty();
  };
  for (std::size_t i = 1; i < code.size(); ++i) {
    const ScannedCode &piece = code[i], &before = code[i - 1];
    if (piece.named || piece.bounded || named[node_of_[object][i]] || piece.section != before.section ||
        piece.follows == ScannedCode::Follows::End)
      continue;
    if (before.address + before.bytes.size() == piece.address && needs(before) && needs(piece) &&
        may_go_on(objects_[object].arch, before))
      nodes_[node_of_[object][i - 1]].calls.push_back(
          {node_of_[object][i], static_cast<std::uint32_t>(before.bytes.size())});
  }
}

/// A program begins at its entry point, and what this hands on to the C library (`main`) is run by that.
void Program::mark_entry_point(std::size_t object) {
  const artifact::Object& from = *objects_[object].object;
  const std::optional<std::uint64_t> entry = artifact::entry_point_of(from);
  if (!entry) return;
  const std::uint64_t thumb_bit = from.machine().elf_machine == elf::EM_ARM ? 1 : 0;
  const auto code = finders_[object].at({0, *entry & ~thumb_bit});
  if (!code) return;
  Node& first = nodes_[node_of_[object][*code]];
  first.begins = N_("the program's entry point");
  for (const Use& taken : first.takes)
    if (Node& node = nodes_[taken.index]; node.begins.empty())
      node.begins = N_("the program's entry point hands it on to be run");
}

/// Assembly has functions that run on into the one behind them: as good as a call at their end.
void Program::follow_on(std::size_t object) {
  const ScannedObject& from = objects_[object];
  const bool linked = is_linked(*from.object);
  for (std::size_t i = 0; i < from.code.size(); ++i) {
    const ScannedCode& code = from.code[i];
    if (code.is_data() || code.own.undecoded > 0 || code.pieces.empty() ||
        code.pieces.back().offset + code.pieces.back().size != code.bytes.size())
      continue;
    const std::uint64_t end = code.address + code.bytes.size();
    const auto next = finders_[object].at({linked ? 0 : code.section, end});
    if (!next || from.code[*next].address != end || from.code[*next].section != code.section ||
        from.code[*next].is_data() || from.code[*next].follows != ScannedCode::Follows::Unknown)
      continue;
    // What has no size reaches up to the next function: with padding or zeros before that it may be a table
    // as well.
    const isa::CodeFlow flow = isa::flow_of(from.arch, code.bytes);
    const bool zeros =
        code.bytes.size() > 1 && code.bytes.back() == 0 && code.bytes[code.bytes.size() - 2] == 0;
    if (flow.runs_on && !flow.padded && !zeros)
      nodes_[node_of_[object][i]].calls.push_back(
          {node_of_[object][*next], static_cast<std::uint32_t>(code.bytes.size())});
  }
}

void Program::use(Node& node, Reference::Use use, std::uint64_t at, const Target& target) {
  if (target.kind == Target::Kind::Code) {
    add_once(use == Reference::Use::Call ? node.calls : node.takes, target.index, at);
  } else if (target.kind == Target::Kind::Data) {
    if (use == Reference::Use::Call)
      data_[target.index].called_through = true;
    else
      add_once(use == Reference::Use::Write ? node.writes : node.reads, target.index, at);
  }
}

void Program::read_relocatable(std::size_t object) {
  ScannedObject& from = objects_[object];
  const Relocations relocations(*from.object);
  std::unordered_map<std::uint32_t, std::string_view> names;
  from.object->visit_symbols(
      [&](const artifact::Symbol& symbol) { names.emplace(symbol.index, symbol.name); });
  // What stands at a place in code: a branch's distance, or an operand of which the use is known.
  std::map<Place, Reference::Use> uses;
  for (std::size_t i = 0; i < from.code.size(); ++i) {
    const ScannedCode& code = from.code[i];
    if (is_gone(object, i)) continue;
    for (const Use& call : code.calls)
      add_once(nodes_[node_of_[object][i]].calls, node_of_[object][call.index], call.at);
    for (const isa::Reference& reference : code.references) {
      const Place field{code.section, code.address + reference.field};
      uses.insert_or_assign(field, reference.use);
      // Without a relocation the assembler knew the distance: the place lies in the same section.
      if (!relocations.all().contains(field))
        use(nodes_[node_of_[object][i]], reference.use, reference.field,
            target_at(object, {code.section, reference.target}));
    }
    for (const isa::Branch& branch : code.branches)
      uses.insert_or_assign(Place{code.section, code.address + branch.field}, Reference::Use::Call);
  }
  for (const auto& [place, relocation] : relocations.all()) {
    if (place.section >= sections_[object].size() ||
        (sections_[object][place.section].flags & elf::SHF_ALLOC) == 0 || !keeps(object, place.section))
      continue;
    const artifact::Section& section = sections_[object][place.section];
    const auto name = relocation.local ? names.end() : names.find(relocation.symbol);
    Target target;
    const bool here =
        relocation.target_section != 0 && (name == names.end() || !is_overruled(object, name->second));
    if (here)
      target = target_at(object, relocations.target_of(relocation));
    else if (name != names.end())
      target = target_named(name->second);
    if ((section.flags & elf::SHF_EXECINSTR) != 0) {
      const auto code = finders_[object].at(place);
      if (!code || is_gone(object, *code)) continue;
      Node& node = nodes_[node_of_[object][*code]];
      const auto found = uses.find(place);
      Reference::Use how = found == uses.end() ? Reference::Use::Address : found->second;
      // `call *f@GOTPCREL(%rip)` calls f itself, and a read of a slot takes the address that the linker puts
      // there.
      const bool slot = from.arch == isa::Arch::X86_64 && (relocation.type == elf::R_X86_64_GOTPCREL ||
                                                           relocation.type == elf::R_X86_64_GOTPCRELX ||
                                                           relocation.type == elf::R_X86_64_REX_GOTPCRELX);
      if (slot && how != Reference::Use::Call) how = Reference::Use::Address;
      if (how == Reference::Use::WriteThrough)
        how = from.arch == isa::Arch::AArch64 && relocation.type == elf::R_AARCH64_LD64_GOT_LO12_NC
                  ? Reference::Use::Write
                  : Reference::Use::Read;
      const std::uint64_t at = place.offset - from.code[*code].address;
      if (target.kind != Target::Kind::None) use(node, how, at, target);
      if (relocation.target_section == 0 && name != names.end())
        node.outside.push_back({name->second, static_cast<std::uint32_t>(at)});
    } else if (target.kind == Target::Kind::Code && section.name != ".eh_frame" &&
               !section.name.starts_with(".gcc_except_table")) {
      const std::uint32_t data = data_at(object, place);
      add_once(data_[data].holds, target.index);
      data_[data].run_at_start |= runs_at_start(section.name);
    }
  }
}

void Program::read_linked(std::size_t object) {
  ScannedObject& from = objects_[object];
  const Slots slots(*from.object);
  const auto section_of = [&](std::uint64_t address) -> const artifact::Section* {
    for (const artifact::Section& section : sections_[object])
      if ((section.flags & elf::SHF_ALLOC) != 0 && section.type != elf::SHT_NOBITS &&
          address >= section.address && address - section.address < section.contents.size())
        return &section;
    return nullptr;
  };
  // A place that holds what the loader writes: a use of it is a use of that.
  const auto through_slot = [&](Node& node, Reference::Use how, std::uint64_t at,
                                const artifact::DynamicRelocation& slot) {
    if (slot.target != 0) {
      const Target target = target_at(object, {0, slot.target});
      if (slot.kind == artifact::DynamicRelocation::Kind::Irelative) {
        if (target.kind == Target::Kind::Code) nodes_[target.index].resolver = true;
      } else {
        use(node, how == Reference::Use::Read ? Reference::Use::Address : how, at, target);
      }
    }
    if (slot.symbol.empty()) return;
    // A name that the file itself exports leads there unless another file has it too.
    if (const Target own = target_named(slot.symbol); own.kind != Target::Kind::None)
      use(node, how == Reference::Use::Read ? Reference::Use::Address : how, at, own);
    node.outside.push_back({slot.symbol, static_cast<std::uint32_t>(at)});
  };
  const auto is_plt = [&](const ScannedCode& code) {
    return code.section < sections_[object].size() &&
           sections_[object][code.section].name.starts_with(".plt");
  };
  // An entry of the procedure linkage table: the next use of a slot in it says what it leads to.
  const auto through_plt = [&](Node& node, Reference::Use how, std::uint64_t at, const ScannedCode& table,
                               std::uint64_t entry) {
    for (const isa::Reference& reference : table.references) {
      if (table.address + reference.field < entry) continue;
      if (const artifact::DynamicRelocation* slot = slots.at(reference.target))
        through_slot(node, how, at, *slot);
      return;
    }
  };
  for (std::size_t i = 0; i < from.code.size(); ++i) {
    const ScannedCode& code = from.code[i];
    const std::uint32_t index = node_of_[object][i];
    // A table among the code calls nothing, whatever its bytes look like.
    if (is_plt(code) || code.is_data()) continue;
    if (code.follows == ScannedCode::Follows::MayRunOn && i > 0 && !from.code[i - 1].is_data())
      nodes_[node_of_[object][i - 1]].calls.push_back(
          {index, static_cast<std::uint32_t>(from.code[i - 1].bytes.size())});
    for (const Use& call : code.calls)
      if (!is_plt(from.code[call.index]))
        add_once(nodes_[index].calls, node_of_[object][call.index], call.at);
    for (const isa::Branch& branch : code.branches) {
      const auto callee = finders_[object].at({0, branch.target});
      if (!callee || !is_plt(from.code[*callee])) continue;
      through_plt(nodes_[index], Reference::Use::Call, branch.field, from.code[*callee], branch.target);
    }
    for (const isa::Reference& reference : code.references) {
      if (const auto taken = finders_[object].at({0, reference.target}); taken && is_plt(from.code[*taken])) {
        through_plt(nodes_[index], reference.use, reference.field, from.code[*taken], reference.target);
        continue;
      }
      const artifact::DynamicRelocation* slot =
          reference.use == Reference::Use::Address ? nullptr : slots.at(reference.target);
      const artifact::Section* section = slot ? section_of(reference.target) : nullptr;
      const bool got = section != nullptr && section->name.starts_with(".got");
      if (reference.use == Reference::Use::WriteThrough) {
        if (got) through_slot(nodes_[index], Reference::Use::Write, reference.field, *slot);
      } else if (slot && (got || reference.use == Reference::Use::Call)) {
        through_slot(nodes_[index], reference.use, reference.field, *slot);
      } else {
        use(nodes_[index], reference.use, reference.field, target_at(object, {0, reference.target}));
      }
    }
  }
  // Tables: what lies behind an address that code takes, up to the next such address.
  constexpr std::uint64_t longest_table = 1 << 16;
  for (const auto& [place, slot] : slots.all()) {
    if (slot.kind == artifact::DynamicRelocation::Kind::Irelative || slot.target == 0) {
      if (slot.kind == artifact::DynamicRelocation::Kind::Irelative)
        if (const auto code = finders_[object].at({0, slot.target}))
          nodes_[node_of_[object][*code]].resolver = true;
      continue;
    }
    const auto code = finders_[object].at({0, slot.target});
    if (!code || (from.code[*code].named && from.code[*code].address != slot.target)) continue;
    const artifact::Section* section = section_of(place);
    if (section == nullptr || section->name.starts_with(".got")) continue;
    auto begin = data_ids_[object].upper_bound(Place{0, place});
    const bool inside = begin != data_ids_[object].begin() &&
                        place - (--begin)->first.offset < longest_table &&
                        begin->first.offset >= section->address;
    const std::uint32_t data = inside ? begin->second : data_at(object, {0, place});
    add_once(data_[data].holds, node_of_[object][*code]);
    data_[data].run_at_start |= runs_at_start(section->name);
  }
}

}  // namespace linkdx::scan
