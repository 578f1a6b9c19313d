// A bundle read back: its files are put into a private directory, in which linkdx then looks as it did in the
// original one. Where texts name that one, they get the name of the private directory, and lose it again in
// the report. A bundle comes from anywhere: only plain files are unpacked, and only below that directory.
#include "bundle.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/MemoryBuffer.h>

#include "linkdx/language.hpp"
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

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == '/';
}

/// Puts `prefix` before each absolute path in the text that lies in `directory`.
std::string moved(std::string_view text, const std::string& directory, const std::string& prefix) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = text.find(directory); at != std::string_view::npos;
       at = text.find(directory, at + 1)) {
    const std::size_t end = at + directory.size();
    // -L/home/x/project/lib: an option may stand before it.
    const bool begins =
        at == 0 || !is_name_character(text[at - 1]) ||
        (at > 1 && text[at - 2] == '-' && std::isalpha(static_cast<unsigned char>(text[at - 1])) != 0);
    if (!begins || (end < text.size() && text[end] != '/' && is_name_character(text[end]))) continue;
    out += text.substr(from, at - from);
    out += prefix;
    from = at;
  }
  return out.append(text.substr(from));
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
  if (!buffer) return fault(path + ": " + system_fault(buffer.getError().value()));
  const artifact::Unpacked unpacked = artifact::unpack(view(**buffer));
  if (unpacked.members.empty()) return fault(say("{}: the bundle cannot be read", path));
  llvm::Expected<llvm::json::Value> manifest = llvm::json::parse(unpacked.members.front().bytes);
  if (!manifest)
    return fault(fmt::format("{}: {}: {}", path, bundle_manifest, llvm::toString(manifest.takeError())));
  const llvm::json::Object* said = manifest->getAsObject();
  const llvm::json::Array* words = said == nullptr ? nullptr : said->getArray("words");
  const fs::path directory =
      said == nullptr ? fs::path() : fs::path(text_of(*said, "directory")).relative_path();
  if (words == nullptr || (!directory.empty() && !is_inside(directory)) ||
      said->getInteger("linkdx_bundle") != 1)
    return fault(say("{}: {} is not what this linkdx writes", path, bundle_manifest));

  llvm::Expected<verify::Workspace> place = verify::Workspace::create();
  if (!place) return place.takeError();
  const fs::path files = fs::path(place->path()) / bundle_files;
  OpenedBundle bundle{std::move(*place), (files / directory).string(), {}, text_of(*said, "target"), {}};
  for (const std::string& why : unpacked.faults) bundle.faults.push_back(path + ": " + why);
  std::error_code error;
  fs::create_directories(bundle.directory, error);
  for (const artifact::Unpacked::Member& member : unpacked.members) {
    const fs::path name(member.path);
    if (*name.begin() != bundle_files) continue;
    if (!is_inside(name)) {
      bundle.faults.push_back(say("{}: {}: leads out of the bundle, and is left out", path, member.path));
      continue;
    }
    const fs::path file = fs::path(bundle.place.path()) / name;
    fs::create_directories(file.parent_path(), error);
    std::ofstream out(file, std::ios::binary);
    const bool is_text = member.bytes.find('\0') == std::string::npos && !directory.empty();
    const std::string text =
        is_text ? moved(member.bytes, "/" + directory.string(), files.string()) : std::string();
    const std::string& bytes = is_text ? text : member.bytes;
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) return fault(say("{}: {}: cannot be unpacked", path, member.path));
  }
  // An absolute word is one of another machine: it lies below the root.
  for (const llvm::json::Value& word : *words) {
    const std::string text = word.getAsString().value_or("").str();
    bundle.words.push_back(text.starts_with('/') ? files.string() + text : text);
  }
  return bundle;
}

}  // namespace linkdx::cli
