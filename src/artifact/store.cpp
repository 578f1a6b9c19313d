// The store: everything at hand, each file opened once.
//
// Two paths are the same file when device and inode agree, so links and `..` cost nothing. A tree is walked
// in the order of its names, links are followed, and a directory that was seen before is not entered again.

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include <llvm/BinaryFormat/Magic.h>
#include <sys/stat.h>

#include "archive.hpp"
#include "elf_object.hpp"
#include "linkdx/artifact.hpp"
#include "linkdx/language.hpp"
#include "macho.hpp"
#include "mapping.hpp"

namespace linkdx::artifact {

namespace {

namespace fs = std::filesystem;

/// Names under which a file is expected to be an artifact, so that one that is not is worth a word.
bool has_artifact_name(std::string_view name) {
  constexpr std::array<std::string_view, 10> endings = {".o",  ".a",   ".so",    ".rlib", ".obj",
                                                        ".lo", ".lib", ".dylib", ".tbd",  ".dll"};
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view end) { return name.ends_with(end); }) ||
         name.find(".so.") != std::string_view::npos;
}

/// COFF objects begin with a machine number, which any file might: only the name makes one believable.
bool has_artifact_magic(std::string_view start) {
  if (is_elf(start) || is_archive(start) || is_macho(start) || is_universal(start)) return true;
  const llvm::file_magic magic = llvm::identify_magic({start.data(), start.size()});
  return magic == llvm::file_magic::bitcode || magic == llvm::file_magic::wasm_object;
}

/// Libtool's `.lo` are texts that name the true object.
bool is_libtool_text(std::string_view name) {
  return name.ends_with(".lo") || name.ends_with(".la");
}

}  // namespace

struct Store::State {
  std::map<std::string, const File*> by_path;
  std::map<FileId, const File*> by_id;
  std::set<FileId> directories;
  std::vector<std::unique_ptr<File>> files;
};

Store::Store() : state_(std::make_unique<State>()) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;

const File* Store::open(const std::string& path) {
  const auto [place, is_new] = state_->by_path.try_emplace(path, nullptr);
  if (!is_new) return place->second;
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0) {
    const auto known = state_->by_id.find({status.st_dev, status.st_ino});
    if (known != state_->by_id.end()) return place->second = known->second;
  }
  llvm::Expected<std::unique_ptr<File>> file = artifact::open(path);
  if (!file) {
    std::string message = llvm::toString(file.takeError());
    if (message.starts_with(path + ": ")) message.erase(0, path.size() + 2);
    problems_.push_back({path, std::move(message)});
    return nullptr;
  }
  problems_.insert(problems_.end(), (*file)->problems().begin(), (*file)->problems().end());
  state_->files.push_back(std::move(*file));
  state_->by_id[{status.st_dev, status.st_ino}] = state_->files.back().get();
  return place->second = state_->files.back().get();
}

void Store::add_tree(const std::string& directory) {
  struct stat status{};
  if (::stat(directory.c_str(), &status) != 0) {
    std::error_code error(errno, std::generic_category());
    problems_.push_back({directory, system_fault(error.value())});
    return;
  }
  if (!state_->directories.insert({status.st_dev, status.st_ino}).second) return;
  std::error_code error;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    entries.push_back(*at);
  if (error) problems_.push_back({directory, system_fault(error.value())});
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) {
    const std::string path = entry.path().string(), name = entry.path().filename().string();
    std::error_code unreadable;
    if (entry.is_directory(unreadable)) {
      if (name != ".git" && name != ".hg" && name != ".svn") add_tree(path);
      continue;
    }
    if (!entry.is_regular_file(unreadable) || is_libtool_text(name)) continue;
    if (has_artifact_name(name) || has_artifact_magic(first_bytes(path))) open(path);
  }
}

std::vector<const File*> Store::files() const {
  std::vector<const File*> result;
  for (const std::unique_ptr<File>& file : state_->files) result.push_back(file.get());
  std::sort(result.begin(), result.end(), [](const File* a, const File* b) { return a->path() < b->path(); });
  return result;
}

}  // namespace linkdx::artifact
