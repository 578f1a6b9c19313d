// From messages to failures. One `Assembler` reads the unwrapped lines of a log in order and keeps, for each
// interleaved stream of it, what the next line may depend on: the heading "in function `f':", the symbol that
// lld's `>>>` lines belong to, the link command, a line that was wrapped and is not complete yet.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "grammar.hpp"
#include "linkdx/log.hpp"

namespace linkdx::log {

// A log is read to be diagnosed: more than this helps nobody, and bounds the memory.
inline constexpr std::size_t kMostFailures = 4096;
inline constexpr std::size_t kMostSymbols = 65536;       // in one failure
inline constexpr std::size_t kMostReferences = 64;       // of one symbol
inline constexpr std::size_t kMostMessages = 16384;
inline constexpr std::size_t kMostCommands = 16384;
inline constexpr std::size_t kMostText = std::size_t{32} << 20;         // of failures
inline constexpr std::size_t kMostMessageText = std::size_t{8} << 20;   // of messages, and of commands
inline constexpr std::size_t kMostKnownLinks = 256;
inline constexpr std::size_t kLongestExcerpt = 16384;
inline constexpr int kMostHeldLines = 4;

struct Line {
  std::uint64_t number = 0;
  std::string_view text;          ///< unwrapped
  std::size_t raw_length = 0;     ///< of the line as it is in the file
  bool indented = false;
  bool after_blank = false;
};

class Assembler {
 public:
  explicit Assembler(Log& log) : log_(log) {}

  /// Reads one line. True when the next line is needed whatever it looks like.
  bool add(const std::string& stream, const Line& line);
  void finish();

  /// Limits were reached: nothing more is kept.
  bool full() const { return full_; }

 private:
  struct Held {
    std::string text;
    std::uint64_t line = 0;
    std::size_t raw_length = 0;
    int lines = 0;
  };
  enum class Block { None, AppleUndefined, AppleDuplicate };
  struct Stream {
    std::string name;
    std::ptrdiff_t failure = -1;          // index of the failure that is being read; -1 between failures
    std::ptrdiff_t last_failure = -1;
    std::ptrdiff_t symbol = -1;           // what `>>>` lines and "first defined here" belong to
    std::unordered_map<std::string, std::size_t> symbols;   // of the open failure, by kind and name
    Block block = Block::None;
    std::string block_target;
    Reference heading;                    // "obj: in function `f':"
    Held held;
    std::optional<Command> command;       // the last link command
    std::ptrdiff_t compile = -1;          // the last compile command, while lines may go on with it
    std::size_t command_length = 0;       // raw length of the command's last line; 0 when it is complete
    std::vector<std::string> wrapped;     // lines of ninja's ": && command && :" while its end has not come
    std::uint64_t wrapped_at = 0;         // line of the first
    std::string compiler_variable;        // CMake's "The CMAKE_X_COMPILER:", until it has said what is wrong
    std::string compiler_tool;            // what CMake looked for
    int compiler_lines = 0;
    std::size_t kept_before = 0;          // text that was kept when the open failure began
    std::unordered_set<std::uint64_t> lines_kept;   // hashes of the lines that the open failure holds as inputs or others
    std::string unit, step, directory;
    bool second_line_of_lld = false;      // the line behind ">>> referenced by"
  };

  bool read(Stream& stream, const Line& line);
  void apply(Stream& stream, const Match& match, std::string_view text, std::uint64_t number);
  bool read_block(Stream& stream, const Line& line);
  bool continue_command(Stream& stream, const Line& line);
  bool start_command(Stream& stream, const Line& line);
  void keep_command(Stream& stream, Command command, std::size_t length);
  bool continue_wrapped(Stream& stream, const Line& line);
  void finish_wrapped(Stream& stream);
  bool seen_command(Stream& stream, std::string_view text, std::uint64_t number);
  bool read_missing_compiler(Stream& stream, const Line& line);
  void keep_message(ToolMessage message, std::string_view text, std::uint64_t number);
  void fold_failure(const Stream& stream);
  bool is_repeated(Stream& stream, std::string_view text);
  void release_held(Stream& stream);
  bool general_message(Stream& stream, std::string_view text, std::uint64_t number);

  Failure& failure_of(Stream& stream, std::string_view text, std::uint64_t number);
  void close(Stream& stream);
  void name_linker(Failure& failure, std::string_view text, const Match& match);
  SymbolError& symbol_of(Stream& stream, SymbolError::Kind kind, std::string_view name, std::string_view text, std::uint64_t number);
  void add_reference(SymbolError& symbol, Reference reference);
  void add_input(Stream& stream, const Match& match, std::string_view text, std::uint64_t number);
  void add_message(Stream& stream, const Match& match, std::string_view text, std::uint64_t number);
  void lld_line(Stream& stream, const Match& match, std::string_view text, std::uint64_t number);
  Excerpt excerpt(std::string_view text, std::uint64_t number);
  void limit(std::string_view what);

  Log& log_;
  std::map<std::string, Stream> streams_;
  std::vector<std::string> stream_of_failure_;
  std::size_t kept_ = 0;   // bytes of text kept so far, of failures
  std::size_t kept_messages_ = 0, kept_commands_ = 0;
  bool full_ = false, messages_full_ = false, commands_full_ = false;
  // By a hash of what is compared: the index of the one that is kept.
  std::unordered_map<std::uint64_t, std::size_t> known_failures_, known_messages_, known_commands_;
  std::unordered_map<std::uint64_t, Command> known_links_;
};

}  // namespace linkdx::log
