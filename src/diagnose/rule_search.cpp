// A plain missing library: the libraries of the link's own directories, and with --system those of the
// machine, were searched by symbol, and their tables show which of them define what the link lacks.
//
// That a library defines a name does not prove that it is the one that was meant: `init` may be in any. It is
// taken for shown when one library alone has the name, and more than one missing name or a name that nobody
// gives by chance. Where several libraries have it, all are named and none is asserted.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

#include "facts.hpp"
#include "helpers.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

/// Libraries that define other libraries' names to stand in front of them: sanitizers
/// (compiler-rt/lib/interception) and allocators.
constexpr std::string_view interposers[] = {
    "asan",    "tsan", "ubsan", "lsan", "hwasan", "memprof", "jemalloc", "tcmalloc", "tcmalloc_minimal",
    "mimalloc"};

bool is_interposer(std::string_view library) {
  return std::find(std::begin(interposers), std::end(interposers), library) != std::end(interposers);
}

/// On the command, or added by the driver: then its table cannot be what is missing.
bool is_linked(const Case& facts, const link::Provider& provider) {
  if (facts.failure && facts.failure->command)
    for (const NamedLibrary& named : libraries_on(*facts.failure->command))
      if (named.name == provider.name) return true;
  if (facts.plan)
    return std::find(facts.plan->implicit_libraries.begin(), facts.plan->implicit_libraries.end(),
                     provider.name) != facts.plan->implicit_libraries.end();
  return provider.name == "c" || provider.name == "c_nonshared" || provider.name.starts_with("gcc");
}

/// A name that nobody gives by chance: mangled, or long and of several parts.
bool is_telling(std::string_view name) {
  if (name.starts_with("_Z") || name.starts_with("_R") || name.starts_with("?")) return true;
  return name.size() >= 8 &&
         (name.find('_', 1) != std::string_view::npos ||
          std::any_of(name.begin() + 1, name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));
}

/// libz.so and libz.a are one library to the linker.
struct Library {
  std::vector<const link::Provider*> files;
  std::vector<std::string> symbols;
};

void add_records(const Case& facts, const Library& library, LibraryMissing& found, Diagnosis& diagnosis) {
  if (!facts.libraries->system) return;
  const link::DebianRecords records;
  const link::Provider& first = *library.files.front();
  const std::string owner = records.owner_of(first.path);
  const std::vector<link::PkgConfigModule> modules =
      link::pkg_config_modules(first.name, facts.libraries->directories);
  if (!modules.empty())
    diagnosis.evidence.push_back({"file", modules.front().path, 0,
                                  say("pkg-config calls `-l{}` {}", first.name, modules.front().name)});
  if (!owner.empty())
    diagnosis.evidence.push_back({"file", first.path, 0, say("is of the package {}", owner)});
  if (first.linkable) return;
  const std::string development = records.development_package_of(owner);
  if (!development.empty())
    found.packages = {development};
  else
    found.packages = packages_of_library(first.name, facts.target);
  found.not_installed = true;
  diagnosis.explanation += found.packages.empty()
                               ? say(" Only the library for running programs is installed: the linker wants "
                                     "lib{0}.so or lib{0}.a, which come with its development package.",
                                     first.name)
                               : say(" Only the library for running programs is installed: the linker wants "
                                     "lib{0}.so or lib{0}.a, which are in {1}.",
                                     first.name, found.packages.front());
  if (found.packages.empty())
    diagnosis.missing_evidence.push_back({say("which package has it for the linker"),
                                          owner.empty()
                                              ? fmt::format("apt-file search lib{}.so", first.name)
                                              : fmt::format("apt-cache rdepends {} | grep -e -dev", owner)});
}

void state(Context& context, const Library& library, const std::vector<std::string>& names,
           const std::vector<std::string>& shown, bool alone) {
  const Case& facts = context.facts;
  const link::Provider& first = *library.files.front();
  const bool command = facts.failure && facts.failure->command && !facts.failure->command->abridged;
  const bool sure = alone && command && (names.size() > 1 || is_telling(bare_name(names.front())));
  Diagnosis diagnosis = make("LDX0606",
                             sure    ? Confidence::Certain
                             : alone ? Confidence::Likely
                                     : Confidence::Possible,
                             names);
  diagnosis.title =
      names.size() == 1
          ? say("{} is in `lib{}`, which is not on the link line", list_names(names), first.name)
          : say("{} are in `lib{}`, which is not on the link line", list_names(names), first.name);
  const std::string directories = list_names(facts.libraries->directories, 3);
  diagnosis.explanation =
      facts.libraries->system
          ? say("Of the {} libraries in the directories where the linker looks for this target: {}, ",
                facts.libraries->searched, directories)
          : say("Of the {} libraries in the link's own directories: {}, ", facts.libraries->searched,
                directories);
  const bool one = names.size() == 1;
  diagnosis.explanation += alone && one ? say("only `lib{}` defines it.", first.name)
                           : alone      ? say("only `lib{}` defines them.", first.name)
                           : one        ? say("several define it.")
                                        : say("several define them.");
  for (std::size_t i = 0; i < library.files.size() && i < 2; ++i)
    diagnosis.evidence.push_back(
        {"symbol-table", library.files[i]->places.front(), 0, say("defines {}", list_names(shown))});
  diagnosis.evidence.push_back(context.log_line(names.front()));
  if (command)
    diagnosis.evidence.push_back(context.log_line(facts.failure->command->where));
  else
    diagnosis.missing_evidence.push_back({say("the link command, to see whether the library is on it"),
                                          say("make V=1 (or ninja -v) and paste the link command")});
  LibraryMissing found;
  found.name = first.name;
  add_records(facts, library, found, diagnosis);
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

}  // namespace

void rule_library_search(Context& context) {
  const Case& facts = context.facts;
  if (!facts.libraries || !facts.failure) return;
  std::map<std::string, Library> libraries;
  for (const link::Provider& provider : facts.libraries->providers) {
    if (is_linked(facts, provider) || is_interposer(provider.name)) continue;
    Library& library = libraries[provider.name];
    // The shared one first: it is what -l takes.
    library.files.insert(provider.shared ? library.files.begin() : library.files.end(), &provider);
    for (const std::string& symbol : provider.symbols)
      if (std::find(library.symbols.begin(), library.symbols.end(), symbol) == library.symbols.end())
        library.symbols.push_back(symbol);
  }
  // By the set of libraries that define them: the names of one set are one question.
  std::map<std::vector<std::string>, std::vector<const SymbolFacts*>> questions;
  for (const SymbolFacts* symbol : context.open()) {
    if (find_helper(bare_name(symbol->linker_name))) continue;  // a written interface says more
    const link::Undefined* undefined = context.located(symbol->name);
    if (undefined && undefined->verdict == link::Verdict::DefinedNotReached) continue;
    std::vector<std::string> having;
    for (const auto& [name, library] : libraries)
      if (std::find(library.symbols.begin(), library.symbols.end(), symbol->linker_name) !=
          library.symbols.end())
        having.push_back(name);
    if (!having.empty()) questions[having].push_back(symbol);
  }
  for (const auto& [having, symbols] : questions) {
    const bool alone = having.size() == 1;
    std::vector<std::string> names, shown;
    for (const SymbolFacts* symbol : symbols) {
      // A kernel of the project's own may share its name with others'; then nothing is said here.
      if (!alone && symbol->isa) continue;
      names.push_back(symbol->name);
      shown.push_back(symbol->linker_name);
    }
    if (names.empty()) continue;
    // Of several the one whose file for the linker is there.
    const std::string* chosen = &having.front();
    for (const std::string& name : having)
      if (libraries[name].files.front()->linkable) {
        chosen = &name;
        break;
      }
    state(context, libraries[*chosen], names, shown, alone);
  }
}

const link::Provider* provider_of(const Case& facts, std::string_view library, std::string_view symbol) {
  if (!facts.libraries) return nullptr;
  for (const link::Provider& provider : facts.libraries->providers)
    if (provider.name == library &&
        std::find(provider.symbols.begin(), provider.symbols.end(), symbol) != provider.symbols.end())
      return &provider;
  return nullptr;
}

}  // namespace linkdx::diagnose
