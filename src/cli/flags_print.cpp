// The answers of `linkdx flags`, as text and as JSON.
#include <fmt/format.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "flags_answer.hpp"
#include "linkdx/language.hpp"
#include "linkdx/report.hpp"

namespace linkdx::cli {
namespace {

using Words = std::vector<std::string>;

std::string join(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// `GCC 13 or later`, `GCC before 15`; empty where any release in use will do.
std::string releases_text(const NamedTool& tool, const isa::Releases& releases) {
  if (releases.first.empty() && releases.gone.empty()) return "";
  if (releases.gone.empty()) return say("{} {} or later", tool.title, releases.first);
  if (releases.first.empty()) return say("{} before {}", tool.title, releases.gone);
  return say("{} from {} on and before {}", tool.title, releases.first, releases.gone);
}

std::string tool_lines(const Meaning& meaning, const NamedTool& tool) {
  const ToolAnswer answer = answer_for(meaning, tool);
  if (answer.flags.arguments.empty())
    return flags_line(tool.name, {answer.flags.unnamed.empty() ? say("nothing to say: it is the default")
                                                               : say("no switch known")});
  std::string text = flags_line(tool.name, answer.flags.arguments);
  auto note = [&](const std::string& words) { text += flags_line("", {say("({})", words)}); };
  if (answer.by_features && meaning.level && !answer.flags.arguments.empty() && tool.tool == isa::Tool::Gcc)
    note(say("not every GCC in use knows the name; these are its features"));
  if (!answer.flags.unnamed.empty()) note(say("no switch known for {}", join(answer.flags.unnamed)));
  if (const std::string releases = releases_text(tool, answer.releases); !releases.empty()) note(releases);
  return text;
}

std::string elsewhere_lines(const Meaning& meaning) {
  const std::vector<isa::ToolWord> words =
      meaning.level ? isa::level_words(meaning.level->name, meaning.features.arch())
                    : isa::words_elsewhere(meaning.features);
  std::string text;
  for (const isa::ToolWord& word : words) {
    Words line{word.word};
    if (!word.exact) line.push_back(say("(the smallest that has it)"));
    if (!word.since.empty()) line.push_back(say("({} or later)", word.since));
    text += flags_line(word.tool, line);
  }
  return text;
}

llvm::json::Array array(const Words& words) {
  llvm::json::Array result;
  for (const std::string& word : words) result.push_back(word);
  return result;
}

llvm::json::Object json_of(const Meaning& meaning) {
  const isa::FeatureSet all = isa::with_implied(meaning.features),
                        said = isa::without_implied(meaning.features);
  const std::optional<isa::Level> level = isa::smallest_level(meaning.features),
                                  cpu = isa::smallest_cpu(meaning.features);
  llvm::json::Array tools, elsewhere;
  for (const NamedTool& tool : flag_tools) {
    const ToolAnswer answer = answer_for(meaning, tool);
    tools.push_back(llvm::json::Object{{"tool", std::string(tool.name)},
                                       {"arguments", array(answer.flags.arguments)},
                                       {"unnamed", array(answer.flags.unnamed)},
                                       {"first_release", answer.releases.first},
                                       {"gone_in_release", answer.releases.gone}});
  }
  for (const isa::ToolWord& word :
       meaning.level ? isa::level_words(meaning.level->name, all.arch()) : isa::words_elsewhere(all))
    elsewhere.push_back(llvm::json::Object{
        {"tool", word.tool}, {"word", word.word}, {"exact", word.exact}, {"first_release", word.since}});
  const isa::FeatureSet beyond = all.minus(isa::baseline(all.arch()));
  return llvm::json::Object{
      {"arch", std::string(isa::name_of(all.arch()))},
      {"name", meaning.level ? meaning.level->name : join(said.names())},
      {"kind", !meaning.level          ? "features"
               : meaning.level->is_cpu ? "cpu"
                                       : "level"},
      {"features", array(said.names())},
      {"all_features", array(all.names())},
      {"smallest_level", level ? llvm::json::Value(level->name) : llvm::json::Value(nullptr)},
      {"smallest_cpu", cpu ? llvm::json::Value(cpu->name) : llvm::json::Value(nullptr)},
      {"tools", std::move(tools)},
      {"elsewhere", std::move(elsewhere)},
      {"cpuinfo", array(isa::cpuinfo_words(meaning.level ? beyond : said))},
      {"hwcap", array(isa::hwcap_words(meaning.level ? beyond : said))},
      {"cpus", array(isa::cpus_with(all))},
      {"clouds", array(isa::cloud_families_with(all))}};
}

llvm::json::Object json_of(const Step& change) {
  return llvm::json::Object{{"features_gained", array(change.gained.names())},
                            {"features_given_up", array(change.given_up.names())},
                            {"cpus_lost", array(change.cpus_lost)},
                            {"cpus_gained", array(change.cpus_gained)}};
}

}  // namespace

std::string flags_line(std::string_view what, const Words& words) {
  constexpr std::size_t indent = 12, width = 80;
  std::string text = fmt::format("  {:<10}", what);
  std::size_t column = indent;
  bool first = true;
  auto put = [&](std::string_view word) {
    const std::size_t wide = report::display_width(word);
    if (!first && column + 1 + wide >= width) {
      text += "\n" + std::string(indent, ' ');
      column = indent;
      first = true;
    }
    text += first ? "" : " ";
    text += word;
    column += wide + !first;
    first = false;
  };
  for (const std::string& word : words) {
    // An argument is not broken, but a note in parentheses is.
    std::string_view rest = word;
    for (std::size_t space; (space = rest.find(' ')) != rest.npos; rest.remove_prefix(space + 1))
      put(rest.substr(0, space));
    put(rest);
  }
  return text + "\n";
}

std::string title_of(const Meaning& meaning) {
  return meaning.level ? meaning.level->name : join(isa::without_implied(meaning.features).names());
}

std::string describe(const Meaning& meaning) {
  const isa::Arch arch = meaning.features.arch();
  const isa::FeatureSet all = isa::with_implied(meaning.features);
  const isa::FeatureSet beyond = all.minus(isa::baseline(arch));
  const isa::FeatureSet said = isa::without_implied(meaning.features);
  const isa::FeatureSet& told = meaning.level ? beyond : said;
  std::string text = say("{} on {}", title_of(meaning), isa::name_of(arch)) + "\n";
  text += flags_line(say("features"), beyond.empty() ? Words{say("those of the baseline")} : beyond.names());
  for (const NamedTool& tool : flag_tools) text += tool_lines(meaning, tool);
  text += elsewhere_lines(meaning);
  if (const Words words = isa::cpuinfo_words(told); !words.empty()) text += flags_line("cpuinfo", words);
  if (const Words words = isa::hwcap_words(told); !words.empty()) text += flags_line("hwcap", words);
  const std::optional<isa::Level> level = isa::smallest_level(meaning.features);
  if (!meaning.level || meaning.level->is_cpu)
    text += flags_line(say("level"), {level ? level->name : say("none has them all")});
  const Words cpus = isa::cpus_with(meaning.features);
  text += flags_line(say("CPUs"), cpus.empty() ? Words{say("none that LLVM knows")} : cpus);
  std::string_view what = translated(N_("clouds"));
  for (const std::string& provider : isa::cloud_families_with(meaning.features)) {
    text += flags_line(what, {provider});
    what = "";
  }
  if (what.empty())
    text += "            " + say("(by the processors their providers name; others may have it too)") + "\n";
  return text;
}

std::string describe_step(const Meaning& from, const Meaning& to) {
  const Step change = step(from, to);
  std::string text =
      say("{} instead of {} on {}", title_of(to), title_of(from), isa::name_of(to.features.arch())) + "\n";
  auto add = [&](std::string_view what, const Words& words) {
    text += flags_line(what, words.empty() ? Words{say("none")} : words);
  };
  add(say("gained"), change.gained.names());
  if (!change.given_up.empty()) add(say("given up"), change.given_up.names());
  add(say("CPUs lost"), change.cpus_lost);
  if (!change.cpus_gained.empty()) add(say("CPUs won"), change.cpus_gained);
  return text;
}

std::string flags_json(const std::vector<Meaning>& meanings, const std::vector<Meaning>& than) {
  llvm::json::Array answers;
  for (std::size_t i = 0; i < meanings.size(); ++i) {
    llvm::json::Object answer = json_of(meanings[i]);
    if (!than.empty()) {
      answer["than"] = title_of(than[i]);
      answer["change"] = json_of(step(than[i], meanings[i]));
    }
    answers.push_back(std::move(answer));
  }
  std::string text;
  llvm::raw_string_ostream out(text);
  out << llvm::formatv("{0:2}", llvm::json::Value(llvm::json::Object{{"answers", std::move(answers)}}))
      << "\n";
  return text;
}

}  // namespace linkdx::cli
