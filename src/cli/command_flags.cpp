// `linkdx flags FEATURE...|LEVEL|CPU`: what each tool calls them, which levels and CPUs have them, and
// whether this machine does.
//
// A word may be a feature by anybody's name for it (LLVM's, GCC's, rustc's, that of /proc/cpuinfo), a level
// or a CPU. Some words are known on several architectures (`aes`); without --target each of them is answered.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "arguments.hpp"
#include "commands.hpp"
#include "flags_answer.hpp"
#include "linkdx/isa.hpp"
#include "linkdx/language.hpp"
#include "linkdx/report.hpp"
#include "option_table.hpp"

namespace linkdx::cli {
namespace {

constexpr std::string_view help = N_(R"(linkdx flags says what tools call CPU features, levels and CPUs.

Examples
  linkdx flags avx512bw avx512vl        names in every tool, and who has them
  linkdx flags x86-64-v3                what a level or CPU consists of
  linkdx flags avx2 fma --for rustc     only the arguments, for a script
  linkdx flags x86-64-v3 --than x86-64-v2
                                        what that gains, and the CPUs it loses
  linkdx flags --have                   what this machine has
  linkdx flags --have avx512f           whether it has that

Usage
  linkdx flags FEATURE... | LEVEL | CPU [OPTION]...

Options
{options}

Exit status: 0 done; 1 this machine lacks something, or the tool has no name for
it; 2 unusable call.
)");

struct FlagsOptions {
  std::vector<std::string> words;
  std::optional<NamedTool> tool;
  isa::Arch arch = isa::Arch::Unknown;
  std::string than, cpuinfo, format, output;
  bool have = false, help = false;
};

std::optional<FlagsOptions> parse(const std::vector<std::string>& arguments) {
  const std::optional<Arguments> given = parse_arguments("flags", arguments);
  if (!given) return std::nullopt;
  FlagsOptions options;
  options.words = given->words();
  options.output = given->text("output");
  options.than = given->text("than");
  options.cpuinfo = given->text("cpuinfo");
  options.format = given->text("format");
  options.have = given->has("have");
  options.help = given->has("help");
  if (const std::string target = given->text("target"); !target.empty()) {
    options.arch = isa::arch_of_triple(target);
    const std::vector<isa::Arch> known_architectures = isa::catalogued_architectures();
    if (std::find(known_architectures.begin(), known_architectures.end(), options.arch) ==
        known_architectures.end()) {
      std::string names;
      for (const isa::Arch arch : known_architectures)
        names += (names.empty() ? "" : say(", ")) + std::string(isa::name_of(arch));
      complain(say("the features of `{}` are not in the catalogue; known are {}", target, names));
      return std::nullopt;
    }
  }
  const std::string tool = given->text("for");
  for (const NamedTool& row : flag_tools)
    if (row.name == tool) options.tool = row;
  if (options.words.empty() && !options.have && !options.help) {
    complain(say("flags needs features, a level or a CPU, or --have"));
    return std::nullopt;
  }
  if (!options.cpuinfo.empty() && !options.have) {
    complain(say("--cpuinfo needs --have"));
    return std::nullopt;
  }
  const int questions = options.have + options.tool.has_value() + !options.than.empty();
  if (questions > 1 || (options.format == "json" && (options.have || options.tool))) {
    complain(options.format == "json" ? say("--format json answers the words, or --than; not --have or --for")
                                      : say("--have, --for and --than ask different questions"));
    return std::nullopt;
  }
  return options;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// A machine by its /proc/cpuinfo: of the architecture asked for, or else the one this program was built for.
struct Machine {
  isa::Arch arch = isa::Arch::Unknown;
  std::vector<std::string> words;
};

isa::Arch arch_of_this_program() {
#if defined(__x86_64__)
  return isa::Arch::X86_64;
#elif defined(__i386__)
  return isa::Arch::X86;
#elif defined(__aarch64__)
  return isa::Arch::AArch64;
#elif defined(__arm__)
  return isa::Arch::Arm;
#elif defined(__riscv) && __riscv_xlen == 64
  return isa::Arch::RiscV64;
#elif defined(__powerpc64__)
  return isa::Arch::PowerPC64;
#elif defined(__s390x__)
  return isa::Arch::SystemZ;
#elif defined(__loongarch64)
  return isa::Arch::LoongArch64;
#else
  return isa::Arch::Unknown;
#endif
}

std::optional<Machine> read_machine(const FlagsOptions& options) {
  const std::string path = options.cpuinfo.empty() ? "/proc/cpuinfo" : options.cpuinfo;
  std::ifstream file(path);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    complain(say("cannot read {}", path));
    return std::nullopt;
  }
  const std::optional<std::vector<std::string>> words = isa::words_of_cpuinfo(text.str());
  const isa::Arch arch = options.arch == isa::Arch::Unknown ? arch_of_this_program() : options.arch;
  if (!words || arch == isa::Arch::Unknown) {
    complain(say("{} does not tell the machine's features", path));
    return std::nullopt;
  }
  return Machine{arch, *words};
}

int have(const FlagsOptions& options) {
  const std::optional<Machine> machine = read_machine(options);
  if (!machine) return Unusable;
  const isa::FeatureSet has = isa::features_of_cpuinfo(machine->words, machine->arch);
  if (options.words.empty()) {
    std::string level;
    for (const isa::Level& one : isa::architecture_levels(machine->arch))
      if (has.contains(isa::told_by_cpuinfo(one.features))) level = one.name;
    std::string text = say("this machine: {}", isa::name_of(machine->arch)) + "\n";
    text += flags_line(say("level"), {level.empty() ? say("below the baseline") : level});
    text += flags_line(say("features"), isa::without_implied(has).names());
    return write_output(text, options.output) ? NothingWrong : Unusable;
  }
  const std::optional<Meaning> meaning = meaning_of(options.words, machine->arch);
  if (!meaning) {
    complain(say("`{}` means nothing on {}, which this machine is", join(options.words),
                 isa::name_of(machine->arch)));
    return Unusable;
  }
  const isa::FeatureSet wanted = isa::with_implied(meaning->features);
  const isa::FeatureSet told = isa::told_by_cpuinfo(wanted), missing = told.minus(has),
                        untold = wanted.minus(told).minus(has);
  std::string text = (missing.empty() ? say("this machine has {}", join(options.words))
                                      : say("this machine lacks {}", join(missing.names()))) +
                     "\n";
  if (!untold.empty()) text += say("/proc/cpuinfo has no word for {}", join(untold.names())) + "\n";
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
    complain(say("no feature, level or CPU is called `{}`{}", word,
                 near.empty() ? "" : say("; did you mean `{}`?", near)));
  }
  if (all_known) complain(say("no architecture knows all of `{}`", join(options.words)));
}

}  // namespace

std::string_view flags_help() {
  return help;
}

int flags_command(const std::vector<std::string>& arguments) {
  const std::optional<FlagsOptions> options = parse(arguments);
  if (!options) return Unusable;
  if (options->help) return write_output(help_page("flags", help), "") ? NothingWrong : Unusable;
  if (options->have) return have(*options);
  std::vector<isa::Arch> asked = isa::catalogued_architectures();
  std::erase(asked, isa::Arch::X86);  // x86-64's answer is the same but for the levels; --target asks for it
  if (options->arch != isa::Arch::Unknown) asked = {options->arch};
  std::vector<Meaning> meanings;
  for (const isa::Arch arch : asked)
    if (std::optional<Meaning> meaning = meaning_of(options->words, arch))
      meanings.push_back(std::move(*meaning));
  if (meanings.empty()) {
    complain_about(*options, asked);
    return Unusable;
  }
  std::vector<Meaning> than;
  if (!options->than.empty()) {
    for (const Meaning& meaning : meanings)
      if (std::optional<Meaning> other = meaning_of({options->than}, meaning.features.arch()))
        than.push_back(std::move(*other));
    if (than.size() != meanings.size()) {
      complain(say("`{}` is known to no architecture that knows `{}`", options->than, join(options->words)));
      return Unusable;
    }
  }
  if (options->tool) {
    if (meanings.size() > 1) {
      complain(say("`{}` is known on several architectures; say which with --target", join(options->words)));
      return Unusable;
    }
    const isa::Flags flags = answer_for(meanings.front(), *options->tool).flags;
    if (!flags.unnamed.empty()) complain(say("that tool has no name for {}", join(flags.unnamed)));
    const std::string text = flags.arguments.empty() ? "" : report::shell_command(flags.arguments) + "\n";
    if (!write_output(text, options->output)) return Unusable;
    return flags.unnamed.empty() ? NothingWrong : SomethingFound;
  }
  std::string text;
  if (options->format == "json") {
    text = flags_json(meanings, than);
  } else {
    for (std::size_t i = 0; i < meanings.size(); ++i)
      text +=
          (i == 0 ? "" : "\n") + (than.empty() ? describe(meanings[i]) : describe_step(than[i], meanings[i]));
  }
  return write_output(text, options->output) ? NothingWrong : Unusable;
}

}  // namespace linkdx::cli
