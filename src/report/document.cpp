// What the report says to someone who was not there when the build failed.
//
// The sections follow the questions in the order in which they come: what happened, why, what mends it, what
// does not, the details, how to check, what it costs, what changes, what was not looked at. Markdown and HTML
// are written from this one sequence, so that they cannot differ in what they say.
#include "document.hpp"

#include <algorithm>

#include "escape.hpp"
#include "linkdx/language.hpp"
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
    {"shell", N_("In a shell"), "sh"},
    {"dockerfile", N_("In a Dockerfile"), "dockerfile"},
    {"cargo-config", N_("In `.cargo/config.toml`"), "toml"},
    {"cargo-toml", N_("In `Cargo.toml`"), "toml"},
    {"build-rs", N_("In `build.rs`"), "rust"},
    {"cmake", N_("In CMake"), "cmake"},
    {"make", N_("In a makefile"), "makefile"},
    {"meson", N_("In Meson"), "meson"},
    {"bazel", N_("In Bazel"), "python"},
    {"github-actions", N_("In a GitHub Actions workflow"), "yaml"},
    {"gitlab-ci", N_("In a GitLab CI file"), "yaml"},
    {"diff", N_("As a patch"), "diff"},
    {"c", N_("In C"), "c"},
    {"rust", N_("In Rust"), "rust"},
};
Block block_of(const fix::Snippet& snippet) {
  for (const SnippetPlace& row : snippet_places)
    if (row.tool == snippet.for_tool) return {prose(translated(row.label)), snippet.text, row.language};
  return {filled(N_("For {}"), {code(snippet.for_tool)}), snippet.text, "text"};
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
  for (const Text& item : items)
    text = (text.empty() ? Text() : std::move(text) + translated(N_(", "))) + item;
  if (more == 0) return text;
  const Text number = plain(std::to_string(more));
  return items.empty() ? filled(N_("{} more"), {number}) : filled(N_("{} and {} more"), {text, number});
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
    if (several_) out_.heading(3, plain(item.diagnosis.code) + colon() + prose(headline(item.diagnosis)), "");
  }

  void title() {
    if (report_.diagnoses.empty()) return out_.heading(1, plain(say("No link failure found")), "");
    const diagnose::Diagnosis& first = report_.diagnoses.front().diagnosis;
    out_.heading(1, filled(N_("Link failure: {}"), {prose(headline(first))}), "");
    if (several_)
      out_.paragraph(plain(counted(report_.diagnoses.size() - 1, N_("And {} more diagnosis, below."),
                                   N_("And {} more diagnoses, below."))));
  }

  void input_list() {
    std::vector<Text> items;
    const auto item = [&items](std::string_view label, const Text& value) {
      if (!value.empty()) items.push_back(plain(translated(label)) + colon() + value);
    };
    const auto named = [](const std::string& text) { return text.empty() ? Text() : code(text); };
    item(N_("Target"), named(report_.target));
    item(N_("Build machine"), named(report_.host));
    item(N_("Linker"), report_.linker == "unknown" ? Text() : named(report_.linker));
    for (const std::string& log : report_.logs)
      item(N_("Log"), log == "-" ? plain(say("standard input")) : code(log));
    std::size_t members = 0;
    for (const Report::Artifact& artifact : report_.artifacts)
      members += std::max<std::size_t>(1, artifact.members);
    if (!report_.artifacts.empty())
      item(N_("Files read"),
           plain(say("{} with {}", counted(report_.artifacts.size(), N_("{} artifact"), N_("{} artifacts")),
                     counted(members, N_("{} object"), N_("{} objects")))));
    if (!report_.skipped.empty())
      item(N_("Not analysed"), plain(counted(report_.skipped.size(), N_("{} input, listed at the end"),
                                             N_("{} inputs, listed at the end"))));
    if (!items.empty()) out_.bullets(items);
  }

  void what_happened() {
    out_.heading(2, plain(say("What happened")), "what-happened");
    std::size_t undefined = 0, duplicate = 0, wrong = 0;
    for (const diagnose::SymbolFacts& symbol : report_.symbols) {
      using enum diagnose::SymbolFacts::Status;
      (symbol.status == Undefined ? undefined : symbol.status == Duplicate ? duplicate : wrong) += 1;
    }
    std::vector<std::string> counts;
    const auto add = [&counts](std::size_t count, std::string_view one, std::string_view many) {
      if (count > 0) counts.push_back(counted(count, one, many));
    };
    add(undefined, N_("{} symbol undefined"), N_("{} symbols undefined"));
    add(duplicate, N_("{} symbol defined more than once"), N_("{} symbols defined more than once"));
    add(wrong, N_("{} symbol defined for another machine only"),
        N_("{} symbols defined for another machine only"));
    out_.paragraph(plain(counts.empty() ? say("The link failed.")
                                        : say("The link failed: {}.", report::listed(counts))));
    input_list();
    if (!report_.context.log_excerpt.empty())
      out_.block({plain(say("The log says")), report_.context.log_excerpt, "text"});
    if (!report_.context.link_command.empty())
      out_.block({plain(say("The link command")), report_.context.link_command, "text"});
  }

  void root_causes() {
    out_.heading(2, plain(several_ ? say("Root causes") : say("Root cause")), "root-cause");
    for (const Report::Item& item : report_.diagnoses) {
      const diagnose::Diagnosis& diagnosis = item.diagnosis;
      heading_of(item);
      const Text lead =
          several_ ? Text()
                   : strong(as_sentence(diagnosis.code + std::string(colon()) + headline(diagnosis))) + " ";
      out_.paragraph(
          lead + filled(N_("Cause {}, {}: {}."), {code(diagnose::name_of(diagnosis.cause)),
                                                  sure(diagnosis.confidence), plain(meaning_of(diagnosis))}));
      if (!diagnosis.symbols.empty())
        out_.paragraph(filled(diagnosis.symbols.size() == 1 ? N_("Symbol: {}.") : N_("Symbols: {}."),
                              {listed_names(diagnosis.symbols, symbols_in_a_sentence)}));
      paragraphs_of(diagnosis.explanation);
      if (!item.graph.nodes.empty()) {
        out_.paragraph(plain(say("Who refers to what, and where that ends:")));
        out_.graph(item.graph);
      }
      if (!diagnosis.evidence.empty()) out_.paragraph(plain(say("Evidence:")));
      for (const Evidence& fact : diagnosis.evidence) evidence(fact);
      for (const diagnose::MissingEvidence& missing : diagnosis.missing_evidence) {
        const Text text = filled(N_("Not known: {}"), {prose(as_sentence(missing.what))});
        if (missing.command.empty()) {
          out_.paragraph(text);
        } else {
          out_.paragraph(filled(N_("{} This shows it:"), {text}));
          out_.block({{}, missing.command, "sh"});
        }
      }
    }
  }

  void evidence(const Evidence& fact) {
    std::string place = fact.path;
    if (!place.empty() && fact.line != 0) place += ":" + std::to_string(fact.line);
    out_.evidence(place.empty() ? plain(said_kind(fact.kind))
                                : filled(N_("{} ({})"), {code(place), plain(said_kind(fact.kind))}),
                  fact.text.size() > longest_quote
                      ? elide_middle(visible(fact.text, Keep::LinesAndTabs), longest_quote)
                      : fact.text);
  }

  void fixes() {
    out_.heading(2, plain(say("Fixes")), "fixes");
    for (const Report::Item& item : report_.diagnoses) {
      heading_of(item);
      if (item.remedy.fixes.empty()) {
        out_.paragraph(plain(
            item.diagnosis.missing_evidence.empty()
                ? say("No fix is known for this case.")
                : say("No fix can be named before the missing evidence is there; see the root cause.")));
      }
      std::size_t number = 0;
      for (const fix::Fix& fix : item.remedy.fixes) one_fix(fix, ++number);
    }
  }

  void one_fix(const fix::Fix& fix, std::size_t number) {
    out_.begin_fix();
    out_.heading(several_ ? 4 : 3,
                 filled(N_("Fix {}: {}"), {plain(std::to_string(number)), prose(fix.title)}), "");
    paragraphs_of(fix.why);
    out_.bullets({filled(N_("Effect: {} ({})"), {plain(phrase(fix.effect)), sure(fix.confidence)}),
                  filled(N_("Price: {}"), {fix.price.empty() ? plain(say("none known")) : prose(fix.price)}),
                  filled(N_("Verified: {}"),
                         {fix.verified ? prose(tried(fix)) : plain(say("no; predicted, not tried"))})});
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
    out_.heading(2, plain(say("What will not help")), "what-will-not-help");
    for (const Report::Item& item : report_.diagnoses) {
      if (item.remedy.refuted.empty()) continue;
      heading_of(item);
      std::vector<Text> items;
      for (const fix::Refuted& one : item.remedy.refuted)
        items.push_back(strong(one.advice) + colon() + prose(one.why));
      out_.bullets(items);
    }
  }

  /// The features of all symbols, how they are known, how each toolchain says them.
  void technical_detail() {
    std::vector<std::string> said;
    std::vector<Text> needs;
    for (const diagnose::SymbolFacts& symbol : report_.symbols) {
      if (!symbol.isa || symbol.isa->features.empty()) continue;
      const std::string text = say("{}, {}", features_of(*symbol.isa), phrase(symbol.isa->source));
      const std::string key = text + std::string(name_of(symbol.isa->confidence));
      if (std::find(said.begin(), said.end(), key) != said.end()) continue;
      said.push_back(key);
      needs.push_back(filled(N_("{} ({})"), {prose(text), sure(symbol.isa->confidence)}));
    }
    const Report::Context& context = report_.context;
    if (needs.empty() && context.features.empty()) return;
    out_.heading(2, plain(say("Technical detail")), "technical-detail");
    if (!needs.empty()) {
      out_.paragraph(plain(say("The missing code needs:")));
      out_.bullets(needs);
    }
    feature_table();
    if (!context.matrices.empty()) {
      out_.paragraph(plain(say("Which levels and CPUs have what it takes:")));
      for (const Report::Context::Matrix& matrix : context.matrices) out_.matrix(matrix);
    }
    choices();
  }

  void feature_table() {
    if (report_.context.features.empty()) return;
    Table table{{N_("Feature"), "rustc", "GCC", "clang", N_("CPUs that have it")}, {}};
    const auto flag = [](const std::string& text) {
      return text.empty() ? plain(say("no name")) : code(text);
    };
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
    out_.paragraph(plain(say("What a choice of CPU means here:")));
    Table table{{N_("Choice"), N_("Lacks of what is needed"), N_("Runs on"), N_("Here")}, {}};
    for (const Report::Context::Choice& choice : report_.context.choices) {
      std::vector<Text> lacks;
      for (const std::string& feature : choice.lacks) lacks.push_back(code(feature));
      Text runs = plain(say("not known"));
      if (choice.cpus.size() == choice.all_cpus && choice.all_cpus > 0) {
        runs = plain(say("every CPU of the architecture"));
      } else if (!choice.cpus.empty()) {
        runs = plain(say("{} of {} known names of CPUs, such as {}", choice.cpus.size(), choice.all_cpus,
                         choice.cpus.front()));
      }
      const bool unknown = choice.all_cpus == 0;  // `native`
      table.rows.push_back(
          {code(choice.flag),
           lacks.empty() ? plain(unknown ? say("what the build machine lacks") : say("nothing"))
                         : listed(lacks, 0),
           unknown ? plain(say("CPUs like the build machine's")) : runs, prose(choice.here)});
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
      if (reference.function.empty())
        texts.push_back(name(file));
      else if (file.empty())
        texts.push_back(name(reference.function));
      else
        texts.push_back(filled(N_("{} in {}"), {name(file), name(reference.function)}));
    }
    const std::size_t shown = std::min(texts.size(), references_in_a_cell);
    const std::uint64_t more = symbol.more_references + (texts.size() - shown);
    texts.resize(shown);
    const bool duplicate = symbol.status == diagnose::SymbolFacts::Status::Duplicate && shown > 0;
    const Text list = listed(texts, more);
    return duplicate ? filled(N_("defined in {}"), {list}) : list;
  }

  void symbols() {
    if (report_.symbols.empty()) return;
    out_.heading(2, plain(say("Symbols")), "symbols");
    Table table{{N_("Symbol"), N_("Status"), N_("Definition"), N_("Referenced by"), N_("Nearest")}, {}};
    for (const diagnose::SymbolFacts& symbol : report_.symbols) {
      if (table.rows.size() == symbols_in_the_table) break;
      Text names = name(symbol.name);
      if (!symbol.demangled.empty() && symbol.demangled != symbol.name)
        names = std::move(names) + " " + name(symbol.demangled);
      Text near;
      if (!symbol.nearest.empty()) {
        const auto& first = symbol.nearest.front();
        near = first.where.empty()
                   ? name(first.name) + colon() + prose(first.why)
                   : filled(N_("{} in {}: {}"), {name(first.name), name(first.where), prose(first.why)});
      }
      table.rows.push_back({names, plain(said(symbol.status)),
                            symbol.verdict ? plain(phrase(*symbol.verdict)) : Text(), references(symbol),
                            near});
    }
    out_.table(table);
    if (report_.symbols.size() > symbols_in_the_table)
      out_.paragraph(plain(
          say("And {} more; the JSON report has them all.", report_.symbols.size() - symbols_in_the_table)));
  }

  void how_to_verify() {
    if (report_.context.verify_steps.empty()) return;
    out_.heading(2, plain(say("How to verify")), "how-to-verify");
    out_.steps(report_.context.verify_steps);
  }

  void speed() {
    if (report_.context.speeds.empty()) return;
    out_.heading(2, plain(say("What falling back costs")), "what-falling-back-costs");
    for (const Report::Context::Speed& speed : report_.context.speeds) {
      out_.paragraph(filled(N_("linkdx's reference kernel for {}, measured {}. It is not the package's own "
                               "code, and other CPUs differ: {} measures on yours."),
                            {name(speed.symbol), plain(speed.measured_on), code("test/bench/kernel")}));
      Table table{{N_("Variant"), "GB/s", N_("Times a plain loop"), N_("Of the port limit")}, {}};
      for (const auto& row : speed.rows)
        table.rows.push_back({plain(row.variant), plain(row.gigabytes_per_second), plain(row.times_plain),
                              row.of_port_limit.empty() ? Text() : plain(row.of_port_limit)});
      out_.table(table);
    }
  }

  void before_and_after() {
    Table table{{N_("Diagnosis"), N_("Before"), N_("After the first fix"), N_("Price"), N_("Tried")}, {}};
    for (const Report::Item& item : report_.diagnoses) {
      if (item.remedy.fixes.empty()) continue;
      const fix::Fix& fix = item.remedy.fixes.front();
      const std::size_t count = item.diagnosis.symbols.size();
      const std::string before =
          count == 0 ? say("the link fails")
                     : counted(count, N_("the link fails on {} symbol"), N_("the link fails on {} symbols"));
      const std::string after =
          fix.effect == fix::Effect::WorksAround ? say("it links; the cause remains") : say("it links");
      table.rows.push_back({plain(item.diagnosis.code), plain(before),
                            filled(N_("{} ({})"), {plain(after), sure(fix.confidence)}),
                            fix.price.empty() ? plain(say("none known")) : prose(fix.price),
                            fix.verified ? prose(tried(fix)) : plain(say("no, predicted"))});
    }
    if (table.rows.empty()) return;
    out_.heading(2, plain(say("Before and after")), "before-and-after");
    out_.table(table);
  }

  void nothing_found() {
    out_.paragraph(plain(
        say("Nothing that was read shows a link that failed. Looked for: undefined and duplicate symbols, "
            "missing libraries, files of the wrong machine or format, and the other errors of linkers and "
            "loaders.")));
    std::vector<Text> items;
    for (const std::string& input : report_.context.searched)
      items.push_back(filled(N_("Read: {}"), {prose(input)}));
    if (!items.empty()) out_.bullets(items);
  }

  void not_analysed() {
    if (report_.skipped.empty()) return;
    out_.heading(2, plain(say("What was not analysed")), "not-analysed");
    std::vector<Text> items;
    for (const Skipped& one : report_.skipped)
      items.push_back((one.path.empty() ? Text() : code(one.path) + colon()) + prose(one.reason));
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

Text filled(std::string_view text, const std::vector<Text>& parts) {
  Text out;
  std::size_t next = 0;
  std::string_view rest = translated(text);
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    const std::size_t close = rest.find('}', open);
    out = std::move(out) + rest.substr(0, open);
    if (close == std::string_view::npos) break;
    const bool numbered = close == open + 2;
    const std::size_t index = numbered ? static_cast<std::size_t>(rest[open + 1] - '0') : next++;
    if (index < parts.size()) out = std::move(out) + parts[index];
    rest.remove_prefix(close + 1);
  }
  return out;
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
