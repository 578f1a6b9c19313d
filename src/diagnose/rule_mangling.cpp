// abi-or-mangling-mismatch: it exists under another name.
//
// C++ and Rust write types and crates into symbol names, so two declarations that look alike can ask for
// different symbols. The evidence is the near definition in an object of this link: the same plain name,
// decorated differently.
#include <algorithm>
#include <cctype>
#include <map>

#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace {

bool is_cxx(std::string_view name) {
  return name.starts_with("_Z") && link::demangle(name) != name;
}
bool is_rust(std::string_view name) {
  return name.starts_with("_R") ||
         (name.starts_with("_ZN") && name.size() > 20 && name.substr(name.size() - 20, 3) == "17h");
}

NameMismatch::Kind kind_of(std::string_view wanted, std::string_view present) {
  using Kind = NameMismatch::Kind;
  if (is_rust(wanted) && is_rust(present)) return Kind::RustHash;
  if (is_rust(wanted) != is_rust(present) && !is_cxx(is_rust(wanted) ? present : wanted))
    return Kind::CAndRust;
  if (is_cxx(wanted) != is_cxx(present)) return Kind::CAndCxx;
  if (!is_cxx(wanted)) {
    if (present == "_" + std::string(wanted) || wanted == "_" + std::string(present)) return Kind::Underscore;
    return Kind::Other;
  }
  bool tag = (wanted.find("B5cxx11") != std::string_view::npos) !=
                 (present.find("B5cxx11") != std::string_view::npos) ||
             (wanted.find("__cxx11") != std::string_view::npos) !=
                 (present.find("__cxx11") != std::string_view::npos);
  if (tag) return Kind::AbiTag;
  std::string a = link::demangle(wanted), b = link::demangle(present);
  return a.substr(0, a.find('(')) == b.substr(0, b.find('(')) ? Kind::Parameters : Kind::Namespace;
}

std::string explain(NameMismatch::Kind kind, const std::string& wanted, const std::string& present,
                    const std::string& where) {
  using Kind = NameMismatch::Kind;
  std::string base = say("The caller asks for `{}`, and `{}` has `{}`", wanted, where, present);
  switch (kind) {
    case Kind::CAndCxx:
      return base + (is_cxx(wanted)
                         ? say(": the caller was compiled as C++ and saw a declaration without "
                               "`extern \"C\"`, the definition is C.")
                         : say(": the caller asks for the C name, the definition was compiled as C++ "
                               "without `extern \"C\"`."));
    case Kind::CAndRust:
      return base + say(": a Rust function has its C name only with `#[no_mangle]` (or `#[export_name]`).");
    case Kind::Underscore:
      return base + say(": they differ by a leading underscore, which C compilers add on Mach-O and on "
                        "32-bit Windows "
                        "and assembly sources must write themselves.");
    case Kind::AbiTag:
      return base + say(": one side was compiled with the old and one with the new std::string "
                        "(_GLIBCXX_USE_CXX11_ABI).");
    case Kind::Parameters:
      return base +
             say(": the same function with other parameters. Declaration and definition disagree, or two "
                 "versions of a header are in use.");
    case Kind::RustHash:
      return base + say(": the hash at the end stands for the crate's version and compiler; the two crates "
                        "were built "
                        "apart.");
    default:
      return base + say(".");
  }
}

}  // namespace

/// What lld, mold and Apple's linkers suggest: a name that is in the link and differs from the missing one by
/// an underscore, a case, or C against C++. Source: lld/ELF/Relocations.cpp (getAlternativeSpelling), ld64's
/// src/ld/Resolver.cpp.
void rule_suggested_name(Context& context) {
  using Kind = NameMismatch::Kind;
  constexpr std::string_view extern_c = "extern \"C\" ";
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    if (!error || error->did_you_mean.empty()) continue;
    std::string_view wanted = bare_name(symbol->name), meant = error->did_you_mean;
    if (bare_name(meant) == wanted) continue;
    Confidence confidence = Confidence::Likely;
    Kind kind = Kind::Other;
    std::string_view plain = wanted.substr(0, wanted.find('('));
    if (meant.starts_with(extern_c)) {
      meant.remove_prefix(extern_c.size());
      kind = Kind::CAndCxx;
    } else if (meant.substr(0, meant.find('(')) == plain &&
               (meant.find('(') == std::string_view::npos) != (wanted.find('(') == std::string_view::npos)) {
      kind = Kind::CAndCxx;
    } else if ((meant.starts_with("_") && meant.substr(1) == wanted) ||
               (wanted.starts_with("_") && wanted.substr(1) == meant)) {
      kind = Kind::Underscore;
    } else if (meant.substr(0, meant.find('(')) == plain) {
      kind = Kind::Parameters;
      confidence = Confidence::Possible;
    } else if (meant.size() == wanted.size() &&
               std::equal(meant.begin(), meant.end(), wanted.begin(), [](unsigned char a, unsigned char b) {
                 return std::tolower(a) == std::tolower(b);
               })) {
      confidence = Confidence::Possible;
    } else {
      continue;
    }
    NameMismatch found;
    found.wanted = symbol->linker_name;
    found.present = meant;
    found.where = error->provider.empty() ? say("the link") : error->provider;
    found.kind = kind;
    Diagnosis diagnosis = make("LDX0801", confidence, {symbol->name});
    diagnosis.title = say("`{}` may be `{}`, which the link has", symbol->name, meant);
    diagnosis.explanation = say("The linker itself names `{}` as what it has instead. ", meant) +
                            explain(kind, found.wanted, found.present, found.where);
    diagnosis.evidence.push_back(context.log_line(symbol->name));
    diagnosis.missing_evidence.push_back({say("which file defines the other name"), context.with_tree()});
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

void rule_other_mangling(Context& context) {
  using Why = link::Nearest::Why;
  std::map<std::pair<int, std::string>, std::vector<std::pair<const SymbolFacts*, const link::Nearest*>>>
      groups;
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* located = context.located(symbol->name);
    if (!located || located->nearest.empty()) continue;
    const link::Nearest& nearest = located->nearest.front();
    if (nearest.why == Why::OtherMangling)
      groups[{static_cast<int>(kind_of(symbol->linker_name, nearest.name)), nearest.where}].emplace_back(
          symbol, &nearest);
  }
  for (const auto& [key, members] : groups) {
    const auto& [symbol, nearest] = members.front();
    std::vector<std::string> names;
    for (const auto& [member, near] : members) names.push_back(member->name);
    NameMismatch found;
    found.wanted = symbol->linker_name;
    found.present = nearest->name;
    found.where = nearest->where;
    found.kind = static_cast<NameMismatch::Kind>(key.first);
    // The same plain name with other parameters may be another overload: that alone proves nothing.
    bool strong = found.kind == NameMismatch::Kind::CAndCxx || found.kind == NameMismatch::Kind::CAndRust ||
                  found.kind == NameMismatch::Kind::AbiTag || found.kind == NameMismatch::Kind::Underscore;
    const std::string& present = nearest->demangled.empty() ? nearest->name : nearest->demangled;
    Diagnosis diagnosis = make("LDX0801", strong ? Confidence::Certain : Confidence::Likely, names);
    diagnosis.title = names.size() == 1
                          ? say("{} exists under another name: `{}`", list_names(names), present)
                          : say("{} exist under another name: `{}`", list_names(names), present);
    diagnosis.explanation = explain(found.kind, symbol->linker_name, nearest->name, nearest->where);
    diagnosis.evidence.push_back(context.log_line(names.front()));
    for (const auto& [member, near] : members)
      if (diagnosis.evidence.size() < 5)
        diagnosis.evidence.push_back({"symbol-table", near->where, 0, say("defines `{}`", near->name)});
    // The declaration that the caller saw, for the edit.
    const std::string plain = plain_function_name(found.wanted);
    for (const std::string& directory : source_directories(context.facts))
      for (const build::Occurrence& occurrence : build::search_sources(directory, plain, 64))
        if (found.header.empty() &&
            (occurrence.path.ends_with(".h") || occurrence.path.ends_with(".hpp") ||
             occurrence.path.ends_with(".hh")) &&
            occurrence.where.text.find('(') != std::string::npos) {
          found.header = occurrence.path;
          found.header_line = occurrence.where.line;
          diagnosis.evidence.push_back(
              {"source", occurrence.path, occurrence.where.line, occurrence.where.text});
        }
    if (found.kind == NameMismatch::Kind::CAndRust)
      for (const std::string& directory : source_directories(context.facts))
        for (const build::Occurrence& occurrence : build::search_sources(directory, "fn " + plain, 64))
          if (found.source.empty() && occurrence.path.ends_with(".rs") &&
              occurrence.where.text.find("extern \"C\"") != std::string::npos) {
            found.source = occurrence.path;
            found.source_line = occurrence.where.line;
            diagnosis.evidence.push_back(
                {"source", occurrence.path, occurrence.where.line, occurrence.where.text});
          }
    if (!strong)
      diagnosis.missing_evidence.push_back({say("the declaration that the caller was compiled with"),
                                            fmt::format("grep -rn '{}' SOURCES", plain)});
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

/// A definition that nothing refers to and that is spelled almost as what is missing: renamed on one side, or
/// misspelt.
void rule_similar_name(Context& context) {
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* located = context.located(symbol->name);
    if (!located || located->verdict != link::Verdict::DefinedNowhere || located->nearest.empty() ||
        located->nearest.front().why != link::Nearest::Why::SimilarName)
      continue;
    const link::Nearest& nearest = located->nearest.front();
    bool several = located->nearest.size() > 1 && located->nearest[1].why == nearest.why;
    Diagnosis diagnosis =
        make("LDX0803", several ? Confidence::Possible : Confidence::Likely, {symbol->name});
    const std::string& present = nearest.demangled.empty() ? nearest.name : nearest.demangled;
    diagnosis.title = say("nothing defines `{}`; `{}` comes near", symbol->name, present);
    diagnosis.explanation = say(
        "`{}` defines `{}`, which nothing refers to, and nothing defines `{}`. One of the two was renamed or "
        "is "
        "misspelt, or header and library are of different versions.",
        nearest.where, present, symbol->name);
    diagnosis.evidence.push_back(context.log_line(symbol->name));
    for (const link::Nearest& near : located->nearest)
      if (near.why == nearest.why && diagnosis.evidence.size() < 5)
        diagnosis.evidence.push_back({"symbol-table", near.where, 0, say("defines `{}`", near.name)});
    diagnosis.missing_evidence.push_back(
        {say("the declaration that the caller was compiled with"),
         fmt::format("grep -rnw {} SOURCES", plain_function_name(symbol->name))});
    NameMismatch found;
    found.kind = NameMismatch::Kind::Renamed;
    found.wanted = symbol->linker_name;
    found.present = nearest.name;
    found.where = nearest.where;
    if (std::optional<build::Occurrence> declared = rust_declaration(context.facts, symbol->linker_name)) {
      found.source = declared->path;
      found.source_line = declared->where.line;
      diagnosis.evidence.push_back({"source", declared->path, declared->where.line, declared->where.text});
    }
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

void rule_thread_local(Context& context) {
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    if (!error || error->kind != log::SymbolError::Kind::TlsMismatch) continue;
    std::vector<std::string> objects = referrers_of(*symbol);
    Diagnosis diagnosis = make("LDX0806", Confidence::Certain, {symbol->name});
    diagnosis.title = objects.size() < 2
                          ? say("`{}` is thread-local in one file and not in another", symbol->name)
                          : say("`{}` is thread-local in one of `{}` and `{}` and not in the other",
                                symbol->name, objects[0], objects[1]);
    diagnosis.explanation =
        say("The linker says so of both files. The declarations differ: one has `thread_local` (`__thread`, "
            "`_Thread_local`), the "
            "other has not. Include the header that declares it instead of declaring it by hand, and compile "
            "both files anew.");
    diagnosis.evidence.push_back(context.log_line(error->where));
    context.state(std::move(diagnosis));
  }
}

void rule_rust_hash(Context& context) {
  std::vector<std::string> names;
  std::string crate;
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    if (!error || error->kind != log::SymbolError::Kind::Undefined) continue;
    std::string_view linker_name = bare_name(symbol->linker_name);
    // GNU ld prints old manglings demangled, and the hash as the last part of the path.
    std::size_t hash = symbol->name.rfind("::h");
    bool printed = hash != std::string::npos && symbol->name.size() == hash + 19 &&
                   symbol->name.find_first_not_of("0123456789abcdef", hash + 3) == std::string::npos;
    if (!printed && !is_rust(linker_name)) continue;
    std::string path = printed ? symbol->name : link::demangle(linker_name);
    while (path.starts_with("<") || path.starts_with("&")) path.erase(0, 1);
    std::string first = path.substr(0, path.find_first_of(":[ "));
    if (crate.empty()) crate = first;
    if (first == crate) names.push_back(symbol->name);
  }
  if (names.empty()) return;
  bool standard = crate == "core" || crate == "alloc" || crate == "std";
  Diagnosis diagnosis = make("LDX0808", Confidence::Possible, names);
  diagnosis.title =
      names.size() == 1
          ? say("{} is a symbol of one build of the crate `{}`, and the link has another or none",
                list_names(names), crate)
          : say("{} are symbols of one build of the crate `{}`, and the link has another or none",
                list_names(names), crate);
  diagnosis.explanation = standard
                              ? say("Each compiler release has its own standard library, whose symbols "
                                    "carry a hash. The object was made by another "
                                    "release of rustc than the library in the link, or Rust objects were "
                                    "linked without rustc, which adds it.")
                              : say("The hash in the name stands for the crate's version, its features and "
                                    "the compiler. An object of another build "
                                    "asks for it: a stale one, one from another target directory, or of "
                                    "another version of the crate.");
  diagnosis.evidence.push_back(context.log_line(names.front()));
  diagnosis.missing_evidence.push_back({say("which builds of the crate are there"),
                                        fmt::format("find . -name 'lib{}-*.rlib'; cargo tree -d", crate)});
  context.state(std::move(diagnosis));
}

}  // namespace linkdx::diagnose
