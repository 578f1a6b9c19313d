// scan/: which CPU features the code of an object needs. artifact/ gives the bytes, isa/ reads instructions;
// this room stands between them: it cuts an object into stretches of code, has them decoded, and follows
// calls, so that what a function needs is its own and what it calls inside the object. It reads no files
// itself and prints nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "linkdx/artifact.hpp"
#include "linkdx/isa.hpp"

namespace linkdx::scan {

/// Whether code runs on every CPU that runs the file, or only where a dispatcher found what it needs. See
/// dispatch.cpp.
struct Reach {
  enum class State : std::uint8_t {
    Unseen,      ///< not looked at yet
    Always,      ///< direct calls lead to it from what others call
    Dispatched,  ///< every way to it that is seen leads through a choice by what the CPU has
    Unknown,     ///< only pointers lead to it, or nothing that is seen
  } state = State::Unseen;
  Confidence confidence = Confidence::Possible;
  std::string reason{};
  /// What leads to it, where the state says no more than that something does.
  enum class Way : std::uint8_t { Other, Start, Offered, Called, Pointer } way = Way::Other;
  const struct ScannedCode* by =
      nullptr;  ///< Called: the caller; Pointer: what takes its address, null for a table
};
std::string_view name_of(Reach::State state);

/// Something that code calls or names, and the offset in the code where it first does.
struct Use {
  std::uint32_t index = 0, at = 0;
  auto operator<=>(const Use&) const = default;
};

/// A function in its symbol's bounds, or code between functions that no symbol names.
struct ScannedCode {
  std::string name;  ///< `.text+0x40` where no symbol names it
  bool named = false;
  bool bounded = false;  ///< unwind information gives its bounds
  /// How the code before it goes on, where both were cut from one stretch. See nameless.cpp.
  enum class Follows : std::uint8_t { Unknown, MayRunOn, End } follows = Follows::Unknown;
  std::uint32_t section = 0;
  std::uint64_t address = 0;  ///< offset in its section (objects) or address (linked files)
  std::span<const std::uint8_t> bytes;
  /// The part that is code, by mapping symbols (mapping.hpp): all of it where there are none.
  struct Piece {
    std::uint64_t offset = 0, size = 0;
    bool thumb = false;
  };
  std::vector<Piece> pieces;
  bool thumb = false;  ///< ARM: its symbol says T32, or that of the function before it
  isa::CodeNeeds own;
  isa::FeatureSet with_calls;  ///< own.features and those of all that is reached by direct calls and jumps
  std::vector<isa::Branch> branches;
  std::vector<Use> calls;                  ///< of ScannedObject::code, sorted, each once
  std::vector<isa::Reference> references;  ///< places that it names, as far as its bytes tell
  std::optional<std::uint64_t> asks_cpu;   ///< offset of the instruction that asks the CPU what it has
  Reach reach{};
  isa::FeatureSet guarded{};  ///< those of its own features that it uses behind a test of the CPU in itself
  isa::FeatureSet unsure{};   ///< those of which that cannot be told

  /// Bytes that are no instruction, in code that no symbol vouches for: a table, most likely. Does not count
  /// for the object.
  bool is_data() const { return !named && !bounded && own.undecoded > 0; }
};

struct ScannedObject {
  const artifact::Object* object = nullptr;
  isa::Arch arch = isa::Arch::Unknown;
  isa::CodeMode mode;             ///< how its code is read
  std::vector<ScannedCode> code;  ///< by section, then address
  isa::FeatureSet features;       ///< of all its code
};

/// The stretches of code of an object, not decoded yet. See regions.cpp.
std::vector<ScannedCode> code_of(const artifact::Object& object);

/// Fills `calls` from `branches` and the object's relocations, then `with_calls`. See calls.cpp.
void follow_calls(ScannedObject& scanned);

/// The code that brings `feature` into `code`'s with_calls: the nearest by calls. Null where it is its own.
const ScannedCode* bringer_of(const ScannedObject& scanned, const ScannedCode& code,
                              std::string_view feature);

/// What a link makes of the objects: which of several definitions a name means, and which sections are left
/// out.
struct Linkage {
  std::function<bool(const artifact::Object&, std::uint32_t section)> keeps;
  std::function<const artifact::Object*(std::string_view name)> definer;  ///< null: none of the objects
  /// Whether others than these objects may call it by its name. Not set: any of the global ones.
  std::function<bool(std::string_view name)> offered = nullptr;
};

/// Fills `reach` and `guarded` for all objects of one file together: members of an archive call one another.
/// With a linkage, code that the link leaves out stands for the copy that it keeps.
void find_dispatch(std::span<ScannedObject> objects, const Linkage* linkage = nullptr);

/// What a file needs. A set holds what its code uses, the baseline left in.
struct FileNeeds {
  isa::FeatureSet always;   ///< by code that always runs
  isa::FeatureSet unknown;  ///< by code of which that cannot be told
  isa::FeatureSet all;      ///< with what is behind a dispatcher
};
FileNeeds needs_of_file(std::span<const ScannedObject> objects);

/// What an object says of itself, as lines for people, and where that is less than what its code needs.
struct Declared {
  std::vector<std::string> said, contradictions;
  std::vector<std::string> faults;  ///< notes that cannot be read, and why
};
/// `runs`: what code needs that always runs, or may.
Declared declared_by(const ScannedObject& scanned, const isa::FeatureSet& runs);

/// Whether all code of the object runs on a machine with these features, as far as a quick look shows:
/// `false` says no more than that it has to be decoded.
bool surely_within(const artifact::Object& object, const isa::FeatureSet& features);

/// Whether the object may ask what the CPU has: it holds the bytes of CPUID or XGETBV, or a name by which
/// that is asked.
bool may_ask(const artifact::Object& object);

/// Decodes all objects with `threads` threads. The result does not depend on their number.
std::vector<ScannedObject> decode(std::span<const artifact::Object* const> objects, unsigned threads);

/// Those of the features that a program is granted by the system or asks for by other means than its code's
/// level: transactions, protection keys, saved state. See facilities.inc. They are never part of what always
/// runs.
isa::FeatureSet facilities_in(const isa::FeatureSet& features);

/// Those of the features that compilers use for nothing but intrinsics and assembly: such code was written
/// for a CPU. See deliberate.inc.
isa::FeatureSet deliberate_in(const isa::FeatureSet& features);

/// Those of the features without which a CPU reads the instructions as older ones: it goes on, and may
/// compute something else.
isa::FeatureSet harmless_in(const isa::FeatureSet& features);

/// Features that code of the architecture has to ask for: beyond the baseline, implied ones left out.
isa::FeatureSet above_baseline(const isa::FeatureSet& features);

}  // namespace linkdx::scan
