// Inputs: which words of the command line are logs and which are paths, and the reading of the logs.
//
// A log is whatever is neither a directory nor a file whose first bytes (its "magic", LLVM's
// BinaryFormat/Magic.h knows them) or whose name says that it belongs to a build. Logs are read in pieces
// into one buffer, so that a log of any size, and a pipe, cost the same memory.
#include "inputs.hpp"
#include "linkdx/language.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <llvm/BinaryFormat/Magic.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <unistd.h>

namespace linkdx::cli {
namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;

/// Text files that are no logs: a build tree or a link is described by them.
constexpr std::string_view build_files[] = {"Cargo.lock", "Cargo.toml", "CMakeCache.txt", "config.toml",
                                            "compile_commands.json"};
/// Linker scripts stand in for libraries under these names (`GROUP ( libc.so.6 ... )`).
constexpr std::string_view library_extensions[] = {".so", ".a", ".o", ".rlib", ".lib", ".obj", ".lo", ".bc"};

/// Packages and tarballs hold trees; a compressed log has no `.tar` in its name.
constexpr std::string_view package_endings[] = {".deb", ".rpm",    ".whl",     ".tar",    ".tgz",
                                                ".zip", ".tar.gz", ".tar.zst", ".tar.xz", ".tar.bz2"};

bool is_named_as_path(llvm::StringRef path) {
  if (std::any_of(std::begin(package_endings), std::end(package_endings),
                  [path](std::string_view ending) { return path.ends_with(llvm::StringRef(ending)); }))
    return true;
  const llvm::StringRef name = llvm::sys::path::filename(path);
  const llvm::StringRef extension = llvm::sys::path::extension(path);
  return std::any_of(std::begin(build_files), std::end(build_files),
                     [name](std::string_view known) { return name == llvm::StringRef(known); }) ||
         std::any_of(std::begin(library_extensions), std::end(library_extensions),
                     [extension](std::string_view known) { return extension == llvm::StringRef(known); });
}

/// Forms in which a log may come that are no text, and how to make it text.
struct NotText {
  std::string_view magic, reason;
};
constexpr NotText not_text[] = {
    {"\x1f\x8b", N_("compressed with gzip; pipe it in: `zcat FILE | linkdx`")},
    {"\x28\xb5\x2f\xfd", N_("compressed with zstd; pipe it in: `zstdcat FILE | linkdx`")},
    {"\xfd"
     "7zXZ",
     N_("compressed with xz; pipe it in: `xzcat FILE | linkdx`")},
    {"PK\x03\x04", N_("a zip archive; unpack it first")},
    {"\xff\xfe", N_("text in UTF-16; pipe it in: `iconv -f UTF-16 -t UTF-8 FILE | linkdx`")},
    {"\xfe\xff", N_("text in UTF-16; pipe it in: `iconv -f UTF-16 -t UTF-8 FILE | linkdx`")},
};

/// Why the beginning of a file cannot be that of a log; nothing when it can.
std::optional<std::string> why_no_log(std::string_view beginning) {
  for (const NotText& form : not_text) {
    if (beginning.starts_with(form.magic)) return say(form.reason);
  }
  // A stray control byte is common in logs; binary data is full of them.
  const auto is_binary = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && (byte < '\a' || byte > '\r') && byte != 0x1b;
  };
  const auto count = static_cast<std::size_t>(std::count_if(beginning.begin(), beginning.end(), is_binary));
  if (count * 20 > beginning.size())
    return say("binary data, neither a log nor an object or archive of a known format");
  return std::nullopt;
}

/// An object, archive, library or stub, by how it begins. To LLVM whatever begins with a brace is a stub
/// library in JSON; so are cargo's messages, and logs whose paths were made anonymous.
bool begins_as_artifact(std::string_view beginning) {
  const llvm::file_magic magic = llvm::identify_magic(beginning);
  if (magic == llvm::file_magic::tapi_file && beginning.starts_with("{"))
    return beginning.find("\"tapi_tbd_version\"") != std::string_view::npos;
  return magic != llvm::file_magic::unknown;
}

/// A file descriptor that closes itself; standard input stays open.
class Source {
 public:
  explicit Source(int descriptor, bool owned) : descriptor_(descriptor), owned_(owned) {}
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (owned_ && descriptor_ >= 0) ::close(descriptor_);
  }
  bool is_open() const { return descriptor_ >= 0; }

  /// Fills the buffer as far as the source goes. -1 on failure.
  long read(char* buffer, std::size_t size) {
    std::size_t filled = 0;
    while (filled < size) {
      const ssize_t got = ::read(descriptor_, buffer + filled, size - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return -1;
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    return static_cast<long>(filled);
  }

 private:
  int descriptor_;
  bool owned_;
};

void read_log(const std::string& word, Source& source, std::string_view beginning, Inputs& inputs) {
  const std::string shown = word == "-" ? say("standard input") : word;
  if (beginning.empty()) {
    inputs.unusable.push_back({shown, say("empty: the log holds not a single byte")});
    return;
  }
  if (std::optional<std::string> reason = why_no_log(beginning)) {
    inputs.unusable.push_back({shown, *reason});
    return;
  }
  log::Reader reader(word);
  reader.feed(beginning);
  std::vector<char> buffer(piece_size);
  long got = 0;
  while ((got = source.read(buffer.data(), buffer.size())) > 0) {
    reader.feed({buffer.data(), static_cast<std::size_t>(got)});
  }
  if (got < 0) inputs.unusable.push_back({shown, say("read only in part: {}", system_fault(errno))});
  inputs.logs.push_back(reader.finish());
}

void read_input(const std::string& word, Inputs& inputs) {
  const bool standard_input = word == "-";
  if (!standard_input && llvm::sys::fs::is_directory(word)) {
    if (::access(word.c_str(), R_OK | X_OK) == 0)
      inputs.paths.push_back(word);
    else
      inputs.unusable.push_back({word, system_fault(errno)});
    return;
  }
  Source source(standard_input ? STDIN_FILENO : ::open(word.c_str(), O_RDONLY | O_CLOEXEC), !standard_input);
  if (!source.is_open()) {
    inputs.unusable.push_back({word, system_fault(errno)});
    return;
  }
  // Room for the start of a file is enough to tell what it is, and a whole small log.
  std::vector<char> buffer(piece_size);
  const long got = source.read(buffer.data(), buffer.size());
  if (got < 0) {
    inputs.unusable.push_back({standard_input ? say("standard input") : word, system_fault(errno)});
    return;
  }
  const std::string_view beginning(buffer.data(), static_cast<std::size_t>(got));
  const bool is_path = !standard_input && (is_named_as_path(word) || begins_as_artifact(beginning));
  if (is_path && !beginning.empty())
    inputs.paths.push_back(word);
  else
    read_log(word, source, beginning, inputs);
}

}  // namespace

Inputs read_inputs(const std::vector<std::string>& words) {
  Inputs inputs;
  std::vector<std::string> seen;
  for (const std::string& word : words) {
    if (std::find(seen.begin(), seen.end(), word) != seen.end()) continue;
    seen.push_back(word);
    read_input(word, inputs);
  }
  return inputs;
}

}  // namespace linkdx::cli
