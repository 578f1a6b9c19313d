// Objects from assembly, scanned whole.
#pragma once

#include <memory>
#include <string>

#include <fmt/format.h>

#include "artifact_inputs.hpp"
#include "linkdx/scan.hpp"

namespace linkdx::test {

/// A file opened and scanned.
class ScannedFile {
 public:
  explicit ScannedFile(const std::string& path) {
    llvm::Expected<std::unique_ptr<artifact::File>> file = artifact::open(path);
    if (!file) {
      error = llvm::toString(file.takeError());
      return;
    }
    file_ = std::move(*file);
    std::vector<const artifact::Object*> list;
    for (const auto& object : file_->objects()) list.push_back(object.get());
    objects = scan::decode(list, 1);
    scan::find_dispatch(objects);
  }

  /// `name: features: verdict, reason`, a line each; only what needs more than the baseline.
  std::string verdicts() const {
    std::string text = error;
    for (const scan::ScannedObject& object : objects)
      for (const scan::ScannedCode& code : object.code) {
        const isa::FeatureSet needs = scan::above_baseline(code.own.features);
        if (needs.empty() || code.is_data()) continue;
        text += fmt::format("{}: {}: {}, {}\n", code.name, words(needs), scan::name_of(code.reach.state),
                            code.reach.reason);
      }
    return text;
  }
  /// `always: ...; unknown: ...; all: ...`
  std::string needs() const {
    const scan::FileNeeds needs = scan::needs_of_file(objects);
    return fmt::format("always: {}; unknown: {}; all: {}", words(scan::above_baseline(needs.always)),
                       words(scan::above_baseline(needs.unknown)), words(scan::above_baseline(needs.all)));
  }

  std::string error;
  std::vector<scan::ScannedObject> objects;

 private:
  static std::string words(const isa::FeatureSet& features) {
    std::string text;
    for (const std::string& name : features.names()) text += (text.empty() ? "" : " ") + name;
    return text.empty() ? "-" : text;
  }

  std::unique_ptr<artifact::File> file_;
};

}  // namespace linkdx::test
