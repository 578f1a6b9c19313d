// The Markdown rendering: the report to hand on.
//
// Its reader was not there when the build failed, so the sections follow the questions in the order in which they
// come: what happened, why, what mends it, what does not, the details, how to check, what changes, what was not
// looked at. Written in the part of Markdown that CommonMark and GitHub Flavored Markdown (tables) share with pandoc.
#include <algorithm>

#include "escape.hpp"
#include "linkdx/report.hpp"
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
SnippetPlace place_of(std::string_view tool) {
  const auto* found = std::find_if(std::begin(snippet_places), std::end(snippet_places),
                                   [tool](const SnippetPlace& row) { return row.tool == tool; });
  return found == std::end(snippet_places) ? SnippetPlace{tool, {}, "text"} : *found;
}

std::string name_span(std::string_view name) {
  return code_span(elide_middle(escape_terminal(name), longest_name));
}

class Markdown {
 public:
  explicit Markdown(const Report& report) : report_(report), several_(report.diagnoses.size() > 1) {}

  std::string render() {
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
      before_and_after();
    }
    not_analysed();
    line("---");
    blank();
    line("Written by linkdx " + escape_markdown(report_.version) + ".");
    return std::move(out_);
  }

 private:
  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }
  void blank() { out_ += '\n'; }
  void heading(unsigned level, std::string_view text) {
    line(std::string(level, '#') + " " + std::string(text));
    blank();
  }
  void paragraph(std::string_view markdown) {
    line(markdown);
    blank();
  }
  void block(std::string_view text, std::string_view language) {
    out_ += fenced(text, language);
    blank();
  }
  void prose(std::string_view text) {
    for (const std::string& part : paragraphs(text)) paragraph(markdown_prose(part));
  }
  void row(const std::vector<std::string>& cells) {
    std::string text = "|";
    for (const std::string& cell : cells) text += " " + (cell.empty() ? std::string("-") : cell) + " |";
    line(text);
  }
  void table_head(const std::vector<std::string>& names) {
    row(names);
    std::string rule = "|";
    for (std::size_t i = 0; i < names.size(); ++i) rule += "---|";
    line(rule);
  }
  /// Sections hold one part for each diagnosis; with only one, no heading of its own is needed.
  void heading_of(const Report::Item& item) {
    if (!several_) return;
    heading(3, escape_markdown(item.diagnosis.code) + ": " + markdown_prose(headline(item.diagnosis)));
  }

  void title() {
    if (report_.diagnoses.empty()) {
      heading(1, "No link failure found");
      return;
    }
    const diagnose::Diagnosis& first = report_.diagnoses.front().diagnosis;
    heading(1, "Link failure: " + markdown_prose(headline(first)));
    if (several_) paragraph("And " + counted(report_.diagnoses.size() - 1, "more diagnosis") + ", below.");
  }

  void input_list() {
    const auto item = [this](std::string_view label, const std::string& value) {
      if (!value.empty()) line("- " + std::string(label) + ": " + value);
    };
    const auto named = [](const std::string& text) { return text.empty() ? std::string() : code_span(text); };
    item("Target", named(report_.target));
    item("Build machine", named(report_.host));
    item("Linker", report_.linker == "unknown" ? std::string() : named(report_.linker));
    for (const std::string& log : report_.logs) item("Log", log == "-" ? "standard input" : code_span(log));
    std::size_t members = 0;
    for (const Report::Artifact& artifact : report_.artifacts)
      members += std::max<std::size_t>(1, artifact.members);
    if (!report_.artifacts.empty()) {
      item("Files read",
           counted(report_.artifacts.size(), "artifact") + " with " + counted(members, "object"));
    }
    item("Not analysed", report_.skipped.empty()
                             ? std::string()
                             : counted(report_.skipped.size(), "input") + ", listed at the end");
    blank();
  }

  void what_happened() {
    heading(2, "What happened");
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
    paragraph("The link failed" + (text.empty() ? std::string(".") : ": " + text + "."));
    input_list();
    if (!report_.context.log_excerpt.empty()) {
      paragraph("The log says:");
      block(report_.context.log_excerpt, "text");
    }
    if (!report_.context.link_command.empty()) {
      paragraph("The link command:");
      block(report_.context.link_command, "text");
    }
  }

  void evidence(const Evidence& fact) {
    std::string place = fact.path.empty() ? "" : fact.path;
    if (fact.line != 0) place += ":" + std::to_string(fact.line);
    paragraph("- " + (place.empty() ? escape_markdown(fact.kind)
                                    : code_span(place) + " (" + escape_markdown(fact.kind) + ")"));
    std::string quoted =
        fenced(fact.text.size() > longest_quote ? elide_middle(fact.text, longest_quote) : fact.text, "text");
    for (std::string_view part : lines_of(quoted)) line(part.empty() ? "" : "  " + std::string(part));
    blank();
  }

  void root_causes() {
    heading(2, several_ ? "Root causes" : "Root cause");
    for (const Report::Item& item : report_.diagnoses) {
      const diagnose::Diagnosis& diagnosis = item.diagnosis;
      heading_of(item);
      if (!several_) {
        paragraph("**" + escape_markdown(diagnosis.code) + ": " + markdown_prose(headline(diagnosis)) + "**");
      }
      paragraph("Cause " + code_span(diagnose::name_of(diagnosis.cause)) + ", **" +
                std::string(name_of(diagnosis.confidence)) + "**: " + std::string(meaning_of(diagnosis)) +
                ".");
      symbol_sentence(diagnosis);
      prose(diagnosis.explanation);
      if (!diagnosis.evidence.empty()) paragraph("Evidence:");
      for (const Evidence& fact : diagnosis.evidence) evidence(fact);
      for (const diagnose::MissingEvidence& missing : diagnosis.missing_evidence) {
        paragraph("Not known: " + markdown_prose(as_sentence(missing.what)) +
                  (missing.command.empty() ? "" : " This command shows it:"));
        if (!missing.command.empty()) block(missing.command, "sh");
      }
    }
  }

  void symbol_sentence(const diagnose::Diagnosis& diagnosis) {
    if (diagnosis.symbols.empty()) return;
    const Capped list = capped(diagnosis.symbols, symbols_in_a_sentence);
    std::string text = diagnosis.symbols.size() == 1 ? "Symbol: " : "Symbols: ";
    for (std::size_t i = 0; i < list.items.size(); ++i)
      text += (i == 0 ? "" : ", ") + name_span(list.items[i]);
    if (list.more > 0) text += " and " + std::to_string(list.more) + " more";
    paragraph(text + ".");
  }

  void fixes() {
    heading(2, "Fixes");
    for (const Report::Item& item : report_.diagnoses) {
      heading_of(item);
      if (item.remedy.fixes.empty()) {
        paragraph(item.diagnosis.missing_evidence.empty()
                      ? "No fix is known for this case."
                      : "No fix can be named before the missing evidence is there; see the root cause.");
        continue;
      }
      std::size_t number = 0;
      for (const fix::Fix& fix : item.remedy.fixes) one_fix(fix, ++number);
    }
  }

  void one_fix(const fix::Fix& fix, std::size_t number) {
    heading(several_ ? 4 : 3, std::to_string(number) + ". " + markdown_prose(fix.title));
    prose(fix.why);
    line("- Effect: " + std::string(phrase(fix.effect)) + " (" + std::string(name_of(fix.confidence)) + ")");
    line("- Price: " + (fix.price.empty() ? std::string("none known") : markdown_prose(fix.price)));
    line("- Verified: " + (fix.verified ? markdown_prose(tried(fix)) : "no; predicted, not tried"));
    blank();
    for (const fix::Snippet& snippet : fix.snippets) {
      const SnippetPlace place = place_of(snippet.for_tool);
      paragraph((place.label.empty() ? "For " + code_span(place.tool) : std::string(place.label)) + ":");
      block(snippet.text, place.language);
    }
    std::string steps;
    if (fix.snippets.empty()) {
      for (const std::string& step : steps_of(fix.apply)) steps += step + "\n";
    }
    if (!steps.empty()) block(steps, "text");
    prose(fix.apply.manual);
  }

  void refuted() {
    bool any = false;
    for (const Report::Item& item : report_.diagnoses) any |= !item.remedy.refuted.empty();
    if (!any) return;
    heading(2, "What will not help");
    for (const Report::Item& item : report_.diagnoses) {
      if (item.remedy.refuted.empty()) continue;
      heading_of(item);
      for (const fix::Refuted& one : item.remedy.refuted) {
        line("- **" + markdown_prose(one.advice) + "**: " + markdown_prose(one.why));
      }
      blank();
    }
  }

  /// The features of all symbols, how they are known, how each toolchain says them.
  void technical_detail() {
    const bool any_isa = std::any_of(
        report_.symbols.begin(), report_.symbols.end(),
        [](const diagnose::SymbolFacts& symbol) { return symbol.isa && !symbol.isa->features.empty(); });
    if (!any_isa && report_.context.features.empty()) return;
    heading(2, "Technical detail");
    std::vector<std::string> said;
    for (const diagnose::SymbolFacts& symbol : report_.symbols) {
      if (!symbol.isa || symbol.isa->features.empty()) continue;
      const std::string text = markdown_prose(features_of(*symbol.isa)) + ", " +
                               std::string(phrase(symbol.isa->source)) + " (" +
                               std::string(name_of(symbol.isa->confidence)) + ")";
      if (std::find(said.begin(), said.end(), text) != said.end()) continue;
      said.push_back(text);
    }
    if (!said.empty()) {
      paragraph("The missing code needs:");
      for (const std::string& text : said) line("- " + text);
      blank();
    }
    if (report_.context.features.empty()) return;
    table_head({"Feature", "rustc", "GCC", "clang", "CPUs that have it"});
    for (const auto& feature : report_.context.features) {
      const auto flag = [](const std::string& text) {
        return text.empty() ? std::string("no name") : code_span(text);
      };
      const Capped cpus = capped(feature.cpus, cpus_in_a_cell);
      std::string names;
      for (const std::string& cpu : cpus.items) names += (names.empty() ? "" : ", ") + escape_markdown(cpu);
      if (cpus.more > 0) names += " and " + std::to_string(cpus.more) + " more";
      row({code_span(feature.feature), flag(feature.rustc), flag(feature.gcc), flag(feature.clang), names});
    }
    blank();
  }

  std::string references(const diagnose::SymbolFacts& symbol) const {
    std::vector<std::string> texts;
    for (const auto& reference : symbol.referenced_by) {
      std::string text = reference.object.empty() ? reference.source : reference.object;
      text = text.empty() ? "" : name_span(text);
      if (!reference.function.empty()) text += (text.empty() ? "" : " in ") + name_span(reference.function);
      if (!text.empty() && std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
    }
    const std::size_t shown = std::min(texts.size(), references_in_a_cell);
    std::string cell =
        symbol.status == diagnose::SymbolFacts::Status::Duplicate && shown > 0 ? "defined in " : "";
    for (std::size_t i = 0; i < shown; ++i) cell += (i == 0 ? "" : ", ") + texts[i];
    const std::uint64_t more = symbol.more_references + (texts.size() - shown);
    if (more > 0) cell += (cell.empty() ? "" : " and ") + std::to_string(more) + " more";
    return cell;
  }

  void symbols() {
    if (report_.symbols.empty()) return;
    heading(2, "Symbols");
    table_head({"Symbol", "Status", "Definition", "Referenced by", "Nearest"});
    std::size_t shown = 0;
    for (const diagnose::SymbolFacts& symbol : report_.symbols) {
      if (shown++ == symbols_in_the_table) break;
      std::string name = name_span(symbol.name);
      if (!symbol.demangled.empty() && symbol.demangled != symbol.name)
        name += " " + name_span(symbol.demangled);
      std::string near;
      if (!symbol.nearest.empty()) {
        const auto& first = symbol.nearest.front();
        near = name_span(first.name) + (first.where.empty() ? "" : " in " + name_span(first.where)) + ": " +
               markdown_prose(first.why);
      }
      row({name, std::string(name_of(symbol.status)),
           symbol.verdict ? std::string(phrase(*symbol.verdict)) : std::string(), references(symbol), near});
    }
    blank();
    if (report_.symbols.size() > symbols_in_the_table) {
      paragraph("And " + std::to_string(report_.symbols.size() - symbols_in_the_table) +
                " more; the JSON report has them all.");
    }
  }

  void how_to_verify() {
    if (report_.context.verify_steps.empty()) return;
    heading(2, "How to verify");
    std::size_t number = 0;
    for (const auto& step : report_.context.verify_steps) {
      const std::string lead = std::to_string(++number) + ". ";
      line(lead + markdown_prose(step.what));
      blank();
      if (step.command.empty()) continue;
      // Indented to belong to the list item.
      const std::string block = fenced(step.command, "sh");
      for (std::string_view part : lines_of(block)) line(std::string(lead.size(), ' ') + std::string(part));
      blank();
    }
  }

  void before_and_after() {
    bool any = false;
    for (const Report::Item& item : report_.diagnoses) any |= !item.remedy.fixes.empty();
    if (!any) return;
    heading(2, "Before and after");
    table_head({"Diagnosis", "Before", "After the first fix", "Price", "Tried"});
    for (const Report::Item& item : report_.diagnoses) {
      if (item.remedy.fixes.empty()) continue;
      const fix::Fix& fix = item.remedy.fixes.front();
      const std::size_t count = item.diagnosis.symbols.size();
      const std::string before =
          count == 0 ? "the link fails" : "the link fails on " + counted(count, "symbol");
      std::string after = fix.effect == fix::Effect::WorksAround ? "it links; the cause remains" : "it links";
      after += " (" + std::string(name_of(fix.confidence)) + ")";
      row({escape_markdown(item.diagnosis.code), before, after,
           fix.price.empty() ? "none known" : markdown_prose(fix.price),
           fix.verified ? markdown_prose(tried(fix)) : "no, predicted"});
    }
    blank();
  }

  void nothing_found() {
    paragraph(
        "Nothing that was read shows a link that failed. Looked for: undefined and duplicate symbols, "
        "missing "
        "libraries, files of the wrong machine or format, and the other errors of linkers and loaders.");
    for (const std::string& input : report_.context.searched) line("- Read: " + markdown_prose(input));
    if (!report_.context.searched.empty()) blank();
  }

  void not_analysed() {
    if (report_.skipped.empty()) return;
    heading(2, "What was not analysed");
    for (const Skipped& one : report_.skipped) {
      line("- " + (one.path.empty() ? std::string() : code_span(one.path) + ": ") +
           markdown_prose(one.reason));
    }
    blank();
  }

  const Report& report_;
  const bool several_;
  std::string out_;
};

}  // namespace

std::string to_markdown(const Report& report) {
  return Markdown(report).render();
}

}  // namespace linkdx::report
