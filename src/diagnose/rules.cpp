// The table of rules, and the order in which they are asked.
//
// The strongest evidence speaks first and claims its symbols; a weaker rule never argues with it. So a
// symbol has one cause in the report, and the order of the table is the ranking of kinds of evidence:
// what the linker said of a file, what the build tree shows, what the replayed link shows, what a written
// standard says of a name, what a name suggests.
#include "rule.hpp"

#include "facts.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace linkdx::diagnose {

namespace {

constexpr Rule ordered_rules[] = {
    rule_duplicate_definition,
    rule_thread_local,  // the linker names both sides
    rule_discarded,
    rule_dispatcher,
    rule_loader,           // a loader says what it refuses
    rule_unusable_inputs,  // the linker says which file it could not use
    rule_missing_library,  // the linker says which library it did not find
    rule_relocation,
    rule_cargo_kernel,  // the build tree shows what was not built
    rule_cmake_kernel,
    rule_replayed_link,  // the objects show where the definition is
    rule_other_mangling,
    rule_flag_mismatch,  // objects, compile commands, or the compiler's own words
    rule_dso_missing,
    rule_suggested_name,  // the linker sees another name
    rule_library_search,  // the tables of the libraries at hand
    rule_libc_version,    // written standards of names
    rule_entry_point,
    rule_plugin_host,
    rule_msvc_runtime,
    rule_known_helper,
    rule_apple_framework,
    rule_intrinsic,
    rule_go,
    rule_build_tool_missing,  // earlier lines of the same log
    rule_missing_driver,
    rule_compiler_header,
    rule_failed_compile_in_log,
    rule_failed_check,
    rule_visibility,
    rule_similar_name,
    rule_rust_hash,
    rule_published_interface,
    rule_host_interface,
    rule_kernel_by_name,  // a name suggests it
    rule_linker_crash,
    rule_header_absent,
    rule_other,
};

int rank(Confidence confidence) {
  return static_cast<int>(confidence);
}

}  // namespace

Context::Context(const Case& facts_) : facts(facts_), claimed_(facts_.symbols.size(), false) {}

std::vector<const SymbolFacts*> Context::open(SymbolFacts::Status status) const {
  std::vector<const SymbolFacts*> symbols;
  for (std::size_t i = 0; i < facts.symbols.size(); ++i)
    if (!claimed_[i] && facts.symbols[i].status == status) symbols.push_back(&facts.symbols[i]);
  return symbols;
}

void Context::state(Diagnosis diagnosis) {
  for (Evidence& evidence : diagnosis.evidence) evidence.path = shown_path(evidence.path);
  std::set<std::string_view> names(diagnosis.symbols.begin(), diagnosis.symbols.end());
  for (std::size_t i = 0; i < facts.symbols.size(); ++i)
    if (names.contains(facts.symbols[i].name)) claimed_[i] = true;
  diagnoses_.push_back(std::move(diagnosis));
}

std::vector<Diagnosis> Context::take() {
  std::stable_sort(diagnoses_.begin(), diagnoses_.end(), [](const Diagnosis& a, const Diagnosis& b) {
    return rank(a.confidence) < rank(b.confidence);
  });
  return std::move(diagnoses_);
}

const log::SymbolError* Context::error_of(std::string_view symbol) const {
  if (!facts.failure) return nullptr;
  for (const log::SymbolError& error : facts.failure->symbols)
    if (error.name == symbol) return &error;
  return nullptr;
}

const link::Undefined* Context::located(std::string_view symbol) const {
  std::string_view linker_name = bare_name(symbol);
  for (const SymbolFacts& known : facts.symbols)
    if (known.name == symbol) linker_name = known.linker_name;
  if (facts.replay)
    for (const link::Undefined& undefined : facts.replay->undefined)
      if (undefined.name == linker_name) return &undefined;
  for (const link::Undefined& undefined : facts.located)
    if (undefined.name == linker_name) return &undefined;
  return nullptr;
}

Evidence Context::log_line(const Excerpt& where) const {
  return {"log", facts.log ? facts.log->name : "", where.line, where.text};
}

Evidence Context::log_line(std::string_view symbol) const {
  const log::SymbolError* error = error_of(symbol);
  return error ? log_line(error->where)
               : Evidence{"log", facts.log ? facts.log->name : "", 0, std::string(symbol)};
}

std::string Context::with_tree() const {
  std::string name = facts.log && facts.log->name != "-" ? facts.log->name : "build.log";
  return fmt::format("linkdx {} {}", name, is_cargo_build(facts) ? "target/" : "BUILD_DIRECTORY");
}

std::string Context::with_system() const {
  return fmt::format("linkdx {} --system",
                     facts.log && facts.log->name != "-" ? facts.log->name : "build.log");
}

Diagnosis make(std::string_view code, Confidence confidence, std::vector<std::string> symbols) {
  Diagnosis diagnosis;
  diagnosis.code = code;
  diagnosis.confidence = confidence;
  diagnosis.symbols = std::move(symbols);
  for (const RuleInfo& rule : rules())
    if (rule.code == code) diagnosis.cause = rule.cause;
  return diagnosis;
}

std::string list_names(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < most; ++i)
    text += fmt::format("{}`{}`", i == 0 ? "" : i + 1 == names.size() ? say(" and ") : say(", "), names[i]);
  if (names.size() > most) text += say(" and {} more", names.size() - most);
  return text;
}

std::string_view bare_name(std::string_view name) {
  return name.substr(0, name.find('@'));
}

std::string_view file_name(std::string_view path) {
  std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::vector<Diagnosis> diagnose(const Case& facts) {
  Context context(facts);
  for (Rule rule : ordered_rules) rule(context);
  return context.take();
}

std::string_view name_of(Cause cause) {
  switch (cause) {
    case Cause::KernelObjectNotBuilt:
      return "kernel-object-not-built";
    case Cause::AssemblerOrCompilerTooOld:
      return "assembler-or-compiler-too-old";
    case Cause::AsmToolMissing:
      return "asm-tool-missing";
    case Cause::WrongArchObject:
      return "wrong-arch-object";
    case Cause::FeatureFlagMismatchBetweenUnits:
      return "feature-flag-mismatch-between-units";
    case Cause::MissingLibrary:
      return "missing-library";
    case Cause::LibraryOrder:
      return "library-order";
    case Cause::AbiOrManglingMismatch:
      return "abi-or-mangling-mismatch";
    case Cause::RuntimeLibraryMissing:
      return "runtime-library-missing";
    case Cause::LibcVersionMismatch:
      return "libc-version-mismatch";
    case Cause::LtoOrVisibility:
      return "lto-or-visibility";
    case Cause::DuplicateDefinition:
      return "duplicate-definition";
    case Cause::IntrinsicAsFunction:
      return "intrinsic-as-function";
    case Cause::IsaLeak:
      return "isa-leak";
    case Cause::Other:
      return "other";
  }
  return "other";
}

}  // namespace linkdx::diagnose
