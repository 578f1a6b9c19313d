// Numbers and texts at places of a file that may lie about where they are.
//
// Every read is checked: one outside the bytes gives 0 or nothing. Readers that must tell a zero from a lie
// ask has() first.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <llvm/Support/Endian.h>

namespace linkdx::artifact {

class Fields {
 public:
  explicit Fields(std::string_view bytes, bool big_endian = false)
      : bytes_(bytes), order_(big_endian ? llvm::endianness::big : llvm::endianness::little) {}

  std::string_view bytes() const { return bytes_; }
  std::uint64_t size() const { return bytes_.size(); }
  bool has(std::uint64_t offset, std::uint64_t size) const {
    return offset <= bytes_.size() && size <= bytes_.size() - offset;
  }
  std::uint8_t u8(std::uint64_t offset) const { return read<std::uint8_t>(offset); }
  std::uint16_t u16(std::uint64_t offset) const { return read<std::uint16_t>(offset); }
  std::uint32_t u32(std::uint64_t offset) const { return read<std::uint32_t>(offset); }
  std::uint64_t u64(std::uint64_t offset) const { return read<std::uint64_t>(offset); }
  /// Empty when the range is not all there.
  std::string_view range(std::uint64_t offset, std::uint64_t size) const {
    return has(offset, size) ? bytes_.substr(offset, size) : std::string_view();
  }
  /// A text of at most `room` bytes that a NUL may end sooner.
  std::string_view padded(std::uint64_t offset, std::uint64_t room) const {
    const std::string_view text = range(offset, room);
    return text.substr(0, text.find('\0'));
  }
  /// A text that a NUL must end.
  std::optional<std::string_view> terminated(std::uint64_t offset) const {
    if (offset >= bytes_.size()) return std::nullopt;
    const std::size_t end = bytes_.find('\0', offset);
    if (end == std::string_view::npos) return std::nullopt;
    return bytes_.substr(offset, end - offset);
  }

 private:
  template <class Word>
  Word read(std::uint64_t offset) const {
    return has(offset, sizeof(Word)) ? llvm::support::endian::read<Word>(bytes_.data() + offset, order_)
                                     : Word{0};
  }

  std::string_view bytes_;
  llvm::endianness order_;
};

/// The names of a symbol table. Entries that share long names over and over could make reading them take for
/// ever: what is read in all is bounded by a multiple of the table's size.
class NameTableReader {
 public:
  explicit NameTableReader(std::string_view table) : fields_(table), budget_(64 * table.size() + 4096) {}
  /// Nothing when the name lies outside the table, has no end, or the budget is spent.
  std::optional<std::string_view> at(std::uint64_t offset) {
    const std::optional<std::string_view> name = fields_.terminated(offset);
    if (!name || name->size() >= budget_) {
      ++unreadable_;
      return std::nullopt;
    }
    budget_ -= name->size();
    return name;
  }
  std::uint64_t unreadable() const { return unreadable_; }

 private:
  Fields fields_;
  std::uint64_t budget_;
  std::uint64_t unreadable_ = 0;
};

}  // namespace linkdx::artifact
