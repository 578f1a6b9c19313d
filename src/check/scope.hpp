// What is checked together: the objects of one link, or those found under paths.
//
// A link command says which objects, in which order, and which members of archives; the replay knows. Paths
// say none of that: all relocatable objects of one build tree are looked at together, since one may call
// another, and every linked file alone.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "linkdx/artifact.hpp"
#include "linkdx/check.hpp"
#include "linkdx/scan.hpp"

namespace linkdx::check {

struct Scope {
  std::shared_ptr<diagnose::Investigation> investigation;
  const link::Plan* plan = nullptr;                   ///< null: paths
  const link::Replay* replay = nullptr;               ///< null: paths
  std::vector<const artifact::Object*> objects;       ///< relocatable, in link order or that of the paths
  std::vector<const artifact::Object*> linked_files;  ///< libraries and programs, each for itself
  std::vector<const artifact::Object*>
      intermediate;  ///< bitcode, and objects that hold GCC's intermediate code alone
  std::map<const artifact::Object*, const artifact::File*> files;
  std::vector<Skipped> skipped;
  std::vector<std::string> roots;  ///< the paths that were given, as the system knows them; empty for a link
  isa::Arch arch = isa::Arch::Unknown;
  std::string baseline;
  isa::FeatureSet allowed;  ///< what a machine of the baseline has, implied ones included

  /// The output is a program, and every input was found: what nothing refers to is not run.
  bool whole_program() const {
    return replay != nullptr && replay->complete && plan->output == link::Output::Executable &&
           !plan->export_dynamic;
  }
  /// Whether the object's section is in the output, as far as that is known.
  bool keeps(const artifact::Object& object, std::uint32_t section) const {
    return replay == nullptr || replay->outcome->keeps(object, section);
  }
  /// Those of the features that a machine of the baseline lacks, facilities of the system left out.
  isa::FeatureSet above(const isa::FeatureSet& features) const;
  Place place(const artifact::Object& object) const;
};

/// Paths may hold several build trees, of which none is linked with another: each for itself. A link is one.
/// The files that are linked already are in the first.
std::vector<Scope> units_of(const Scope& scope);

/// Opens what the request names. An empty text, or why nothing can be checked.
std::string open_scope(const Request& request, Scope& scope);

/// Calls `work(i)` for every i below `count`, on several threads.
void for_each(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

}  // namespace linkdx::check
