// What the report says to someone who was not there when the build failed.
//
// The sections follow the questions in the order in which they come: what happened, why, what mends it, what
// does not, the details, how to check, what it costs, what changes, what was not looked at. Markdown and HTML
// are written from this one sequence, so that they cannot differ in what they say.
#include "document.hpp"

#include <algorithm>

#include "escape.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

constexpr std::size_t symbols_in_a_sentence = 8;
constexpr std::size_t symbols_in_the_table = 200;
constexpr std::size_t references_in_a_cell = 3;
constexpr std::size_t cpus_in_a_cell = 8;
constexpr std::size_t longest_name = 400;  ///< columns; the JSON report has every name in full
constexpr std::size_t longest_quote = 4000;

/// Where a snippet goes, and the language that it is highlighted as.
struct SnippetPlace {
  std::string_view tool, label, language;
};
constexpr SnippetPlace snippet_places[] = {
    {"shell", "In a shell", "sh"},
    {"dockerfile", "In a Dockerfile", "dockerfile"},
    {"cargo-config", "In `.cargo/config.toml`", "toml"},
    {"cargo-toml", "In `Cargo.toml`", "toml"},
    {"build-rs", "In `build.rs`", "rust"},
    {"cmake", "In CMake", "cmake"},
    {"make", "In a makefile", "makefile"},
    {"meson", "In Meson", "meson"},
    {"bazel", "In Bazel", "python"},
    {"github-actions", "In a GitHub Actions workflow", "yaml"},
    {"gitlab-ci", "In a GitLab CI file", "yaml"},
    {"diff", "As a patch", "diff"},
    {"c", "In C", "c"},
    {"rust", "In Rust", "rust"},
};
Block block_of(const fix::Snippet& snippet) {
  for (const SnippetPlace& row : snippet_places)
    if (row.tool == snippet.for_tool) return {prose(row.label), snippet.text, row.language};
  return {prose("For ") + code(snippet.for_tool), snippet.text, "text"};
}

/// The middle of a name that is longer than anyone reads is left out.
Text name(std::string_view text) {
  const std::string shown = escape_terminal(text);
  return code(display_width(shown) <= longest_name ? std::string(text) : elide_middle(shown, longest_name));
}

Text plain(std::string_view text) {
  return {{Span::Kind::Plain, std::string(text)}};
}
Text strong(std::string_view text) {
  return {{Span::Kind::Strong, std::string(text)}};
}
Text sure(Confidence confidence) {
  return {{Span::Kind::Confidence, std::string(name_of(confidence))}};
}

/// `a, b and 3 more`
Text listed(const std::vector<Text>& items, std::uint64_t more) {
  Text text;
  for (const Text& item : items) text = (text.empty() ? Text() : std::move(text) + ", ") + item;
  if (more == 0) return text;
  return std::move(text) + ((items.empty() ? "" : " and ") + std::to_string(more) + " more");
}
Text listed_names(const std::vector<std::string>& names, std::size_t shown) {
  const Capped list = capped(names, shown);
  std::vector<Text> items;
  for (const std::string& one : list.items) items.push_back(name(one));
  return listed(items, list.more);
}

class Document {
 public:
  Document(const Report& report, Writer& writer)
      : report_(report), out_(writer), several_(report.diagnoses.size() > 1) {}

  void write() {
    title();
    if (report_.diagnoses.empty()) {
      nothing_found();
    } else {
      what_happened();
      root_causes();
      fixes();
      refuted();
      technical_detail();
      symbols();
      how_to_verify();
      speed();
      before_and_after();
    }
    not_analysed();
  }

 private:
  void paragraphs_of(std::string_view text) {
    for (const std::string& part : paragraphs(text)) out_.paragraph(prose(part));
  }
  /// Sections hold one part for each diagnosis; with only one, no heading of its own is needed.
  void heading_of(const Report::Item& item) {
    if (several_) out_.heading(3, plain(item.diagnosis.code + ": ") + prose(headline(item.diagnosis)), "");
  }

  void title() {
    if (report_.diagnoses.empty()) return out_.heading(1, plain("No link failure found"), "");
    const diagnose::Diagnosis& first = report_.diagnoses.front().diagnosis;
    out_.heading(1, plain("Link failure: ") + prose(headline(first)), "");
    if (several_)
      out_.paragraph(plain("And " + counted(report_.diagnoses.size() - 1, "more diagnosis") + ", below."));
  }

  void input_list() {
    std::vector<Text> items;
    const auto item = [&items](std::string_view label, const Text& value) {
      if (!value.empty()) items.push_back(plain(label) + ": " + value);
    };
    const auto named = [](const std::string& text) { return text.empty() ? Text() : code(text); };
    item("Target", named(report_.target));
    item("Build machine", named(report_.host));
    item("Linker", report_.linker == "unknown" ? Text() : named(report_.linker));
    for (const std::string& log : report_.logs) item("Log", log == "-" ? plain("standard input") : code(log));
    std::size_t members = 0;
    for (const Report::Artifact& artifact : report_.artifacts)
      members += std::max<std::size_t>(1, artifact.members);
    if (!report_.artifacts.empty())
      item("Files read",
           plain(counted(report_.artifacts.size(), "artifact") + " with " + counted(members, "object")));
    if (!report_.skipped.empty())
      item("Not analysed", plain(counted(report_.skipped.size(), "input") + ", listed at the end"));
    if (!items.empty()) out_.bullets(items);
  }

  void what_happened() {
    out_.heading(2, plain("What happened"), "what-happened");
    std::size_t undefined = 0, duplicate = 0, wrong = 0;
    for (const diagnose::SymbolFacts& symbol : report_.symbols) {
      using enum diagnose::SymbolFacts::Status;
      (symbol.status == Undefined ? undefined : symbol.status == Duplicate ? duplicate : wrong) += 1;
    }
    std::string text;
    const auto add = [&text](std::size_t count, std::string_view what) {
      if (count > 0) text += (text.empty() ? "" : ", ") + counted(count, "symbol") + " " + std::string(what);
    };
    add(undefined, "undefined");
    add(duplicate, "defined more than once");
    add(wrong, "defined for another machine only");
    out_.paragraph(plain("The link failed" + (text.empty() ? std::string(".") : ": " + text + ".")));
    input_list();
    if (!report_.context.log_excerpt.empty())
      out_.block({plain("The log says"), report_.context.log_excerpt, "text"});
    if (!report_.context.link_command.empty())
      out_.block({plain("The link command"), report_.context.link_command, "text"});
  }

  void root_causes() {
    out_.heading(2, plain(several_ ? "Root causes" : "Root cause"), "root-cause");
    for (const Report::Item& item : report_.diagnoses) {
      const diagnose::Diagnosis& diagnosis = item.diagnosis;
      heading_of(item);
      const Text lead =
          several_ ? Text() : strong(as_sentence(diagnosis.code + ": " + headline(diagnosis))) + " ";
      out_.paragraph(lead + "Cause " + code(diagnose::name_of(diagnosis.cause)) + ", " +
                     sure(diagnosis.confidence) + ": " + meaning_of(diagnosis) + ".");
      if (!diagnosis.symbols.empty())
        out_.paragraph(plain(diagnosis.symbols.size() == 1 ? "Symbol: " : "Symbols: ") +
                       listed_names(diagnosis.symbols, symbols_in_a_sentence) + ".");
      paragraphs_of(diagnosis.explanation);
      if (!item.graph.nodes.empty()) {
        out_.paragraph(plain("Who refers to what, and where that ends:"));
        out_.graph(item.graph);
      }
      if (!diagnosis.evidence.empty()) out_.paragraph(plain("Evidence:"));
      for (const Evidence& fact : diagnosis.evidence) evidence(fact);
      for (const diagnose::MissingEvidence& missing : diagnosis.missing_evidence) {
        const Text text = plain("Not known: ") + prose(as_sentence(missing.what));
        if (missing.command.empty()) {
          out_.paragraph(text);
        } else {
          out_.paragraph(text + " This shows it:");
          out_.block({{}, missing.command, "sh"});
        }
      }
    }
  }

  void evidence(const Evidence& fact) {
    std::string place = fact.path;
    if (!place.empty() && fact.line != 0) place += ":" + std::to_string(fact.line);
    out_.evidence(place.empty() ? plain(fact.kind) : code(place) + " (" + fact.kind + ")",
                  fact.text.size() > longest_quote
                      ? elide_middle(visible(fact.text, Keep::LinesAndTabs), longest_quote)
                      : fact.text);
  }

  void fixes() {
    out_.heading(2, plain("Fixes"), "fixes");
    for (const Report::Item& item : report_.diagnoses) {
      heading_of(item);
      if (item.remedy.fixes.empty()) {
        out_.paragraph(
            plain(item.diagnosis.missing_evidence.empty()
                      ? "No fix is known for this case."
                      : "No fix can be named before the missing evidence is there; see the root cause."));
      }
      std::size_t number = 0;
      for (const fix::Fix& fix : item.remedy.fixes) one_fix(fix, ++number);
    }
  }

  void one_fix(const fix::Fix& fix, std::size_t number) {
    out_.begin_fix();
    out_.heading(several_ ? 4 : 3, plain("Fix " + std::to_string(number) + ": ") + prose(fix.title), "");
    paragraphs_of(fix.why);
    out_.bullets(
        {plain("Effect: ") + phrase(fix.effect) + " (" + sure(fix.confidence) + ")",
         plain("Price: ") + (fix.price.empty() ? plain("none known") : prose(fix.price)),
         plain("Verified: ") + (fix.verified ? prose(tried(fix)) : plain("no; predicted, not tried"))});
    for (const fix::Snippet& snippet : fix.snippets) out_.block(block_of(snippet));
    std::string steps;
    if (fix.snippets.empty())
      for (const std::string& step : steps_of(fix.apply)) steps += step + "\n";
    if (!steps.empty()) out_.block({{}, steps, "text"});
    paragraphs_of(fix.apply.manual);
    out_.end_fix();
  }

  void refuted() {
    if (std::all_of(report_.diagnoses.begin(), report_.diagnoses.end(),
                    [](const Report::Item& item) { return item.remedy.refuted.empty(); }))
      return;
    out_.heading(2, plain("What will not help"), "what-will-not-help");
    for (const Report::Item& item : report_.diagnoses) {
      if (item.remedy.refuted.empty()) continue;
      heading_of(item);
      std::vector<Text> items;
      for (const fix::Refuted& one : item.remedy.refuted)
        items.push_back(strong(one.advice) + ": " + prose(one.why));
      out_.bullets(items);
    }
  }

  /// The features of all symbols, how they are known, how each toolchain says them.
  void technical_detail() {
    std::vector<std::string> said;
    std::vector<Text> needs;
    for (const diagnose::SymbolFacts& symbol : report_.symbols) {
      if (!symbol.isa || symbol.isa->features.empty()) continue;
      const std::string text =
          features_of(*symbol.isa) + ", " + std::string(phrase(symbol.isa->source)) + " (";
      const std::string key = text + std::string(name_of(symbol.isa->confidence));
      if (std::find(said.begin(), said.end(), key) != said.end()) continue;
      said.push_back(key);
      needs.push_back(prose(text) + sure(symbol.isa->confidence) + ")");
    }
    const Report::Context& context = report_.context;
    if (needs.empty() && context.features.empty()) return;
    out_.heading(2, plain("Technical detail"), "technical-detail");
    if (!needs.empty()) {
      out_.paragraph(plain("The missing code needs:"));
      out_.bullets(needs);
    }
    feature_table();
    if (!context.matrices.empty()) {
      out_.paragraph(plain("Which levels and CPUs have what it takes:"));
      for (const Report::Context::Matrix& matrix : context.matrices) out_.matrix(matrix);
    }
    choices();
  }

  void feature_table() {
    if (report_.context.features.empty()) return;
    Table table{{"Feature", "rustc", "GCC", "clang", "CPUs that have it"}, {}};
    const auto flag = [](const std::string& text) { return text.empty() ? plain("no name") : code(text); };
    for (const auto& feature : report_.context.features) {
      const Capped cpus = capped(feature.cpus, cpus_in_a_cell);
      std::vector<Text> names;
      for (const std::string& cpu : cpus.items) names.push_back(plain(cpu));
      table.rows.push_back({code(feature.feature), flag(feature.rustc), flag(feature.gcc),
                            flag(feature.clang), listed(names, cpus.more)});
    }
    out_.table(table);
  }

  void choices() {
    if (report_.context.choices.empty()) return;
    out_.paragraph(plain("What a choice of CPU means here:"));
    Table table{{"Choice", "Lacks of what is needed", "Runs on", "Here"}, {}};
    for (const Report::Context::Choice& choice : report_.context.choices) {
      std::vector<Text> lacks;
      for (const std::string& feature : choice.lacks) lacks.push_back(code(feature));
      Text runs = plain("not known");
      if (choice.cpus.size() == choice.all_cpus && choice.all_cpus > 0) {
        runs = plain("every CPU of the architecture");
      } else if (!choice.cpus.empty()) {
        runs = plain(std::to_string(choice.cpus.size()) + " of " + std::to_string(choice.all_cpus) +
                     " known names of CPUs, such as " + choice.cpus.front());
      }
      const bool unknown = choice.all_cpus == 0;  // `native`
      table.rows.push_back(
          {code(choice.flag),
           lacks.empty() ? plain(unknown ? "what the build machine lacks" : "nothing") : listed(lacks, 0),
           unknown ? plain("CPUs like the build machine's") : runs, prose(choice.here)});
    }
    out_.table(table);
  }

  Text references(const diagnose::SymbolFacts& symbol) const {
    std::vector<Text> texts;
    std::vector<std::string> seen;
    for (const auto& reference : symbol.referenced_by) {
      const std::string& file = reference.object.empty() ? reference.source : reference.object;
      const std::string key = file + '\n' + reference.function;
      if (key.size() == 1 || std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      seen.push_back(key);
      Text text = file.empty() ? Text() : name(file);
      if (!file.empty() && !reference.function.empty()) text = std::move(text) + " in ";
      texts.push_back(reference.function.empty() ? text : text + name(reference.function));
    }
    const std::size_t shown = std::min(texts.size(), references_in_a_cell);
    const std::uint64_t more = symbol.more_references + (texts.size() - shown);
    texts.resize(shown);
    const bool duplicate = symbol.status == diagnose::SymbolFacts::Status::Duplicate && shown > 0;
    return (duplicate ? plain("defined in ") : Text()) + listed(texts, more);
  }

  void symbols() {
    if (report_.symbols.empty()) return;
    out_.heading(2, plain("Symbols"), "symbols");
    Table table{{"Symbol", "Status", "Definition", "Referenced by", "Nearest"}, {}};
    for (const diagnose::SymbolFacts& symbol : report_.symbols) {
      if (table.rows.size() == symbols_in_the_table) break;
      Text names = name(symbol.name);
      if (!symbol.demangled.empty() && symbol.demangled != symbol.name)
        names = std::move(names) + " " + name(symbol.demangled);
      Text near;
      if (!symbol.nearest.empty()) {
        const auto& first = symbol.nearest.front();
        near = name(first.name) + (first.where.empty() ? Text() : plain(" in ") + name(first.where)) + ": " +
               prose(first.why);
      }
      table.rows.push_back({names, plain(name_of(symbol.status)),
                            symbol.verdict ? plain(phrase(*symbol.verdict)) : Text(), references(symbol),
                            near});
    }
    out_.table(table);
    if (report_.symbols.size() > symbols_in_the_table)
      out_.paragraph(plain("And " + std::to_string(report_.symbols.size() - symbols_in_the_table) +
                           " more; the JSON report has them all."));
  }

  void how_to_verify() {
    if (report_.context.verify_steps.empty()) return;
    out_.heading(2, plain("How to verify"), "how-to-verify");
    out_.steps(report_.context.verify_steps);
  }

  void speed() {
    if (report_.context.speeds.empty()) return;
    out_.heading(2, plain("What falling back costs"), "what-falling-back-costs");
    for (const Report::Context::Speed& speed : report_.context.speeds) {
      out_.paragraph(plain("linkdx's reference kernel for ") + name(speed.symbol) + ", measured " +
                     speed.measured_on + ". It is not the package's own code, and other CPUs differ: " +
                     code("test/bench/kernel") + " measures on yours.");
      Table table{{"Variant", "GB/s", "Times a plain loop", "Of the port limit"}, {}};
      for (const auto& row : speed.rows)
        table.rows.push_back({plain(row.variant), plain(row.gigabytes_per_second), plain(row.times_plain),
                              row.of_port_limit.empty() ? Text() : plain(row.of_port_limit)});
      out_.table(table);
    }
  }

  void before_and_after() {
    Table table{{"Diagnosis", "Before", "After the first fix", "Price", "Tried"}, {}};
    for (const Report::Item& item : report_.diagnoses) {
      if (item.remedy.fixes.empty()) continue;
      const fix::Fix& fix = item.remedy.fixes.front();
      const std::size_t count = item.diagnosis.symbols.size();
      const std::string before =
          count == 0 ? "the link fails" : "the link fails on " + counted(count, "symbol");
      const std::string after =
          fix.effect == fix::Effect::WorksAround ? "it links; the cause remains" : "it links";
      table.rows.push_back({plain(item.diagnosis.code), plain(before),
                            plain(after) + " (" + sure(fix.confidence) + ")",
                            fix.price.empty() ? plain("none known") : prose(fix.price),
                            fix.verified ? prose(tried(fix)) : plain("no, predicted")});
    }
    if (table.rows.empty()) return;
    out_.heading(2, plain("Before and after"), "before-and-after");
    out_.table(table);
  }

  void nothing_found() {
    out_.paragraph(plain(
        "Nothing that was read shows a link that failed. Looked for: undefined and duplicate symbols, "
        "missing "
        "libraries, files of the wrong machine or format, and the other errors of linkers and loaders."));
    std::vector<Text> items;
    for (const std::string& input : report_.context.searched) items.push_back(plain("Read: ") + prose(input));
    if (!items.empty()) out_.bullets(items);
  }

  void not_analysed() {
    if (report_.skipped.empty()) return;
    out_.heading(2, plain("What was not analysed"), "not-analysed");
    std::vector<Text> items;
    for (const Skipped& one : report_.skipped)
      items.push_back((one.path.empty() ? Text() : code(one.path) + ": ") + prose(one.reason));
    out_.bullets(items);
  }

  const Report& report_;
  Writer& out_;
  const bool several_;
};

}  // namespace

Text prose(std::string_view text) {
  Text spans;
  const auto add = [&spans](Span::Kind kind, std::string_view part) {
    if (!part.empty()) spans.push_back({kind, std::string(part)});
  };
  while (!text.empty()) {
    const std::size_t open = text.find('`');
    const std::size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos || close == open + 1) break;
    add(Span::Kind::Plain, text.substr(0, open));
    add(Span::Kind::Code, text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  add(Span::Kind::Plain, text);
  return spans;
}

Text code(std::string_view text) {
  return {{Span::Kind::Code, std::string(text)}};
}

Text operator+(Text first, const Text& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}
Text operator+(Text first, std::string_view text) {
  if (!text.empty()) first.push_back({Span::Kind::Plain, std::string(text)});
  return first;
}

void write_document(const Report& report, Writer& writer) {
  Document(report, writer).write();
}

}  // namespace linkdx::report
