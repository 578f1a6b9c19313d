// From messages to failures. One `Assembler` reads the unwrapped lines of a log in order and keeps, for each
// interleaved stream of it, what the next line may depend on: the heading "in function `f':", the symbol that
// lld's `>>>` lines belong to, the link command, a line that was wrapped and is not complete yet.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "grammar.hpp"
#include "linkdx/log.hpp"

namespace linkdx::log {

// A log is read to be diagnosed: more than this helps nobody, and bounds the memory.
inline constexpr std::size_t kMostFailures = 4096;
inline constexpr std::size_t kMostSymbols = 65536;  // in one failure
inline constexpr std::size_t kMostReferences = 64;  // of one symbol
inline constexpr std::size_t kMostMessages = 16384;
inline constexpr std::size_t kMostCommands = 16384;
inline constexpr std::size_t kMostText = std::size_t{32} << 20;        // of failures
inline constexpr std::size_t kMostMessageText = std::size_t{8} << 20;  // of messages, and of commands
inline constexpr std::size_t kMostKnownLinks = 256;
inline constexpr std::size_t kLongestExcerpt = 16384;
inline constexpr int kMostHeldLines = 4;
inline constexpr int kMostFolds = 4;
inline constexpr std::size_t kMostNoted = std::size_t{1} << 16;

struct Line {
  std::uint64_t number = 0;
  std::string_view text;       ///< unwrapped
  std::size_t raw_length = 0;  ///< of the line as it is in the file
  bool indented = false;
  bool after_blank = false;
};

/// Something kept that came again.
struct Repetition {
  enum class What : std::uint8_t { Failure, Message, Command };
  What what;
  std::uint32_t index;
};

class Assembler {
 public:
  explicit Assembler(Log& log) : log_(log) {}

  /// Reads one line. True when the next line is needed whatever it looks like.
  bool add(const std::string& stream, const Line& line);
  void finish();

  /// Limits were reached: nothing more is kept.
  bool full() const { return full_; }

  // For `replay.hpp`: what the assembler remembers between two lines when no failure is open and no line
  // waits for the next one.
  struct Settled;
  /// All that the lines to come may depend on, as text; nothing while a failure is open or a line waits.
  /// `number` is that of the line read last.
  std::optional<std::string> settled_state(std::uint64_t number) const;
  std::shared_ptr<const Settled> save(std::uint64_t number) const;
  /// Back to what was saved, as if the line read last were `number` now.
  void restore(const Settled& saved, std::uint64_t number);

  /// Whether a failure was closed since this was asked last.
  bool has_closed() { return std::exchange(closed_, false); }

  /// From here on repetitions are noted.
  void begin_noting();
  /// The repetitions since then, when the log gained nothing else.
  std::optional<std::vector<Repetition>> noted() const;
  /// Counts again what was noted.
  void count(const std::vector<Repetition>& repetitions);

 private:
  struct Held {
    std::string text;
    std::uint64_t line = 0;
    std::size_t raw_length = 0;
    int lines = 0;
  };
  enum class Block { None, AppleUndefined, AppleDuplicate, SolarisUndefined };
  struct Stream {
    std::string name;
    std::ptrdiff_t failure = -1;  // index of the failure that is being read; -1 between failures
    std::ptrdiff_t last_failure = -1;
    std::ptrdiff_t symbol = -1;  // what `>>>` lines and "first defined here" belong to
    std::unordered_map<std::string, std::size_t> symbols;  // of the open failure, by kind and name
    Block block = Block::None;
    std::string block_target;
    Reference heading;  // "obj: in function `f':"
    Held held;
    std::optional<Command> command;    // the last link command
    std::ptrdiff_t compile = -1;       // the last compile command, while lines may go on with it
    std::size_t command_length = 0;    // raw length of the command's last line; 0 when it is complete
    std::vector<std::string> wrapped;  // lines of ninja's ": && command && :" while its end has not come
    std::uint64_t wrapped_at = 0;      // line of the first
    std::string compiler_variable;     // CMake's "The CMAKE_X_COMPILER:", until it has said what is wrong
    std::string compiler_tool;         // what CMake looked for
    int compiler_lines = 0;
    std::size_t kept_before = 0;  // text that was kept when the open failure began
    int folds_left = 0;           // how often the last failure is still compared with earlier ones
    bool folded = false;          // it was the same as one: `last_failure` is that one
    std::unordered_set<std::uint64_t>
        lines_kept;  // hashes of the lines that the open failure holds as inputs or others
    std::string unit, step, directory;
    bool second_line_of_lld = false;  // the line behind ">>> referenced by"
  };

  bool read(Stream& stream, const Line& line);
  void apply(Stream& stream, const Match& match, std::string_view text, std::uint64_t number);
  bool read_solaris_row(Stream& stream, const Line& line);
  bool read_block(Stream& stream, const Line& line);
  bool continue_command(Stream& stream, const Line& line);
  bool start_command(Stream& stream, const Line& line);
  void keep_command(Stream& stream, Command command, std::size_t length);
  bool continue_wrapped(Stream& stream, const Line& line);
  void finish_wrapped(Stream& stream);
  bool seen_command(Stream& stream, std::string_view text, std::uint64_t number);
  bool read_missing_compiler(Stream& stream, const Line& line);
  void keep_message(ToolMessage message, std::string_view text, std::uint64_t number);
  void complete_command(Stream& stream);
  void fold_failure(Stream& stream);
  void repeat(Repetition::What what, std::size_t index);
  bool is_repeated(Stream& stream, std::string_view text);
  void release_held(Stream& stream);
  bool general_message(Stream& stream, std::string_view text, std::uint64_t number);

  Failure& failure_of(Stream& stream, std::string_view text, std::uint64_t number);
  void close(Stream& stream);
  void name_linker(Failure& failure, std::string_view text, const Match& match);
  SymbolError& symbol_of(Stream& stream, SymbolError::Kind kind, std::string_view name, std::string_view text,
                         std::uint64_t number);
  void add_reference(SymbolError& symbol, Reference reference);
  void add_input(Stream& stream, const Match& match, std::string_view text, std::uint64_t number);
  void add_message(Stream& stream, const Match& match, std::string_view text, std::uint64_t number);
  void dyld_line(Stream& stream, const Match& match);
  void lld_value(Stream& stream, const Match& match);
  void lld_line(Stream& stream, const Match& match, std::string_view text, std::uint64_t number);
  Excerpt excerpt(std::string_view text, std::uint64_t number);
  void limit(std::string_view what);

  Log& log_;
  std::map<std::string, Stream> streams_;
  std::vector<std::string> stream_of_failure_;
  std::size_t kept_ = 0;  // bytes of text kept so far, of failures
  std::size_t kept_messages_ = 0, kept_commands_ = 0;
  bool closed_ = false;
  bool full_ = false, messages_full_ = false, commands_full_ = false;
  // By a hash of what is compared: the index of the one that is kept.
  std::unordered_map<std::uint64_t, std::size_t> known_failures_, known_messages_, known_commands_;
  std::unordered_map<std::uint64_t, std::size_t>
      known_short_commands_;  // those that the next line might have gone on with
  std::unordered_map<std::uint64_t, Command> known_links_;

  /// What may grow: equal before and after lines that brought nothing new.
  struct Sizes {
    std::size_t failures = 0, messages = 0, commands = 0, problems = 0, hosts = 0, changes = 0;
    bool operator==(const Sizes&) const = default;
  };
  Sizes sizes() const {
    return {log_.failures.size(), log_.messages.size(), log_.commands.size(),
            log_.problems.size(), log_.host.size(),     changes_};
  }
  std::size_t changes_ = 0;  // of failures that are closed
  bool noting_ = false;
  Sizes noting_from_;
  std::vector<Repetition> noted_;
};

struct Assembler::Settled {
  std::map<std::string, Stream> streams;
  std::size_t kept = 0, kept_commands = 0;
  std::uint64_t number = 0;
};

}  // namespace linkdx::log
