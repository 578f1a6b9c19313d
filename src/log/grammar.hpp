// What tools say, as data. A grammar is a table of patterns, one table per linker or family of tools; a
// pattern is the text of the message as its source code has it, with fields where the source has `%s`:
//
//     undefined reference to {'name}
//
//     {field}    text up to the next literal of the pattern, or to the end of the line
//     {'field}   the same, between quotes of any style: `x', 'x', "x", ‘x’, «x», »x«, „x“, ”x”, ‚x‘
//     $          at the end: nothing but blanks may follow
//     ^          at the start: nothing may stand before but the name of the linker and "error:"
//
// What stands before the first literal is the place, and is read by `places.hpp`. Patterns of one table are
// tried in order and the first that matches wins. Adding a linker means adding a table.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/log.hpp"

namespace linkdx::log {

/// What a matched message means to the reader.
enum class Event {
  Undefined,
  UndefinedHidden,
  MoreUndefined,
  DsoUndefined,
  DsoMissing,
  UndefinedAtRuntime,
  UndefinedList,  ///< several names in one line: "[ f, g ]"
  ReferencedFrom,
  ExpectedIn,    ///< dyld's lines behind "Symbol not found"
  Duplicate,     ///< `name`, and `other`: where it was defined first
  FirstDefined,  ///< "first defined here", on a line of its own
  InFunction,    ///< "in function `f':", a heading for the lines that follow
  HiddenReferenced,
  Relocation,
  TlsMismatch,  ///< thread-local data for one file, and not for another
  LinkerError,  ///< an error of no other form: shown as it stands
  LldReferencedBy,
  LldMore,
  LldDefinedIn,
  LldDidYouMean,
  LldValue,  ///< lld-link: a file and its value of a setting that another file has otherwise
  LldLine,
  AppleHeader,
  AppleDuplicate,
  AppleEnd,
  SolarisHeader,
  Input,       ///< an InputError
  Message,     ///< a ToolMessage
  LinkFailed,  ///< "ld returned 1 exit status": the failure ends here
  RustcLink,   ///< "linking with `cc` failed": a failure starts here
  NinjaFailed,
  MakeFailed,
  CargoFailed,
  LinkingTarget,
  DockerStep,
  EnterDirectory,
  Host,
  Noise,  ///< known, and of no interest
};

struct Pattern {
  Event event;
  std::string_view text;
  Linker linker = Linker::Unknown;                       ///< said by this linker alone
  InputError::Kind input = InputError::Kind::Other;      ///< of Event::Input
  ToolMessage::Kind message = ToolMessage::Kind::Other;  ///< of Event::Message
};

/// The fields of a match. They point into the text that was matched.
struct Fields {
  std::string_view name, other, object, path, subject, expected, found, function, number, version, directory,
      any;
};

struct Match {
  const Pattern* pattern = nullptr;
  std::string_view place;  ///< what stands before the message
  Fields fields;
  std::size_t weight = 0;  ///< bytes of literal text that matched: the more, the surer
};

std::span<const Pattern> gnu_ld_patterns();
std::span<const Pattern> gnu_ld_translated_patterns();
std::span<const Pattern> gold_patterns();
std::span<const Pattern> lld_patterns();
std::span<const Pattern> mold_patterns();
std::span<const Pattern> wild_patterns();
std::span<const Pattern> solaris_patterns();
std::span<const Pattern> apple_patterns();
std::span<const Pattern> microsoft_patterns();
std::span<const Pattern> wasm_patterns();
std::span<const Pattern> go_patterns();
std::span<const Pattern> loader_patterns();
std::span<const Pattern> compiler_patterns();
std::span<const Pattern> build_tool_patterns();

/// How strictly quotes are held: a line that was cut may have lost the closing one.
enum class Quotes { Closed, MayBeCut };

/// All tables, compiled once.
class Grammar {
 public:
  static const Grammar& instance();

  /// The first pattern that the text matches. `words` is what `scan_words(text)` found.
  Match match(std::string_view text, std::uint64_t words, Quotes quotes) const;

  /// Patterns without a word that the prefilter looks for: lines with them would be passed over. Always
  /// empty.
  std::vector<std::string_view> unreachable() const;

 private:
  struct Piece {
    std::string_view literal;  ///< after the field
    std::string_view Fields::* field = nullptr;
    bool quoted = false;
  };
  struct Compiled {
    const Pattern* pattern = nullptr;
    std::string_view head;  ///< literal before the first field
    std::vector<Piece> pieces;
    bool at_start = false, at_end = false;
    bool names = false;       ///< has a field `name`, which must not be empty
    std::uint64_t words = 0;  ///< any of these makes the line worth trying
    std::size_t weight = 0;
  };
  Grammar();
  void add(const Pattern& pattern);
  static bool fits(const Compiled& compiled, std::string_view text, Quotes quotes, Match& match);

  std::vector<Compiled> patterns_;
};

}  // namespace linkdx::log
