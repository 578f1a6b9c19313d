// What LLVM bitcode says of the CPUs its functions are compiled for. Each function has a set of attributes;
// two of them are texts, "target-cpu" and "target-features", written from -march and -m flags or from
// __attribute__((target)). The sets stand in a block of their own at the start of the module, so the code
// need not be read.
//
// A stream of bits holds blocks of records; a record is a code and numbers. In the block PARAMATTR_GROUP each
// record is one group: its number, the parameter it is for (all ones: the function), then attributes, of
// which kind 4 is a text with a value: both end with a zero (LLVM, "LLVM Bitcode File Format",
// "PARAMATTR_GROUP_BLOCK").
#include <llvm/Bitcode/LLVMBitCodes.h>
#include <llvm/Bitstream/BitstreamReader.h>

#include <algorithm>

#include "declarations.hpp"

#include "linkdx/language.hpp"

namespace linkdx::artifact {
namespace {

using llvm::bitc::MODULE_BLOCK_ID;
using llvm::bitc::PARAMATTR_GROUP_BLOCK_ID;

/// The text from `at` up to its zero; `at` is moved behind it. False when there is no zero.
bool take_text(llvm::ArrayRef<std::uint64_t> record, std::size_t& at, std::string& text) {
  text.clear();
  for (; at < record.size() && record[at] != 0; ++at) text += static_cast<char>(record[at]);
  return at++ < record.size();
}

class Groups {
 public:
  explicit Groups(Declarations& result) : result_(result) {}

  llvm::Error read(llvm::BitstreamCursor& stream) {
    if (llvm::Error error = stream.EnterSubBlock(PARAMATTR_GROUP_BLOCK_ID)) return error;
    llvm::SmallVector<std::uint64_t, 64> record;
    while (true) {
      llvm::Expected<llvm::BitstreamEntry> entry = stream.advanceSkippingSubblocks();
      if (!entry) return entry.takeError();
      if (entry->Kind == llvm::BitstreamEntry::EndBlock) return llvm::Error::success();
      if (entry->Kind != llvm::BitstreamEntry::Record)
        return llvm::createStringError(say("attribute groups end in the middle"));
      record.clear();
      llvm::Expected<unsigned> code = stream.readRecord(entry->ID, record);
      if (!code) return code.takeError();
      if (*code == llvm::bitc::PARAMATTR_GRP_CODE_ENTRY) read_group(record);
    }
  }

 private:
  void read_group(llvm::ArrayRef<std::uint64_t> record) {
    constexpr std::uint64_t whole_function = 0xffffffff;
    if (record.size() < 2 || record[1] != whole_function) return;
    std::string name, value;
    for (std::size_t at = 2; at < record.size();) {
      // Kinds: 0 a plain attribute, 1 with a number, 3 a text, 4 a text with a value, 5 and 6 a type, 7 a
      // range of numbers.
      const std::uint64_t kind = record[at++];
      if (kind == 3 || kind == 4) {
        value.clear();
        if (!take_text(record, at, name) || (kind == 4 && !take_text(record, at, value))) return;
        add(name, value);
      } else if (kind == 0 || kind == 5) {
        at += 1;
      } else if (kind == 1 || kind == 6) {
        at += 2;
      } else {
        return;  // of unknown length: what follows it cannot be found. Texts come last, but for such groups
      }
    }
  }

  void add(const std::string& name, const std::string& value) {
    if (value.empty() || (name != "target-cpu" && name != "target-features")) return;
    Declaration said{
        .kind = name == "target-cpu" ? Declaration::Kind::TargetCpu : Declaration::Kind::TargetFeatures,
        .where = "function attributes",
        .name = name,
        .value = value};
    if (name == "target-features")
      for (std::size_t begin = 0; begin < value.size();) {
        const std::size_t end = std::min(value.find(',', begin), value.size());
        said.features.push_back(value.substr(begin, end - begin));
        begin = end + 1;
      }
    if (std::find(result_.said.begin(), result_.said.end(), said) == result_.said.end())
      result_.said.push_back(std::move(said));
  }

  Declarations& result_;
};

/// Bitcode of Darwin stands behind a header with the offset and size of the stream (LLVM, "Bitcode Wrapper
/// Format").
std::string_view without_wrapper(std::string_view bytes) {
  if (!bytes.starts_with("\xde\xc0\x17\x0b") || bytes.size() < 16) return bytes;
  const auto word = [bytes](std::size_t at) { return llvm::support::endian::read32le(bytes.data() + at); };
  const std::uint32_t offset = word(8), size = word(12);
  return offset <= bytes.size() ? bytes.substr(offset, size) : std::string_view();
}

llvm::Error read_module(llvm::BitstreamCursor& stream, Groups& groups) {
  if (llvm::Error error = stream.EnterSubBlock(MODULE_BLOCK_ID)) return error;
  while (!stream.AtEndOfStream()) {
    llvm::Expected<llvm::BitstreamEntry> entry = stream.advance();
    if (!entry) return entry.takeError();
    if (entry->Kind == llvm::BitstreamEntry::EndBlock) return llvm::Error::success();
    if (entry->Kind == llvm::BitstreamEntry::Error)
      return llvm::createStringError(say("the module is broken"));
    if (entry->Kind == llvm::BitstreamEntry::SubBlock) {
      if (entry->ID == PARAMATTR_GROUP_BLOCK_ID) return groups.read(stream);
      if (llvm::Error error = stream.SkipBlock()) return error;
    } else if (llvm::Expected<unsigned> code = stream.skipRecord(entry->ID); !code) {
      return code.takeError();
    }
  }
  return llvm::Error::success();
}

llvm::Error read_stream(std::string_view bytes, Groups& groups) {
  bytes = without_wrapper(bytes);
  if (bytes.size() < 4) return llvm::createStringError(say("ends in its first word"));
  bytes = bytes.substr(0, bytes.size() / 4 * 4);  // the stream is made of 32-bit words
  llvm::BitstreamCursor stream(llvm::StringRef(bytes.data(), bytes.size()));
  if (llvm::Error error = stream.JumpToBit(32)) return error;  // behind the magic number
  while (!stream.AtEndOfStream()) {
    llvm::Expected<llvm::BitstreamEntry> entry = stream.advance();
    if (!entry) return entry.takeError();
    if (entry->Kind != llvm::BitstreamEntry::SubBlock)
      return llvm::createStringError(say("holds something between its blocks"));
    if (llvm::Error error = entry->ID == MODULE_BLOCK_ID ? read_module(stream, groups) : stream.SkipBlock())
      return error;
    if (entry->ID == MODULE_BLOCK_ID) break;
  }
  return llvm::Error::success();
}

}  // namespace

Declarations bitcode_declarations(std::string_view bytes) {
  Declarations result;
  Groups groups(result);
  if (llvm::Error error = read_stream(bytes, groups))
    result.faults.push_back("function attributes: " + llvm::toString(std::move(error)));
  return result;
}

}  // namespace linkdx::artifact
