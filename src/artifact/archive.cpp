// Reading archives. See archive.hpp for the format.

#include "archive.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <llvm/Support/Endian.h>

#include "linkdx/language.hpp"

namespace linkdx::artifact {

namespace {

constexpr std::string_view regular_magic = "!<arch>\n";
constexpr std::string_view thin_magic = "!<thin>\n";
constexpr std::size_t header_size = 60;

std::string_view trimmed(std::string_view field) {
  const std::size_t end = field.find_last_not_of(' ');
  return end == std::string_view::npos ? std::string_view() : field.substr(0, end + 1);
}

std::optional<std::uint64_t> decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// ar_name[16] ar_date[12] ar_uid[6] ar_gid[6] ar_mode[8] ar_size[10] ar_fmag[2]
struct Header {
  std::string_view name;
  std::optional<std::uint64_t> size;
  bool well_formed = false;
};

Header header_at(std::string_view bytes, std::uint64_t offset) {
  const std::string_view text = bytes.substr(offset, header_size);
  return {trimmed(text.substr(0, 16)), decimal(trimmed(text.substr(48, 10))), text.substr(58, 2) == "`\n"};
}

/// The next place that reads as a header whose member fits, so that one bad member does not hide the others.
std::optional<std::uint64_t> next_header(std::string_view bytes, std::uint64_t from) {
  while (from + header_size <= bytes.size()) {
    const std::size_t end = bytes.find("`\n", from + 58);
    if (end == std::string_view::npos) return std::nullopt;
    const std::uint64_t start = end - 58;
    const Header header = header_at(bytes, start);
    if (start % 2 == 0 && header.size && *header.size <= bytes.size() - start - header_size) return start;
    from = start + 1;
  }
  return std::nullopt;
}

class Reader {
 public:
  Reader(std::string_view bytes, ReadIndex index) : bytes_(bytes), read_index_(index) {}

  ArchiveListing read() {
    listing_.thin = bytes_.starts_with(thin_magic);
    std::uint64_t offset = regular_magic.size();
    while (offset < bytes_.size()) {
      const std::optional<std::uint64_t> next = read_member(offset);
      if (!next) break;
      offset = *next;
    }
    return std::move(listing_);
  }

 private:
  void fault(std::string text) { listing_.faults.push_back(std::move(text)); }

  /// Where the next member starts; nothing when the rest of the archive is unreadable.
  std::optional<std::uint64_t> read_member(std::uint64_t offset) {
    if (bytes_.size() - offset < header_size) {
      if (bytes_.substr(offset).find_first_not_of('\n') != std::string_view::npos)
        fault(say("truncated archive: {} bytes are left at offset {}, a member header needs {}",
                  bytes_.size() - offset, offset, header_size));
      return std::nullopt;
    }
    const Header header = header_at(bytes_, offset);
    if (!header.well_formed || !header.size) {
      fault(say("malformed member header at offset {}", offset));
      return next_header(bytes_, offset + 2);
    }
    const std::uint64_t start = offset + header_size;
    const std::uint64_t room = bytes_.size() - start;
    const bool special = header.name.starts_with('/') &&
                         !(header.name.size() > 1 && header.name[1] >= '0' && header.name[1] <= '9');
    const bool has_bytes = !listing_.thin || special || header.name.starts_with("__.SYMDEF");
    if (has_bytes && *header.size > room) {
      fault(say("member '{}' at offset {} claims {} bytes, {} are left", header.name, offset, *header.size,
                room));
      return next_header(bytes_, start);
    }
    const std::string_view contents = has_bytes ? bytes_.substr(start, *header.size) : std::string_view();
    take(header.name, offset, contents);
    const std::uint64_t end = start + contents.size();
    return end + end % 2;
  }

  void take(std::string_view name, std::uint64_t offset, std::string_view contents) {
    if (name == "/") {
      // COFF import libraries have a second, little-endian one; the first says all.
      if (!listing_.has_index) read_gnu_index<std::uint32_t>(contents);
      return;
    }
    if (name == "/SYM64/") return read_gnu_index<std::uint64_t>(contents);
    if (name == "//") {
      long_names_ = contents;
      return;
    }
    if (name.starts_with("/<")) return;  // <ECSYMBOLS>, <HYBRIDMAP>, <XFGHASHMAP>: COFF side tables
    Member member{.name = name, .header_offset = offset, .bytes = contents};
    if (name.starts_with("#1/")) {
      const std::optional<std::uint64_t> length = decimal(name.substr(3));
      if (!length || *length > contents.size())
        return fault(
            say("member at offset {} has a name of length '{}', longer than itself", offset, name.substr(3)));
      const std::string_view written = contents.substr(0, *length);
      member.name = written.substr(0, written.find('\0'));
      member.bytes = contents.substr(*length);
    } else if (name.size() > 1 && name.front() == '/') {
      if (!resolve_long_name(name.substr(1), member))
        return fault(
            say("member at offset {} names '{}', which is not in the table of long names", offset, name));
    } else if (name.size() > 1 && name.back() == '/') {
      member.name = name.substr(0, name.size() - 1);
    }
    if (member.name == "__.SYMDEF" || member.name == "__.SYMDEF SORTED")
      return read_bsd_index<std::uint32_t>(member.bytes);
    if (member.name == "__.SYMDEF_64" || member.name == "__.SYMDEF_64 SORTED")
      return read_bsd_index<std::uint64_t>(member.bytes);
    listing_.members.push_back(member);
  }

  /// `/OFFSET` into the table of long names, in thin archives also `/OFFSET:ORIGIN`.
  bool resolve_long_name(std::string_view reference, Member& member) const {
    const std::size_t colon = reference.find(':');
    const std::optional<std::uint64_t> at = decimal(reference.substr(0, colon));
    if (!at || *at >= long_names_.size()) return false;
    if (colon != std::string_view::npos) {
      const std::optional<std::uint64_t> origin = decimal(reference.substr(colon + 1));
      if (!origin) return false;
      member.origin = *origin;
    }
    // GNU ends a name by "/\n", COFF by NUL.
    std::string_view rest = long_names_.substr(*at);
    rest = rest.substr(0, std::min(rest.find('\n'), rest.find('\0')));
    if (rest.ends_with('/')) rest.remove_suffix(1);
    member.name = rest;
    return true;
  }

  /// A count, that many header offsets, that many NUL-terminated names; big-endian whatever the objects are.
  template <class Word>
  void read_gnu_index(std::string_view contents) {
    using llvm::support::endian::read;
    listing_.has_index = true;
    if (read_index_ == ReadIndex::No) return;
    if (contents.size() < sizeof(Word)) return fault(say("truncated archive index"));
    const std::uint64_t count = read<Word, llvm::endianness::big>(contents.data());
    if (count > (contents.size() - sizeof(Word)) / sizeof(Word))
      return fault(say("archive index claims {} symbols and has room for fewer", count));
    std::string_view names = contents.substr(sizeof(Word) * (count + 1));
    listing_.index.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::size_t end = names.find('\0');
      if (end == std::string_view::npos)
        return fault(say("archive index ends after {} of {} symbols", i, count));
      listing_.index.push_back({names.substr(0, end),
                                read<Word, llvm::endianness::big>(contents.data() + sizeof(Word) * (i + 1))});
      names.remove_prefix(end + 1);
    }
  }

  /// The size of the entries, entries of (name offset, header offset), the size of the names, the names.
  /// Written in the byte order of its maker; little-endian is what exists today.
  template <class Word>
  void read_bsd_index(std::string_view contents) {
    using llvm::support::endian::read;
    listing_.has_index = true;
    if (read_index_ == ReadIndex::No) return;
    if (contents.size() < 2 * sizeof(Word)) return fault(say("truncated archive index"));
    const std::uint64_t size = read<Word, llvm::endianness::little>(contents.data());
    if (size > contents.size() - 2 * sizeof(Word))
      return fault(say("archive index claims {} bytes of entries and has fewer", size));
    const std::string_view names = contents.substr(2 * sizeof(Word) + size);
    // Names are written once each. Entries that share one long name would cost time without end.
    std::uint64_t budget = 16 * names.size();
    for (std::uint64_t i = 0; i + 2 * sizeof(Word) <= size; i += 2 * sizeof(Word)) {
      const char* entry = contents.data() + sizeof(Word) + i;
      const std::uint64_t name = read<Word, llvm::endianness::little>(entry);
      const std::uint64_t header = read<Word, llvm::endianness::little>(entry + sizeof(Word));
      const std::size_t end = name < names.size() ? names.find('\0', name) : std::string_view::npos;
      if (end == std::string_view::npos)
        return fault(say("archive index names a symbol outside its string table"));
      if (end - name > budget) return fault(say("archive index uses the same names over and over"));
      budget -= end - name;
      listing_.index.push_back({names.substr(name, end - name), header});
    }
  }

  std::string_view bytes_;
  ReadIndex read_index_;
  std::string_view long_names_;
  ArchiveListing listing_;
};

}  // namespace

bool is_archive(std::string_view bytes) {
  return bytes.starts_with(regular_magic) || bytes.starts_with(thin_magic);
}

ArchiveListing read_archive(std::string_view bytes, ReadIndex index) {
  return Reader(bytes, index).read();
}

}  // namespace linkdx::artifact
