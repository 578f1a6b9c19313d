// link/: the link replayed in memory. What resolves, what does not, who asks for it, where the nearest
// definition is, and which member was never reached.
//
// The replay follows the rules of GNU ld and lld (archives extracted in order and in groups, weak and
// common symbols, visibility, versions, --as-needed, --whole-archive), writes nothing and runs nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/artifact.hpp"
#include "linkdx/base.hpp"

namespace linkdx::link {

/// One input in link order with the options in force at its place.
struct Input {
  std::string name;         ///< path, or `foo` of -lfoo
  bool is_library = false;  ///< -lfoo
  bool whole_archive = false;
  bool as_needed = false;
  bool static_only = false;  ///< -Bstatic in force
  int group = -1;            ///< --start-group number, -1 outside
  bool lazy = false;  ///< between --start-lib and --end-lib: an object that is taken like an archive's member
};

enum class Output { Executable, Shared, Relocatable };

/// Which sections with a C name --gc-sections keeps for the sake of `__start_NAME`: those that are referred
/// to by it (GNU ld), all (mold), none (lld since 13, and -z start-stop-gc).
enum class BoundedSections { Referenced, All, None };

struct Plan {
  std::vector<Input> inputs;
  std::vector<std::string> search_directories;  ///< -L in order
  std::string sysroot;
  std::string output_path;
  Output output = Output::Executable;
  bool archive_order_matters =
      true;  ///< false for lld, mold, ld64: an archive serves earlier and later references alike
  bool first_copy_by_position = false;  ///< mold: of COMDAT copies the first by its place on the command line
                                        ///< is kept, not the first read
  bool driver = true;  ///< a compiler driver, which adds libraries of its own that the command does not show
  BoundedSections bounded_sections = BoundedSections::Referenced;
  bool gc_sections = false, allow_multiple_definition = false, allow_undefined = false, static_link = false;
  std::vector<std::string> implicit_libraries;  ///< what a driver adds at the end by itself: `gcc`, `c`, ...
  bool start_files = false;                     ///< the driver adds crt1.o and its kin
  std::vector<std::string> defined;             ///< --defsym,: names the command itself defines
  std::vector<std::string>
      undefined;                      ///< -u: extracts from archives, and is no error when it stays undefined
  std::vector<std::string> required;  ///< --require-defined: an error then
  std::vector<std::string> wrapped;   ///< --wrap=f: a reference to f means __wrap_f, one to __real_f means f
  std::vector<std::string> runtime_names;  ///< defined by run-time libraries of the driver's flags
                                           ///< (-fsanitize=...); `__asan_*` is a beginning
  bool objects_name_libraries =
      false;  ///< the linker adds what objects ask for: /DEFAULTLIB, LC_LINKER_OPTION
  std::vector<std::string> excluded_libraries;  ///< /NODEFAULTLIB: in lower case; an empty one stands for all
  bool all_archives_whole = false;
  std::string entry;  ///< -e; empty: the linker's default
  bool export_dynamic = false;
  /// Words that stand for inputs which a replay cannot see: rustc's `<2 object files omitted>` and
  /// `<sysroot>/...`, patterns that fit no file, `-framework`.
  std::vector<std::string> omitted;
  std::vector<std::string> unknown;  ///< arguments of no known meaning, kept for the report
};

/// Reads a link command (driver or linker, response files expanded) as the linker would. `directory` is where
/// it ran. rustc's abridged words (`deps/{liba-1,libb-2}.rlib`, `libstd-*`) are expanded to the files that
/// exist.
Plan plan_from_command(const std::vector<std::string>& arguments, const std::string& directory,
                       std::vector<Skipped>& problems);

/// What the symbol's definition is, seen from the link.
enum class Verdict {
  DefinedNowhere,     ///< no input, reached or not, and no other artifact given defines it
  DefinedNotReached,  ///< an input of this link defines it, and the linker did not take it from there
  DefinedElsewhere,   ///< an artifact that is not an input of this link defines it
  Unknown,            ///< not all inputs could be read, so absence is not shown
};

struct Referrer {
  const artifact::Object* object = nullptr;
  std::string label{};     ///< `libx.a(foo.o)`
  std::string function{};  ///< empty when the relocation lies outside any function
  std::uint64_t offset = 0;
  std::string section{};
};

/// A definition that is close to what was asked for.
struct Nearest {
  enum class Why {
    SameNameNotReached,  ///< same name in an input: an archive searched too early, or a member not extracted
    SameNameElsewhere,   ///< same name in an artifact that is not an input
    SameNameWrongMachine,  ///< same name in an object for another machine
    SameNameHidden,        ///< same name, hidden or local
    SameNameOtherVersion,
    Sibling,        ///< the same family for other features: `f_avx2` for `f_avx512`
    OtherMangling,  ///< `f` for `_Z1fv`, `_f`, extern "C" and back; another Rust hash; other parameters
    SimilarName,    ///< `f_v2` or `lib_f` for `f`, or a letter off, and nothing refers to it: renamed or
                    ///< misspelt
  };
  Why why;
  std::string name{};
  std::string demangled{};
  std::string where{};  ///< label of the object
  const artifact::Object* object = nullptr;
  std::string detail{};  ///< one sentence for people
};

struct Undefined {
  std::string name{};
  bool weak = false;
  std::vector<Referrer> referrers{};
  Verdict verdict = Verdict::Unknown;
  std::vector<Nearest> nearest{};  ///< best first
};

/// Recorded also under --allow-multiple-definition, which then hides it: see Plan::allow_multiple_definition.
struct Duplicate {
  std::string name;
  std::vector<std::string>
      definitions;  ///< labels; the first is the one a linker keeps under --allow-multiple-definition
  std::vector<const artifact::Object*> objects;
  bool identical = false;  ///< the same bytes
};

/// A library or file that the plan names and that was not found or not usable.
struct Unusable {
  std::string name;  ///< as on the command line
  std::string reason;
  std::vector<std::string>
      candidates{};  ///< files that come near: libfoo.so.2 for -lfoo, other machines' copies
  bool not_found = false;
  bool wrong_machine = false;
};

/// What became of the names and sections of the inputs. Valid as long as the store that the link was replayed
/// from.
class Outcome {
 public:
  virtual ~Outcome() = default;
  /// The object that the link takes the name from; null when none of its inputs defines it.
  virtual const artifact::Object* definer(std::string_view name) const = 0;
  /// Whether the section is in the output: false for COMDAT copies of which another one is kept and for what
  /// --gc-sections throws away.
  virtual bool keeps(const artifact::Object& object, std::uint32_t section) const = 0;
  /// Whether the command does not name it: the driver's own libraries and start files.
  virtual bool is_implicit(const artifact::Object& object) const = 0;
};

struct Replay {
  std::shared_ptr<const Outcome> outcome;
  std::vector<Undefined> undefined;  ///< strong references that nothing defines
  std::vector<Duplicate> duplicates;
  std::vector<Unusable> unusable;
  std::vector<const artifact::Object*> linked;     ///< objects that took part
  std::vector<const artifact::Object*> unreached;  ///< members never extracted
  std::vector<const artifact::File*>
      inputs;                                ///< that could be opened, in link order, linker scripts followed
  std::optional<artifact::Machine> machine;  ///< of the output
  bool complete = false;                     ///< every input was found and read: absence means something
};

/// Tests whether `a` and `b` are kernels of one family that differ in their features; isa/ answers.
using SameFamily = std::function<bool(std::string_view a, std::string_view b)>;

/// Replays the plan. `store` opens files and holds what else is at hand (searched for nearest definitions).
///
/// Like the linker it searches the sysroot, or, without one, this machine's own library directories: those of
/// cross compilers
/// (/usr/lib/gcc-cross/TRIPLE, /usr/TRIPLE/lib) and multiarch (/usr/lib/TRIPLE) for the machine of the first
/// object, and the directories without a triple (/usr/lib, /lib64) only when that is this machine's own. On
/// another machine than the one that linked, what is found there may differ from what the linker saw; `-L`
/// and --sysroot say more.
Replay replay(const Plan& plan, const std::string& directory, artifact::Store& store,
              const SameFamily& same_family);

/// Where a link's inputs mention a name, in link order. Right also when the replay is not complete: for a
/// link of which only the libraries are known, it shows who defines the name and in which order they stand.
struct Mentioned {
  std::size_t input = 0;  ///< position in Replay::inputs
  const artifact::Object* object = nullptr;
  bool defines = false;  ///< else it refers to it
  bool weak = false;
};
std::vector<Mentioned> mentions_in_order(const Replay& replay, std::string_view name);

/// Answers for symbols known only from a log: verdict and nearest definitions among the artifacts at hand,
/// without a plan. Reads all symbols once, then answers for any number of names; the store outlives it.
///
/// Without a plan nothing is known to be an input, so the verdicts are three: DefinedElsewhere, when an
/// artifact for the same machine defines it; DefinedNowhere, when the objects that refer to it are at hand,
/// everything in the store could be read and nothing there defines it; else Unknown. The machine is that of
/// the objects that refer to the symbol, unless it is given.
class Finder {
 public:
  /// `leave_out` answers for files that are no part of what was built: they are not looked at.
  Finder(artifact::Store& store, SameFamily same_family,
         const std::function<bool(const artifact::File&)>& leave_out = {});
  ~Finder();
  Finder(Finder&&) noexcept;
  Undefined locate(std::string_view name,
                   const std::optional<artifact::Machine>& machine = std::nullopt) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A Finder used once.
Undefined locate(std::string_view name, artifact::Store& store, const SameFamily& same_family);

/// What is undefined over whole files: every member linked, as under --whole-archive. Sorted; names only. The
/// answer does not depend on the number of threads.
struct Closure {
  std::vector<std::string> undefined;
  std::uint64_t objects = 0, definitions = 0, references = 0;
  std::vector<Skipped> problems;
};
Closure closure(const std::vector<std::string>& paths, unsigned threads);

/// Itanium, Rust (legacy and v0), MSVC and D names; the name itself when it is none of these.
std::string demangle(std::string_view name);

std::string_view name_of(Verdict verdict);

}  // namespace linkdx::link
