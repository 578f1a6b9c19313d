// Calls inside an object. A function can fault on what it calls, so what it needs is its own and all that it
// reaches by direct calls and jumps (a jump, because of tail calls and of `.cold` parts). Calls through
// pointers are not followed: that is how code chooses between kernels at run time.
//
// In a linked file the instruction holds the distance. In an object the assembler leaves that to a relocation
// at the distance's place, which names a symbol, or a section and an offset in it (gABI, "Relocation").
#include <algorithm>
#include <deque>
#include <optional>

#include "places.hpp"

namespace linkdx::scan {
namespace {

/// Features flow from callee to caller until nothing changes; each caller is looked at again only when a
/// callee gained something.
void spread(std::vector<ScannedCode>& code) {
  std::vector<std::vector<std::uint32_t>> callers(code.size());
  std::deque<std::uint32_t> waiting;
  for (std::uint32_t i = 0; i < code.size(); ++i) {
    code[i].with_calls = code[i].own.features;
    for (const Use& call : code[i].calls) callers[call.index].push_back(i);
    if (!code[i].own.features.empty()) waiting.push_back(i);
  }
  while (!waiting.empty()) {
    const std::uint32_t callee = waiting.front();
    waiting.pop_front();
    for (const std::uint32_t caller : callers[callee]) {
      if (code[caller].with_calls.contains(code[callee].with_calls)) continue;
      code[caller].with_calls.add(code[callee].with_calls);
      waiting.push_back(caller);
    }
  }
}

}  // namespace

void follow_calls(ScannedObject& scanned) {
  const bool linked = is_linked(*scanned.object);
  const Relocations relocations(*scanned.object);
  const Finder finder(scanned.code, linked);
  const auto add = [&finder](ScannedCode& code, const isa::Branch& branch, const Place& place) {
    if (const std::optional<std::uint32_t> callee = finder.at(place))
      code.calls.push_back({*callee, static_cast<std::uint32_t>(branch.field)});
  };
  for (ScannedCode& code : scanned.code) {
    for (const isa::Branch& branch : code.branches) {
      const std::uint32_t section = linked ? 0 : code.section;
      const Place field{section, code.address + branch.field};
      if (const std::optional<Place> place = relocations.target_of(field, branch.target)) {
        if (place->section != 0) add(code, branch, *place);
      } else if (branch.target - code.address >= code.bytes.size()) {
        add(code, branch, {section, branch.target});
      }
    }
    keep_first(code.calls);
  }
  spread(scanned.code);
}

const ScannedCode* bringer_of(const ScannedObject& scanned, const ScannedCode& code,
                              std::string_view feature) {
  if (code.own.features.has(feature)) return nullptr;
  std::vector<bool> seen(scanned.code.size());
  std::deque<const ScannedCode*> waiting{&code};
  while (!waiting.empty()) {
    const ScannedCode* at = waiting.front();
    waiting.pop_front();
    if (at->own.features.has(feature)) return at;
    for (const Use& call : at->calls) {
      if (seen[call.index]) continue;
      seen[call.index] = true;
      waiting.push_back(&scanned.code[call.index]);
    }
  }
  return nullptr;
}

}  // namespace linkdx::scan
