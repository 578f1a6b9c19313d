// Pinning: an object keeps the copies of inline functions that were compiled for it, and no other object gets
// them.
//
// A local symbol is no candidate for others. But it does not do to make the leaking function local alone: an
// inline function that calls it, a thunk, or the vtable that holds its address is kept by the linker in one
// copy, too, and that copy would lead everybody to it. So whatever another object could take from this one
// and that leads to the function becomes local with it. Data that a program may write to is left alone: two
// copies of a variable would be two variables.
#include "pinning.hpp"

#include <map>

#include <llvm/BinaryFormat/ELF.h>

namespace linkdx::check {

using artifact::Symbol;

std::vector<std::string> symbols_to_pin(const artifact::Object& object,
                                        const std::vector<std::string>& functions) {
  const std::vector<artifact::Section> sections = object.sections();
  std::map<std::uint32_t, std::vector<Symbol>> shared;  // weak definitions by section
  std::map<std::string_view, Symbol> by_name;
  object.visit_symbols([&](const Symbol& symbol) {
    if (symbol.state != artifact::State::Defined || symbol.section >= sections.size()) return;
    by_name.emplace(symbol.name, symbol);
    if (symbol.binding == artifact::Binding::Weak) shared[symbol.section].push_back(symbol);
  });
  const auto is_constant = [&sections](std::uint32_t section) {
    const artifact::Section& held = sections[section];
    return (held.flags & llvm::ELF::SHF_WRITE) == 0 || held.name.starts_with(".data.rel.ro");
  };
  std::set<std::string_view> pinned;
  std::vector<Symbol> waiting;
  for (const std::string& name : functions)
    if (const auto found = by_name.find(name); found != by_name.end() && pinned.insert(found->first).second)
      waiting.push_back(found->second);
  while (!waiting.empty()) {
    const Symbol at = waiting.back();
    waiting.pop_back();
    for (const artifact::Use& use : object.uses(at.index)) {
      const auto users = shared.find(use.section);
      if (users == shared.end() || !is_constant(use.section)) continue;
      for (const Symbol& user : users->second)
        if (pinned.insert(user.name).second) waiting.push_back(user);
    }
  }
  std::vector<std::string> result = functions;
  for (const std::string& name : functions) pinned.erase(name);
  result.insert(result.end(), pinned.begin(), pinned.end());
  return result;
}

}  // namespace linkdx::check
