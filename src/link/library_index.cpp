// See library_index.hpp.

#include "library_index.hpp"

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <llvm/Support/xxhash.h>
#include <unistd.h>

#include "name_table.hpp"

namespace linkdx::link {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view magic = "linkdx libraries 1\n";
constexpr std::uint64_t largest = std::uint64_t{1} << 28;

/// Numbers are written as the machine has them: the cache does not leave it.
template <class Word>
void write(std::string& out, Word word) {
  out.append(reinterpret_cast<const char*>(&word), sizeof word);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool at_end() const { return bytes_.empty(); }
  bool take(void* to, std::size_t size) {
    if (size > bytes_.size()) return false;
    std::memcpy(to, bytes_.data(), size);
    bytes_.remove_prefix(size);
    return true;
  }
  template <class Word>
  bool take(Word& word) {
    return take(&word, sizeof word);
  }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

}  // namespace

std::uint32_t name_hash(std::string_view name) {
  return static_cast<std::uint32_t>(hash_of(name));
}

LibraryIndex LibraryIndex::load(const std::string& path) {
  LibraryIndex index;
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > largest) return index;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::uint64_t sum = 0;
  if (!bytes.starts_with(magic) || bytes.size() < magic.size() + sizeof sum) return index;
  const std::string_view content = std::string_view(bytes).substr(0, bytes.size() - sizeof sum);
  std::memcpy(&sum, bytes.data() + content.size(), sizeof sum);
  if (sum != hash_of(content)) return index;
  Reader reader(content.substr(magic.size()));
  while (!reader.at_end()) {
    IndexedLibrary library;
    std::uint32_t length = 0, count = 0;
    std::string name;
    if (!reader.take(library.stamp.inode) || !reader.take(library.stamp.size) ||
        !reader.take(library.stamp.changed) || !reader.take(length) || !reader.take(count) ||
        length > reader.left())
      return {};
    name.resize(length);
    if (!reader.take(name.data(), length) || count > reader.left() / sizeof(std::uint32_t)) return {};
    library.names.resize(count);
    reader.take(library.names.data(), count * sizeof(std::uint32_t));
    index.libraries_.insert_or_assign(std::move(name), std::move(library));
  }
  return index;
}

bool LibraryIndex::save(const std::string& path) const {
  std::string bytes(magic);
  for (const auto& [name, library] : libraries_) {
    write(bytes, library.stamp.inode);
    write(bytes, library.stamp.size);
    write(bytes, library.stamp.changed);
    write(bytes, static_cast<std::uint32_t>(name.size()));
    write(bytes, static_cast<std::uint32_t>(library.names.size()));
    bytes += name;
    bytes.append(reinterpret_cast<const char*>(library.names.data()),
                 library.names.size() * sizeof(std::uint32_t));
  }
  write(bytes, hash_of(bytes));
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  const std::string temporary = path + "." + std::to_string(::getpid());
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file || std::rename(temporary.c_str(), path.c_str()) != 0) {
    fs::remove(temporary, error);
    return false;
  }
  return true;
}

const IndexedLibrary* LibraryIndex::find(const std::string& path, const FileStamp& stamp) const {
  const auto found = libraries_.find(path);
  return found != libraries_.end() && found->second.stamp == stamp ? &found->second : nullptr;
}

void LibraryIndex::put(const std::string& path, IndexedLibrary library) {
  libraries_.insert_or_assign(path, std::move(library));
  changed_ = true;
}

}  // namespace linkdx::link
