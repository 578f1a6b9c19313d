// See llvm_table.hpp.
#include "llvm_table.hpp"

#include <algorithm>

#include "llvm_decoder.hpp"

namespace linkdx::isa {
namespace {

constexpr std::string_view unfinished = "experimental-";

std::string plain(std::string_view name) {
  return std::string(name.starts_with(unfinished) ? name.substr(unfinished.size()) : name);
}

const LlvmEntry* find(const std::vector<LlvmEntry>& entries, std::string_view name) {
  auto found = std::find_if(entries.begin(), entries.end(),
                            [&](const LlvmEntry& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

LlvmTable llvm_table(const char* triple) {
  LlvmTable table;
  const std::unique_ptr<llvm::MCSubtargetInfo> subtarget = make_subtarget(triple, "");
  if (!subtarget) return table;
  const auto features = subtarget->getAllProcessorFeatures();
  auto names_of = [&](const llvm::FeatureBitset& bits) {
    std::vector<std::string> names;
    for (const llvm::SubtargetFeatureKV& feature : features)
      if (bits.test(feature.Value)) names.push_back(plain(feature.Key));
    return names;
  };
  for (const llvm::SubtargetFeatureKV& feature : features)
    table.features.push_back({plain(feature.Key), std::string_view(feature.Key).starts_with(unfinished),
                              names_of(feature.Implies.getAsBitset())});
  for (const llvm::SubtargetSubTypeKV& cpu : subtarget->getAllProcessorDescriptions())
    table.cpus.push_back({cpu.Key, false, names_of(cpu.Implies.getAsBitset())});
  return table;
}

std::vector<std::string> LlvmTable::closure_of(std::string_view name) const {
  std::vector<std::string> seen;
  std::vector<std::string> waiting = {std::string(name)};
  while (!waiting.empty()) {
    const std::string next = std::move(waiting.back());
    waiting.pop_back();
    if (std::find(seen.begin(), seen.end(), next) != seen.end()) continue;
    seen.push_back(next);
    const LlvmEntry* entry = find(features, next);
    if (entry == nullptr && next == name) entry = find(cpus, next);
    if (entry != nullptr) waiting.insert(waiting.end(), entry->implied.begin(), entry->implied.end());
  }
  return seen;
}

FeatureSet LlvmTable::brought_by(std::string_view name, Arch arch) const {
  FeatureSet set(arch);
  for (const std::string& brought : closure_of(name)) set.add(brought);
  return with_implied(set);
}

void imply_as(const LlvmTable& table, Catalogue& catalogue) {
  for (const LlvmEntry& entry : table.features)
    if (catalogue.find(entry.name) != nullptr)
      for (const std::string& implied : table.closure_of(entry.name)) catalogue.imply(entry.name, implied);
}

}  // namespace linkdx::isa
