// A bundle read back: its files are put into a private directory, in which linkdx then looks as it did in the original one. The absolute
// paths of the log lead there too, by the root. A bundle comes from anywhere: only plain files are unpacked, and only below that
// directory.
#include "bundle.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/MemoryBuffer.h>

#include "linkdx/unpack.hpp"

namespace linkdx::cli {
namespace {

namespace fs = std::filesystem;

llvm::Error fault(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

std::string_view view(const llvm::MemoryBuffer& buffer) {
  return {buffer.getBufferStart(), buffer.getBufferSize()};
}

/// A path that stays below where it starts.
bool is_inside(const fs::path& path) {
  return !path.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(),
                      [](const fs::path& part) { return part == ".." || part == "."; });
}

std::string text_of(const llvm::json::Object& object, llvm::StringRef key) {
  return object.getString(key).value_or("").str();
}

}  // namespace

bool is_bundle(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  const auto buffer = llvm::MemoryBuffer::getFile(path, false, false);
  return buffer && artifact::first_in_package(view(**buffer)) == bundle_manifest;
}

llvm::Expected<OpenedBundle> open_bundle(const std::string& path) {
  const auto buffer = llvm::MemoryBuffer::getFile(path, false, false);
  if (!buffer) return fault(path + ": " + buffer.getError().message());
  const artifact::Unpacked unpacked = artifact::unpack(view(**buffer));
  if (unpacked.members.empty()) return fault(path + ": the bundle cannot be read");
  llvm::Expected<llvm::json::Value> manifest = llvm::json::parse(unpacked.members.front().bytes);
  if (!manifest)
    return fault(fmt::format("{}: {}: {}", path, bundle_manifest, llvm::toString(manifest.takeError())));
  const llvm::json::Object* said = manifest->getAsObject();
  const llvm::json::Array* words = said == nullptr ? nullptr : said->getArray("words");
  const fs::path directory =
      said == nullptr ? fs::path() : fs::path(text_of(*said, "directory")).relative_path();
  if (words == nullptr || (!directory.empty() && !is_inside(directory)) ||
      said->getInteger("linkdx_bundle") != 1)
    return fault(fmt::format("{}: {} is not what this linkdx writes", path, bundle_manifest));

  llvm::Expected<verify::Workspace> place = verify::Workspace::create();
  if (!place) return place.takeError();
  const fs::path files = fs::path(place->path()) / bundle_files;
  OpenedBundle bundle{std::move(*place), (files / directory).string(), "", {}, text_of(*said, "target"), {}};
  bundle.root = directory.empty() ? "." : fs::path(files).lexically_relative(files / directory).string();
  for (const std::string& why : unpacked.faults) bundle.faults.push_back(path + ": " + why);
  std::error_code error;
  fs::create_directories(bundle.directory, error);
  for (const artifact::Unpacked::Member& member : unpacked.members) {
    const fs::path name(member.path);
    if (*name.begin() != bundle_files) continue;
    if (!is_inside(name)) {
      bundle.faults.push_back(
          fmt::format("{}: {}: leads out of the bundle, and is left out", path, member.path));
      continue;
    }
    const fs::path file = fs::path(bundle.place.path()) / name;
    fs::create_directories(file.parent_path(), error);
    std::ofstream out(file, std::ios::binary);
    out.write(member.bytes.data(), static_cast<std::streamsize>(member.bytes.size()));
    if (!out.flush()) return fault(fmt::format("{}: {}: cannot be unpacked", path, member.path));
  }
  // An absolute word is one of another machine: it lies below the root.
  for (const llvm::json::Value& word : *words) {
    const std::string text = word.getAsString().value_or("").str();
    bundle.words.push_back(text.starts_with('/') ? bundle.root + text : text);
  }
  return bundle;
}

}  // namespace linkdx::cli
