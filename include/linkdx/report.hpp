// report/: one model, many renderings.
//
// A Report holds everything that is shown; nothing is computed while rendering. Symbol names, paths and log
// lines come from whoever made the log, so every rendering escapes them: a name cannot move the cursor, hide
// text, or become markup.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/base.hpp"
#include "linkdx/diagnose.hpp"
#include "linkdx/fix.hpp"

namespace linkdx::report {

/// What one run found. testdata/report-v1.schema.json describes its JSON form, which is a contract.
struct Report {
  std::string version;  ///< of linkdx
  struct Artifact {
    std::string path, kind, machine;
    std::size_t members = 0;
  };
  std::string linker;        ///< name_of(log::Linker)
  std::string target, host;  ///< empty: null
  std::vector<std::string> logs;
  std::vector<Artifact> artifacts;
  std::vector<Skipped> skipped;
  std::vector<diagnose::SymbolFacts> symbols;
  /// How bad a finding is and where it stands: in an object for `check`, else in the file that shows it best.
  struct Located {
    std::string severity;                ///< `error`, `warning`, `note`
    std::string path, member, function;  ///< may be empty, as may all but the severity and the fingerprint
    std::optional<std::uint64_t> offset;
    std::string fingerprint;  ///< the same for the same finding of another run
    std::uint64_t line = 0;   ///< 1-based; 0 when the place has no lines
  };
  /// Who refers to what, and where that ends. Nodes stand in the order in which one leads to the next.
  struct Graph {
    enum class Kind { Link, Input, Function, Symbol, Definition, Break };
    struct Node {
      Kind kind = Kind::Symbol;
      std::string label;               ///< a name or, when it stands for several, their number
      std::vector<std::string> names;  ///< those that a number stands for, the first of them
    };
    struct Edge {
      std::size_t from = 0, to = 0;
      std::string label;
      bool broken = false;
    };
    std::vector<Node> nodes;
    std::vector<Edge> edges;
  };
  struct Item {
    diagnose::Diagnosis diagnosis;
    fix::Remedy remedy;
    std::optional<Located> located{};
    Graph graph{};
  };
  std::vector<Item> diagnoses;
  /// Of `check` alone.
  struct Check {
    std::string arch, baseline;
    std::size_t objects = 0, known = 0;  ///< looked at; findings that --compare left out
    struct Need {
      std::string path, level, features, perhaps;  ///< features as words
      std::string raised_by, instruction;
    };
    std::vector<Need> needs;
    struct Suppressed {
      std::string code, place, title, reason;
    };
    std::vector<Suppressed> suppressed;
    std::vector<std::string> unmatched;  ///< suppressions that fit nothing, described
  };
  std::optional<Check> check{};
  // Technical detail, for the renderings that show it; worked out before rendering.
  struct Context {
    std::string link_command;  ///< as the log shows it, shortened
    std::string log_excerpt;   ///< the lines of the failure itself
    struct FeatureRow {
      std::string feature, rustc, gcc, clang;
      std::vector<std::string> cpus;
    };
    std::vector<FeatureRow> features;  ///< those the missing code needs
    /// Symbols by features by levels and CPUs, of one architecture. Features that all its CPUs have are left
    /// out.
    struct Matrix {
      std::string arch;
      std::vector<std::string> features;  ///< implied ones included
      struct Row {
        std::vector<std::string> names;  ///< one symbol or level, or the CPUs that have just the same
        std::vector<bool> has;           ///< as `features`
      };
      std::vector<Row> symbols, levels, cpus;
    };
    std::vector<Matrix> matrices;
    /// One way to tell a compiler what CPU to make code for, and what that means for this failure.
    struct Choice {
      std::string tool, flag;          ///< `rustc`, `-C target-cpu=x86-64-v3`
      std::vector<std::string> lacks;  ///< features that the missing code needs and this does not bring
      std::vector<std::string> cpus;   ///< those that run whatever is made with it; empty: not known
      std::size_t all_cpus = 0;        ///< as many are known
      std::string here;
    };
    std::vector<Choice> choices;
    /// What the variants of a reference kernel did when they were measured.
    struct Speed {
      std::string symbol, measured_on;
      struct Row {
        std::string variant, gigabytes_per_second, times_plain, of_port_limit;
      };
      std::vector<Row> rows;
    };
    std::vector<Speed> speeds;
    struct Step {
      std::string what, command;
    };  ///< `command` is empty when the step is not a command
    std::vector<Step> verify_steps;  ///< how the reader checks the fix, in order
    std::vector<std::string>
        searched;  ///< what was read, for the answer "nothing wrong": `build.log (120 lines)`
  } context;
};

/// Names that are private to this machine and its user, beside what is recognised by its form.
struct Private {
  std::string home;                ///< home directory; `/home/NAME` and its like are recognised anyway
  std::vector<std::string> users;  ///< user names
  std::vector<std::string> hosts;  ///< host names
};
/// Takes home directories, user names, tokens and host names out of every text of the report.
void redact(Report& report, const Private& names);
std::string redact_text(std::string_view text, const Private& names);

// The renderings. Each is in a file of its own, which says whose format it is.
std::string to_json(const Report& report);
std::string to_sarif(const Report& report);
std::string to_github(const Report& report);
std::string to_markdown(const Report& report);
std::string to_html(const Report& report);
// Of a check alone.
std::string to_lines(const Report& report, bool color);
std::string to_check_markdown(const Report& report);

struct TerminalOptions {
  bool color = false;
  unsigned width = 80;
  std::string link_directory{};  ///< where paths begin, if they are to be links (OSC 8); empty: none are
};
std::string to_terminal(const Report& report, const TerminalOptions& options);

/// Text as it may be shown on one line: control bytes, escapes, bidi controls, invisible characters and
/// broken UTF-8 become visible (`\x1b`, `\u{202e}`).
std::string escape_terminal(std::string_view text);
/// The same, and nothing in it is Markdown or HTML. For running text; one line comes out.
std::string escape_markdown(std::string_view text);
/// An argument vector as a POSIX shell reads it back.
std::string shell_command(const std::vector<std::string>& arguments);
/// Breaks running text into lines of at most `columns`. What stands in backticks, and a word longer than a
/// line, is never broken: it must survive being copied. A path outside backticks that is longer than a line
/// loses its beginning. The text is escaped already.
std::vector<std::string> wrap(std::string_view escaped, std::size_t columns);
/// Columns that a terminal needs: wide and combining characters counted.
std::size_t display_width(std::string_view text);

}  // namespace linkdx::report
