// From which release on a compiler takes a switch, a level or a CPU. rustc passes what it does not know
// itself to its LLVM, so where it calls a thing as LLVM does, it has it from the first rustc that was built
// on an LLVM with it.
#include <cstdlib>

#include "architectures.hpp"

namespace linkdx::isa {
namespace {

struct RustcRow {
  std::string_view clang, rustc;
};
constexpr RustcRow rustc_rows[] = {
#define LLVM(clang, rustc) {clang, rustc},
#include "rustc_llvm.inc"
#undef LLVM
};

std::string_view rustc_with(std::string_view llvm) {
  for (const RustcRow& row : rustc_rows)
    if (row.clang == llvm) return row.rustc;
  return {};
}

/// 0 where there is none.
int number_at(std::string_view version, int position) {
  while (position-- > 0) {
    const std::size_t dot = version.find('.');
    if (dot == version.npos) return 0;
    version.remove_prefix(dot + 1);
  }
  return std::atoi(std::string(version.substr(0, 9)).c_str());
}

}  // namespace

bool is_older(std::string_view version, std::string_view than) {
  for (int position : {0, 1}) {
    const int a = number_at(version, position), b = number_at(than, position);
    if (a != b) return a < b;
  }
  return false;
}

bool takes(const Releases& releases, std::string_view version) {
  return !(is_older(version, releases.first)) && (releases.gone.empty() || is_older(version, releases.gone));
}

Releases releases_of(const FeatureSet& features, Tool tool) {
  Releases result;
  const Catalogue& catalogue = Catalogue::of(features.arch());
  const std::size_t at = static_cast<std::size_t>(tool);
  const FeatureSet said = without_implied(features);
  for (std::size_t i = 0; i < catalogue.features.size(); ++i) {
    const Feature& feature = catalogue.features[i];
    if (!Catalogue::test(said, i) || switch_of(feature, tool).empty()) continue;
    std::string_view first = feature.since[at];
    if (tool == Tool::Rustc && first.empty() && feature.rustc == feature.name)
      first = rustc_with(feature.since[static_cast<std::size_t>(Tool::Clang)]);
    if (is_older(result.first, first)) result.first = first;
    if (const std::string_view gone = feature.gone[at];
        !gone.empty() && (result.gone.empty() || is_older(gone, result.gone)))
      result.gone = gone;
  }
  return result;
}

Releases releases_of_level(std::string_view name, Arch arch, Tool tool) {
  const std::optional<Level> level = find_level(name, arch);
  const LevelNames* row = level ? find_level_names(level->name, arch) : nullptr;
  if (row == nullptr) return {};
  switch (tool) {
    case Tool::Gcc:
      return {std::string(row->first_gcc), ""};
    case Tool::Clang:
      return {std::string(row->first_clang), ""};
    case Tool::Rustc:
      break;
  }
  return {std::string(rustc_with(row->first_clang)), ""};
}

}  // namespace linkdx::isa
