// Features and levels in the words of tools that are no C compiler and not rustc: Go, Docker, Zig and
// Microsoft's compiler. Zig has every feature of LLVM, by LLVM's name with `_` for `.` and `-`
// (tools/update_cpu_features.zig). The others know levels and a few features (level_words.inc,
// feature_words.inc), so for a set of features theirs is the smallest level that has it. And where such
// machines are rented (cloud_families.inc).
#include <algorithm>

#include "catalogue.hpp"
#include "code.hpp"

namespace linkdx::isa {
namespace {

struct LevelRow {
  Arch arch;
  std::string_view level, features, tool, word;
};
constexpr LevelRow level_rows[] = {
#define WORD(arch, level, features, tool, word) {arch, level, features, tool, word},
#include "level_words.inc"
#undef WORD
};

struct FeatureWordRow {
  Arch arch;
  std::string_view features, tool, word, since;
};
constexpr FeatureWordRow feature_rows[] = {
#define WORD(arch, features, tool, word, since) {arch, features, tool, word, since},
#include "feature_words.inc"
#undef WORD
};

struct CloudRow {
  Arch arch;
  std::string_view provider, families, cpu;
};
constexpr CloudRow cloud_rows[] = {
#define CLOUD(arch, provider, families, cpu) {arch, provider, families, cpu},
#include "cloud_families.inc"
#undef CLOUD
};

FeatureSet features_of(const LevelRow& row) {
  FeatureSet features = find_level(row.level, row.arch)->features;
  features.add(with_implied(feature_words(row.arch, row.features)));
  return features;
}

std::string zig_spelling(std::string_view llvm_name) {
  std::string name(llvm_name);
  std::replace_if(name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
  return name;
}

/// Zig's word for the CPU that has the baseline and no more.
std::string_view zig_baseline(Arch arch) {
  switch (arch) {
    case Arch::X86:
      return "i686";
    case Arch::X86_64:
      return "x86_64";
    case Arch::AArch64:
      return "generic";
    default:
      return {};
  }
}

std::optional<ToolWord> zig_word(const FeatureSet& features) {
  const std::string_view base = zig_baseline(features.arch());
  std::string word = "-mcpu=" + std::string(base);
  for (const std::string& name : without_implied(features.minus(baseline(features.arch()))).names()) {
    if (!Catalogue::of(features.arch()).find(name)->in_llvm) return std::nullopt;
    word += "+" + zig_spelling(name);
  }
  return base.empty() ? std::nullopt : std::optional(ToolWord{"zig", word, true, ""});
}

/// The smallest level that has them all, or the baseline's word and the few features that the tool can name.
std::optional<ToolWord> smallest_word(const FeatureSet& features, std::string_view tool) {
  const FeatureSet needed = with_implied(features).minus(baseline(features.arch()));
  const LevelRow* lowest = nullptr;
  for (const LevelRow& row : level_rows) {
    if (row.arch != features.arch() || row.tool != tool) continue;
    if (lowest == nullptr) lowest = &row;
    FeatureSet named(features.arch());
    std::string words;
    std::string_view since;
    if (&row == lowest)
      for (const FeatureWordRow& extra : feature_rows)
        if (const FeatureSet brought = with_implied(feature_words(extra.arch, extra.features));
            extra.arch == features.arch() && extra.tool == tool &&
            needed.contains(brought.minus(baseline(row.arch)))) {
          named.add(brought);
          words += extra.word;
          since = std::max(since, extra.since);
        }
    FeatureSet all = features_of(row);
    all.add(named);
    if (all.contains(needed))
      return ToolWord{std::string(tool), std::string(row.word) + words,
                      needed.contains(all.minus(baseline(row.arch))), std::string(since)};
  }
  return std::nullopt;
}

constexpr std::string_view tools_with_levels[] = {"go", "docker", "msvc"};

}  // namespace

std::vector<ToolWord> level_words(std::string_view name, Arch arch) {
  std::vector<ToolWord> words;
  const std::optional<Level> level = find_level(name, arch);
  if (!level) return words;
  if (level->is_cpu)
    for (std::string_view tool : tools_with_levels)
      if (std::optional<ToolWord> word = smallest_word(level->features, tool)) words.push_back(*word);
  for (const LevelRow& row : level_rows)
    if (row.arch == arch && row.level == level->name && row.features.empty())
      words.push_back({std::string(row.tool), std::string(row.word), true, ""});
  // Zig has LLVM's CPUs, x86-64's levels as CPUs, and AArch64's versions as features (`v8_2a` for armv8.2-a).
  if (!zig_baseline(arch).empty() && (level->is_cpu || arch == Arch::X86_64)) {
    words.push_back({"zig", "-mcpu=" + zig_spelling(level->name), true, ""});
  } else if (arch == Arch::AArch64) {
    std::string version = level->name.substr(level->name.find('v'));
    version.erase(std::remove(version.begin(), version.end(), '-'), version.end());
    words.push_back({"zig", "-mcpu=generic+" + zig_spelling(version), true, ""});
  } else if (std::optional<ToolWord> zig = zig_word(level->features)) {
    words.push_back(*zig);
  }
  return words;
}

std::vector<ToolWord> words_elsewhere(const FeatureSet& features) {
  std::vector<ToolWord> words;
  for (std::string_view tool : tools_with_levels)
    if (std::optional<ToolWord> word = smallest_word(features, tool)) words.push_back(*word);
  if (std::optional<ToolWord> word = zig_word(features)) words.push_back(*word);
  return words;
}

std::optional<FeatureSet> features_of_msvc_arch(std::string_view value, Arch arch) {
  const std::string word = "/arch:" + std::string(value.substr(0, value.find('+')));
  for (const LevelRow& row : level_rows)
    if (row.tool == "msvc" && row.arch == (is_x86(arch) ? Arch::X86_64 : arch) && row.word == word)
      return features_of(row);
  return std::nullopt;
}

std::vector<std::string> cloud_families_with(const FeatureSet& features) {
  std::vector<std::string> families;
  const FeatureSet needed = with_implied(features);
  std::string_view provider;
  for (const CloudRow& row : cloud_rows) {
    if (row.arch != features.arch()) continue;
    // `neoverse-v2+aes`: what LLVM leaves out of the CPU because Arm sells it with and without.
    const std::size_t plus = row.cpu.find('+');
    FeatureSet has = find_level(row.cpu.substr(0, plus), row.arch)->features;
    for (std::string_view rest = plus == std::string_view::npos ? "" : row.cpu.substr(plus + 1);
         !rest.empty();) {
      has.add(rest.substr(0, rest.find('+')));
      rest = rest.find('+') == std::string_view::npos ? "" : rest.substr(rest.find('+') + 1);
    }
    if (!with_implied(has).contains(needed)) continue;
    if (row.provider == provider)
      families.back() += " " + std::string(row.families);
    else
      families.push_back(std::string(row.provider) + " " + std::string(row.families));
    provider = row.provider;
  }
  return families;
}

}  // namespace linkdx::isa
