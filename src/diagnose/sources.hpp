// Where the sources define a symbol. A text search with just enough syntax to tell a definition from a
// declaration or a call: it never replaces a compiler, and says only "this file, this line".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/diagnose.hpp"

namespace linkdx::diagnose {

struct SourceDefinition {
  std::string path;
  std::uint64_t line = 0;
  std::string text;
  std::string guard;  ///< the condition of the innermost `#if` around it, empty if none but an include guard
  std::uint64_t guard_line = 0;
};

/// Directories whose sources belong to the failed build: those given, and those the build trees name.
std::vector<std::string> source_directories(const Case& facts);

/// Definitions of the symbol (C, C++ function by its plain name, or assembly label) below the directories,
/// one a file.
enum class In { Sources, Headers };
std::vector<SourceDefinition> find_definitions(const Case& facts, std::string_view symbol,
                                               In where = In::Sources);

/// Where Rust declares the C function (`fn name(...);` in an extern block); nothing when no source does.
std::optional<build::Occurrence> rust_declaration(const Case& facts, std::string_view name);

/// The whole text of a file of reasonable size, empty if it cannot be read.
std::string read_source(const std::string& path);
/// A file that an assembler reads.
bool is_assembly(std::string_view path);

/// The definition in the text of one file; `assembly` reads labels instead of bodies. A definition that the
/// text qualifies (`Other::f`) is one of that scope only.
std::optional<SourceDefinition> definition_in(const std::string& path, const std::string& text,
                                              std::string_view name, bool assembly,
                                              std::string_view scope = {});

/// The last part of a (possibly mangled) name: `f` of `ns::f(int)`.
std::string plain_function_name(std::string_view symbol);
/// The part before it: `Class` of `ns::Class::f(int)`, empty for a C name.
std::string scope_of_function(std::string_view symbol);

}  // namespace linkdx::diagnose
