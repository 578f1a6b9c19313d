// From what the user gave to cases that rules can look at: artifacts opened, build trees read, each failed
// link replayed where its inputs still exist, and each missing symbol looked for where they do not.
//
// Nothing is run and nothing is written. Paths that a log names are opened only below the root the user
// gave (or the working directory), since a log is somebody else's text.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/Triple.h>

#include "facts.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace fs = std::filesystem;

namespace {

bool below(const fs::path& path, const fs::path& root) {
  std::error_code error;
  fs::path real = fs::weakly_canonical(path, error);
  if (error) return false;
  fs::path base = fs::weakly_canonical(root, error);
  if (error) return false;
  fs::path relative = real.lexically_relative(base);
  return !relative.empty() && *relative.begin() != "..";
}

/// The directory in which the link ran, if any of the inputs that its command names is there.
std::optional<std::string> link_directory(const log::Failure& failure, const link::Plan& plan,
                                          const Question& question) {
  std::vector<std::string> candidates;
  if (!failure.command->directory.empty()) candidates.push_back(failure.command->directory);
  candidates.push_back(question.root);
  for (const std::string& path : question.paths)
    if (fs::is_directory(path)) candidates.push_back(path);
  for (const std::string& candidate : candidates) {
    for (const link::Input& input : plan.inputs) {
      if (input.is_library) continue;
      fs::path path = fs::path(candidate) / input.name;
      std::error_code error;
      if (fs::exists(path, error) && std::any_of(candidates.begin(), candidates.end(),
                                                 [&](const std::string& root) { return below(path, root); }))
        return candidate;
    }
  }
  return std::nullopt;
}

void add_symbols_of_failure(Case& facts) {
  std::set<std::string> seen;
  for (const log::SymbolError& error : facts.failure->symbols) {
    SymbolFacts::Status status = error.kind == log::SymbolError::Kind::Duplicate
                                     ? SymbolFacts::Status::Duplicate
                                     : SymbolFacts::Status::Undefined;
    if (error.name.empty() || is_against_section(error) || !seen.insert(error.name).second) continue;
    SymbolFacts symbol;
    symbol.name = error.name;
    symbol.status = status;
    for (const log::Reference& reference : error.references) {
      std::string source = reference.source;
      if (!source.empty() && reference.source_line) source += fmt::format(":{}", reference.source_line);
      symbol.referenced_by.push_back({reference.object, reference.function, source});
    }
    symbol.more_references = error.more_references;
    facts.symbols.push_back(std::move(symbol));
  }
}

/// A compiler that stops before any link: the functions and intrinsics it names stand in for symbols.
void add_symbols_of_messages(Case& facts) {
  std::set<std::string> seen;
  for (const log::ToolMessage& message : facts.log->messages) {
    if (!names_symbol(message) || !seen.insert(message.subject).second) continue;
    SymbolFacts symbol;
    symbol.name = message.subject;
    if (!message.source.empty())
      symbol.referenced_by.push_back(
          {"", "",
           message.source_line ? fmt::format("{}:{}", message.source, message.source_line) : message.source});
    facts.symbols.push_back(std::move(symbol));
  }
}

/// The target as the failure, the build tree and the artifacts show it, in this order.
void find_target(Case& facts, const Question& question, const Investigation& investigation) {
  facts.target = question.target;
  if (facts.target.empty() && facts.failure) facts.target = facts.failure->target;
  for (const build::CargoTree& tree : investigation.build.cargo)
    for (const build::BuildScriptRun& script : tree.scripts) {
      // cargo's triple rather than the C compiler's: it is the one that cargo's settings are keyed by.
      bool same_machine = isa::arch_of_triple(facts.target) == isa::arch_of_triple(script.target);
      if (!script.target.empty() && question.target.empty() && (facts.target.empty() || same_machine))
        facts.target = script.target;
      if (facts.host.empty()) facts.host = script.host;
    }
  if (facts.log && facts.host.empty()) facts.host = facts.log->host;
  facts.arch = isa::arch_of_triple(facts.target);
  if (facts.arch != isa::Arch::Unknown) return;
  if (facts.replay && facts.replay->machine) facts.arch = isa::arch_of_name(facts.replay->machine->arch);
  if (facts.arch != isa::Arch::Unknown) return;
  std::map<isa::Arch, std::size_t> objects;
  for (const artifact::File* file : investigation.artifacts.files())
    for (const auto& object : file->objects()) ++objects[isa::arch_of_name(object->machine().arch)];
  objects.erase(isa::Arch::Unknown);
  if (objects.size() == 1) facts.arch = objects.begin()->first;
}

SymbolFacts::Near near_of(const link::Nearest& nearest) {
  return {nearest.demangled.empty() || nearest.demangled == nearest.name ? nearest.name : nearest.demangled,
          nearest.where, nearest.detail};
}

/// Linkers print C++ and Rust names demangled; objects hold them mangled. Every undefined name of the
/// artifacts is demangled once, and what the log prints is looked up there.
void find_linker_names(Case& facts) {
  auto printed_readable = [](const std::string& name) {
    return name.find_first_of("(: <") != std::string::npos;
  };
  // GNU's demangler closes nested template arguments with `> >`, LLVM's with `>>`.
  auto one_style = [](std::string name) {
    for (std::size_t at = name.find("> >"); at != std::string::npos; at = name.find("> >", at))
      name.erase(at + 1, 1);
    return name;
  };
  std::map<std::string, std::string, std::less<>> mangled;
  if (std::any_of(facts.symbols.begin(), facts.symbols.end(),
                  [&](const SymbolFacts& symbol) { return printed_readable(symbol.name); })) {
    for (const artifact::File* file : facts.artifacts->files())
      for (const auto& object : file->objects())
        for (const artifact::Symbol& symbol : object->symbols())
          if (symbol.name.starts_with("_Z") || symbol.name.starts_with("_R") || symbol.name.starts_with("?"))
            mangled.emplace(one_style(link::demangle(symbol.name)), symbol.name);
  }
  for (SymbolFacts& symbol : facts.symbols) {
    auto known = mangled.find(one_style(symbol.name));
    symbol.linker_name = known != mangled.end() ? known->second : std::string(bare_name(symbol.name));
  }
}

/// Features of the missing code: proved from a definition that was found, else told from the name.
void find_features(SymbolFacts& symbol, const link::Undefined* located, const Case& facts) {
  if (located)
    for (const link::Nearest& nearest : located->nearest) {
      using Why = link::Nearest::Why;
      bool same = nearest.why == Why::SameNameNotReached || nearest.why == Why::SameNameElsewhere ||
                  nearest.why == Why::SameNameHidden;
      if (!same || !nearest.object) continue;
      isa::Arch arch = isa::arch_of_name(nearest.object->machine().arch);
      if (!isa::supported(arch)) continue;
      for (const artifact::Function& function : nearest.object->functions()) {
        if (function.name != nearest.name) continue;
        const isa::CodeMode mode = {.big_endian = artifact::has_big_endian_code(nearest.object->machine()),
                                    .thumb = function.thumb};
        isa::FeatureSet above =
            isa::with_implied(isa::from_code(arch, function.bytes, function.address, nullptr, mode).features)
                .minus(isa::baseline(arch));
        isa::FeatureSet needed = isa::without_implied(above);
        std::optional<isa::Level> level = isa::level_that_runs(needed);
        symbol.isa = SymbolFacts::Isa{needed, level ? level->name : "", isa::Source::Instructions,
                                      Confidence::Certain};
        return;
      }
    }
  std::optional<isa::NameHint> hint = isa::from_name(symbol.linker_name, facts.arch);
  if (!hint) return;
  isa::FeatureSet needed = hint->features;
  // The flags of the compile that should have made it say more than a word in the name.
  for (const FailedCompile& failed : failed_compiles(facts))
    if (failed.features.contains(needed) || concerns(failed, symbol.name)) {
      isa::FeatureSet named = named_features(failed.compile->arguments, facts.arch);
      if (!named.empty()) needed = isa::without_implied(named);
      break;
    }
  std::optional<isa::Level> level = isa::level_that_runs(needed);
  symbol.isa = SymbolFacts::Isa{needed, level ? level->name : "", hint->source, hint->confidence};
}

void complete_symbols(Case& facts) {
  for (SymbolFacts& symbol : facts.symbols) {
    std::string demangled = link::demangle(symbol.linker_name);
    if (demangled != symbol.linker_name) symbol.demangled = demangled;
    const link::Undefined* located = nullptr;
    if (facts.replay)
      for (const link::Undefined& undefined : facts.replay->undefined)
        if (undefined.name == symbol.linker_name) located = &undefined;
    for (const link::Undefined& undefined : facts.located)
      if (undefined.name == symbol.linker_name) located = &undefined;
    if (located && symbol.status == SymbolFacts::Status::Undefined) {
      symbol.verdict = located->verdict;
      for (const link::Nearest& nearest : located->nearest) symbol.nearest.push_back(near_of(nearest));
      if (symbol.referenced_by.empty())
        for (const link::Referrer& referrer : located->referrers)
          symbol.referenced_by.push_back({referrer.label, referrer.function, ""});
    }
    find_features(symbol, located, facts);
  }
}

bool same_family(std::string_view a, std::string_view b) {
  return isa::same_family(a, b);
}

/// The machine of the link: the replay's, or that of an artifact at hand for the architecture of the target.
std::optional<artifact::Machine> machine_of_link(const Case& facts, const Question& question,
                                                 const Investigation& investigation) {
  if (facts.replay && facts.replay->machine) return facts.replay->machine;
  isa::Arch arch = isa::arch_of_triple(question.target.empty() ? facts.failure->target : question.target);
  if (arch == isa::Arch::Unknown) return std::nullopt;
  for (const artifact::File* file : investigation.artifacts.files())
    for (const auto& object : file->objects())
      if (isa::arch_of_name(object->machine().arch) == arch) return object->machine();
  return std::nullopt;
}

/// What an earlier build with other settings left in cargo's target directory is no definition of this one's.
void leave_out_other_builds(Case& facts) {
  auto leave_out = [&](link::Undefined& undefined) {
    using Why = link::Nearest::Why;
    auto elsewhere = [](const link::Nearest& nearest) { return nearest.why == Why::SameNameElsewhere; };
    std::erase_if(undefined.nearest, [&](const link::Nearest& nearest) {
      return nearest.why != Why::SameNameNotReached && is_of_another_build(facts, nearest.where);
    });
    if (undefined.verdict == link::Verdict::DefinedElsewhere &&
        std::none_of(undefined.nearest.begin(), undefined.nearest.end(), elsewhere))
      undefined.verdict = link::Verdict::DefinedNowhere;
  };
  std::for_each(facts.located.begin(), facts.located.end(), leave_out);
  if (facts.replay) std::for_each(facts.replay->undefined.begin(), facts.replay->undefined.end(), leave_out);
}

void replay_link(Case& facts, const Question& question, Investigation& investigation) {
  const std::optional<log::Command>& command = facts.failure->command;
  bool any_artifacts = !investigation.artifacts.files().empty();
  if (command && !command->arguments.empty()) {
    std::string directory = command->directory.empty() ? question.root : command->directory;
    link::Plan plan = link::plan_from_command(command->arguments, directory, investigation.skipped);
    plan.archive_order_matters =
        plan.archive_order_matters &&
        (facts.failure->linker == log::Linker::GnuLd || facts.failure->linker == log::Linker::Gold ||
         facts.failure->linker == log::Linker::Unknown);
    std::optional<std::string> found = link_directory(*facts.failure, plan, question);
    if (found && !command->abridged) {
      facts.replay = link::replay(plan, *found, investigation.artifacts, same_family);
      facts.link_directory = *found;
    }
    facts.plan = std::move(plan);
    any_artifacts = any_artifacts || facts.replay;
  }
  find_linker_names(facts);
  if (!any_artifacts) return;
  std::set<std::string> replayed;
  if (facts.replay)
    for (const link::Undefined& undefined : facts.replay->undefined) replayed.insert(undefined.name);
  std::optional<link::Finder> finder;
  std::optional<artifact::Machine> machine = machine_of_link(facts, question, investigation);
  for (const SymbolFacts& symbol : facts.symbols) {
    if (symbol.status == SymbolFacts::Status::Duplicate || replayed.contains(symbol.linker_name)) continue;
    if (!finder)
      finder.emplace(investigation.artifacts, same_family,
                     [&](const artifact::File& file) { return is_of_another_build(facts, file.path()); });
    facts.located.push_back(finder->locate(symbol.linker_name, machine));
    facts.located.back().name = symbol.linker_name;
  }
  leave_out_other_builds(facts);
}

/// The machine of the link, from the objects or else from the target's name; without either, with --system,
/// the one that linkdx itself was built for.
artifact::Machine machine_to_search_for(const Case& facts, const Question& question,
                                        const Investigation& investigation) {
  if (std::optional<artifact::Machine> machine = machine_of_link(facts, question, investigation))
    return *machine;
  const llvm::Triple triple(facts.target.empty() ? llvm::sys::getDefaultTargetTriple() : facts.target);
  artifact::Machine machine;
  machine.format = triple.isOSBinFormatCOFF()    ? artifact::Format::Coff
                   : triple.isOSBinFormatMachO() ? artifact::Format::MachO
                                                 : artifact::Format::Elf;
  machine.arch = llvm::Triple::getArchTypeName(triple.getArch()).str();
  machine.bits = triple.isArch64Bit() ? 64 : 32;
  machine.big_endian = triple.getArch() != llvm::Triple::UnknownArch && !triple.isLittleEndian();
  if (triple.isARM()) machine.abi = triple.getEnvironmentName().ends_with("hf") ? "hard-float" : "soft-float";
  return machine;
}

/// Searches the libraries where the linker looks for what is still undefined.
void search_libraries(Case& facts, const Question& question, Investigation& investigation) {
  if (!question.system && !facts.replay) return;
  link::LibraryQuestion wanted;
  constexpr std::size_t most_symbols = 256;
  for (const SymbolFacts& symbol : facts.symbols) {
    if (symbol.status != SymbolFacts::Status::Undefined || wanted.symbols.size() >= most_symbols) continue;
    wanted.symbols.push_back(symbol.linker_name);
  }
  const bool library_missing = std::any_of(
      facts.failure->inputs.begin(), facts.failure->inputs.end(),
      [](const log::InputError& error) { return error.kind == log::InputError::Kind::LibraryNotFound; });
  if (wanted.symbols.empty() && !library_missing) return;
  wanted.machine = machine_to_search_for(facts, question, investigation);
  LibrarySearch search;
  search.system = question.system;
  if (facts.plan && facts.replay)
    search.directories = link::command_directories(*facts.plan, facts.link_directory);
  const std::string sysroot = facts.plan ? facts.plan->sysroot : std::string();
  if (question.system || (facts.replay && !sysroot.empty())) {
    wanted.cache = question.system ? question.library_cache : std::string();
    for (std::string& directory : link::standard_directories(wanted.machine, sysroot))
      search.directories.push_back(std::move(directory));
  }
  if (search.directories.empty()) return;
  wanted.directories = search.directories;
  if (!wanted.symbols.empty()) {
    link::LibraryAnswer answer = link::find_providers(wanted);
    search.providers = std::move(answer.providers);
    search.searched = answer.files;
    // Of a whole system, only what keeps the search from being as good as it could be is worth a word.
    if (!question.system)
      investigation.skipped.insert(investigation.skipped.end(), answer.problems.begin(),
                                   answer.problems.end());
  }
  facts.libraries = std::move(search);
}

void open_paths(const Question& question, Investigation& investigation,
                std::vector<std::string>& directories) {
  for (const std::string& path : question.paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      investigation.artifacts.add_tree(path);
      directories.push_back(path);
    } else {
      investigation.artifacts.open(path);
    }
  }
}

}  // namespace

std::unique_ptr<Investigation> investigate(Question question) {
  auto investigation = std::make_unique<Investigation>();
  investigation->logs = std::move(question.logs);
  if (question.root.empty()) question.root = ".";
  std::vector<std::string> directories;
  open_paths(question, *investigation, directories);
  if (!question.paths.empty()) investigation->build = build::gather(question.paths);

  for (const log::Log& log : investigation->logs) {
    for (const log::Failure& failure : log.failures) {
      Case facts;
      facts.log = &log;
      facts.failure = &failure;
      facts.artifacts = &investigation->artifacts;
      facts.build = &investigation->build;
      facts.directories = directories;
      add_symbols_of_failure(facts);
      replay_link(facts, question, *investigation);
      find_target(facts, question, *investigation);
      complete_symbols(facts);
      search_libraries(facts, question, *investigation);
      investigation->cases.push_back(std::move(facts));
    }
    bool stopped_before_link =
        log.failures.empty() && std::any_of(log.messages.begin(), log.messages.end(), explains_stop);
    if (!stopped_before_link) continue;
    Case facts;
    facts.log = &log;
    facts.artifacts = &investigation->artifacts;
    facts.build = &investigation->build;
    facts.directories = directories;
    add_symbols_of_messages(facts);
    for (SymbolFacts& symbol : facts.symbols) symbol.linker_name = symbol.name;
    find_target(facts, question, *investigation);
    complete_symbols(facts);
    investigation->cases.push_back(std::move(facts));
  }

  auto add = [&](const auto& problems) {
    investigation->skipped.insert(investigation->skipped.end(), problems.begin(), problems.end());
  };
  for (const log::Log& log : investigation->logs) add(log.problems);
  add(investigation->artifacts.problems());
  add(investigation->build.problems);
  return investigation;
}

std::unique_ptr<Investigation> investigate_artifacts(Question question,
                                                     const std::vector<std::string>& undefined) {
  auto investigation = std::make_unique<Investigation>();
  log::Log& log = investigation->logs.emplace_back();
  Case facts;
  facts.log = &log;
  facts.failure = &log.failures.emplace_back();
  facts.artifacts = &investigation->artifacts;
  facts.build = &investigation->build;
  open_paths(question, *investigation, facts.directories);
  investigation->build = build::gather(question.paths);
  const link::Finder finder(investigation->artifacts, same_family);
  for (const std::string& name : undefined) {
    SymbolFacts symbol;
    symbol.name = symbol.linker_name = name;
    facts.located.push_back(finder.locate(name));
    facts.symbols.push_back(std::move(symbol));
  }
  find_target(facts, question, *investigation);
  complete_symbols(facts);
  investigation->cases.push_back(std::move(facts));
  return investigation;
}

std::unique_ptr<Investigation> investigate_link(std::vector<std::string> command, std::string directory,
                                                Question question) {
  auto investigation = std::make_unique<Investigation>();
  log::Log& log = investigation->logs.emplace_back();
  log::Failure& failure = log.failures.emplace_back();
  failure.command.emplace();
  failure.command->arguments = std::move(command);
  failure.command->directory = directory;
  Case facts;
  facts.log = &log;
  facts.failure = &failure;
  facts.artifacts = &investigation->artifacts;
  facts.build = &investigation->build;
  facts.link_directory = directory;
  facts.plan = link::plan_from_command(failure.command->arguments, directory, investigation->skipped);
  failure.linker = facts.plan->archive_order_matters ? log::Linker::GnuLd : log::Linker::Lld;
  failure.output = facts.plan->output_path;
  facts.replay = link::replay(*facts.plan, directory, investigation->artifacts, same_family);
  const auto add = [&facts](const std::string& name, SymbolFacts::Status status) {
    SymbolFacts symbol;
    symbol.name = symbol.linker_name = name;
    symbol.status = status;
    facts.symbols.push_back(std::move(symbol));
  };
  for (const link::Undefined& undefined : facts.replay->undefined)
    add(undefined.name, SymbolFacts::Status::Undefined);
  // Build trees say why something is missing; reading them is worth its time only then.
  if (!facts.symbols.empty()) investigation->build = build::gather(question.paths);
  if (!facts.plan->allow_multiple_definition)
    for (const link::Duplicate& duplicate : facts.replay->duplicates)
      add(duplicate.name, SymbolFacts::Status::Duplicate);
  find_target(facts, question, *investigation);
  complete_symbols(facts);
  investigation->cases.push_back(std::move(facts));
  const auto problems = investigation->artifacts.problems();
  investigation->skipped.insert(investigation->skipped.end(), problems.begin(), problems.end());
  return investigation;
}

}  // namespace linkdx::diagnose
