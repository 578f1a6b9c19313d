// `linkdx flags FEATURE...|LEVEL|CPU`: what each tool calls them, which levels and CPUs have them, and whether this machine does.
//
// A word may be a feature by anybody's name for it (LLVM's, GCC's, rustc's, that of /proc/cpuinfo), a level or a CPU. Some words
// are known on several architectures (`aes`); without --target each of them is answered.
#include <algorithm>
#include <fstream>

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "linkdx/isa.hpp"
#include "linkdx/report.hpp"

namespace linkdx::cli {
namespace {

namespace po = boost::program_options;

constexpr std::string_view help = R"(linkdx flags says what tools call CPU features, levels and CPUs.

Examples
  linkdx flags avx512bw avx512vl        names in every tool, and who has them
  linkdx flags x86-64-v3                what a level or CPU consists of
  linkdx flags avx2 fma --for rustc     only the arguments, for a script
  linkdx flags --have                   what this machine has
  linkdx flags --have avx512f           whether it has that

Usage
  linkdx flags FEATURE... | LEVEL | CPU [OPTION]...

Options
      --for TOOL        gcc, clang or rustc: print its arguments and no more
      --have            compare with /proc/cpuinfo of this machine
      --target TRIPLE   the architecture meant; default: all that know the words
  -o, --output FILE     write to FILE
  -h, --help            this text

Exit status: 0 done; 1 this machine lacks something, or the tool has no name for
it; 2 unusable call.
)";

struct NamedTool { std::string_view name; isa::Tool tool; };
constexpr NamedTool tools[] = {{"gcc", isa::Tool::Gcc}, {"clang", isa::Tool::Clang}, {"rustc", isa::Tool::Rustc}};

struct FlagsOptions {
  std::vector<std::string> words;
  std::optional<isa::Tool> tool;
  isa::Arch arch = isa::Arch::Unknown;
  std::string output;
  bool have = false, help = false;
};

std::optional<FlagsOptions> parse(const std::vector<std::string>& arguments) {
  po::options_description known;
  known.add_options()("for", po::value<std::string>()->default_value(""))("have", po::bool_switch())(
      "target", po::value<std::string>()->default_value(""))("output,o", po::value<std::string>()->default_value(""))(
      "help,h", po::bool_switch())("word", po::value<std::vector<std::string>>());
  po::positional_options_description positions;
  positions.add("word", -1);
  po::variables_map given;
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(known).positional(positions).style(style).run(), given);
  } catch (const po::error& wrong) {
    complain(wrong.what());
    return std::nullopt;
  }
  FlagsOptions options;
  if (given.count("word") != 0) options.words = given["word"].as<std::vector<std::string>>();
  options.output = given["output"].as<std::string>();
  options.have = given["have"].as<bool>();
  options.help = given["help"].as<bool>();
  if (const std::string& target = given["target"].as<std::string>(); !target.empty()) {
    options.arch = isa::arch_of_triple(target);
    const std::vector<isa::Arch> known_architectures = isa::catalogued_architectures();
    if (std::find(known_architectures.begin(), known_architectures.end(), options.arch) == known_architectures.end()) {
      std::string names;
      for (const isa::Arch arch : known_architectures) names += (names.empty() ? "" : ", ") + std::string(isa::name_of(arch));
      complain("the features of `" + target + "` are not in the catalogue; known are " + names);
      return std::nullopt;
    }
  }
  const std::string& tool = given["for"].as<std::string>();
  for (const NamedTool& row : tools)
    if (row.name == tool) options.tool = row.tool;
  if (!tool.empty() && !options.tool) {
    complain("--for knows gcc, clang and rustc, and not `" + tool + "`");
    return std::nullopt;
  }
  if (options.words.empty() && !options.have && !options.help) {
    complain("flags needs features, a level or a CPU, or --have");
    return std::nullopt;
  }
  if (options.have && options.tool) {
    complain("--have and --for ask different questions");
    return std::nullopt;
  }
  return options;
}

/// What the words say on one architecture. One level or CPU alone is answered as that, and not as its features.
struct Meaning {
  isa::FeatureSet features;
  std::optional<isa::Level> level;
};

std::optional<Meaning> meaning_of(const std::vector<std::string>& words, isa::Arch arch) {
  Meaning meaning{isa::FeatureSet(arch), std::nullopt};
  for (const std::string& word : words) {
    if (const std::optional<isa::FeatureSet> features = isa::features_named(word, arch)) {
      meaning.features.add(*features);
    } else if (std::optional<isa::Level> level = isa::find_level(word, arch)) {
      meaning.features.add(level->features);
      if (words.size() == 1) meaning.level = std::move(level);
    } else {
      return std::nullopt;
    }
  }
  return meaning;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// `what` in a first column, the words in a second that is broken before the 80th column.
std::string line(std::string_view what, const std::vector<std::string>& words) {
  constexpr std::size_t indent = 12, width = 80;
  std::string text = fmt::format("  {:<10}", what);
  std::size_t column = indent;
  bool first = true;
  for (const std::string& word : words) {
    if (!first && column + 1 + word.size() >= width) {
      text += "\n" + std::string(indent, ' ');
      column = indent;
      first = true;
    }
    text += (first ? "" : " ") + word;
    column += word.size() + !first;
    first = false;
  }
  return text + "\n";
}

isa::Flags arguments_for(const Meaning& meaning, isa::Tool tool) {
  if (meaning.level)
    if (std::vector<std::string> arguments = isa::flags_for_level(meaning.level->name, meaning.features.arch(), tool); !arguments.empty())
      return {arguments, {}};
  return isa::flags_for(meaning.features, tool);
}

std::string describe(const Meaning& meaning) {
  const isa::Arch arch = meaning.features.arch();
  const isa::FeatureSet all = isa::with_implied(meaning.features);
  const isa::FeatureSet beyond = all.minus(isa::baseline(arch));
  const isa::FeatureSet said = isa::without_implied(meaning.features);
  std::string text = fmt::format("{} on {}\n", meaning.level ? meaning.level->name : join(said.names()), isa::name_of(arch));
  text += line("features", beyond.empty() ? std::vector<std::string>{"those that every CPU has"} : beyond.names());
  for (const NamedTool& row : tools) {
    const isa::Flags flags = arguments_for(meaning, row.tool);
    if (!flags.arguments.empty()) text += line(row.name, flags.arguments);
    else text += line(row.name, {flags.unnamed.empty() ? "nothing to say: it is the default" : "no switch known"});
    if (!flags.arguments.empty() && !flags.unnamed.empty()) text += line("", {"(no switch known for " + join(flags.unnamed) + ")"});
    const std::string first = meaning.level ? "" : isa::first_version(all, row.tool);
    if (!flags.arguments.empty() && !first.empty()) text += line("", {"(" + first + " or later)"});
  }
  if (meaning.level)
    for (const isa::LevelWord& word : isa::level_words(meaning.level->name, arch)) text += line(word.tool, {std::string(word.word)});
  if (const std::vector<std::string> words = isa::cpuinfo_words(meaning.level ? beyond : said); !words.empty()) text += line("cpuinfo", words);
  const std::optional<isa::Level> level = isa::smallest_level(meaning.features);
  if (!meaning.level || meaning.level->is_cpu) text += line("level", {level ? level->name : "none has them all"});
  const std::vector<std::string> cpus = isa::cpus_with(meaning.features);
  text += line("CPUs", cpus.empty() ? std::vector<std::string>{"none that LLVM knows"} : cpus);
  return text;
}

/// The architecture this program runs on, and the words after `flags` (x86) or `Features` (AArch64) of its first processor.
struct Machine {
  isa::Arch arch = isa::Arch::Unknown;
  std::vector<std::string> words;
};

std::optional<Machine> this_machine() {
#if defined(__x86_64__)
  Machine machine{isa::Arch::X86_64, {}};
#elif defined(__aarch64__)
  Machine machine{isa::Arch::AArch64, {}};
#else
  Machine machine;
#endif
  std::ifstream file("/proc/cpuinfo");
  for (std::string text; std::getline(file, text);) {
    if (!text.starts_with("flags") && !text.starts_with("Features")) continue;
    std::size_t at = text.find(':');
    while (at != std::string::npos && (at = text.find_first_not_of(" \t", at + 1)) != std::string::npos) {
      const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
      machine.words.push_back(text.substr(at, end - at));
      at = end == text.size() ? std::string::npos : end;
    }
    return machine;
  }
  return std::nullopt;
}

int have(const FlagsOptions& options) {
  const std::optional<Machine> machine = this_machine();
  if (!machine || machine->arch == isa::Arch::Unknown) {
    complain("/proc/cpuinfo does not tell this machine's features");
    return Unusable;
  }
  const isa::FeatureSet has = isa::features_of_cpuinfo(machine->words, machine->arch);
  if (options.words.empty()) {
    std::string level;
    for (const isa::Level& one : isa::architecture_levels(machine->arch))
      if (has.contains(isa::told_by_cpuinfo(one.features))) level = one.name;
    std::string text = fmt::format("this machine: {}\n", isa::name_of(machine->arch));
    text += line("level", {level.empty() ? "below the baseline" : level});
    text += line("features", isa::without_implied(has).names());
    return write_output(text, options.output) ? NothingWrong : Unusable;
  }
  const std::optional<Meaning> meaning = meaning_of(options.words, machine->arch);
  if (!meaning) {
    complain(fmt::format("`{}` means nothing on {}, which this machine is", join(options.words), isa::name_of(machine->arch)));
    return Unusable;
  }
  const isa::FeatureSet wanted = isa::with_implied(meaning->features);
  const isa::FeatureSet told = isa::told_by_cpuinfo(wanted), missing = told.minus(has), untold = wanted.minus(told).minus(has);
  std::string text = missing.empty() ? fmt::format("this machine has {}\n", join(options.words))
                                     : fmt::format("this machine lacks {}\n", join(missing.names()));
  if (!untold.empty()) text += fmt::format("/proc/cpuinfo has no word for {}\n", join(untold.names()));
  if (!write_output(text, options.output)) return Unusable;
  return missing.empty() ? NothingWrong : SomethingFound;
}

/// Each word that no architecture knows, with what was probably meant.
void complain_about(const FlagsOptions& options, const std::vector<isa::Arch>& asked) {
  bool all_known = true;
  for (const std::string& word : options.words) {
    std::vector<std::string> names;
    bool known = false;
    for (const isa::Arch arch : asked) {
      known |= meaning_of({word}, arch).has_value();
      const std::vector<std::string> more = isa::known_names(arch);
      names.insert(names.end(), more.begin(), more.end());
    }
    if (known) continue;
    all_known = false;
    const std::string_view near = nearest(word, {names.begin(), names.end()});
    complain(fmt::format("no feature, level or CPU is called `{}`{}", word, near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
  }
  if (all_known) complain(fmt::format("no architecture knows all of `{}`", join(options.words)));
}

}  // namespace

int flags_command(const std::vector<std::string>& arguments) {
  const std::optional<FlagsOptions> options = parse(arguments);
  if (!options) return Unusable;
  if (options->help) return write_output(help, "") ? NothingWrong : Unusable;
  if (options->have) return have(*options);
  std::vector<isa::Arch> asked = isa::catalogued_architectures();
  std::erase(asked, isa::Arch::X86);   // x86-64's answer is the same but for the levels; --target asks for it
  if (options->arch != isa::Arch::Unknown) asked = {options->arch};
  std::vector<Meaning> meanings;
  for (const isa::Arch arch : asked)
    if (std::optional<Meaning> meaning = meaning_of(options->words, arch)) meanings.push_back(std::move(*meaning));
  if (meanings.empty()) {
    complain_about(*options, asked);
    return Unusable;
  }
  if (options->tool) {
    if (meanings.size() > 1) {
      complain(fmt::format("`{}` is known on several architectures; say which with --target", join(options->words)));
      return Unusable;
    }
    const isa::Flags flags = arguments_for(meanings.front(), *options->tool);
    if (!flags.unnamed.empty()) complain("that tool has no name for " + join(flags.unnamed));
    const std::string text = flags.arguments.empty() ? "" : report::shell_command(flags.arguments) + "\n";
    if (!write_output(text, options->output)) return Unusable;
    return flags.unnamed.empty() ? NothingWrong : SomethingFound;
  }
  std::string text;
  for (const Meaning& meaning : meanings) text += (text.empty() ? "" : "\n") + describe(meaning);
  return write_output(text, options->output) ? NothingWrong : Unusable;
}

}  // namespace linkdx::cli
