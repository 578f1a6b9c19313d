#include "failures.hpp"

#include <algorithm>

#include "commands.hpp"
#include "link_exe.hpp"
#include "linkdx/language.hpp"
#include "missing_assembler.hpp"
#include "places.hpp"
#include "prefilter.hpp"
#include "quotes.hpp"
#include "structure.hpp"
#include "targets.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

constexpr Pattern kAppleHeading{Event::AppleHeader, "", Linker::Ld64};
const Match kAppleList{&kAppleHeading, {}, {}, 0};

/// A line that may be the place of the next one's message.
bool looks_unfinished(std::string_view text) {
  return text.ends_with(":") || text.ends_with(",") || text.ends_with(";") || text.ends_with("(") ||
         looks_like_object(text);
}

/// The message begins the line, or only a section or the word "error:" stands before.
bool lacks_place(std::string_view place) {
  drop_severity(place);
  return place.empty() || place.starts_with("(") || place == "error:" || place == "error" ||
         place == "symbol";
}

/// Whether a line was cut at a fixed column (a terminal's width) rather than between words.
bool cut_at_column(std::string_view text, std::size_t raw_length) {
  if (raw_length == 80) return true;
  if (raw_length < 100) return false;
  // Wrapping between words would have used a blank that is here.
  return text.find(' ', 10) != std::string_view::npos;
}

}  // namespace

Excerpt Assembler::excerpt(std::string_view text, std::uint64_t number) {
  Excerpt result{number, std::string(text.substr(0, kLongestExcerpt))};
  kept_ += result.text.size() + 64;
  if (kept_ > kMostText)
    limit(say("more than 32 MB of linkers' messages: what follows in the log was counted but not kept"));
  return result;
}

void Assembler::limit(std::string_view what) {
  if (full_) return;
  full_ = true;
  log_.problems.push_back({log_.name, std::string(what)});
}

bool Assembler::add(const std::string& stream_name, const Line& line) {
  auto [entry, is_new] = streams_.try_emplace(stream_name);
  Stream& stream = entry->second;
  if (is_new) stream.name = stream_name;
  if (streams_.size() > 4096)
    limit(say("more than 4096 interleaved steps: what follows in the log was counted but not kept"));
  if (line.text.empty()) {
    if (!stream.wrapped.empty()) finish_wrapped(stream);
    if (stream.block == Block::None) release_held(stream);
    if (stream.command_length != 0) complete_command(stream);
    return stream.block != Block::None || !stream.compiler_variable.empty();
  }
  return read(stream, line) || stream.block != Block::None || !stream.held.text.empty() ||
         stream.command_length != 0 || !stream.wrapped.empty() || !stream.compiler_variable.empty();
}

bool Assembler::read(Stream& stream, const Line& line) {
  const Grammar& grammar = Grammar::instance();
  std::string_view text = line.text;
  // MSBuild adds the project to each line.
  if (text.ends_with("proj]"))
    if (std::size_t bracket = text.rfind(" ["); bracket != std::string_view::npos)
      text = trim_right(text.substr(0, bracket));

  if (!stream.wrapped.empty() && continue_wrapped(stream, line)) return true;
  if (stream.command_length != 0) {
    if (continue_command(stream, line)) return true;
    complete_command(stream);
  }
  if (stream.held.text.empty() && stream.block == Block::None &&
      seen_command(stream, without_progress(text), line.number))
    return false;
  if (read_missing_compiler(stream, line)) return false;
  if (stream.block != Block::None && read_block(stream, line)) return true;

  // Apple's list of symbols in a log that begins in its middle.
  if (stream.block == Block::None && text.starts_with("\"") && text.ends_with("\", referenced from:")) {
    name_linker(failure_of(stream, text, line.number), text, kAppleList);
    stream.block = Block::AppleUndefined;
    return read_block(stream, line);
  }

  // A build script's warning carries another tool's line: both are kept.
  std::uint64_t words = scan_words(text);
  for (std::string_view prefix : {"cargo:warning=", "cargo::warning="})
    if (text.starts_with(prefix)) {
      Match match = grammar.match(text, words, Quotes::Closed);
      if (match.pattern && match.pattern->event != Event::Message) match = {};
      static constexpr Pattern kWarning{Event::Message, "", Linker::Unknown, InputError::Kind::Other,
                                        ToolMessage::Kind::BuildScriptWarning};
      Match outer;
      outer.pattern = &kWarning;
      outer.fields.any = text.substr(prefix.size());
      add_message(stream, outer, text, line.number);
      text = trim_left(text.substr(prefix.size()));
      words = scan_words(text);
    }
  if (text.starts_with("warning: ")) {
    std::string_view rest = text.substr(9);
    std::size_t colon = rest.find(": ");
    std::string_view package = rest.substr(0, colon == std::string_view::npos ? 0 : colon);
    std::size_t at = package.find('@');
    if (at != std::string_view::npos && at > 0 && at + 1 < package.size() && is_digit(package[at + 1]) &&
        !contains(package, " ")) {
      static constexpr Pattern kWarning{Event::Message, "", Linker::Unknown, InputError::Kind::Other,
                                        ToolMessage::Kind::BuildScriptWarning};
      Match outer;
      outer.pattern = &kWarning;
      outer.fields.subject = package.substr(0, at);
      outer.fields.any = rest.substr(colon + 2);
      add_message(stream, outer, text, line.number);
      text = trim_left(rest.substr(colon + 2));
      words = scan_words(text);
    }
  }

  Match match = match_link_exe(text);
  const bool has_number = match.pattern != nullptr;
  if (!match.pattern) match = grammar.match(text, words, Quotes::Closed);
  if (!match.pattern) match = match_structure(text, !stream.heading.object.empty());

  static const std::uint64_t kAssemblerWords = words_of("nasm yasm NASM YASM Nasm Yasm gas-preprocessor");
  if (!match.pattern && (words & kAssemblerWords)) {
    static constexpr Pattern kMissing{Event::Message, "", Linker::Unknown, InputError::Kind::Other,
                                      ToolMessage::Kind::ToolMissing};
    if (std::string_view assembler = missing_assembler(text); !assembler.empty()) {
      match.pattern = &kMissing;
      match.fields.subject = assembler;
      match.weight = text.size();
    }
  }

  if (!stream.held.text.empty()) {
    Held& held = stream.held;
    bool glued = !line.indented && cut_at_column(held.text, held.raw_length);
    std::string joined = held.text + (glued ? "" : " ") + std::string(text);
    bool worth = !match.pattern || (lacks_place(match.place) && looks_unfinished(held.text)) || glued ||
                 match.pattern->event == Event::FirstDefined;
    // A number and the file before it: nothing of this message stands on the line before.
    if (has_number && !lacks_place(match.place)) worth = false;
    Match whole;
    if (worth) whole = grammar.match(joined, scan_words(joined), Quotes::Closed);
    // Cut in the middle of a word, at a width that is nobody's own.
    if (!whole.pattern && !match.pattern && !glued && !line.indented && held.raw_length >= 60) {
      std::string unparted = held.text + std::string(text);
      whole = grammar.match(unparted, scan_words(unparted), Quotes::Closed);
      if (whole.pattern && whole.weight > 12)
        joined = std::move(unparted), whole = grammar.match(joined, scan_words(joined), Quotes::Closed);
      else
        whole = {};
    }
    bool better =
        whole.pattern && (!match.pattern || whole.weight > match.weight ||
                          (whole.pattern == match.pattern && whole.place.size() > match.place.size() &&
                           lacks_place(match.place) && looks_unfinished(held.text)));
    if (better) {
      std::uint64_t number = held.line;
      held = {};
      apply(stream, whole, joined, number);
      return false;
    }
    if (!match.pattern && held.lines < kMostHeldLines && looks_unfinished(held.text) &&
        !looks_like_object(held.text)) {
      held.text = joined;
      held.raw_length = line.raw_length;
      ++held.lines;
      return true;
    }
    if (!match.pattern && says_error(held.text) && held.lines < kMostHeldLines &&
        Grammar::instance().match(joined, scan_words(joined), Quotes::MayBeCut).pattern) {
      held.text = joined;
      held.raw_length = line.raw_length;
      ++held.lines;
      return true;
    }
    release_held(stream);
  }

  if (match.pattern) {
    apply(stream, match, text, line.number);
    return stream.second_line_of_lld;
  }
  if (start_command(stream, line)) return stream.command_length != 0 || !stream.wrapped.empty();
  // What may be half of a message waits for the other half.
  stream.held = {std::string(text.substr(0, kLongestExcerpt)), line.number, line.raw_length, 1};
  bool wait =
      looks_unfinished(text) || says_error(text) || linker_prefix(text) || (words && line.raw_length >= 40);
  if (!wait) release_held(stream);
  return wait;
}

/// The other half of a held line did not come: it is read as it stands.
void Assembler::release_held(Stream& stream) {
  if (stream.held.text.empty()) return;
  Held held = std::move(stream.held);
  stream.held = {};
  Match match = Grammar::instance().match(held.text, scan_words(held.text), Quotes::MayBeCut);
  if (match.pattern && match.weight >= 12) {
    apply(stream, match, held.text, held.line);
    return;
  }
  general_message(stream, held.text, held.line);
}

/// Errors of no known form: a linker's go to the failure, a compiler's to the messages.
bool Assembler::general_message(Stream& stream, std::string_view text, std::uint64_t number) {
  if (std::optional<LinkerName> linker = linker_prefix(text)) {
    std::string_view rest = linker->rest;
    if (rest.starts_with("warning:") || contains(rest, "avertissement") || rest.empty()) return false;
    // Apple's linker says "ld: ... for architecture arm64" without the word.
    if (stream.failure < 0 && !says_error(text) && !contains(text, " for architecture ")) return false;
    Failure& failure = failure_of(stream, text, number);
    name_linker(failure, text, {});
    if (!is_repeated(stream, text)) failure.other.push_back(excerpt(text, number));
    return true;
  }
  // collect2 is GCC's front of the linker, and no compiler.
  if (text.starts_with("collect2: ")) {
    // In any language "error: ld returned 1 exit status"; what is fatal is a fault of its own.
    if (stream.failure < 0 || contains(text, "fatal")) {
      Failure& failure = failure_of(stream, text, number);
      if (!is_repeated(stream, text)) failure.other.push_back(excerpt(text, number));
    }
    close(stream);
    return true;
  }
  std::size_t at = std::string_view::npos, skip = 0;
  for (std::string_view word : {": error: ", ": Error: ", ": fatal error: ", ": ERROR: "})
    if (std::size_t found = text.find(word); found < at) {
      at = found;
      skip = word.size();
    }
  Match match;
  static constexpr Pattern kCompile{Event::Message, "", Linker::Unknown, InputError::Kind::Other,
                                    ToolMessage::Kind::CompileError};
  static constexpr Pattern kOther{Event::Message, "", Linker::Unknown, InputError::Kind::Other,
                                  ToolMessage::Kind::Other};
  if (at != std::string_view::npos) {
    match.pattern = &kCompile;
    match.place = text.substr(0, at);
    match.fields.any = text.substr(at + skip);
  } else if (std::size_t end = numbered_error_end(text); end != std::string_view::npos) {
    match.pattern = &kCompile;
    match.place = text.substr(0, text.rfind("error ", end));
    match.fields.any = trim(text.substr(end));
  } else if (text.starts_with("error[") || text.starts_with("Error: ") || text.starts_with("error: ")) {
    match.pattern = text.starts_with("error: could not compile") ? &kOther : &kCompile;
    match.fields.any = text.substr(text.find(' ') + 1);
  } else if (text.starts_with("CMake Error")) {
    match.pattern = &kOther;
    match.fields.any = text;
  } else {
    return false;
  }
  add_message(stream, match, text, number);
  return true;
}

/// CMake says over several lines, with blank ones between, that a compiler is not there
/// (Modules/CMakeDetermineCompilerId.cmake, Source/cmGlobalGenerator.cxx): "The CMAKE_ASM_NASM_COMPILER:",
/// "nasm", "is not a full path and was not found in the PATH."
bool Assembler::read_missing_compiler(Stream& stream, const Line& line) {
  std::string_view text = line.text;
  if (text.starts_with("The CMAKE_") && text.ends_with("_COMPILER:")) {
    stream.compiler_variable = text.substr(4, text.size() - 5);
    stream.compiler_tool.clear();
    stream.compiler_lines = 0;
    return true;
  }
  if (stream.compiler_variable.empty()) return false;
  if (text.starts_with("is not a full path") || text.starts_with("is not able to compile")) {
    bool missing = text.starts_with("is not a full path") && !stream.compiler_tool.empty();
    if (missing) {
      ToolMessage message;
      message.kind = ToolMessage::Kind::ToolMissing;
      message.error = true;
      message.tool = "cmake";
      message.subject = stream.compiler_tool;
      message.message = "The " + stream.compiler_variable + ": " + stream.compiler_tool + " " +
                        std::string(text.substr(0, 256));
      std::string said = message.message;
      keep_message(std::move(message), said, line.number);
    }
    stream.compiler_variable.clear();
    return missing;
  }
  if (++stream.compiler_lines > 2 || text.size() > 1024) {
    stream.compiler_variable.clear();
    return false;
  }
  stream.compiler_tool = text;
  return true;
}

void Assembler::finish() {
  for (auto& [name, stream] : streams_) {
    if (!stream.wrapped.empty()) finish_wrapped(stream);
    release_held(stream);
    if (stream.command_length != 0) complete_command(stream);
    fold_failure(stream);
  }
  // BuildKit repeats the failed step at its end: the repetition is no failure of its own.
  auto names_of = [](const Failure& failure) {
    std::vector<std::string_view> names;
    for (const SymbolError& symbol : failure.symbols) names.push_back(symbol.name);
    std::sort(names.begin(), names.end());
    return names;
  };
  for (std::size_t i = log_.failures.size(); i-- > 0;) {
    if (stream_of_failure_[i] != "summary") continue;
    std::vector<std::string_view> mine = names_of(log_.failures[i]);
    for (std::size_t k = 0; k < log_.failures.size(); ++k) {
      if (stream_of_failure_[k] == "summary") continue;
      std::vector<std::string_view> other = names_of(log_.failures[k]);
      if (!std::includes(other.begin(), other.end(), mine.begin(), mine.end())) continue;
      log_.failures.erase(log_.failures.begin() + static_cast<std::ptrdiff_t>(i));
      stream_of_failure_.erase(stream_of_failure_.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }
  // A heading alone ("in function `f':") is no failure.
  std::erase_if(log_.failures, [](const Failure& failure) {
    return failure.symbols.empty() && failure.inputs.empty() && failure.other.empty();
  });
  for (Failure& failure : log_.failures) find_target(failure);
}

}  // namespace linkdx::log
