#include "failures.hpp"

#include <algorithm>

#include "commands.hpp"
#include "places.hpp"
#include "prefilter.hpp"
#include "quotes.hpp"
#include "targets.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

// A log is read to be diagnosed: more than this helps nobody, and bounds the memory.
constexpr std::size_t kMostFailures = 4096;
constexpr std::size_t kMostSymbols = 65536;       // in one failure
constexpr std::size_t kMostReferences = 64;       // of one symbol
constexpr std::size_t kMostMessages = 16384;
constexpr std::size_t kMostCommands = 16384;
constexpr std::size_t kMostText = std::size_t{64} << 20;
constexpr std::size_t kLongestExcerpt = 16384;
constexpr int kMostHeldLines = 4;

/// A line that may be the place of the next one's message.
bool looks_unfinished(std::string_view text) {
  return text.ends_with(":") || text.ends_with(",") || text.ends_with(";") || text.ends_with("(") || looks_like_object(text);
}

/// The message begins the line, or only a section or the word "error:" stands before.
bool lacks_place(std::string_view place) {
  drop_severity(place);
  return place.empty() || place.starts_with("(") || place == "error:" || place == "error" || place == "symbol";
}

/// Whether a line was cut at a fixed column (a terminal's width) rather than between words.
bool cut_at_column(std::string_view text, std::size_t raw_length) {
  if (raw_length == 80) return true;
  if (raw_length < 100) return false;
  // Wrapping between words would have used a blank that is here.
  return text.find(' ', 10) != std::string_view::npos;
}

std::string_view strip_stray_quote(std::string_view name) {
  if (name.ends_with("’") && !contains(name, "‘")) name.remove_suffix(3);
  if (name.ends_with("'") && name.find('\'') == name.size() - 1 && !contains(name, "`")) name.remove_suffix(1);
  return name;
}

bool says_error(std::string_view text) {
  return contains(text, "error:") || contains(text, "Error:") || contains(text, "ERROR:") || contains(text, "error[");
}

// An undefined reference in a language without a table: a place with a section, words that are not ASCII, and one
// quoted name.
Match structural_match(std::string_view text) {
  static constexpr Pattern kStructural{Event::Undefined, "", Linker::GnuLd};
  Match match;
  std::size_t section = text.find(":(.");
  std::size_t end = section == std::string_view::npos ? section : text.find(')', section);
  if (end == std::string_view::npos) return match;
  std::string_view words = text.substr(end + 1);
  Quoted quoted = find_quoted(words, 0);
  if (!quoted || quoted.text.empty()) return match;
  std::string_view before = words.substr(0, quoted.begin), after = words.substr(quoted.end);
  auto foreign = [](std::string_view part) {
    return std::any_of(part.begin(), part.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  };
  if (!foreign(before) && !foreign(after)) return match;
  if (find_quoted(after, 0) || contains(before, "R_") || contains(after, ":(")) return match;
  match.pattern = &kStructural;
  match.place = text.substr(0, end + 1);
  match.fields.name = quoted.text;
  return match;
}

// The end of a place, in words that carry paths: "OSError: /x/liby.so".
std::string_view last_token(std::string_view place) {
  while (drop_suffix(place, ":") || drop_suffix(place, " ")) {}
  std::size_t blank = place.find_last_of(" \t");
  return blank == std::string_view::npos ? place : place.substr(blank + 1);
}

}  // namespace

Excerpt Assembler::excerpt(std::string_view text, std::uint64_t number) {
  Excerpt result{number, std::string(text.substr(0, kLongestExcerpt))};
  kept_ += result.text.size() + 64;
  if (kept_ > kMostText) limit("64 MB of messages");
  return result;
}

void Assembler::limit(std::string_view what) {
  if (full_) return;
  full_ = true;
  log_.problems.push_back({log_.name, "more than " + std::string(what) + ": what follows in the log was counted but not kept"});
}

bool Assembler::add(const std::string& stream_name, const Line& line) {
  auto [entry, is_new] = streams_.try_emplace(stream_name);
  Stream& stream = entry->second;
  if (is_new) stream.name = stream_name;
  if (streams_.size() > 4096) limit("4096 interleaved steps");
  if (line.text.empty()) {
    if (stream.block == Block::None) release_held(stream);
    stream.command_length = 0;
    return stream.block != Block::None;
  }
  return read(stream, line) || stream.block != Block::None || !stream.held.text.empty() || stream.command_length != 0;
}

bool Assembler::read(Stream& stream, const Line& line) {
  const Grammar& grammar = Grammar::instance();
  std::string_view text = line.text;
  // MSBuild adds the project to each line.
  if (text.ends_with("proj]"))
    if (std::size_t bracket = text.rfind(" ["); bracket != std::string_view::npos) text = trim_right(text.substr(0, bracket));

  if (stream.command_length != 0 && continue_command(stream, line)) return true;
  if (stream.block != Block::None && read_block(stream, line)) return true;

  // A build script's warning carries another tool's line: both are kept.
  std::uint64_t words = scan_words(text);
  for (std::string_view prefix : {"cargo:warning=", "cargo::warning="})
    if (text.starts_with(prefix)) {
      Match match = grammar.match(text, words, Quotes::Closed);
      if (match.pattern && match.pattern->event != Event::Message) match = {};
      static constexpr Pattern kWarning{Event::Message, "", Linker::Unknown, InputError::Kind::Other, ToolMessage::Kind::BuildScriptWarning};
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
    if (at != std::string_view::npos && at > 0 && at + 1 < package.size() && is_digit(package[at + 1]) && !contains(package, " ")) {
      static constexpr Pattern kWarning{Event::Message, "", Linker::Unknown, InputError::Kind::Other, ToolMessage::Kind::BuildScriptWarning};
      Match outer;
      outer.pattern = &kWarning;
      outer.fields.subject = package.substr(0, at);
      outer.fields.any = rest.substr(colon + 2);
      add_message(stream, outer, text, line.number);
      text = trim_left(rest.substr(colon + 2));
      words = scan_words(text);
    }
  }

  Match match = grammar.match(text, words, Quotes::Closed);
  if (!match.pattern && (words >> 63)) match = structural_match(text);

  if (!stream.held.text.empty()) {
    Held& held = stream.held;
    bool glued = !line.indented && cut_at_column(held.text, held.raw_length);
    std::string joined = held.text + (glued ? "" : " ") + std::string(text);
    bool worth = !match.pattern || (lacks_place(match.place) && looks_unfinished(held.text)) || glued ||
                 match.pattern->event == Event::FirstDefined;
    Match whole;
    if (worth) whole = grammar.match(joined, scan_words(joined), Quotes::Closed);
    bool better = whole.pattern && (!match.pattern || whole.weight > match.weight ||
                                    (whole.pattern == match.pattern && whole.place.size() > match.place.size() &&
                                     lacks_place(match.place) && looks_unfinished(held.text)));
    if (better) {
      std::uint64_t number = held.line;
      held = {};
      apply(stream, whole, joined, number);
      return false;
    }
    if (!match.pattern && held.lines < kMostHeldLines && looks_unfinished(held.text) && !looks_like_object(held.text)) {
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
  if (start_command(stream, line)) return true;
  // What may be half of a message waits for the other half.
  stream.held = {std::string(text.substr(0, kLongestExcerpt)), line.number, line.raw_length, 1};
  bool wait = looks_unfinished(text) || says_error(text) || linker_prefix(text) || (words && line.raw_length >= 40);
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
    if (stream.failure < 0 && !says_error(text)) return false;
    Failure& failure = failure_of(stream, text, number);
    name_linker(failure, text, {});
    failure.other.push_back(excerpt(text, number));
    return true;
  }
  std::size_t at = std::string_view::npos, skip = 0;
  for (std::string_view word : {": error: ", ": Error: ", ": fatal error: ", ": ERROR: "})
    if (std::size_t found = text.find(word); found < at) { at = found; skip = word.size(); }
  Match match;
  static constexpr Pattern kCompile{Event::Message, "", Linker::Unknown, InputError::Kind::Other, ToolMessage::Kind::CompileError};
  static constexpr Pattern kOther{Event::Message, "", Linker::Unknown, InputError::Kind::Other, ToolMessage::Kind::Other};
  if (at != std::string_view::npos) {
    match.pattern = &kCompile;
    match.place = text.substr(0, at);
    match.fields.any = text.substr(at + skip);
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

// --- commands ----------------------------------------------------------------------------------------------

bool Assembler::start_command(Stream& stream, const Line& line) {
  // Every command of interest has an option, or is an archiver's.
  if (!contains(line.text, " -") && !contains(line.text, "\"-") && !contains(line.text, " qc ") && !contains(line.text, "rcs ") &&
      !contains(line.text, " @"))
    return false;
  std::optional<Command> command = read_command(line.text);
  if (!command) return false;
  command->where = excerpt(line.text, line.number);
  if (command->directory.empty()) command->directory = stream.directory;
  // A later line may go on with it when the shell said so or the text was wrapped.
  stream.compile = -1;
  stream.command_length = line.text.ends_with("\\") || line.raw_length <= 100 ? line.raw_length : 0;
  if (command->role == Command::Role::Link) {
    close(stream);
    stream.command = std::move(command);
  } else if (log_.commands.size() < kMostCommands) {
    log_.commands.push_back(std::move(*command));
    stream.compile = static_cast<std::ptrdiff_t>(log_.commands.size()) - 1;
  } else {
    limit("16384 commands");
  }
  return stream.command_length != 0;
}

bool Assembler::continue_command(Stream& stream, const Line& line) {
  Command* command = stream.compile >= 0 ? &log_.commands[static_cast<std::size_t>(stream.compile)]
                     : stream.command    ? &*stream.command
                                         : nullptr;
  std::size_t length = stream.command_length;
  stream.command_length = 0;
  if (!command) return false;
  bool backslash = !command->arguments.empty() && command->where.text.ends_with("\\");
  std::vector<std::string> words = split_command(line.text);
  if (words.empty() || line.text.ends_with(":")) return false;
  const std::string& first = words[0];
  bool argument = (first[0] == '-' && first.size() > 1 && first != "--") || looks_like_object(first) || first.ends_with(".c") ||
                  first.ends_with(".cc") || first.ends_with(".cpp") || first.ends_with(".S") || first.ends_with(".c.o");
  // The value of an option that the wrapping parted from it.
  const std::string& last = command->arguments.empty() ? first : command->arguments.back();
  argument |= last == "-o" || last == "-L" || last == "-I";
  if (!backslash && !(argument && length >= 20 && length <= 100)) return false;
  // A compiler's or linker's message may begin with an object, but goes on with a colon.
  if (!backslash && contains(line.text, ": ")) return false;
  if (backslash && !command->arguments.empty() && command->arguments.back() == "\\") command->arguments.pop_back();
  for (std::string& word : words) {
    if (word == "&&") break;
    command->arguments.push_back(std::move(word));
  }
  if (command->where.text.size() < kLongestExcerpt) {
    command->where.text += " ";
    command->where.text += line.text.substr(0, kLongestExcerpt);
  }
  kept_ += line.text.size();
  command->role = role_of(command->arguments);
  stream.command_length = line.raw_length;
  return true;
}

// --- failures ----------------------------------------------------------------------------------------------

Failure& Assembler::failure_of(Stream& stream, std::string_view text, std::uint64_t number) {
  if (stream.failure >= 0) return log_.failures[static_cast<std::size_t>(stream.failure)];
  if (log_.failures.size() >= kMostFailures) limit("4096 failures");
  Failure failure;
  failure.where = excerpt(text, number);
  failure.unit = stream.unit;
  if (stream.command) {
    failure.command = std::move(stream.command);
    failure.output = output_of(*failure.command);
    failure.where.line = std::min(failure.where.line, failure.command->where.line);
  }
  if (failure.unit.empty()) failure.unit = stream.step;
  stream.command.reset();
  stream.unit.clear();
  stream.symbols.clear();
  stream.symbol = -1;
  log_.failures.push_back(std::move(failure));
  stream_of_failure_.push_back(stream.name);
  stream.failure = stream.last_failure = static_cast<std::ptrdiff_t>(log_.failures.size()) - 1;
  return log_.failures.back();
}

void Assembler::close(Stream& stream) {
  stream.failure = -1;
  stream.symbol = -1;
  stream.heading = {};
  stream.block = Block::None;
  stream.second_line_of_lld = false;
}

void Assembler::name_linker(Failure& failure, std::string_view text, const Match& match) {
  std::optional<LinkerName> named = linker_prefix(text);
  if (named && failure.linker_path.empty()) failure.linker_path = named->path;
  Linker linker = named ? named->linker : Linker::Unknown;
  if (linker == Linker::Unknown && match.pattern) linker = match.pattern->linker;
  if (failure.linker == Linker::Unknown) failure.linker = linker;
}

SymbolError& Assembler::symbol_of(Stream& stream, SymbolError::Kind kind, std::string_view name, std::string_view text,
                                  std::uint64_t number) {
  Failure& failure = log_.failures[static_cast<std::size_t>(stream.failure)];
  std::string key = std::to_string(static_cast<int>(kind)) + std::string(name);
  auto [entry, is_new] = stream.symbols.try_emplace(std::move(key), failure.symbols.size());
  if (is_new) {
    SymbolError symbol;
    symbol.kind = kind;
    symbol.name = name;
    symbol.where = excerpt(text, number);
    failure.symbols.push_back(std::move(symbol));
    if (failure.symbols.size() > kMostSymbols) limit("65536 symbols in one failure");
  }
  stream.symbol = static_cast<std::ptrdiff_t>(entry->second);
  return failure.symbols[entry->second];
}

void Assembler::add_reference(SymbolError& symbol, Reference reference) {
  if (symbol.references.size() >= kMostReferences) {
    ++symbol.more_references;
    return;
  }
  kept_ += sizeof(Reference);
  symbol.references.push_back(std::move(reference));
}

void Assembler::apply(Stream& stream, const Match& match, std::string_view text, std::uint64_t number) {
  using Kind = SymbolError::Kind;
  const Fields& fields = match.fields;
  Event event = match.pattern->event;
  bool lld_form = event == Event::LldReferencedBy || event == Event::LldMore || event == Event::LldDefinedIn ||
                  event == Event::LldDidYouMean || event == Event::LldLine;
  if (lld_form) return lld_line(stream, match, text, number);
  stream.second_line_of_lld = false;

  std::string_view place = match.place;
  std::string_view place_text = place;
  bool severity = false;
  std::string heading_text(place);
  std::optional<LinkerName> named = linker_prefix(heading_text + (heading_text.ends_with(":") ? "" : ":"));
  std::string place_storage = heading_text + ":";
  if (std::optional<LinkerName> prefix = linker_prefix(place_storage)) {
    place_text = prefix->rest;
    drop_suffix(place_text, ":");
  }
  severity = drop_severity(place_text);
  (void)severity;
  // "x.o: in function `f': y.c:3" on one line.
  Reference reference;
  if (Quoted function = find_quoted(place_text, 0); function && place_text.substr(function.end).starts_with(":")) {
    std::size_t colon = place_text.find(": ");
    reference = read_place(place_text.substr(function.end + 1));
    if (reference.object.empty() && colon < function.begin) set_object(reference, place_text.substr(0, colon));
    reference.function = function.text;
  } else {
    // Words in brackets that a wrapper put in front: "[log] x.c:3".
    if (place_text.starts_with("[") && contains(place_text, "] ")) place_text = place_text.substr(place_text.find("] ") + 2);
    reference = read_place(place_text);
  }
  reference.where = Excerpt{number, std::string(text.substr(0, kLongestExcerpt))};
  if (reference.object.empty() && (!reference.section.empty() || reference.source_line || !reference.source.empty())) {
    reference.object = stream.heading.object;
    reference.archive = stream.heading.archive;
    reference.member = stream.heading.member;
    if (reference.function.empty()) reference.function = stream.heading.function;
  }

  auto symbol_event = [&](Kind kind) -> SymbolError& {
    Failure& failure = failure_of(stream, text, number);
    name_linker(failure, text, match);
    return symbol_of(stream, kind, fields.name, text, number);
  };

  switch (event) {
    case Event::InFunction:
      // A compiler's "x.c: In function" looks the same but names a source.
      stream.heading = {};
      if (!reference.object.empty()) {
        stream.heading = reference;
        stream.heading.function = fields.function;
        Failure& failure = failure_of(stream, text, number);
        name_linker(failure, text, match);
        if (failure.linker == Linker::Unknown) failure.linker = Linker::GnuLd;
      }
      return;
    case Event::Undefined: {
      Failure& failure = failure_of(stream, text, number);
      name_linker(failure, text, match);
      if (failure.linker == Linker::Unknown) {
        if (contains(place, ":function ") || (place.ends_with("error:") && contains(text, "reference to '"))) failure.linker = Linker::Gold;
        else if (contains(text, "reference to `") || contains(text, "reference to ‘")) failure.linker = Linker::GnuLd;
      }
      SymbolError& symbol = symbol_of(stream, Kind::Undefined, strip_stray_quote(fields.name), text, number);
      if (!fields.function.empty()) reference.function = fields.function;
      if (!reference.object.empty() || !reference.source.empty() || !reference.function.empty() || !reference.section.empty())
        add_reference(symbol, std::move(reference));
      return;
    }
    case Event::MoreUndefined:
      symbol_event(Kind::Undefined).more_follow = true;
      return;
    case Event::UndefinedHidden: {
      Failure& failure = failure_of(stream, text, number);
      name_linker(failure, text, match);
      // GNU ld says "undefined reference" first; it is the same fault.
      for (SymbolError& symbol : failure.symbols)
        if (symbol.kind == Kind::Undefined && symbol.name == fields.name) {
          symbol.kind = Kind::UndefinedHidden;
          return;
        }
      symbol_event(Kind::UndefinedHidden);
      return;
    }
    case Event::DsoUndefined: {
      SymbolError& symbol = symbol_event(Kind::DsoMissing);
      if (!reference.object.empty() || !reference.source.empty()) add_reference(symbol, std::move(reference));
      return;
    }
    case Event::DsoMissing: {
      Failure& failure = failure_of(stream, text, number);
      name_linker(failure, text, match);
      if (!failure.symbols.empty() && failure.symbols.back().kind == Kind::DsoMissing)
        failure.symbols.back().provider = reference.object.empty() ? std::string(place_text) : reference.object;
      else
        failure.other.push_back(excerpt(text, number));
      return;
    }
    case Event::UndefinedAtRuntime: {
      std::string_view name = fields.name;
      std::string_view object = last_token(place);
      // ldd -r prints the object behind a tab, in parentheses.
      if (std::size_t tab = name.find('\t'); tab != std::string_view::npos) {
        object = trim(name.substr(tab));
        if (object.starts_with("(") && object.ends_with(")")) object = object.substr(1, object.size() - 2);
        name = trim(name.substr(0, tab));
      }
      Failure& failure = failure_of(stream, text, number);
      bool at_link = named.has_value() || (place.empty() && object.empty() && match.pattern->linker == Linker::Unknown);
      if (!at_link && failure.linker == Linker::Unknown) failure.linker = Linker::Loader;
      if (named) name_linker(failure, text, match);
      SymbolError& symbol = symbol_of(stream, at_link ? Kind::Undefined : Kind::UndefinedAtRuntime, name, text, number);
      if (!fields.version.empty()) symbol.version = fields.version;
      if (!fields.other.empty()) symbol.provider = fields.other;
      if (!fields.path.empty()) object = fields.path;
      if (looks_like_object(object) || contains(object, "/")) {
        Reference loaded;
        set_object(loaded, object);
        loaded.where = Excerpt{number, std::string(text.substr(0, kLongestExcerpt))};
        add_reference(symbol, std::move(loaded));
      }
      if (!at_link) close(stream);
      return;
    }
    case Event::Duplicate: {
      // mold: "duplicate symbol: a.o: b.o: name", the names of the objects in front.
      std::string_view name = fields.name;
      Failure& failure = failure_of(stream, text, number);
      name_linker(failure, text, match);
      std::vector<std::string_view> objects;
      while (failure.linker == Linker::Mold) {
        std::size_t colon = name.find(": ");
        if (colon == std::string_view::npos || !looks_like_object(name.substr(0, colon))) break;
        objects.push_back(name.substr(0, colon));
        name = name.substr(colon + 2);
      }
      SymbolError& symbol = symbol_of(stream, Kind::Duplicate, name, text, number);
      for (auto object = objects.rbegin(); object != objects.rend(); ++object) {
        Reference definition;
        set_object(definition, *object);
        definition.where = reference.where;
        add_reference(symbol, std::move(definition));
      }
      std::string_view other = fields.other;
      if (other.empty() && objects.empty()) {
        // "; b.o:(.text+0x0): first defined here", in any language: a place between a semicolon and the last colon.
        std::size_t behind = static_cast<std::size_t>(fields.name.data() + fields.name.size() - text.data());
        std::string_view rest = text.substr(std::min(behind, text.size()));
        std::size_t semicolon = rest.substr(0, 12).find(';');
        std::size_t colon = rest.rfind(": ");
        if (semicolon != std::string_view::npos && colon != std::string_view::npos && colon > semicolon)
          other = rest.substr(semicolon + 1, colon - semicolon - 1);
      }
      if (!other.empty()) {
        Reference first = read_place(other);
        first.where = reference.where;
        symbol.references.insert(symbol.references.begin(), std::move(first));
      }
      if (!reference.object.empty() || !reference.source.empty()) add_reference(symbol, std::move(reference));
      return;
    }
    case Event::FirstDefined:
      if (stream.failure >= 0 && stream.symbol >= 0) {
        SymbolError& symbol = log_.failures[static_cast<std::size_t>(stream.failure)].symbols[static_cast<std::size_t>(stream.symbol)];
        if (symbol.kind == Kind::Duplicate && symbol.references.size() < kMostReferences) symbol.references.insert(symbol.references.begin(), std::move(reference));
      }
      return;
    case Event::HiddenReferenced: {
      SymbolError& symbol = symbol_event(Kind::HiddenReferenced);
      symbol.provider = fields.object;
      if (!reference.object.empty()) add_reference(symbol, std::move(reference));
      return;
    }
    case Event::Relocation: {
      if (fields.name.empty()) {
        Failure& failure = failure_of(stream, text, number);
        name_linker(failure, text, match);
        failure.other.push_back(excerpt(text, number));
        return;
      }
      SymbolError& symbol = symbol_event(Kind::Relocation);
      if (!reference.object.empty() || !reference.source.empty()) add_reference(symbol, std::move(reference));
      return;
    }
    case Event::AppleHeader: {
      Failure& failure = failure_of(stream, text, number);
      name_linker(failure, text, match);
      stream.block = Block::AppleUndefined;
      if (failure.target.empty() && !fields.expected.empty()) {
        failure.target = std::string(fields.expected) + "-apple-darwin";
        failure.target_source = std::string(text);
      }
      return;
    }
    case Event::AppleDuplicate:
      symbol_event(Kind::Duplicate);
      stream.block = Block::AppleDuplicate;
      return;
    case Event::AppleEnd: {
      stream.block = Block::None;
      Failure& failure = failure_of(stream, text, number);
      name_linker(failure, text, match);
      if (failure.target.empty() && !fields.expected.empty()) {
        failure.target = std::string(fields.expected) + "-apple-darwin";
        failure.target_source = std::string(text);
      }
      return;
    }
    case Event::Input: add_input(stream, match, text, number); return;
    case Event::Message: add_message(stream, match, text, number); return;
    case Event::LinkFailed: {
      bool known = stream.failure >= 0 || stream.last_failure >= 0;
      if (!known || stream.command) {
        Failure& failure = failure_of(stream, text, number);
        failure.other.push_back(excerpt(text, number));
      }
      close(stream);
      return;
    }
    case Event::RustcLink:
      close(stream);
      stream.command.reset();
      return;
    case Event::NinjaFailed:
      close(stream);
      stream.unit = trim(fields.subject);
      // Newer ninja puts the exit code first: "[code=1] app".
      if (stream.unit.starts_with("[") && contains(stream.unit, "] ")) stream.unit = stream.unit.substr(stream.unit.find("] ") + 2);
      stream.command.reset();
      return;
    case Event::LinkingTarget:
      close(stream);
      stream.unit = fields.subject;
      return;
    case Event::MakeFailed: {
      if (stream.failure >= 0) {
        Failure& failure = log_.failures[static_cast<std::size_t>(stream.failure)];
        std::size_t colon = fields.subject.rfind(": ");
        if (failure.unit.empty()) failure.unit = colon == std::string_view::npos ? fields.subject : fields.subject.substr(colon + 2);
      }
      close(stream);
      return;
    }
    case Event::CargoFailed:
      if (stream.last_failure >= 0 && log_.failures[static_cast<std::size_t>(stream.last_failure)].unit.empty())
        log_.failures[static_cast<std::size_t>(stream.last_failure)].unit = fields.subject;
      close(stream);
      return;
    case Event::DockerStep: stream.step = fields.any; return;
    case Event::EnterDirectory: stream.directory = fields.directory; return;
    case Event::Host: if (log_.host.empty()) log_.host = fields.subject; return;
    default: return;
  }
}

void Assembler::lld_line(Stream& stream, const Match& match, std::string_view text, std::uint64_t number) {
  if (stream.failure < 0 || stream.symbol < 0) {
    stream.second_line_of_lld = false;
    return;
  }
  Failure& failure = log_.failures[static_cast<std::size_t>(stream.failure)];
  if (failure.linker == Linker::Unknown) failure.linker = Linker::Lld;
  SymbolError& symbol = failure.symbols[static_cast<std::size_t>(stream.symbol)];
  const Fields& fields = match.fields;
  Event event = match.pattern->event;
  std::string_view any = trim(fields.any);

  // The line behind ">>> referenced by x.c:3": "x.o:(f) in archive liby.a".
  if (event == Event::LldLine && stream.second_line_of_lld && !symbol.references.empty()) {
    stream.second_line_of_lld = false;
    Reference& last = symbol.references.back();
    std::string_view archive;
    if (std::size_t in = any.find(" in archive "); in != std::string_view::npos) {
      archive = trim(any.substr(in + 12));
      any = any.substr(0, in);
    }
    Reference place = read_place(any);
    last.object = place.object;
    last.archive = archive.empty() ? place.archive : std::string(archive);
    last.member = archive.empty() ? place.member : place.object;
    if (!archive.empty()) last.object = last.archive + "(" + last.member + ")";
    // In parentheses stands the function, or the section where none is known.
    if (place.section.starts_with(".")) last.section = place.section;
    else last.function = place.section;
    last.where.text += "\n";
    last.where.text += text.substr(0, kLongestExcerpt);
    return;
  }
  stream.second_line_of_lld = false;
  std::uint64_t count = 0;
  std::string_view digits = fields.number;
  switch (event) {
    case Event::LldMore:
      if (take_number(digits, count)) symbol.more_references += count;
      return;
    case Event::LldDidYouMean: symbol.did_you_mean = fields.name; return;
    case Event::LldDefinedIn:
    case Event::LldReferencedBy: {
      if (event == Event::LldDefinedIn && symbol.kind != SymbolError::Kind::Duplicate) {
        symbol.provider = any;
        return;
      }
      Reference reference;
      // "x.c:3 (/src/x.c:3)": the long form is the better one.
      if (std::size_t paren = any.rfind(" ("); paren != std::string_view::npos && any.ends_with(")"))
        any = any.substr(paren + 2, any.size() - paren - 3);
      reference = read_place(any);
      if (!reference.section.empty() && !reference.section.starts_with(".")) {
        std::string_view function = reference.section;
        drop_prefix(function, "symbol ");
        reference.function = function;
        reference.section.clear();
      }
      reference.where = Excerpt{number, std::string(text.substr(0, kLongestExcerpt))};
      add_reference(symbol, std::move(reference));
      stream.second_line_of_lld = true;
      return;
    }
    default: return;
  }
}

/// Apple's form: names under a heading, and under each name the functions that refer to it.
bool Assembler::read_block(Stream& stream, const Line& line) {
  std::string_view text = line.text;
  if (stream.failure < 0 || text.starts_with("ld: ") || text.starts_with("clang: ") || text.starts_with("collect2: ") ||
      text.starts_with("clang++: ") || says_error(text)) {
    stream.block = Block::None;
    return false;
  }
  if (stream.block == Block::AppleUndefined) {
    std::string_view name = text;
    bool heads = drop_suffix(name, ", referenced from:");
    bool bare = !heads && !contains(text, " in ") && (name.starts_with("_") || name.starts_with("\"")) &&
                (name.starts_with("\"") || !contains(name, " "));
    if (heads || bare) {
      drop_suffix(name, ",");
      if (name.size() >= 2 && name.starts_with("\"") && name.ends_with("\"")) name = name.substr(1, name.size() - 2);
      symbol_of(stream, SymbolError::Kind::Undefined, name, text, line.number);
      return true;
    }
  }
  if (stream.symbol < 0) return false;
  SymbolError& symbol = log_.failures[static_cast<std::size_t>(stream.failure)].symbols[static_cast<std::size_t>(stream.symbol)];
  std::size_t in = text.rfind(" in ");
  Reference reference;
  if (in != std::string_view::npos && looks_like_object(trim(text.substr(in + 4)))) {
    reference.function = trim(text.substr(0, in));
    set_object(reference, text.substr(in + 4));
  } else if (looks_like_object(text)) {
    set_object(reference, text);
  } else {
    // Such as "(maybe you meant: ...)".
    return line.indented;
  }
  reference.where = excerpt(text, line.number);
  add_reference(symbol, std::move(reference));
  return true;
}

void Assembler::add_input(Stream& stream, const Match& match, std::string_view text, std::uint64_t number) {
  const Fields& fields = match.fields;
  InputError input;
  input.kind = match.pattern->input;
  std::string_view path = fields.path;
  std::string storage;
  // A pattern that begins with the path took the linker and "error:" with it.
  if (std::optional<LinkerName> named = linker_prefix(path)) path = named->rest;
  while (drop_severity(path)) {}
  if (path.empty() && input.kind != InputError::Kind::LibraryNotFound && input.kind != InputError::Kind::SkippedIncompatible) {
    storage = std::string(match.place) + (match.place.ends_with(":") ? "" : ":");
    path = storage;
    if (std::optional<LinkerName> named = linker_prefix(path)) path = named->rest;
    while (drop_severity(path)) {}
    while (drop_suffix(path, ":") || drop_suffix(path, " ") || drop_suffix(path, "\u00a0") || drop_suffix(path, ",")) {}
    // "/usr/lib/libz.so: error adding symbols" behind words in another language.
    if (std::size_t colon = path.find(": "); colon != std::string_view::npos) path = path.substr(0, colon);
    while (drop_suffix(path, " ") || drop_suffix(path, "\u00a0")) {}
    if (contains(path, " \u00a0")) path = path.substr(0, path.find(" \u00a0"));
  }
  input.path = trim(path);
  input.subject = strip_stray_quote(fields.subject.empty() ? fields.version : fields.subject);
  input.expected = fields.expected;
  input.found = fields.found;
  if (input.kind == InputError::Kind::AbiMismatch && input.subject.ends_with(".")) input.subject.pop_back();
  input.where = excerpt(text, number);
  // A general pattern may have taken prose for a path: no path of any linker is this long or empty here.
  Failure& failure = failure_of(stream, text, number);
  name_linker(failure, text, match);
  failure.inputs.push_back(std::move(input));
  if (failure.inputs.size() > kMostSymbols) limit("65536 unusable inputs in one failure");
  if (match.pattern->linker == Linker::Loader) close(stream);
}

void Assembler::add_message(Stream& stream, const Match& match, std::string_view text, std::uint64_t number) {
  using Kind = ToolMessage::Kind;
  const Fields& fields = match.fields;
  ToolMessage message;
  message.kind = match.pattern->message;
  message.error = says_error(text) && message.kind != Kind::BuildScriptWarning;
  std::string_view place = match.place;
  while (true) {
    std::string_view before = place;
    for (std::string_view word : {"error:", "Error:", "warning:", "ERROR:", "fatal error:", "note:", "error", "fatal"})
      drop_suffix(place, word);
    while (drop_suffix(place, ":") || drop_suffix(place, " ")) {}
    if (place == before) break;
  }
  // "In file included from a.h:3, from b.c:1: x.h:5": the last one is what it is about.
  if (std::size_t at = place.rfind(": "); at != std::string_view::npos) place = place.substr(at + 2);
  Reference about = read_place(place);
  if (about.source_line) {
    message.source = about.source.empty() ? about.object : about.source;
    message.source_line = about.source_line;
  } else if (place.size() <= 64 && !contains(place, " ")) {
    message.tool = place;
  }
  if (message.kind == Kind::BadFlagValue) {
    std::string flag(fields.subject);
    if (!flag.empty() && !fields.found.empty() && !flag.ends_with("=")) flag += "=";
    message.subject = flag + std::string(strip_stray_quote(fields.found));
  } else {
    message.subject = strip_stray_quote(fields.subject);
  }
  if (message.kind == Kind::CheckFailed || message.kind == Kind::ToolMissing) {
    if (message.tool.empty() && text.starts_with("-- ")) message.tool = "cmake";
  }
  if (message.kind == Kind::ToolMissing)
    if (std::size_t colon = message.subject.rfind(": "); colon != std::string::npos) message.subject.erase(0, colon + 2);
  bool whole = fields.any.empty() || message.kind == Kind::TargetOptionMismatch || message.kind == Kind::UnknownInstruction;
  std::string_view said = whole ? text.substr(std::min(text.size(), match.place.size())) : fields.any;
  said = trim(said);
  while (drop_prefix(said, ":") || drop_prefix(said, " ")) {}
  message.message = said.substr(0, kLongestExcerpt);
  message.where = excerpt(text, number);
  if (log_.messages.size() >= kMostMessages) {
    limit("16384 messages of compilers and build tools");
    return;
  }
  log_.messages.push_back(std::move(message));
}

void Assembler::finish() {
  for (auto& [name, stream] : streams_) release_held(stream);
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
