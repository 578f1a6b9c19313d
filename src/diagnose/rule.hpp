// What a rule sees and how it speaks.
//
// A rule is a function over one Case. It looks at the symbols that no stronger rule has explained, and
// claims those that it can explain. Rules stand in one table (rules.cpp) in the order of the strength of
// their evidence: what the linker itself said of a file, what the build tree shows, what the replayed link
// shows, what a written standard says of a name, and last what a name suggests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linkdx/diagnose.hpp"
#include "linkdx/language.hpp"

namespace linkdx::diagnose {

class Context {
 public:
  Context(const Case& facts);

  const Case& facts;

  /// Symbols of that status that no rule has claimed yet, in the order of the log.
  std::vector<const SymbolFacts*> open(SymbolFacts::Status status = SymbolFacts::Status::Undefined) const;
  /// States a diagnosis; the symbols it names are explained from then on.
  void state(Diagnosis diagnosis);
  bool stated() const { return !diagnoses_.empty(); }
  std::vector<Diagnosis> take();

  /// The linker's own lines about a symbol; null when the log has none.
  const log::SymbolError* error_of(std::string_view symbol) const;
  /// What the replay, or the search among the artifacts, found for a symbol; null if neither was made.
  const link::Undefined* located(std::string_view symbol) const;
  /// The first line of the log that names the symbol.
  Evidence log_line(std::string_view symbol) const;
  Evidence log_line(const Excerpt& where) const;
  /// The command that gives linkdx what it lacks: the log together with the build tree.
  std::string with_tree() const;
  /// The same with the search through the machine's libraries.
  std::string with_system() const;

 private:
  std::vector<bool> claimed_;
  std::vector<Diagnosis> diagnoses_;
};

using Rule = void (*)(Context&);

// One file a family; each comment there says what it looks at.
void rule_duplicate_definition(Context&);
void rule_unusable_inputs(Context&);
void rule_missing_library(Context&);
void rule_dso_missing(Context&);
void rule_library_search(Context&);
void rule_cargo_kernel(Context&);
void rule_cmake_kernel(Context&);
void rule_build_tool_missing(Context&);
void rule_missing_driver(Context&);
void rule_failed_compile_in_log(Context&);
void rule_flag_mismatch(Context&);
void rule_replayed_link(Context&);
void rule_other_mangling(Context&);
void rule_similar_name(Context&);
void rule_thread_local(Context&);
void rule_libc_version(Context&);
void rule_suggested_name(Context&);
void rule_loader(Context&);
void rule_entry_point(Context&);
void rule_plugin_host(Context&);
void rule_host_interface(Context&);
void rule_known_helper(Context&);
void rule_apple_framework(Context&);
void rule_compiler_header(Context&);
void rule_header_absent(Context&);
void rule_msvc_runtime(Context&);
void rule_published_interface(Context&);
void rule_failed_check(Context&);
void rule_go(Context&);
void rule_visibility(Context&);
void rule_intrinsic(Context&);
void rule_kernel_by_name(Context&);
void rule_relocation(Context&);
void rule_linker_crash(Context&);
void rule_dispatcher(Context&);
void rule_rust_hash(Context&);
void rule_discarded(Context&);
void rule_other(Context&);

/// Failed checks of the configure step that carry the word for CPU features in the symbol's name, best first.
struct FailedCheck {
  std::string what, message;
  Evidence evidence;
};
std::vector<FailedCheck> failed_checks_about(const Case& facts, std::string_view symbol);

/// A header of intrinsics that stops the compile because its CPU feature is off (rule_headers.cpp).
bool is_feature_refusal(const log::ToolMessage& message);

/// A diagnosis with its code and what the code's row says.
Diagnosis make(std::string_view code, Confidence confidence, std::vector<std::string> symbols);

/// `a`, `b` and 3 more: for titles.
std::string list_names(const std::vector<std::string>& names, std::size_t most = 2);
/// Name without its version (`f@GLIBC_2.38`).
std::string_view bare_name(std::string_view name);
/// File name without its directory.
std::string_view file_name(std::string_view path);

}  // namespace linkdx::diagnose
