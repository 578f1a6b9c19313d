#include "places.hpp"

#include "text.hpp"

namespace linkdx::log {
namespace {

struct ProgramName {
  std::string_view name;
  Linker linker;
};

// File names of linkers, without the triple in front and the version or `.exe` behind. A plain `ld` may be
// any of them, so its messages decide.
constexpr ProgramName kPrograms[] = {
    {"ld.bfd", Linker::GnuLd},    {"ld.gold", Linker::Gold},
    {"gold", Linker::Gold},       {"ld.lld", Linker::Lld},
    {"lld", Linker::Lld},         {"rust-lld", Linker::Lld},
    {"ld.mold", Linker::Mold},    {"mold", Linker::Mold},
    {"wild", Linker::Wild},       {"ld64.lld", Linker::Ld64Lld},
    {"ld64", Linker::Ld64},       {"lld-link", Linker::LldLink},
    {"link", Linker::MsvcLink},   {"LINK", Linker::MsvcLink},
    {"wasm-ld", Linker::WasmLd},  {"rust-wasm-ld", Linker::WasmLd},
    {"ld", Linker::Unknown},      {"real-ld", Linker::GnuLd},
    {"ld-new", Linker::GnuLd},    {"collect-ld", Linker::Unknown},
    {"ld-classic", Linker::Ld64}, {"ld-prime", Linker::Ld64},
};

constexpr std::string_view kObjectEndings[] = {".o",   ".obj",  ".a",      ".so", ".os",    ".lo",
                                               ".lib", ".rlib", ".rmeta",  ".bc", ".dylib", ".dll",
                                               ".exe", ".oS",   ".ltrans", ".la", ".tbd",   ".elf"};

constexpr std::size_t kLongestPath = 4096;  // Linux' PATH_MAX

// `-19`, `.exe`, `.real` behind a program's name.
std::string_view without_suffixes(std::string_view name) {
  drop_suffix(name, ".exe");
  drop_suffix(name, ".EXE");
  drop_suffix(name, ".real");
  std::size_t dash = name.find_last_of('-');
  if (dash != std::string_view::npos && dash + 1 < name.size()) {
    bool version = true;
    for (char c : name.substr(dash + 1)) version &= is_digit(c) || c == '.';
    if (version) name = name.substr(0, dash);
  }
  return name;
}

// The end of the object in `libx.a(y.o):y.c`, `y.o:/src/y.c:3`: the first colon behind an object's name.
std::size_t object_end(std::string_view text) {
  text = text.substr(0, kLongestPath);
  for (std::size_t colon = text.find(':', 1); colon != std::string_view::npos;
       colon = text.find(':', colon + 1))
    if (looks_like_object(text.substr(0, colon))) return colon;
  return std::string_view::npos;
}

}  // namespace

std::optional<Linker> linker_of_program(std::string_view path) {
  std::string_view name = without_suffixes(base_name(path));
  for (const ProgramName& program : kPrograms) {
    if (name == program.name) return program.linker;
    if (name.size() > program.name.size() && name.ends_with(program.name) &&
        name[name.size() - program.name.size() - 1] == '-')
      return program.linker;
  }
  return std::nullopt;
}

std::optional<LinkerName> linker_prefix(std::string_view text) {
  // Paths hold no ": ", but a French colon stands behind a blank.
  for (std::size_t colon = text.find(':'); colon != std::string_view::npos;
       colon = text.find(':', colon + 1)) {
    std::string_view path = text.substr(0, colon);
    while (drop_suffix(path, " ") || drop_suffix(path, "\u00a0")) {
    }
    if (path.size() > kLongestPath) return std::nullopt;
    if (std::optional<Linker> linker = linker_of_program(path)) {
      std::string_view rest = text.substr(colon + 1);
      while (drop_prefix(rest, " ") || drop_prefix(rest, "\u00a0")) {
      }
      return LinkerName{path, *linker, rest};
    }
    if (colon + 1 < text.size() && text[colon + 1] == ' ') return std::nullopt;
  }
  return std::nullopt;
}

bool drop_severity(std::string_view& text) {
  for (std::string_view word : {"fatal error:", "error:", "Error:", "ERROR:", "fatal:", "warning:"}) {
    if (!text.starts_with(word)) continue;
    text = trim_left(text.substr(word.size()));
    return word != "warning:";
  }
  return false;
}

/// Apple's linker of Xcode 15 prints the member's number too: `libx.a[2](y.o)`.
static std::string_view archive_name(std::string_view archive) {
  std::string_view name = archive;
  if (!drop_suffix(name, "]")) return archive;
  while (!name.empty() && is_digit(name.back())) name.remove_suffix(1);
  return drop_suffix(name, "[") ? name : archive;
}

bool looks_like_object(std::string_view name) {
  if (name.ends_with(")")) {
    std::size_t open = name.rfind('(');
    if (open == std::string_view::npos || open == 0 || name[open - 1] == ':' || name[open - 1] == ')')
      return false;
    name = archive_name(name.substr(0, open));
  }
  for (std::string_view ending : kObjectEndings)
    if (name.size() > ending.size() && name.ends_with(ending)) return true;
  // `.so.1.2.3`: a version is short, and this is asked of every colon of a line.
  if (name.size() > 64) name = name.substr(name.size() - 64);
  std::size_t so = name.rfind(".so.");
  return so != std::string_view::npos && so + 4 < name.size() && is_digit(name[so + 4]);
}

std::string_view last_path(std::string_view words) {
  while (drop_suffix(words, ":") || drop_suffix(words, " ")) {
  }
  std::size_t blank = words.find_last_of(" \t");
  if (blank != std::string_view::npos) words = words.substr(blank + 1);
  drop_prefix(words, "(");
  drop_prefix(words, "'");
  drop_suffix(words, "'");
  return words;
}

void set_object(Reference& reference, std::string_view object) {
  object = trim(object);
  reference.object = object;
  if (!object.ends_with(")")) return;
  std::size_t open = object.rfind('(');
  if (open == std::string_view::npos || open == 0) return;
  reference.archive = archive_name(object.substr(0, open));
  reference.member = object.substr(open + 1, object.size() - open - 2);
}

Reference read_place(std::string_view place) {
  Reference reference;
  place = trim(place);
  while (drop_suffix(place, ":") || drop_suffix(place, " ") || drop_suffix(place, "\u00a0") ||
         drop_suffix(place, "：") || drop_suffix(place, " error") || drop_suffix(place, ": error") ||
         drop_suffix(place, "\t")) {
  }
  if (place == "error" || place.empty()) return reference;
  // What another program printed on the same line, without a line's end: "ar: creating libx.a /usr/bin/ld: ".
  if (std::size_t glued = place.rfind("/ld: "); glued != std::string_view::npos)
    place.remove_prefix(glued + 5);

  // The section stands in parentheses behind a colon, or alone.
  if (place.ends_with(")")) {
    std::size_t open = place.rfind(":(");
    // What was joined from two lines has a blank before the section.
    std::size_t parted = place.rfind(": (.");
    bool alone = place.starts_with("(");
    // gold: `a.o(.rodata+0x4)`. What is in the parentheses of an archive is a member, and begins with no dot.
    if (std::size_t glued = place.rfind("(.");
        open == std::string_view::npos && parted == std::string_view::npos &&
        glued != std::string_view::npos && glued > 0 && looks_like_object(place.substr(0, glued))) {
      reference.section = place.substr(glued + 1, place.size() - glued - 2);
      set_object(reference, place.substr(0, glued));
      return reference;
    }
    if (open != std::string_view::npos || parted != std::string_view::npos || alone) {
      bool joined = open == std::string_view::npos && parted != std::string_view::npos;
      if (joined) open = parted;
      std::size_t begin = open == std::string_view::npos ? 1 : open + (joined ? 3 : 2);
      reference.section = place.substr(begin, place.size() - begin - 1);
      place = open == std::string_view::npos ? std::string_view{} : place.substr(0, open);
    }
  }
  if (std::size_t function = place.find(":function "); function != std::string_view::npos) {
    reference.function = trim(place.substr(function + 10));
    place = place.substr(0, function);
  }
  if (place.empty()) return reference;

  std::size_t end = looks_like_object(place) ? place.size() : object_end(place);
  if (end != std::string_view::npos) {
    set_object(reference, place.substr(0, end));
    place = end < place.size() ? place.substr(end + 1) : std::string_view{};
  }
  if (place.empty()) return reference;
  // `file:12`, or `file:12:5`.
  for (int round = 0; round < 2; ++round) {
    std::size_t colon = place.rfind(':');
    if (colon == std::string_view::npos) break;
    std::string_view digits = place.substr(colon + 1);
    std::uint64_t number;
    if (digits.empty() || !take_number(digits, number) || !digits.empty()) break;
    reference.source_line = static_cast<std::uint32_t>(number);
    place = place.substr(0, colon);
  }
  reference.source = trim(place);
  return reference;
}

}  // namespace linkdx::log
