// missing-library, by the name alone: libraries in C begin all their functions alike (`sqlite3_`, `ZSTD_`),
// those in C++ put them into a namespace, and these beginnings are published in their headers.
//
// A name shows whose interface it is and not why it is missing. Mostly the library is not on the link line.
// But the names may also be those of a copy of that library which is part of this very build, of a newer
// release of it, or of one that is named too early: so this is `likely` where the link command shows that the
// library is not on it, and `possible` elsewhere. Names that carry CPU features
// (`png_read_filter_row_up_neon`) are kernels inside such a library and are left to the rules about those.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "facts.hpp"
#include "helpers.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

struct PublishedRow {
  std::string_view pattern, library, owner, source;
};
constexpr PublishedRow published[] = {
#include "published.inc"
};

#include "lapack.inc"

constexpr PublishedRow blas{"", "blas", "BLAS", "netlib BLAS"};
constexpr PublishedRow lapack{"", "lapack", "LAPACK", "netlib LAPACK"};

/// Fortran's name of a routine of BLAS or LAPACK, `dgesdd_`; else null.
const PublishedRow* row_of_routine(std::string_view name) {
  if (!name.ends_with('_')) return nullptr;
  name.remove_suffix(1);
  if (name.ends_with("amax") && name.starts_with('i')) return &blas;
  if (name.empty() || std::string_view("sdcz").find(name[0]) == std::string_view::npos) return nullptr;
  const std::string word = fmt::format(" {} ", name.substr(1));
  if (blas_routines.find(word) != std::string_view::npos) return &blas;
  return lapack_routines.find(word) != std::string_view::npos ? &lapack : nullptr;
}

bool is_linear_algebra(const PublishedRow& row) {
  return row.library == "blas" || row.library == "lapack" || row.library == "openblas" ||
         row.library == "lapacke";
}

/// The name as its header has it: demangled, without the underscore of Mach-O and without an import's
/// decoration.
std::string source_name(const Case& facts, const SymbolFacts& symbol) {
  std::string_view name = bare_name(symbol.demangled.empty() ? symbol.name : symbol.demangled);
  for (std::string_view prefix : {"__imp_", "__declspec(dllimport) "})
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  bool mach_o = facts.failure &&
                (facts.failure->linker == log::Linker::Ld64 || facts.failure->linker == log::Linker::Ld64Lld);
  if (mach_o && name.starts_with("_")) name.remove_prefix(1);
  for (std::string_view prefix : {"vtable for ", "typeinfo for ", "typeinfo name for "})
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  return std::string(name);
}

const PublishedRow* row_of(std::string_view name) {
  for (const PublishedRow& row : published)
    if (fits_pattern(row.pattern, name)) return &row;
  return row_of_routine(name);
}

/// The library itself asks for it: then the missing part is one of its own.
bool asked_for_by(const SymbolFacts& symbol, std::string_view library) {
  std::vector<std::string> objects = referrers_of(symbol);
  std::string stem(library.substr(0, library.find_first_of("-_.+0123456789")));
  return std::any_of(objects.begin(), objects.end(), [&](const std::string& object) {
    return object.find("lib" + stem) != std::string::npos || object.find("/" + stem) != std::string::npos ||
           object.starts_with(stem);
  });
}

bool is_named(const log::Command& command, std::string_view library) {
  std::vector<NamedLibrary> libraries = libraries_on(command);
  return std::any_of(libraries.begin(), libraries.end(),
                     [&](const NamedLibrary& named) { return named.name == library; });
}

}  // namespace

void rule_published_interface(Context& context) {
  const Case& facts = context.facts;
  if (!facts.failure) return;
  const log::Command* command = facts.failure->command ? &*facts.failure->command : nullptr;
  std::map<const PublishedRow*, std::vector<std::string>> by_row;
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* located = context.located(symbol->name);
    bool found = located && (located->verdict == link::Verdict::DefinedNotReached ||
                             located->verdict == link::Verdict::DefinedElsewhere);
    const log::SymbolError* error = context.error_of(symbol->name);
    if (found || symbol->isa || !error) continue;
    const PublishedRow* row = row_of(source_name(facts, *symbol));
    if (!row || asked_for_by(*symbol, row->library)) continue;
    // What a loader misses is mostly of another release of a library that is there; these have had the same
    // routines for decades.
    if (error->kind != log::SymbolError::Kind::Undefined &&
        (error->kind != log::SymbolError::Kind::UndefinedAtRuntime || !is_linear_algebra(*row)))
      continue;
    // One library, one diagnosis, whichever row fitted.
    auto same = std::find_if(by_row.begin(), by_row.end(),
                             [&](const auto& entry) { return entry.first->library == row->library; });
    (same == by_row.end() ? by_row[row] : same->second).push_back(symbol->name);
  }
  for (const auto& [row, names] : by_row) {
    bool named = command && is_named(*command, row->library);
    bool whole = command && !command->abridged;
    bool at_run_time = context.error_of(names.front())->kind == log::SymbolError::Kind::UndefinedAtRuntime;
    Diagnosis diagnosis = make("LDX0604", whole && !named ? Confidence::Likely : Confidence::Possible, names);
    diagnosis.title =
        named ? say("`-l{}` is on the link line and does not give {}", row->library, list_names(names))
        : names.size() == 1 ? say("{} goes by the name of {}, which may not be linked", list_names(names),
                                  translated(row->owner))
                            : say("{} go by a name of {}, which may not be linked", list_names(names),
                                  translated(row->owner));
    const std::string linked =
        whole ? say("The link command does not name it.")
        : at_run_time
            ? say("The file that asks for it was linked without that library, or the loader found another "
                  "one in its place.")
            : say("Without the link command nobody can say whether it is linked.");
    diagnosis.explanation =
        named ? say("Functions of {} begin so ({}). The command names lib{}: it stands before what needs it, "
                    "or it is another "
                    "release than the header that was included.",
                    translated(row->owner), row->source, row->library)
        : row->pattern.empty() ? say("Routines of {} are called so ({}); lib{} has them. {}",
                                     translated(row->owner), row->source, row->library, linked)
                               : say("Functions of {} begin so ({}); lib{} has them. {}",
                                     translated(row->owner), row->source, row->library, linked);
    diagnosis.evidence.push_back(context.log_line(names.front()));
    if (command) diagnosis.evidence.push_back(context.log_line(command->where));
    if (!whole)
      diagnosis.missing_evidence.push_back({say("the link command, to see whether the library is on it"),
                                            say("make V=1 (or ninja -v) and paste the link command")});
    diagnosis.missing_evidence.push_back(
        {say("which library of this machine defines it"), context.with_system()});
    LibraryMissing found;
    found.name = row->library;
    if (takes_debian_packages(facts)) found.packages = packages_of_library(row->library, facts.target);
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

}  // namespace linkdx::diagnose
