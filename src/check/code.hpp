// The code that is checked, decoded as far as it matters.
//
// Most objects hold nothing above the baseline, and a quick sweep shows it. Only those that may are decoded,
// together with their neighbours: objects that use or define the same names, and those that ask the CPU,
// because who runs a function and whether a test stands before it is written there.
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scope.hpp"

namespace linkdx::check {

/// One definition of a name that other objects can see.
struct Definition {
  const scan::ScannedObject* object = nullptr;
  const scan::ScannedCode* code = nullptr;
  artifact::Symbol symbol{};
  bool kept = true;  ///< the link takes the name from here; always true without a link
};

struct Code {
  std::vector<scan::ScannedObject> scanned;              ///< relocatable objects, analysed together
  std::vector<std::vector<scan::ScannedObject>> linked;  ///< of one linked file each
  std::map<const scan::ScannedCode*, const scan::ScannedObject*> home;
  /// Functions of `scanned` that other objects can see, by name.
  std::unordered_map<std::string_view, std::vector<Definition>> definitions;
  bool something_asks = false;  ///< some object may ask what the CPU has
  std::size_t looked_at = 0;    ///< objects

  const scan::ScannedObject& home_of(const scan::ScannedCode& code) const { return *home.at(&code); }
};
Code read_code(const Scope& scope, unsigned threads);

}  // namespace linkdx::check
