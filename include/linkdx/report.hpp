// report/: one model, many renderings. Nothing is computed here; untrusted text is escaped in every one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/base.hpp"
#include "linkdx/diagnose.hpp"
#include "linkdx/fix.hpp"

namespace linkdx::report {

/// The contract: include/.. and testdata/schema/report-v1.schema.json describe its JSON form.
struct Report {
  std::string version;                ///< of linkdx
  struct Artifact { std::string path, kind, machine; std::size_t members = 0; };
  std::string linker;                 ///< name_of(log::Linker)
  std::string target, host;           ///< empty: null
  std::vector<std::string> logs;
  std::vector<Artifact> artifacts;
  std::vector<Skipped> skipped;
  std::vector<diagnose::SymbolFacts> symbols;
  struct Item { diagnose::Diagnosis diagnosis; fix::Remedy remedy; };
  std::vector<Item> diagnoses;
  // Technical detail, for the renderings that show it; worked out before rendering.
  struct Context {
    std::string link_command;         ///< as the log shows it, shortened
    std::string log_excerpt;          ///< the lines of the failure itself
    struct FeatureRow { std::string feature, rustc, gcc, clang; std::vector<std::string> cpus; };
    std::vector<FeatureRow> features; ///< those the missing code needs
    std::vector<std::string> verify_steps;   ///< commands, in order
  } context;
};

std::string to_json(const Report& report);
std::string to_markdown(const Report& report);

struct TerminalOptions { bool color = false; unsigned width = 80; };
std::string to_terminal(const Report& report, const TerminalOptions& options);

/// Text as it may be shown: control bytes, escapes, bidi controls and broken UTF-8 made visible.
std::string escape_terminal(std::string_view text);
std::string escape_markdown(std::string_view text);
/// Columns that a terminal needs: wide and combining characters counted.
std::size_t display_width(std::string_view text);

}  // namespace linkdx::report
