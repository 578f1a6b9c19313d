// See linkdx/libraries.hpp.
//
// A library has several names in its directory: libz.so (for the linker, from the development package),
// libz.so.1 (for the loader), libz.so.1.2.13 (the file). They are one file and are read once.

#include "linkdx/language.hpp"
#include "linkdx/libraries.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include <sys/stat.h>

#include "library_index.hpp"
#include "search.hpp"

namespace linkdx::link {

namespace fs = std::filesystem;

namespace {

/// One file of a directory under all its names.
struct LibraryFile {
  std::vector<std::string> paths;
  FileStamp stamp;
};

/// `z` of libz.so, libz.so.1, libz.a, libz.dll.a, libz.tbd, z.lib; empty when it is no library's name.
std::string library_name(std::string_view file) {
  for (const std::string_view ending : {".dll.a", ".a", ".so", ".tbd", ".dylib"})
    if (file.starts_with("lib") && file.ends_with(ending) && file.size() > 3 + ending.size())
      return std::string(file.substr(3, file.size() - 3 - ending.size()));
  const std::size_t version = file.find(".so.");
  if (file.starts_with("lib") && version != std::string_view::npos && version > 3)
    return std::string(file.substr(3, version - 3));
  if (file.ends_with(".lib") && file.size() > 4) return std::string(file.substr(0, file.size() - 4));
  return {};
}

/// Whether a linker finds the file under that name by -l: no version behind it.
bool is_link_name(std::string_view file) {
  return !library_name(file).empty() && file.find(".so.") == std::string_view::npos;
}

std::vector<std::string> sorted_entries(const std::string& directory) {
  std::vector<std::string> result;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    result.push_back(at->path().filename().string());
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<LibraryFile> library_files(const std::vector<std::string>& directories) {
  std::vector<LibraryFile> files;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> known;  // device and inode
  for (const std::string& directory : directories)
    for (const std::string& entry : sorted_entries(directory)) {
      if (library_name(entry).empty()) continue;
      const std::string path = (fs::path(directory) / entry).string();
      struct stat status{};
      if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
      const auto [place, is_new] = known.try_emplace({status.st_dev, status.st_ino}, files.size());
      if (is_new)
        files.push_back({{},
                         {status.st_ino, static_cast<std::uint64_t>(status.st_size),
                          static_cast<std::uint64_t>(status.st_mtim.tv_sec) * 1'000'000'000 +
                              static_cast<std::uint64_t>(status.st_mtim.tv_nsec)}});
      files[place->second].paths.push_back(path);
    }
  return files;
}

/// A definition that others can link to.
bool is_offered(const artifact::Symbol& symbol) {
  return symbol.state != artifact::State::Undefined && symbol.default_version &&
         symbol.visibility != artifact::Visibility::Hidden &&
         symbol.visibility != artifact::Visibility::Internal;
}

bool is_library(const artifact::Object& object) {
  return !artifact::is_linked(object.kind()) || artifact::is_shared_library(object.kind());
}

IndexedLibrary index_of(const artifact::File& file, const FileStamp& stamp) {
  IndexedLibrary library{stamp, {}};
  for (const std::unique_ptr<artifact::Object>& object : file.objects())
    if (is_library(*object))
      object->visit_symbols([&](const artifact::Symbol& symbol) {
        if (is_offered(symbol)) library.names.push_back(name_hash(symbol.name));
      });
  std::sort(library.names.begin(), library.names.end());
  library.names.erase(std::unique(library.names.begin(), library.names.end()), library.names.end());
  library.names.shrink_to_fit();
  return library;
}

/// The name for the linker, else the shortest: that of the loader.
const std::string& best_path(const std::vector<std::string>& paths) {
  return *std::min_element(paths.begin(), paths.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
}

Provider provider_of(const LibraryFile& from, const artifact::File& file, const LibraryQuestion& question) {
  Provider provider;
  provider.path = best_path(from.paths);
  provider.name = library_name(fs::path(provider.path).filename().string());
  // Where it may be linked by another name (libncurses.so for libncurses.so.6.3), that one counts.
  for (const std::string& path : from.paths)
    provider.linkable |= is_link_name(fs::path(path).filename().string());
  std::map<std::string_view, std::string> places;
  for (const std::unique_ptr<artifact::Object>& object : file.objects()) {
    if (!is_library(*object) || artifact::why_incompatible(question.machine, object->machine())) continue;
    provider.shared |= artifact::is_shared_library(object->kind());
    if (provider.soname.empty()) provider.soname = object->soname();
    object->visit_symbols([&](const artifact::Symbol& symbol) {
      if (!is_offered(symbol)) return;
      const auto wanted = std::find(question.symbols.begin(), question.symbols.end(), symbol.name);
      if (wanted != question.symbols.end()) places.try_emplace(*wanted, object->label());
    });
  }
  for (const std::string& symbol : question.symbols) {
    const auto found = places.find(symbol);
    if (found == places.end()) continue;
    provider.symbols.push_back(symbol);
    // The object is known by the path that it was opened by.
    std::string place = found->second;
    if (place.starts_with(file.path())) place.replace(0, file.path().size(), provider.path);
    provider.places.push_back(std::move(place));
  }
  return provider;
}

}  // namespace

LibraryAnswer find_providers(const LibraryQuestion& question) {
  LibraryAnswer answer;
  LibraryIndex index;
  if (!question.cache.empty()) index = LibraryIndex::load(question.cache);
  std::vector<std::uint32_t> wanted;
  for (const std::string& symbol : question.symbols) wanted.push_back(name_hash(symbol));
  for (const LibraryFile& library : library_files(question.directories)) {
    ++answer.files;
    const std::string& path = library.paths.front();
    const IndexedLibrary* known = index.find(path, library.stamp);
    std::unique_ptr<artifact::File> file;
    const auto open = [&] {
      llvm::Expected<std::unique_ptr<artifact::File>> opened = artifact::open(path, artifact::ReadIndex::No);
      if (opened)
        file = std::move(*opened);
      else
        answer.problems.push_back({path, llvm::toString(opened.takeError())});
    };
    if (!known) {
      ++answer.read;
      open();
      index.put(path, file ? index_of(*file, library.stamp) : IndexedLibrary{library.stamp, {}});
      known = index.find(path, library.stamp);
    }
    const bool may_have = std::any_of(wanted.begin(), wanted.end(), [&](std::uint32_t hash) {
      return std::binary_search(known->names.begin(), known->names.end(), hash);
    });
    if (!may_have) continue;
    if (!file) open();
    if (!file) continue;
    Provider provider = provider_of(library, *file, question);
    if (!provider.symbols.empty()) answer.providers.push_back(std::move(provider));
  }
  if (!question.cache.empty() && index.changed() && !index.save(question.cache))
    answer.problems.push_back({question.cache, say("cannot be written: the next search will take as long")});
  std::stable_sort(answer.providers.begin(), answer.providers.end(),
                   [](const Provider& a, const Provider& b) {
                     if (a.symbols.size() != b.symbols.size()) return a.symbols.size() > b.symbols.size();
                     return a.path < b.path;
                   });
  return answer;
}

std::vector<std::string> files_of_library(const std::string& name,
                                          const std::vector<std::string>& directories) {
  std::vector<std::string> result;
  for (const std::string& directory : directories)
    for (const std::string& entry : sorted_entries(directory))
      if (library_name(entry) == name) result.push_back((fs::path(directory) / entry).string());
  return result;
}

std::vector<std::string> command_directories(const Plan& plan, const std::string& directory) {
  artifact::Store store;
  std::vector<std::string> result;
  for (const std::string& path : Search(plan, directory, store).command_directories()) {
    std::error_code error;
    if (fs::is_directory(path, error) && std::find(result.begin(), result.end(), path) == result.end())
      result.push_back(path);
  }
  return result;
}

std::vector<std::string> standard_directories(const artifact::Machine& machine, const std::string& sysroot) {
  Plan plan;
  plan.sysroot = sysroot;
  artifact::Store store;
  Search search(plan, "", store);
  search.set_machine(machine);
  std::vector<std::string> result;
  std::vector<fs::path> seen;
  for (const std::string& directory : search.standard_directories()) {
    // /lib is a link to /usr/lib on most systems.
    std::error_code error;
    const fs::path real = fs::canonical(directory, error);
    if (error || std::find(seen.begin(), seen.end(), real) != seen.end()) continue;
    seen.push_back(real);
    result.push_back(real.string());
  }
  return result;
}

}  // namespace linkdx::link
