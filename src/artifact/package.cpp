// See package.hpp.

#include "package.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "archive.hpp"
#include "coff.hpp"
#include "elf_object.hpp"
#include "linkdx/language.hpp"
#include "linkdx/unpack.hpp"
#include "macho.hpp"

#ifdef LINKDX_PACKAGES
#include <archive.h>
#include <archive_entry.h>

#include <memory>
#endif

namespace linkdx::artifact {

namespace {

constexpr std::array<std::string_view, 9> magics = {
    "\x1f\x8b",          // gzip
    "\x28\xb5\x2f\xfd",  // zstd
    std::string_view("\xfd"
                     "7zXZ\0",
                     6),  // xz
    "BZh",                // bzip2
    "PK\x03\x04",         // zip
    "\xed\xab\xee\xdb",   // RPM
    "070701",             // cpio
    "070702",
    "!<arch>\ndebian-binary",
};

}  // namespace

bool is_package(std::string_view bytes) {
  if (std::any_of(magics.begin(), magics.end(),
                  [&](std::string_view magic) { return bytes.starts_with(magic); }))
    return true;
  return bytes.size() > 512 && bytes.substr(257, 5) == "ustar";
}

#ifdef LINKDX_PACKAGES

namespace {

constexpr std::uint64_t largest_member = std::uint64_t{1} << 29;
constexpr std::uint64_t largest_in_all = std::uint64_t{1} << 31;  ///< of what is unpacked, kept or not
constexpr std::uint64_t most_members = 200'000;

struct Free {
  void operator()(::archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<::archive, Free>;

Reader open_reader(std::string_view bytes, std::string& fault) {
  Reader reader(archive_read_new());
  if (!reader) {
    fault = say("out of memory");
    return nullptr;
  }
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_filter_rpm(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_cpio(reader.get());
  archive_read_support_format_zip(reader.get());
  archive_read_support_format_ar(reader.get());
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) == ARCHIVE_OK) return reader;
  const char* why = archive_error_string(reader.get());
  fault = why ? why : say("not a package");
  return nullptr;
}

std::string path_of(::archive_entry* entry) {
  const char* text = archive_entry_pathname(entry);
  std::string path = text ? text : "";
  while (path.starts_with("./")) path.erase(0, 2);
  return path;
}

/// The data of a member of Debian's package is a tarball in its turn.
bool is_inner_tarball(std::string_view path) {
  return path.starts_with("data.tar");
}

class PackageReader {
 public:
  explicit PackageReader(bool all = false) : all_(all) {}
  PackageContents read(std::string_view bytes) {
    read_from(bytes, 0);
    return std::move(contents_);
  }

 private:
  void read_from(std::string_view bytes, int depth) {
    std::string fault;
    const Reader reader = open_reader(bytes, fault);
    if (!reader) return contents_.faults.push_back(fault);
    ::archive_entry* entry = nullptr;
    for (int status = 0; (status = archive_read_next_header(reader.get(), &entry)) != ARCHIVE_EOF;) {
      if (status < ARCHIVE_WARN) {
        const char* why = archive_error_string(reader.get());
        contents_.faults.push_back(why ? why : say("broken header"));
        if (status == ARCHIVE_FATAL) return;
        if (++retries_ > 100) return;
        continue;
      }
      if (++members_ > most_members)
        return contents_.faults.push_back(say("more than {} members: the rest is not read", most_members));
      if (archive_entry_filetype(entry) != AE_IFREG && !is_inner_tarball(path_of(entry))) continue;
      if (!take(reader.get(), path_of(entry), depth)) return;
    }
  }

  /// False when nothing more can be read.
  bool take(::archive* reader, const std::string& path, int depth) {
    std::string bytes;
    std::array<char, 65536> piece;
    const bool tarball = depth == 0 && !all_ && is_inner_tarball(path);
    while (true) {
      const la_ssize_t got = archive_read_data(reader, piece.data(), piece.size());
      if (got == 0) break;
      if (got < 0) {
        const char* why = archive_error_string(reader);
        contents_.faults.push_back(fmt::format("{}: {}", path, why ? why : say("cannot be read")));
        return got != ARCHIVE_FATAL;
      }
      unpacked_ += static_cast<std::uint64_t>(got);
      if (unpacked_ > largest_in_all) {
        contents_.faults.push_back(
            say("{}: more than {} MB unpacked: the rest is not read", path, largest_in_all >> 20));
        return false;
      }
      // What its first bytes show to be something else is passed over.
      if (bytes.empty() && !tarball && !all_ &&
          !is_wanted({piece.data(), static_cast<std::size_t>(got)}, path))
        return true;
      if (bytes.size() + static_cast<std::uint64_t>(got) > largest_member) {
        contents_.faults.push_back(say("{}: larger than {} MB, and not read", path, largest_member >> 20));
        return true;
      }
      bytes.append(piece.data(), static_cast<std::size_t>(got));
    }
    if (tarball)
      read_from(bytes, depth + 1);
    else if (!bytes.empty() || all_)
      contents_.members.push_back({path, std::move(bytes)});
    return true;
  }

  static bool is_wanted(std::string_view start, std::string_view path) {
    if (is_elf(start) || is_archive(start) || is_macho(start) || is_universal(start) || is_pe(start))
      return true;
    if (start.starts_with("BC\xc0\xde") || start.starts_with(std::string_view("\0asm", 4))) return true;
    return path.ends_with(".obj") || path.ends_with(".o") || path.ends_with(".tbd");
  }

  PackageContents contents_;
  std::uint64_t unpacked_ = 0, members_ = 0;
  bool all_ = false;
  int retries_ = 0;
};

}  // namespace

PackageContents read_package(std::string_view bytes) {
  return PackageReader().read(bytes);
}

Unpacked unpack(std::string_view bytes) {
  PackageContents contents = PackageReader(true).read(bytes);
  Unpacked unpacked;
  for (PackageMember& member : contents.members)
    unpacked.members.push_back({std::move(member.path), std::move(member.bytes)});
  unpacked.faults = std::move(contents.faults);
  return unpacked;
}

std::string first_in_package(std::string_view bytes) {
  if (!is_package(bytes)) return {};
  std::string fault;
  const Reader reader = open_reader(bytes, fault);
  ::archive_entry* entry = nullptr;
  if (!reader || archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) return {};
  return path_of(entry);
}

#else

PackageContents read_package(std::string_view) {
  return {
      {},
      {say("a package or tarball: this linkdx was built without libarchive and cannot look into it; unpack "
           "it first")}};
}

Unpacked unpack(std::string_view bytes) {
  return {{}, read_package(bytes).faults};
}

std::string first_in_package(std::string_view) {
  return {};
}

#endif

}  // namespace linkdx::artifact
