// Unwind information: where functions begin and end, also in a library without a symbol table, because
// exceptions and backtraces need it at run time. Section .eh_frame is a list of records: a CIE says how
// addresses are written, and each FDE after it describes one range of code. Hand-written assembly often has
// none.
//
// Sources: LSB Core, "Exception Frames"; pointer encodings, LSB Core, "DWARF Exception Header Encoding".
#include <map>

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/Support/DataExtractor.h>

#include "linkdx/artifact.hpp"

namespace linkdx::artifact {
namespace {

namespace dwarf = llvm::dwarf;

class Frames {
 public:
  Frames(const Section& section, const Machine& machine,
         llvm::function_ref<void(std::uint64_t, std::uint64_t)> visit)
      : address_(section.address),
        data_(llvm::ArrayRef(section.contents.data(), section.contents.size()), !machine.big_endian,
              static_cast<std::uint8_t>(machine.bits / 8)),
        word_(machine.bits / 8),
        visit_(visit) {}

  void run() {
    std::uint64_t at = 0;
    while (data_.isValidOffsetForDataOfSize(at, 8)) {
      const std::uint64_t begin = at;
      const std::uint32_t length = data_.getU32(&at);
      // 0 ends the list; all ones would announce a 64-bit length, which no compiler writes.
      if (length == 0 || length == 0xffffffff || !data_.isValidOffsetForDataOfSize(at, length) || length < 4)
        return;
      const std::uint64_t end = at + length, id_at = at;
      const std::uint32_t id = data_.getU32(&at);
      if (id == 0)
        read_common(begin, at, end);
      else if (id <= id_at)
        read_range(id_at - id, at);
      at = end;
    }
  }

 private:
  /// The encoding of addresses in the FDEs of this CIE: `R` of the augmentation.
  void read_common(std::uint64_t begin, std::uint64_t at, std::uint64_t end) {
    llvm::DataExtractor::Cursor cursor(at);
    const std::uint8_t version = data_.getU8(cursor);
    const std::string augmentation = data_.getCStrRef(cursor).str();
    data_.getULEB128(cursor);  // code alignment
    data_.getSLEB128(cursor);  // data alignment
    if (version == 1)
      data_.getU8(cursor);
    else
      data_.getULEB128(cursor);  // return address register
    std::uint8_t encoding = dwarf::DW_EH_PE_absptr;
    if (augmentation.starts_with("z")) {
      data_.getULEB128(cursor);
      for (const char letter : augmentation.substr(1)) {
        if (letter == 'R')
          encoding = data_.getU8(cursor);
        else if (letter == 'L')
          data_.getU8(cursor);
        else if (letter == 'P') {
          const unsigned size = size_of(data_.getU8(cursor));
          if (size == 0) break;
          data_.getUnsigned(cursor, size);
        }
      }
    }
    if (cursor && cursor.tell() <= end) encodings_[begin] = encoding;
    llvm::consumeError(cursor.takeError());
  }

  void read_range(std::uint64_t common, std::uint64_t at) {
    const auto found = encodings_.find(common);
    if (found == encodings_.end()) return;
    const std::uint8_t encoding = found->second;
    const unsigned size = size_of(encoding), form = encoding & 0x70;
    if (size == 0 || (form != dwarf::DW_EH_PE_absptr && form != dwarf::DW_EH_PE_pcrel) ||
        (encoding & dwarf::DW_EH_PE_indirect) != 0)
      return;
    if (!data_.isValidOffsetForDataOfSize(at, 2 * size)) return;
    const std::uint64_t place = address_ + at;
    const bool is_signed = (encoding & dwarf::DW_EH_PE_signed) != 0;
    std::uint64_t begin =
        is_signed ? static_cast<std::uint64_t>(data_.getSigned(&at, size)) : data_.getUnsigned(&at, size);
    if (form == dwarf::DW_EH_PE_pcrel) begin += place;
    if (word_ == 4) begin &= 0xffffffff;
    const std::uint64_t length = data_.getUnsigned(&at, size);
    if (length != 0 && begin + length > begin) visit_(begin, begin + length);
  }

  unsigned size_of(std::uint8_t encoding) const {
    switch (encoding & 0x07) {
      case dwarf::DW_EH_PE_absptr:
        return word_;
      case dwarf::DW_EH_PE_udata2:
        return 2;
      case dwarf::DW_EH_PE_udata4:
        return 4;
      case dwarf::DW_EH_PE_udata8:
        return 8;
      default:
        return 0;
    }
  }

  std::uint64_t address_;
  llvm::DataExtractor data_;
  unsigned word_;
  llvm::function_ref<void(std::uint64_t, std::uint64_t)> visit_;
  std::map<std::uint64_t, std::uint8_t> encodings_;  ///< by the place of the CIE
};

}  // namespace

void visit_unwind_ranges(const Object& object, llvm::function_ref<void(std::uint64_t, std::uint64_t)> visit) {
  if (object.kind() != Kind::ElfShared && object.kind() != Kind::ElfExecutable) return;
  for (const Section& section : object.sections())
    if (section.name == ".eh_frame") Frames(section, object.machine(), visit).run();
}

}  // namespace linkdx::artifact
