// The terminal rendering, in the manner of rustc's diagnostics.
//
//     error[LDX0101]: what is wrong, in one line
//       --> build.log:120            a place that can be opened
//        |
//     120 | undefined reference ...  what stands there
//        |
//        = cause: ...                what follows from it
//     help: what to change
//         export CFLAGS=...          to be copied: no gutter, never wrapped
//     note: how this is known        the rest of the evidence, and all that was found out
//
// The form is that of rustc's "Errors and lints" guide (rustc-dev-guide, diagnostics): one headline, evidence
// with its place, notes, help. But what the reader needs most comes first: the best evidence, the cause and
// the commands of the first fix fit on the first screen of most diagnoses. Everything for the eye is ASCII,
// at most `width` columns wide except for what has to survive copying: paths, names and commands.
//
// A path is a link where the terminal makes links of OSC 8 ("Hyperlinks in terminal emulators", the de facto
// specification by VTE's and iTerm2's authors): text between two escape sequences that takes no columns.
#include <algorithm>

#include "escape.hpp"
#include "layout.hpp"
#include "linkdx/language.hpp"
#include "linkdx/report.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

constexpr std::size_t symbols_shown = 4;
constexpr std::size_t evidence_shown = 6;
constexpr std::size_t lines_of_one_evidence = 3;
constexpr std::size_t rows_of_one_line = 2;
constexpr std::size_t fold_slack = 16;  ///< columns lost where a row ends between two words
constexpr std::size_t references_shown = 3;
constexpr std::size_t skipped_shown = 5;

// ECMA-48 "select graphic rendition" parameters.
enum class Style { Error, Warning, Title, Gutter, Note, Help };
std::string_view code_of(Style style) {
  switch (style) {
    case Style::Error:
      return "1;31";
    case Style::Warning:
      return "1;33";
    case Style::Title:
      return "1";
    case Style::Gutter:
      return "1;34";
    case Style::Note:
      return "1;32";
    case Style::Help:
      return "1;36";
  }
  return "0";
}

class Terminal {
 public:
  Terminal(const Report& report, const TerminalOptions& options) : report_(report), options_(options) {}

  std::string render() {
    if (report_.diagnoses.empty()) nothing_found();
    for (const Report::Item& item : report_.diagnoses) {
      diagnosis(item);
      blank();
    }
    skipped();
    if (!report_.diagnoses.empty()) summary();
    return std::move(out_);
  }

 private:
  std::string styled(Style style, std::string_view text) const {
    if (!options_.color) return std::string(text);
    std::string painted = "\x1b[";
    painted += code_of(style);
    painted += 'm';
    painted += text;
    return painted + "\x1b[0m";
  }

  /// The text as a link to the file.
  std::string linked(const std::string& path, const std::string& text) const {
    if (options_.link_directory.empty() || path == "-") return text;
    const std::string file = path.starts_with('/') ? path : options_.link_directory + "/" + path;
    return "\x1b]8;;" + file_uri(file) + "\x1b\\" + text + "\x1b]8;;\x1b\\";
  }

  void line(std::string_view text) {
    while (text.ends_with(' ')) text.remove_suffix(1);
    out_ += text;
    out_ += '\n';
  }
  void blank() { out_ += '\n'; }

  /// `label: text`, filled to the width; further lines are indented to stand under the text.
  void labelled(std::string_view indent, Style style, std::string_view label, std::string_view text,
                bool bold = false) {
    const std::size_t lead = indent.size() + display_width(label) + display_width(colon());
    const std::size_t hang = std::min<std::size_t>(lead, 16);
    bool first = true;
    const std::size_t columns = options_.width > lead + 20 ? options_.width - lead : 20;
    for (const std::string& part : wrap(escape_terminal(text), columns)) {
      const std::string shown = bold ? styled(Style::Title, part) : part;
      if (first)
        line(std::string(indent) + styled(style, label) + std::string(colon()) + shown);
      else
        line(std::string(hang, ' ') + shown);
      first = false;
    }
  }

  void filled(std::string_view indent, std::string_view text) {
    for (const std::string& part : wrap(escape_terminal(text), options_.width - indent.size())) {
      line(std::string(indent) + part);
    }
  }

  /// `   = note: text`. The paragraphs after the first are indented under it.
  void note(std::string_view label, std::string_view text) {
    const std::string gap(gutter_ + 1, ' ');
    const std::string hang(gap.size() + 2 + display_width(label) + display_width(colon()), ' ');
    bool first = true;
    for (const std::string& paragraph : paragraphs(text)) {
      for (const std::string& part : wrap(escape_terminal(paragraph), options_.width - hang.size())) {
        if (first)
          line(gap + styled(Style::Gutter, "=") + " " + styled(Style::Title, label) + std::string(colon()) +
               part);
        else
          line(hang + part);
        first = false;
      }
    }
  }

  /// Text to be copied: as it is, indented, never wrapped.
  void copyable(std::string_view text) {
    const std::string shown = visible(text, Keep::LinesAndTabs);
    for (std::string_view part : lines_of(shown)) line("    " + std::string(part));
  }

  void bar() { line(std::string(gutter_ + 1, ' ') + styled(Style::Gutter, "|")); }

  /// Pieces of evidence that stand in one file, in the order of its lines. The header names the piece that
  /// counts most.
  void evidence_of_one_file(std::vector<const Evidence*> facts, bool first,
                            const std::vector<std::string>& focus) {
    const Evidence& main = *facts.front();
    std::string place = escape_terminal(main.path.empty() ? std::string(said_kind(main.kind)) : main.path);
    if (main.line != 0) place += ":" + std::to_string(main.line);
    if (!main.path.empty()) place = linked(main.path, place);
    line(std::string(gutter_, ' ') + styled(Style::Gutter, first ? "-->" : ":::") + " " + place);
    bar();
    std::stable_sort(facts.begin(), facts.end(),
                     [](const Evidence* a, const Evidence* b) { return a->line < b->line; });
    std::uint64_t next = facts.front()->line;
    for (const Evidence* fact : facts) {
      if (fact->line != next) line(styled(Style::Gutter, "..."));
      const std::size_t shown = quoted_lines(*fact, focus);
      next = fact->line == 0 ? 0 : fact->line + shown;
    }
    bar();
  }

  /// Shows one piece; returns how many lines of the file it is.
  std::size_t quoted_lines(const Evidence& fact, const std::vector<std::string>& focus) {
    const std::size_t columns = options_.width - gutter_ - 3;
    std::string number = fact.line != 0 ? std::to_string(fact.line) : "";
    const std::vector<std::string_view> lines = lines_of(fact.text);
    std::size_t shown = 0;
    for (std::string_view text : lines) {
      if (shown == lines_of_one_evidence && lines.size() > shown + 1) {
        quoted("", counted(lines.size() - shown, N_("[{} more line]"), N_("[{} more lines]")));
        break;
      }
      for (const std::string& part :
           fold(excerpt(escape_terminal(text), columns * rows_of_one_line - fold_slack, focus), columns)) {
        quoted(number, part);
        number.clear();
      }
      ++shown;
    }
    return lines.size();
  }

  void quoted(const std::string& number, std::string_view text) {
    line(styled(Style::Gutter, std::string(gutter_ - number.size(), ' ') + number + " |") + " " +
         std::string(text));
  }

  void symbols(const diagnose::Diagnosis& diagnosis) {
    std::vector<std::string> names;
    for (const std::string& name : diagnosis.symbols) {
      const diagnose::SymbolFacts* facts = find_symbol(report_, name);
      const bool other = facts != nullptr && !facts->demangled.empty() && facts->demangled != name;
      names.push_back("`" + name + "`" + (other ? " (" + facts->demangled + ")" : ""));
    }
    const Capped list = capped(names, symbols_shown);
    if (list.items.empty()) return;
    std::string text = report::listed(list);
    const diagnose::SymbolFacts* facts = find_symbol(report_, diagnosis.symbols.front());
    if (facts != nullptr && facts->verdict)
      text += std::string(colon()) + std::string(phrase(*facts->verdict));
    note(names.size() == 1 ? say("symbol") : say("symbols"), text);
  }

  std::string reference(const diagnose::SymbolFacts::ReferencedBy& reference, std::size_t columns) const {
    if (reference.object.empty() && reference.function.empty()) return reference.source;
    std::string text = shortened_path(escape_terminal(reference.object), columns);
    if (!reference.function.empty())
      text = text.empty() ? say("in `{}`", reference.function) : say("{}, in `{}`", text, reference.function);
    const std::string with_source = say("{} ({})", text, reference.source);
    const bool fits = reference.object.empty() || display_width(with_source) <= columns;
    return !reference.source.empty() && fits ? with_source : text;
  }

  /// What is known of the first symbol; the others of one diagnosis have the same cause.
  void symbol_facts(const diagnose::Diagnosis& diagnosis) {
    const diagnose::SymbolFacts* facts =
        diagnosis.symbols.empty() ? nullptr : find_symbol(report_, diagnosis.symbols.front());
    if (facts == nullptr) return;
    const std::size_t columns = options_.width - gutter_ - display_width(say(" = referenced by: "));
    const bool duplicate = facts->status == diagnose::SymbolFacts::Status::Duplicate;
    const std::string label = duplicate ? say("defined in") : say("referenced by");
    std::vector<std::string> places;
    for (const auto& one : facts->referenced_by) {
      std::string text = reference(one, columns);
      if (std::find(places.begin(), places.end(), text) == places.end()) places.push_back(std::move(text));
    }
    const Capped listed_places = capped(places, references_shown);
    for (const std::string& place : listed_places.items) note(label, place);
    const std::uint64_t more = facts->more_references + listed_places.more;
    if (more > 0) note(label, say("and {} more", more));
    if (!facts->nearest.empty()) {
      const auto& near = facts->nearest.front();
      note(say("nearest"), near.where.empty() ? say("`{}`: {}", near.name, near.why)
                                              : say("`{}` in {}: {}", near.name, near.where, near.why));
    }
    if (facts->isa && !facts->isa->features.empty()) {
      note(say("needs"), say("{}, {}", features_of(*facts->isa), phrase(facts->isa->source)));
    }
  }

  /// The first fix in full.
  void best_fix(const std::vector<fix::Fix>& fixes) {
    const fix::Fix& fix = fixes.front();
    blank();
    labelled("", Style::Help, say("help"), fix.title);
    labelled("  ", Style::Title, say("effect"),
             say("{} ({}); {}", phrase(fix.effect), said(fix.confidence), tried(fix)));
    const fix::Snippet* snippet = best_snippet(fix);
    std::vector<std::string> steps;
    if (snippet != nullptr) {
      if (snippet->for_tool != "shell") labelled("  ", Style::Title, say("for"), snippet->for_tool);
      steps.push_back(snippet->text);
    } else {
      steps = steps_of(fix.apply);
    }
    if (!steps.empty()) blank();
    for (const std::string& step : steps) copyable(step);
    by_hand(fix);
    if (!fix.why.empty() || !fix.price.empty()) blank();
    if (!fix.why.empty()) labelled("  ", Style::Title, say("why"), fix.why);
    if (!fix.price.empty()) labelled("  ", Style::Title, say("price"), fix.price);
    const std::string others = fixes.size() == 1 ? other_tools(fix) : "";
    if (!others.empty())
      labelled("  ", Style::Title, say("elsewhere"), say("`--format markdown` also shows it for {}", others));
  }

  void by_hand(const fix::Fix& fix) {
    if (fix.apply.manual.empty()) return;
    blank();
    for (const std::string& paragraph : paragraphs(fix.apply.manual)) filled("    ", paragraph);
  }

  /// The others in a line or two each: who cannot take the first one knows what to ask for.
  void other_fixes(const std::vector<fix::Fix>& fixes) {
    if (fixes.size() < 2) return;
    blank();
    line(styled(Style::Help, say("help")) + std::string(colon()) + say("other ways"));
    for (std::size_t i = 1; i < fixes.size(); ++i) {
      const fix::Fix& other = fixes[i];
      std::string way = other.effect == fix::Effect::Resolves
                            ? say("{} ({})", other.title, said(other.confidence))
                            : say("{} ({}, {})", other.title, said(other.confidence), phrase(other.effect));
      if (!other.price.empty()) way = say("{}. Price: {}", way, other.price);
      listed(way);
    }
    const std::string others = other_tools(fixes.front());
    blank();
    filled("  ", others.empty() ? say("`--format markdown` shows the commands of all {}.", fixes.size())
                                : say("`--format markdown` shows the commands of all {}, also for {}.",
                                      fixes.size(), others));
  }

  /// Who else the fix has words for.
  static std::string other_tools(const fix::Fix& fix) {
    std::vector<std::string> others;
    for (const fix::Snippet& snippet : fix.snippets)
      if (&snippet != best_snippet(fix)) others.push_back(snippet.for_tool);
    return report::listed(others);
  }

  void listed(std::string_view text) {
    bool first = true;
    for (const std::string& part : wrap(escape_terminal(text), options_.width - 4)) {
      line((first ? "  - " : "    ") + part);
      first = false;
    }
  }

  void refuted(const std::vector<fix::Refuted>& advice) {
    if (advice.empty()) return;
    blank();
    line(styled(Style::Note, say("note")) + std::string(colon()) + say("what will not help here"));
    for (const fix::Refuted& one : advice)
      listed(one.advice + std::string(colon()) + first_sentence(one.why));
  }

  void diagnosis(const Report::Item& item) {
    const diagnose::Diagnosis& diagnosis = item.diagnosis;
    const bool links = diagnosis.cause == diagnose::Cause::IsaLeak;  // it links, and may crash
    labelled("", links ? Style::Warning : Style::Error,
             (links ? say("warning") : say("error")) + "[" + escape_terminal(diagnosis.code) + "]",
             headline(diagnosis), true);

    gutter_ = 2;
    const std::size_t count = std::min(diagnosis.evidence.size(), evidence_shown);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t number = diagnosis.evidence[i].line;
      if (number != 0) gutter_ = std::max(gutter_, std::to_string(number).size());
    }
    const std::size_t leading = leading_evidence(diagnosis.evidence);
    evidence(diagnosis, 0, leading);
    note(say("cause"), say("{} ({}: {})", diagnose::name_of(diagnosis.cause), said(diagnosis.confidence),
                           meaning_of(diagnosis)));
    symbols(diagnosis);
    if (!item.remedy.fixes.empty()) best_fix(item.remedy.fixes);

    how_known(diagnosis, leading, count);
    for (const diagnose::MissingEvidence& missing : diagnosis.missing_evidence) {
      blank();
      labelled("", Style::Note, say("not known"), missing.what);
      if (missing.command.empty()) continue;
      filled("  ", say("this shows it:"));
      blank();
      copyable(missing.command);
    }
    other_fixes(item.remedy.fixes);
    refuted(item.remedy.refuted);
  }

  /// The first piece, and the next with it where that is the line below: a command and what came of it.
  static std::size_t leading_evidence(const std::vector<Evidence>& evidence) {
    if (evidence.size() < 2) return evidence.size();
    const bool together = evidence[0].path == evidence[1].path && evidence[0].line != 0 &&
                          evidence[0].line + lines_of(evidence[0].text).size() == evidence[1].line;
    return together ? 2 : 1;
  }

  /// The pieces from `begin` up to `end`, those of one file together.
  void evidence(const diagnose::Diagnosis& diagnosis, std::size_t begin, std::size_t end) {
    const std::vector<std::string> focus = focus_of(diagnosis);
    std::vector<const Evidence*> together;
    for (std::size_t i = begin; i < end; ++i) {
      const Evidence& fact = diagnosis.evidence[i];
      together.push_back(&fact);
      if (i + 1 < end && !fact.path.empty() && diagnosis.evidence[i + 1].path == fact.path) continue;
      evidence_of_one_file(std::move(together), begin == 0, focus);
      together.clear();
    }
  }

  /// What stands behind the headline, beside its first evidence.
  void how_known(const diagnose::Diagnosis& diagnosis, std::size_t begin, std::size_t end) {
    const std::string before = std::move(out_);
    out_.clear();
    evidence(diagnosis, begin, end);
    if (diagnosis.evidence.size() > end) {
      note(say("note"), counted(diagnosis.evidence.size() - end,
                                N_("{} more piece of evidence: `--format markdown` shows all"),
                                N_("{} more pieces of evidence: `--format markdown` shows all")));
    }
    symbol_facts(diagnosis);
    if (!diagnosis.explanation.empty()) note(say("note"), diagnosis.explanation);
    const std::string known = std::move(out_);
    out_ = before;
    if (known.empty()) return;
    blank();
    line(styled(Style::Note, say("note")) + std::string(colon()) + say("how this is known"));
    out_ += known;
  }

  void nothing_found() {
    filled("", say("linkdx found no link failure."));
    for (const std::string& input : report_.context.searched) filled("  ", say("read: {}", input));
    filled("  ", say("looked for: undefined and duplicate symbols, missing libraries, files of the wrong "
                     "machine or format, and the other errors of linkers and loaders"));
    if (!report_.skipped.empty()) blank();
  }

  void skipped() {
    std::size_t shown = 0;
    for (const Skipped& one : report_.skipped) {
      if (shown == skipped_shown && report_.skipped.size() > skipped_shown + 1) break;
      labelled("", Style::Warning, say("warning"),
               one.path.empty() ? say("not analysed: {}", one.reason)
                                : say("not analysed: {}: {}", one.path, one.reason));
      ++shown;
    }
    if (report_.skipped.size() > shown) {
      labelled(
          "", Style::Warning, say("warning"),
          say("{} more not analysed; `--format markdown` lists them all", report_.skipped.size() - shown));
    }
    if (shown > 0 && !report_.diagnoses.empty()) blank();
  }

  void summary() {
    std::vector<std::string> parts = {
        counted(report_.diagnoses.size(), N_("{} diagnosis"), N_("{} diagnoses")),
        counted(report_.symbols.size(), N_("{} symbol"), N_("{} symbols"))};
    if (!report_.target.empty()) parts.push_back(say("target {}", report_.target));
    if (!report_.linker.empty() && report_.linker != "unknown")
      parts.push_back(say("linker {}", report_.linker));
    filled("", "linkdx" + std::string(colon()) + report::listed(parts));
    if (report_.diagnoses.size() > 1) {
      for (const Report::Item& item : report_.diagnoses) in_one_line(item);
    }
    std::vector<std::string> codes;
    for (const Report::Item& item : report_.diagnoses) {
      const std::string code = escape_terminal(item.diagnosis.code);
      if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
    }
    if (!codes.empty()) filled("", say("For more about a cause, try `linkdx explain {}`.", codes.front()));
  }

  void in_one_line(const Report::Item& item) {
    const std::vector<std::string>& symbols = item.diagnosis.symbols;
    std::string text =
        say("{} ({}): {}", item.diagnosis.code, said(item.diagnosis.confidence), item.diagnosis.title);
    if (symbols.size() > 1)
      text = say("{}; {}", text, counted(symbols.size(), N_("{} symbol"), N_("{} symbols")));
    if (!item.remedy.fixes.empty()) text = say("{}. Help: {}", text, item.remedy.fixes.front().title);
    listed(text);
  }

  const Report& report_;
  const TerminalOptions& options_;
  std::string out_;
  std::size_t gutter_ = 2;
};

}  // namespace

std::string to_terminal(const Report& report, const TerminalOptions& options) {
  TerminalOptions usable = options;
  usable.width = std::max(40U, options.width);
  return Terminal(report, usable).render();
}

}  // namespace linkdx::report
