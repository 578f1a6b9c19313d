// What a linker's message adds to the failure that is being read: a symbol, a reference to it, a definition,
// a heading for the lines that follow. The forms are those of the grammars (`grammar_*.cpp`); the events are
// listed in `grammar.hpp`.
#include <algorithm>

#include "commands.hpp"
#include "failures.hpp"
#include "linkdx/language.hpp"
#include "places.hpp"
#include "quotes.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

/// `GLIBC_2.38` of `name@GLIBC_2.38` and `name@@GLIBC_2.38`. Microsoft's manglings hold the sign too, before
/// digits (`_f@8`) or in names that begin with `?`.
std::string_view version_in(std::string_view name) {
  std::size_t at = name.find('@');
  if (at == 0 || at == std::string_view::npos || name[0] == '?' || contains(name, " ") || contains(name, "("))
    return {};
  std::string_view version = name.substr(at + 1);
  drop_prefix(version, "@");
  bool plain =
      !version.empty() && !is_digit(version[0]) && version.find_first_of("@?") == std::string_view::npos;
  return plain ? version : std::string_view{};
}

/// A name in a symbol table holds no quotation mark: there ends what somebody put between marks.
std::string_view up_to_quote(std::string_view name) {
  for (std::string_view mark : {"'", "`", "\"", "’", "”"})
    if (std::size_t at = name.find(mark); at != 0 && at != std::string_view::npos) name = name.substr(0, at);
  return name;
}

/// A loader prints the symbol as it is in the file: one word. What follows is the sentence that quotes the
/// message.
std::string_view first_word(std::string_view name) {
  std::size_t blank = name.find_first_of(" \t");
  if (name.substr(0, blank).find_first_of("(<") != std::string_view::npos) return name;
  name = up_to_quote(name.substr(0, blank));
  while (drop_suffix(name, ",") || drop_suffix(name, ".") || drop_suffix(name, ";") ||
         drop_suffix(name, ")")) {
  }
  return name;
}

/// mold before 1.2 puts the object before the name: "undefined symbol: a.o: name".
void take_object_of_mold(std::string_view& name, Reference& reference) {
  std::size_t colon = name.find(": ");
  if (colon == std::string_view::npos || !looks_like_object(name.substr(0, colon))) return;
  set_object(reference, name.substr(0, colon));
  name = name.substr(colon + 2);
}

/// An assembler's error about a line of its source, rather than the linker's about a symbol: "x.asm:12:
/// error: ".
bool is_about_assembly(const Reference& reference) {
  if (reference.source_line == 0 || !reference.section.empty()) return false;
  for (std::string_view ending : {".asm", ".s", ".S", ".nasm", ".yasm", ".inc"})
    if (std::string_view(reference.source).ends_with(ending)) return true;
  return false;
}

}  // namespace

Failure& Assembler::failure_of(Stream& stream, std::string_view text, std::uint64_t number) {
  if (stream.failure >= 0) return log_.failures[static_cast<std::size_t>(stream.failure)];
  fold_failure(stream);
  if (log_.failures.size() >= kMostFailures) limit("4096 failures");
  stream.kept_before = kept_;
  stream.lines_kept.clear();
  stream.folds_left = kMostFolds;
  stream.folded = false;
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
  closed_ |= stream.failure >= 0;
  stream.failure = -1;
  stream.symbol = -1;
  stream.heading = {};
  stream.block = Block::None;
  stream.second_line_of_lld = false;
  fold_failure(stream);
}

void Assembler::name_linker(Failure& failure, std::string_view text, const Match& match) {
  std::optional<LinkerName> named = linker_prefix(text);
  if (named && failure.linker_path.empty()) failure.linker_path = named->path;
  Linker linker = named ? named->linker : Linker::Unknown;
  if (linker == Linker::Unknown && match.pattern) linker = match.pattern->linker;
  if (failure.linker == Linker::Unknown) failure.linker = linker;
}

SymbolError& Assembler::symbol_of(Stream& stream, SymbolError::Kind kind, std::string_view name,
                                  std::string_view text, std::uint64_t number) {
  Failure& failure = log_.failures[static_cast<std::size_t>(stream.failure)];
  // The end of a line that a page shows between backquotes; Microsoft's names hold pairs (`vftable').
  if (name.ends_with('`') && name.find('`') == name.size() - 1) name.remove_suffix(1);
  std::string key = std::to_string(static_cast<int>(kind)) + std::string(name);
  auto [entry, is_new] = stream.symbols.try_emplace(std::move(key), failure.symbols.size());
  if (is_new) {
    SymbolError symbol;
    symbol.kind = kind;
    symbol.name = name;
    symbol.version = version_in(name);
    symbol.where = excerpt(text, number);
    failure.symbols.push_back(std::move(symbol));
    if (failure.symbols.size() > kMostSymbols)
      limit(say("more than 65536 symbols in one failure: what follows in the log was counted but not kept"));
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
  bool lld_form = event == Event::LldReferencedBy || event == Event::LldMore ||
                  event == Event::LldDefinedIn || event == Event::LldDidYouMean || event == Event::LldLine;
  if (event == Event::LldValue) return lld_value(stream, match);
  if (lld_form) return lld_line(stream, match, text, number);
  stream.second_line_of_lld = false;

  if (event == Event::ReferencedFrom || event == Event::ExpectedIn) return dyld_line(stream, match);
  // What a loader said is a failure of its own.
  bool by_loader = event == Event::UndefinedAtRuntime || match.pattern->linker == Linker::Loader;
  if (!by_loader && stream.failure >= 0 &&
      log_.failures[static_cast<std::size_t>(stream.failure)].linker == Linker::Loader)
    close(stream);

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
  if (Quoted function = find_quoted(place_text, 0);
      function && place_text.substr(function.end).starts_with(":")) {
    std::size_t colon = place_text.find(": ");
    reference = read_place(place_text.substr(function.end + 1));
    if (reference.object.empty() && colon < function.begin)
      set_object(reference, place_text.substr(0, colon));
    reference.function = function.text;
  } else {
    // Words in brackets that a wrapper put in front: "[log] x.c:3".
    if (place_text.starts_with("[") && contains(place_text, "] "))
      place_text = place_text.substr(place_text.find("] ") + 2);
    reference = read_place(place_text);
  }
  reference.where = Excerpt{number, std::string(text.substr(0, kLongestExcerpt))};
  if (reference.object.empty() &&
      (!reference.section.empty() || reference.source_line || !reference.source.empty())) {
    reference.object = stream.heading.object;
    reference.archive = stream.heading.archive;
    reference.member = stream.heading.member;
    if (reference.function.empty()) reference.function = stream.heading.function;
  }

  bool lookup =
      event == Event::UndefinedAtRuntime || (event == Event::Undefined && contains(text, "undefined symbol"));
  bool go_source = match.pattern->linker == Linker::GoLink && contains(text, ".go:");
  if (event == Event::Undefined && go_source) {
    // The compiler's words, which are the same.
    static constexpr Pattern kUnknown{Event::Message, "", Linker::Unknown, InputError::Kind::Other,
                                      ToolMessage::Kind::ImplicitDeclaration};
    Match compiler = match;
    compiler.pattern = &kUnknown;
    compiler.place = fields.function;
    compiler.fields = {};
    compiler.fields.subject = fields.name;
    return add_message(stream, compiler, text, number);
  }
  if (lookup && !named && is_about_assembly(reference)) {
    static constexpr Pattern kAssembler{Event::Message, "", Linker::Unknown, InputError::Kind::Other,
                                        ToolMessage::Kind::UndefinedInAssembly};
    Match assembler = match;
    assembler.pattern = &kAssembler;
    assembler.fields = {};
    assembler.fields.subject = fields.name;
    if (Quoted quoted = find_quoted(fields.name, 0)) assembler.fields.subject = quoted.text;
    return add_message(stream, assembler, text, number);
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
        if (contains(place, ":function ") || (place.ends_with("error:") && contains(text, "reference to '")))
          failure.linker = Linker::Gold;
        else if (contains(text, "reference to `") || contains(text, "reference to ‘"))
          failure.linker = Linker::GnuLd;
      }
      std::string_view name = strip_stray_quote(fields.name);
      if (failure.linker == Linker::Mold) take_object_of_mold(name, reference);
      SymbolError& symbol = symbol_of(stream, Kind::Undefined, name, text, number);
      if (!fields.object.empty()) set_object(reference, fields.object);
      if (!fields.function.empty()) reference.function = fields.function;
      if (!reference.object.empty() || !reference.source.empty() || !reference.function.empty() ||
          !reference.section.empty())
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
        failure.symbols.back().provider =
            reference.object.empty() ? std::string(place_text) : reference.object;
      else if (!is_repeated(stream, text)) {
        InputError input;
        input.kind = InputError::Kind::IndirectOnly;
        input.path = reference.object.empty() ? std::string(place_text) : reference.object;
        input.where = excerpt(text, number);
        failure.inputs.push_back(std::move(input));
      }
      return;
    }
    case Event::UndefinedAtRuntime: {
      std::string_view name = fields.name;
      std::string_view object = last_path(place);
      // ldd -r prints the object behind a tab, in parentheses.
      if (std::size_t tab = name.find('\t'); tab != std::string_view::npos) {
        object = trim(name.substr(tab));
        if (object.starts_with("(") && object.ends_with(")")) object = object.substr(1, object.size() - 2);
        name = trim(name.substr(0, tab));
      }
      Failure& failure = failure_of(stream, text, number);
      bool at_link =
          named.has_value() || (place.empty() && object.empty() && match.pattern->linker == Linker::Unknown);
      if (!at_link && failure.linker == Linker::Unknown) failure.linker = Linker::Loader;
      if (named) name_linker(failure, text, match);
      bool quoted = contains(match.pattern->text, "{'name}");
      if (!at_link && failure.linker == Linker::Loader && !quoted) name = first_word(name);
      Reference asking;
      if (at_link && failure.linker == Linker::Mold) take_object_of_mold(name, asking);
      SymbolError& symbol =
          symbol_of(stream, at_link ? Kind::Undefined : Kind::UndefinedAtRuntime, name, text, number);
      if (!fields.version.empty()) symbol.version = fields.version;
      if (!fields.other.empty()) symbol.provider = fields.other;
      if (!fields.path.empty()) object = fields.path;
      if (!asking.object.empty()) {
        asking.where = reference.where;
        add_reference(symbol, std::move(asking));
      }
      if (looks_like_object(object) || contains(object, "/")) {
        Reference loaded;
        set_object(loaded, object);
        loaded.where = Excerpt{number, std::string(text.substr(0, kLongestExcerpt))};
        add_reference(symbol, std::move(loaded));
      }
      // dyld goes on with "Referenced from:" and "Expected in:", musl's loader with the next symbol.
      bool goes_on = contains(match.pattern->text, "Symbol not found:") ||
                     match.pattern->text.starts_with("Error relocating");
      if (!at_link && !goes_on) close(stream);
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
      if (failure.linker == Linker::Unknown &&
          (contains(text, "definition of `") || contains(text, "definition of ‘")))
        failure.linker = Linker::GnuLd;
      SymbolError& symbol = symbol_of(stream, Kind::Duplicate, name, text, number);
      for (auto object = objects.rbegin(); object != objects.rend(); ++object) {
        Reference definition;
        set_object(definition, *object);
        definition.where = reference.where;
        add_reference(symbol, std::move(definition));
      }
      std::string_view other = fields.other;
      if (other.empty() && objects.empty()) {
        // "; b.o:(.text+0x0): first defined here", in any language: a place between a semicolon and the last
        // colon.
        std::size_t behind = static_cast<std::size_t>(fields.name.data() + fields.name.size() - text.data());
        std::string_view rest = text.substr(std::min(behind, text.size()));
        std::size_t semicolon = rest.substr(0, 12).find(';');
        std::size_t colon = rest.rfind(": ");
        if (semicolon != std::string_view::npos && colon != std::string_view::npos && colon > semicolon)
          other = rest.substr(semicolon + 1, colon - semicolon - 1);
      }
      if (!fields.object.empty() && reference.object.empty()) set_object(reference, fields.object);
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
        SymbolError& symbol = log_.failures[static_cast<std::size_t>(stream.failure)]
                                  .symbols[static_cast<std::size_t>(stream.symbol)];
        if (symbol.kind == Kind::Duplicate && symbol.references.size() < kMostReferences)
          symbol.references.insert(symbol.references.begin(), std::move(reference));
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
        if (!is_repeated(stream, text)) failure.other.push_back(excerpt(text, number));
        return;
      }
      SymbolError& symbol = symbol_event(Kind::Relocation);
      if (!reference.object.empty() || !reference.source.empty()) add_reference(symbol, std::move(reference));
      return;
    }
    case Event::UndefinedList: {
      Failure& failure = failure_of(stream, text, number);
      name_linker(failure, text, match);
      for (std::string_view names = fields.any; !names.empty();) {
        std::string_view name = trim(names.substr(0, names.find(", ")));
        names.remove_prefix(std::min(
            names.size(), names.find(", ") == std::string_view::npos ? names.size() : names.find(", ") + 2));
        if (!name.empty()) symbol_of(stream, Kind::Undefined, name, text, number);
      }
      return;
    }
    case Event::TlsMismatch: {
      Failure& failure = failure_of(stream, text, number);
      name_linker(failure, text, match);
      std::string_view name = fields.name;
      if (std::optional<LinkerName> linker = linker_prefix(name)) name = linker->rest;
      while (drop_severity(name)) {
      }
      SymbolError& symbol = symbol_of(stream, Kind::TlsMismatch, name, text, number);
      // "... in b.o section .data": GNU ld names both files, and their sections where they define it.
      for (std::string_view side : {fields.object, fields.other}) {
        if (std::size_t in = side.find(" in "); in != std::string_view::npos) side = side.substr(in + 4);
        Reference place;
        set_object(place, side.substr(0, side.find(" section ")));
        place.where = reference.where;
        if (!place.object.empty()) add_reference(symbol, std::move(place));
      }
      return;
    }
    case Event::LinkerError: {
      Failure& failure = failure_of(stream, text, number);
      name_linker(failure, text, match);
      if (!is_repeated(stream, text)) failure.other.push_back(excerpt(text, number));
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
    case Event::SolarisHeader:
      failure_of(stream, text, number);
      stream.block = Block::SolarisUndefined;
      return;
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
    case Event::Input:
      add_input(stream, match, text, number);
      return;
    case Event::Message:
      add_message(stream, match, text, number);
      return;
    case Event::LinkFailed: {
      bool known = stream.failure >= 0 || stream.last_failure >= 0;
      if (!known || stream.command) {
        Failure& failure = failure_of(stream, text, number);
        if (!is_repeated(stream, text)) failure.other.push_back(excerpt(text, number));
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
      if (stream.unit.starts_with("[") && contains(stream.unit, "] "))
        stream.unit = stream.unit.substr(stream.unit.find("] ") + 2);
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
        if (failure.unit.empty())
          failure.unit = colon == std::string_view::npos ? fields.subject : fields.subject.substr(colon + 2);
      }
      close(stream);
      return;
    }
    case Event::CargoFailed:
      if (stream.last_failure >= 0 && !stream.folded &&
          log_.failures[static_cast<std::size_t>(stream.last_failure)].unit.empty()) {
        log_.failures[static_cast<std::size_t>(stream.last_failure)].unit = fields.subject;
        stream.folds_left = kMostFolds;
        close(stream);
        if (!stream.folded) ++changes_;
      }
      close(stream);
      return;
    case Event::DockerStep:
      stream.step = fields.any;
      return;
    case Event::EnterDirectory:
      stream.directory = fields.directory;
      return;
    case Event::Host:
      if (log_.host.empty()) log_.host = fields.subject;
      return;
    default:
      return;
  }
}

/// dyld's lines behind "Symbol not found": who asks, and the library that should have it. Since macOS 12 a
/// UUID stands before a path.
void Assembler::dyld_line(Stream& stream, const Match& match) {
  if (stream.failure < 0) return;
  Failure& failure = log_.failures[static_cast<std::size_t>(stream.failure)];
  if (failure.linker != Linker::Loader || failure.symbols.empty()) return;
  SymbolError& symbol = failure.symbols.back();
  std::string_view path = match.fields.path;
  if (path.starts_with("<") && contains(path, "> ")) path = path.substr(path.find("> ") + 2);
  if (std::size_t built = path.find(" (which was built for "); built != std::string_view::npos)
    path = path.substr(0, built);
  if (match.pattern->event == Event::ExpectedIn) {
    if (symbol.provider.empty()) symbol.provider = path;
    close(stream);
  } else if (symbol.references.empty()) {
    Reference reference;
    set_object(reference, path);
    reference.where = symbol.where;
    add_reference(symbol, std::move(reference));
  }
}

/// "/failifmismatch: mismatch detected for 'RuntimeLibrary':" and behind it, twice, ">>> x.obj has value
/// MD_DynamicRelease".
void Assembler::lld_value(Stream& stream, const Match& match) {
  if (stream.failure < 0) return;
  std::vector<InputError>& inputs = log_.failures[static_cast<std::size_t>(stream.failure)].inputs;
  if (inputs.empty() || inputs.back().kind != InputError::Kind::AbiMismatch) return;
  InputError& mismatch = inputs.back();
  if (mismatch.found.empty()) {
    mismatch.path = match.fields.path;
    mismatch.found = match.fields.found;
  } else {
    mismatch.expected = match.fields.found;
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
    if (place.section.starts_with("."))
      last.section = place.section;
    else
      last.function = place.section;
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
    case Event::LldDidYouMean:
      symbol.did_you_mean = fields.name;
      return;
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
    default:
      return;
  }
}

/// A row of the table of Solaris's linker: the name, which may hold blanks, and the file that refers to it.
bool Assembler::read_solaris_row(Stream& stream, const Line& line) {
  const std::string_view text = trim(line.text);
  if (text.starts_with("symbol") && text.ends_with("in file")) return true;
  const std::size_t blank = text.find_last_of(" \t");
  if (blank == std::string_view::npos || !looks_like_object(text.substr(blank + 1))) return false;
  const std::string_view name = trim(text.substr(0, blank));
  SymbolError& symbol = symbol_of(stream, SymbolError::Kind::Undefined, name, text, line.number);
  Reference reference;
  set_object(reference, text.substr(blank + 1));
  reference.where = excerpt(text, line.number);
  add_reference(symbol, std::move(reference));
  return true;
}

/// Apple's form: names under a heading, and under each name the functions that refer to it.
bool Assembler::read_block(Stream& stream, const Line& line) {
  std::string_view text = line.text;
  if (stream.failure < 0 || text.starts_with("ld: ") || text.starts_with("clang: ") ||
      text.starts_with("collect2: ") || text.starts_with("clang++: ") || says_error(text)) {
    stream.block = Block::None;
    return false;
  }
  if (stream.block == Block::SolarisUndefined) return read_solaris_row(stream, line);
  if (stream.block == Block::AppleUndefined) {
    std::string_view name = text;
    bool heads = drop_suffix(name, ", referenced from:");
    bool bare = !heads && !contains(text, " in ") && (name.starts_with("_") || name.starts_with("\"")) &&
                (name.starts_with("\"") || !contains(name, " "));
    if (heads || bare) {
      drop_suffix(name, ",");
      if (name.size() >= 2 && name.starts_with("\"") && name.ends_with("\""))
        name = name.substr(1, name.size() - 2);
      symbol_of(stream, SymbolError::Kind::Undefined, name, text, line.number);
      return true;
    }
  }
  if (stream.symbol < 0) return false;
  SymbolError& symbol = log_.failures[static_cast<std::size_t>(stream.failure)]
                            .symbols[static_cast<std::size_t>(stream.symbol)];
  // The linker's list of names that hold the one it looks for; with one underscore more or less it may be the
  // same.
  std::string_view meant = text;
  if (drop_prefix(meant, "(maybe you meant: ") && drop_suffix(meant, ")")) {
    symbol.did_you_mean = meant.substr(0, meant.find(", "));
    return true;
  }
  if (text.starts_with("<initial-undefine") || text.starts_with("implicit entry/start")) return true;
  std::size_t in = text.rfind(" in ");
  Reference reference;
  if (text.starts_with("in ") && looks_like_object(trim(text.substr(3)))) {
    set_object(reference, text.substr(3));
  } else if (in != std::string_view::npos && looks_like_object(trim(text.substr(in + 4)))) {
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

}  // namespace linkdx::log
