// Measures what names say against what instructions need. Input: a table of functions, tab separated with a
// header line: arch, package, archive, member, symbol, name_tokens, features, closure_features, ...
// (`features` and `closure_features` joined with commas). For every function: is its name taken to be marked,
// and does the level recommended for the mark cover what its instructions (and those it reaches inside its
// object) need? Call: isa_names TABLE [--list-uncovered] [--list-unmarked]
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "linkdx/isa.hpp"

using namespace linkdx::isa;

namespace {

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::stringstream stream(line);
  for (std::string field; std::getline(stream, field, separator);) fields.push_back(field);
  return fields;
}

struct Tally {
  unsigned functions = 0, marked = 0, covered = 0, lifted = 0, no_level = 0;
  unsigned standard = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: isa_names TABLE [--list-uncovered] [--list-unmarked]\n", stderr);
    return 2;
  }
  bool list_uncovered = argc > 2 && std::string(argv[2]) == "--list-uncovered";
  bool list_unmarked = argc > 2 && std::string(argv[2]) == "--list-unmarked";
  std::ifstream table(argv[1]);
  std::string line;
  std::getline(table, line);
  std::map<std::string, Tally> tallies;
  while (std::getline(table, line)) {
    std::vector<std::string> field = split(line, '\t');
    if (field.size() < 8) continue;
    Arch arch = arch_of_name(field[0]);
    Tally& tally = tallies[field[0]];
    ++tally.functions;
    std::optional<NameHint> hint = from_name(field[4], arch);
    if (!hint) {
      if (list_unmarked)
        std::printf("%s %s [%s] %s\n", field[0].c_str(), field[4].c_str(), field[5].c_str(),
                    field[7].c_str());
      continue;
    }
    ++tally.marked;
    tally.standard += hint->source == Source::NameStandard;
    FeatureSet needed(arch);
    bool unknown = false;
    for (const std::string& name : split(arch == Arch::AArch64 ? field[6] : field[7], ','))
      if (!name.empty() && !needed.add(name) && name != "none") {
        std::printf("unknown feature %s\n", name.c_str());
        unknown = true;
      }
    std::optional<Level> level = recommended_level(hint->features);
    if (!level) {
      ++tally.no_level;
      continue;
    }
    FeatureSet available = level->features;
    available.add(with_implied(hint->features));
    if (available.contains(needed)) {
      ++tally.covered;
    } else if (list_uncovered) {
      std::printf("%s %s (%s) level %s lacks", field[0].c_str(), field[4].c_str(), hint->token.c_str(),
                  level->name.c_str());
      for (const std::string& name : needed.minus(available).names()) std::printf(" %s", name.c_str());
      std::printf("\n");
    }
    FeatureSet with_baseline = needed;
    with_baseline.add(baseline(arch));
    std::optional<Level> enough = recommended_level(with_baseline);
    tally.lifted +=
        enough && enough->features != level->features && level->features.contains(enough->features);
    (void)unknown;
  }
  for (const auto& [arch, t] : tallies) {
    double marked = t.marked == 0 ? 1 : t.marked;
    std::printf(
        "%s: %u functions, %u marked (%u by a standard), covered %u (%.3f%%), lifted higher than needed %u "
        "(%.1f%%), no level or CPU %u\n",
        arch.c_str(), t.functions, t.marked, t.standard, t.covered, 100 * t.covered / marked, t.lifted,
        100 * t.lifted / marked, t.no_level);
  }
  return 0;
}
