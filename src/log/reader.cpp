// A log as a stream of bytes: cut into lines, and only the lines handed on that the prefilter or the line
// before asks for. The result does not depend on the size of the pieces.
#include <algorithm>
#include <cstring>

#include <llvm/Support/JSON.h>

#include "failures.hpp"
#include "linkdx/language.hpp"
#include "linkdx/log.hpp"
#include "prefilter.hpp"
#include "replay.hpp"
#include "text.hpp"
#include "unwrap.hpp"

namespace linkdx::log {
namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 20;

/// A line that is of no interest itself but may be the place of the message on the next one.
bool may_head_next(std::string_view line) {
  line = trim_right(line);
  return !line.empty() && line.size() < 4096 &&
         (line.back() == ':' || line.back() == ')' || line.back() == ',' || line.back() == ';');
}

/// Whether JSON is nested no deeper than compilers write it. LLVM's parser recurses, and a log may hold
/// anything.
bool is_shallow_json(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > 64) return false;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return true;
}

}  // namespace

struct Reader::State {
  explicit State(std::string name) : assembler(log) { log.name = std::move(name); }

  Log log;
  Assembler assembler;
  std::string carry;     // the beginning of a line whose end is in the next piece
  bool cutting = false;  // the carried line is longer than is kept
  std::string head;      // the last line, when it was passed over and may head the next one
  bool hungry = false;   // the next line is read whatever it looks like
  bool binary = false, long_line = false;
  bool in_summary = false;
  std::string storage;

  Replay replay;
  struct Begun {
    std::string state;
    std::size_t begin = 0;   // in the text that is consumed
    std::uint64_t line = 0;  // read last before it
  };
  std::optional<Begun> passage;  // since the last cut

  void note(std::string reason) { log.problems.push_back({log.name, std::move(reason)}); }

  void feed(std::string_view piece) {
    log.bytes += piece.size();
    if (!binary && std::memchr(piece.data(), 0, piece.size())) {
      binary = true;
      note(say("holds binary data; what is text in it was read"));
    }
    if (!carry.empty() || cutting) {
      std::size_t end = piece.find('\n');
      std::string_view part = piece.substr(0, end);
      keep(part);
      if (end == std::string_view::npos) return;
      piece.remove_prefix(end + 1);
      std::string line = std::move(carry);
      carry.clear();
      cutting = false;
      consume_line(line);
    }
    std::size_t last = piece.rfind('\n');
    if (last != std::string_view::npos) {
      consume(piece.substr(0, last + 1));
      piece.remove_prefix(last + 1);
    }
    keep(piece);
  }

  void keep(std::string_view part) {
    std::size_t room = kLongestLine - std::min(kLongestLine, carry.size());
    if (part.size() > room) {
      cutting = true;
      part = part.substr(0, room);
    }
    carry += part;
  }

  /// One line that came in pieces. It passes the same test as the others.
  void consume_line(std::string_view line) {
    if (hungry || find_word(line, 0) != std::string_view::npos) return process(line);
    ++log.lines;
    head = may_head_next(line) ? std::string(line) : std::string();
  }

  /// Whole lines, each with its newline.
  void consume(std::string_view text) {
    std::size_t at = 0;
    passage.reset();
    while (at < text.size()) {
      if (assembler.full()) {
        log.lines += static_cast<std::uint64_t>(
            std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), '\n'));
        return;
      }
      if (!hungry) {
        std::size_t hit = find_word(text, at);
        std::size_t end = hit == std::string_view::npos ? text.size() : hit;
        std::size_t begin = at;
        if (end > at) {
          std::size_t newline = text.rfind('\n', end - 1);
          if (newline != std::string_view::npos && newline >= at) begin = newline + 1;
        }
        if (begin > at) {
          std::string_view skipped = text.substr(at, begin - at);
          log.lines += static_cast<std::uint64_t>(std::count(skipped.begin(), skipped.end(), '\n'));
          skipped.remove_suffix(1);
          std::size_t previous = skipped.rfind('\n');
          std::string_view last = previous == std::string_view::npos ? skipped : skipped.substr(previous + 1);
          head = may_head_next(last) ? std::string(last) : std::string();
          at = begin;
          if (at >= text.size()) return;
        }
      }
      std::size_t end = text.find('\n', at);
      std::string_view line = text.substr(at, end - at);
      process(line);
      at = end + 1;
      if (assembler.has_closed() || Replay::is_cut(line)) at = cut(text, at);
    }
  }

  /// Cuts the text before `at`. What follows is passed over as far as it is known: returns where reading goes
  /// on.
  std::size_t cut(std::string_view text, std::size_t at) {
    if (hungry) return at;
    std::optional<std::string> state = assembler.settled_state(log.lines);
    if (!state) return at;
    *state += in_summary ? 's' : '-';
    if (passage) {
      if (std::optional<std::vector<Repetition>> repetitions = assembler.noted()) {
        std::optional<Replay::State> before = replay.intern(passage->state);
        std::optional<Replay::State> after = replay.intern(*state);
        if (before && after) {
          Replay::Memory& memory = replay.memory(*after);
          if (!memory.assembler) memory = {assembler.save(log.lines), in_summary};
          replay.keep(*before, {std::string(text.substr(passage->begin, at - passage->begin)),
                                log.lines - passage->line, std::move(*repetitions), *after});
        }
      }
    }
    std::optional<Replay::State> current = replay.known(*state);
    bool moved = false;
    while (current) {
      const Replay::Passage* next = replay.find(*current, text.substr(at));
      if (!next) break;
      assembler.count(next->repetitions);
      log.lines += next->lines;
      at += next->text.size();
      current = next->after;
      moved = true;
    }
    if (moved) {
      const Replay::Memory& memory = replay.memory(*current);
      assembler.restore(*memory.assembler, log.lines);
      in_summary = memory.in_summary;
      state = assembler.settled_state(log.lines);
      *state += in_summary ? 's' : '-';
    }
    assembler.begin_noting();
    passage = Begun{std::move(*state), at, log.lines};
    return at;
  }

  void process(std::string_view line) {
    ++log.lines;
    if (assembler.full()) return;
    if (!head.empty()) {
      std::string before = std::move(head);
      head.clear();
      read(before, log.lines - 1);
    }
    if (line.size() > kLongestLine || line.size() == kLongestLine) {
      line = line.substr(0, kLongestLine);
      if (!long_line) note(say("line {} is longer than 1 MiB; only its beginning was read", log.lines));
      long_line = true;
    }
    hungry = false;
    if (trim_left(line).starts_with("{") && read_json(trim_left(line))) return;
    read(line, log.lines);
  }

  void read(std::string_view line, std::uint64_t number) {
    Unwrapped unwrapped = unwrap(line, storage);
    std::string stream = unwrapped.stream;
    // " > [3/4] RUN cargo build:" heads BuildKit's summary, whose lines carry seconds.
    if (unwrapped.text.starts_with("> [") && unwrapped.text.ends_with(":")) in_summary = true;
    if (unwrapped.excerpt && in_summary) stream = "summary";
    // mold 1 writes several `>>>` to a line.
    std::string_view text = unwrapped.text;
    while (true) {
      std::size_t next = text.size() > 3 ? text.find(">>> referenced", 1) : std::string_view::npos;
      Line one{number, trim_right(text.substr(0, next)), line.size(), unwrapped.indented, false};
      if (next == std::string_view::npos || !contains(one.text, ">>>")) {
        one.text = text;
        hungry |= assembler.add(stream, one);
        return;
      }
      hungry |= assembler.add(stream, one);
      text = text.substr(next);
    }
  }

  /// `--message-format=json` and `--error-format=json`: what rustc would have printed is a member.
  bool read_json(std::string_view line) {
    if (!contains(line, "\"rendered\"") || !is_shallow_json(line)) return false;
    llvm::Expected<llvm::json::Value> value = llvm::json::parse(llvm::StringRef(line.data(), line.size()));
    if (!value) {
      llvm::consumeError(value.takeError());
      return false;
    }
    const llvm::json::Object* object = value->getAsObject();
    if (object && object->getObject("message")) object = object->getObject("message");
    if (!object) return false;
    std::optional<llvm::StringRef> rendered = object->getString("rendered");
    if (!rendered) return false;
    std::uint64_t number = log.lines;
    std::string_view text(rendered->data(), rendered->size());
    while (!text.empty()) {
      std::size_t end = text.find('\n');
      read(text.substr(0, end), number);
      if (end == std::string_view::npos) break;
      text.remove_prefix(end + 1);
    }
    hungry = false;
    return true;
  }
};

Reader::Reader(std::string name) : state_(std::make_unique<State>(std::move(name))) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

void Reader::feed(std::string_view piece) {
  if (!piece.empty()) state_->feed(piece);
}

Log Reader::finish() {
  State& state = *state_;
  if (!state.carry.empty()) {
    std::string line = std::move(state.carry);
    state.carry.clear();
    state.consume_line(line);
  }
  state.assembler.finish();
  return std::move(state.log);
}

Log read(std::string name, std::string_view text) {
  Reader reader(std::move(name));
  reader.feed(text);
  return reader.finish();
}

std::string_view name_of(Linker linker) {
  switch (linker) {
    case Linker::Unknown:
      return "unknown";
    case Linker::GnuLd:
      return "gnu-ld";
    case Linker::Gold:
      return "gold";
    case Linker::Lld:
      return "lld";
    case Linker::Mold:
      return "mold";
    case Linker::Wild:
      return "wild";
    case Linker::Ld64:
      return "ld64";
    case Linker::Ld64Lld:
      return "ld64-lld";
    case Linker::LldLink:
      return "lld-link";
    case Linker::MsvcLink:
      return "msvc-link";
    case Linker::WasmLd:
      return "wasm-ld";
    case Linker::GoLink:
      return "go-link";
    case Linker::Loader:
      return "loader";
  }
  return "unknown";
}

}  // namespace linkdx::log
