// check/: before the link, or before shipping: will these objects link, and will what comes of them run on
// the baseline?
//
// The first question is the replayed link's, answered by the rules of diagnose/. The second is put to the
// code itself: which function needs more than the baseline, whether a dispatcher stands before it, and, for
// functions that several objects define, whose copy the link keeps. It reads files, starts nothing and prints
// nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/diagnose.hpp"
#include "linkdx/fix.hpp"
#include "linkdx/isa.hpp"

namespace linkdx::check {

/// Errors and warnings make the check fail; a note says what was not judged, or what another link order would
/// change.
enum class Severity : std::uint8_t { Error, Warning, Note };

/// A place in an object's code.
struct Place {
  std::string path, member;  ///< member: empty for a file of its own
  std::string function;      ///< as symbol tables have it; empty when it is the whole object
  std::optional<std::uint64_t> offset;
  std::string label() const;  ///< `libx.a(foo.o)`
};

struct Finding {
  diagnose::Diagnosis diagnosis;
  fix::Remedy remedy;
  Severity severity = Severity::Error;
  Place place;
  std::string fingerprint;  ///< the same for the same finding in another build, wherever it lies in the file
};

/// What one input needs, and the code that says so.
struct Need {
  std::string path, level;
  isa::FeatureSet features;  ///< of code that always runs, above the architecture's baseline
  isa::FeatureSet perhaps;   ///< of code of which that cannot be told
  Place raised_by;           ///< of the greatest feature; empty where nothing is above the baseline
  std::string instruction;
};

/// A finding that the project has looked at and lives with. Every field that is set must fit; `*` stands for
/// any text.
struct Suppression {
  std::string symbol, file, code, reason;
  std::uint64_t line = 0;  ///< in the file that holds it
};
/// Reads `[[suppress]]` tables; an unknown key, a missing reason and a table that would fit everything are
/// faults.
struct Settings {
  std::vector<Suppression> suppressions;
  std::string baseline;  ///< `baseline = "x86-64-v2"`: empty when not set
  std::vector<Skipped> faults;
};
Settings read_settings(const std::string& path);
/// The same of a text; `path` names it in the faults.
Settings parse_settings(std::string_view text, const std::string& path);

struct Request {
  std::vector<std::string> paths;    ///< files and directories, or
  std::vector<std::string> command;  ///< a link command
  std::string directory;             ///< where the command would run; empty: here
  std::string target;                ///< triple; empty: of the first object
  std::string baseline;              ///< level or CPU; empty: what every CPU of the architecture has
  bool dispatch_ok =
      false;  ///< code that only pointers lead to, or that nothing is seen to reach, counts as dispatched
  unsigned threads = 1;
  std::vector<Suppression> suppressions;
};

struct Result {
  std::string fault;  ///< why nothing could be checked; empty otherwise
  isa::Arch arch = isa::Arch::Unknown;
  std::string baseline;           ///< its name
  std::vector<Finding> findings;  ///< errors first, then by place
  struct Suppressed {
    Finding finding;
    std::string reason;
  };
  std::vector<Suppressed> suppressed;
  std::vector<Suppression> unmatched;  ///< suppressions that fit nothing
  std::vector<Need> needs;             ///< one an input that has code, in order
  std::vector<Skipped> skipped;
  bool linked = false;                                     ///< the link was replayed
  std::size_t objects = 0;                                 ///< whose code was looked at
  std::shared_ptr<diagnose::Investigation> investigation;  ///< owns what the findings point to
};
Result run(const Request& request);

/// The findings that a project had when it last looked, as text; see known.cpp.
std::string write_known(const Result& result);
/// Takes the findings that such a text names out of the result. Returns how many; nothing and a fault when it
/// is no such text.
std::optional<std::size_t> drop_known(Result& result, std::string_view text, std::string& fault);

std::string_view name_of(Severity severity);

}  // namespace linkdx::check
