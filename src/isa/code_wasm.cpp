// WebAssembly code: a row of function bodies as the code section has them, each its size, its local variables
// and its instructions (Core Specification, section 5.5.13). Instructions have no fixed length: to find the
// next, an opcode's operands must be stepped over, and wasm_opcodes.inc says what they are. Behind an opcode
// that is not known nothing more of its body can be read.
//
// LLVM's disassembler only puts a witness into words; it does not know all proposals.
#include <algorithm>
#include <optional>

#include "code.hpp"
#include "llvm_decoder.hpp"

namespace linkdx::isa {
namespace {

enum class WasmOperands {
  None,
  Byte,
  FourBytes,
  EightBytes,
  SixteenBytes,
  Signed,  ///< one signed LEB128: a constant, a heap type
  Index,
  TwoIndices,
  Block,   ///< a block type
  Table,   ///< br_table: labels, and one more
  Types,   ///< a list of value types
  Memory,  ///< alignment, with a memory's index when its bit 6 is set, and offset
  MemoryAndByte,
  MemoryIndex,
  Catches,  ///< a block type and a list of catch clauses
  Cast,     ///< flags, a label and two heap types
};

struct OpcodeRow {
  std::uint32_t prefix, first, last;
  WasmOperands operands;
  std::string_view features;
};
constexpr OpcodeRow rows[] = {
#define OPCODES(prefix, first, last, operands, features) \
  {prefix, first, last, WasmOperands::operands, features},
#include "wasm_opcodes.inc"
#undef OPCODES
};

/// Numbers out of bytes. After the first that is not there all others fail.
class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::size_t at() const { return at_; }
  bool ok() const { return ok_; }
  bool at_end() const { return at_ >= bytes_.size(); }
  std::size_t left() const { return bytes_.size() - at_; }

  std::uint8_t byte() {
    if (at_end()) ok_ = false;
    return ok_ ? bytes_[at_++] : std::uint8_t{0};
  }
  void skip(std::size_t count) {
    if (count > left())
      ok_ = false;
    else
      at_ += count;
  }
  /// LEB128 of at most 64 bits. A signed one is only stepped over, so its sign does not matter.
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      const std::uint8_t part = byte();
      if (shift < 64) value |= std::uint64_t{part & 0x7fu} << shift;
      if ((part & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

constexpr std::uint8_t v128_type = 0x7b;

/// A value type, and what it needs.
std::string_view value_type(Bytes& bytes) {
  const std::uint8_t type = bytes.byte();
  if (type >= 0x7c && type <= 0x7f) return "";
  if (type == v128_type) return "simd128";
  if (type == 0x63 || type == 0x64) bytes.number();  // a reference to the heap type that follows
  return type == 0x6f || type == 0x70 ? "reference-types" : type == 0x69 ? "exception-handling" : "gc";
}

/// A block type: nothing, one value type, or the index of a function type, which may have several results.
std::string_view block_type(Bytes& bytes) {
  Bytes ahead = bytes;
  const std::uint8_t first = ahead.byte();
  if (first == 0x40) {
    bytes.byte();
    return "";
  }
  if ((first & 0xc0) == 0x40)  // a negative number of one byte
    return value_type(bytes);
  bytes.number();
  return "multivalue";
}

class Sweep {
 public:
  explicit Sweep(std::span<const std::uint8_t> all) : all_(all) { needs_.features = FeatureSet(Arch::Wasm); }

  CodeNeeds run() {
    std::size_t at = 0;
    while (at < all_.size()) {
      Bytes header(all_.subspan(at));
      const std::uint64_t size = header.number();
      if (!header.ok() || size == 0) {
        needs_.undecoded += all_.size() - at;
        break;
      }
      const std::size_t begin = at + header.at();
      const std::size_t end = begin + std::min<std::uint64_t>(size, all_.size() - begin);
      body(begin, end);
      at = end;
    }
    return std::move(needs_);
  }

 private:
  void body(std::size_t begin, std::size_t end) {
    Bytes bytes(all_.subspan(begin, end - begin));
    const std::uint64_t groups = bytes.number();
    for (std::uint64_t i = 0; i < groups && bytes.ok(); ++i) {
      const std::size_t at = begin + bytes.at();
      bytes.number();
      if (const std::string_view needed = value_type(bytes); bytes.ok()) need(needed, at, "local variable");
    }
    while (bytes.ok() && !bytes.at_end()) {
      const std::size_t start = bytes.at();
      if (!instruction(bytes, begin, end)) {
        needs_.undecoded += end - (begin + start);
        return;
      }
      ++needs_.instructions;
    }
    if (!bytes.ok()) needs_.undecoded += end - (begin + bytes.at());
  }

  bool instruction(Bytes& bytes, std::size_t begin, std::size_t end) {
    const std::size_t at = begin + bytes.at();
    const std::uint8_t first = bytes.byte();
    const std::uint32_t prefix = first >= 0xfb && first <= 0xfe ? first : 0;
    const std::uint64_t opcode = prefix == 0 ? first : bytes.number();
    const OpcodeRow* row = std::find_if(std::begin(rows), std::end(rows), [&](const OpcodeRow& candidate) {
      return candidate.prefix == prefix && opcode >= candidate.first && opcode <= candidate.last;
    });
    if (row == std::end(rows) || !bytes.ok()) return false;
    const std::string_view by_operands = operands(bytes, row->operands);
    if (!bytes.ok()) return false;
    const std::span<const std::uint8_t> its_bytes = all_.subspan(at, end - at);
    if (!row->features.empty()) need(row->features, at, its_bytes);
    if (!by_operands.empty()) need(by_operands, at, its_bytes);
    return true;
  }

  /// Steps over them; the features that they bring.
  static std::string_view operands(Bytes& bytes, WasmOperands operands) {
    switch (operands) {
      case WasmOperands::None:
        return "";
      case WasmOperands::Byte:
        bytes.skip(1);
        return "";
      case WasmOperands::FourBytes:
        bytes.skip(4);
        return "";
      case WasmOperands::EightBytes:
        bytes.skip(8);
        return "";
      case WasmOperands::SixteenBytes:
        bytes.skip(16);
        return "";
      case WasmOperands::Signed:
      case WasmOperands::Index:
        bytes.number();
        return "";
      case WasmOperands::TwoIndices:
        bytes.number();
        bytes.number();
        return "";
      case WasmOperands::Block:
        return block_type(bytes);
      case WasmOperands::Table:
        for (std::uint64_t left = bytes.number() + 1; left > 0 && bytes.ok(); --left) bytes.number();
        return "";
      case WasmOperands::Types:
        for (std::uint64_t left = bytes.number(); left > 0 && bytes.ok(); --left) value_type(bytes);
        return "";
      case WasmOperands::Memory:
        return memory(bytes);
      case WasmOperands::MemoryAndByte: {
        const std::string_view needed = memory(bytes);
        bytes.skip(1);
        return needed;
      }
      case WasmOperands::MemoryIndex:
        return bytes.number() == 0 ? "" : "multimemory";
      case WasmOperands::Catches: {
        const std::string_view needed = block_type(bytes);
        for (std::uint64_t left = bytes.number(); left > 0 && bytes.ok(); --left) {
          const std::uint8_t kind = bytes.byte();
          if (kind < 2)  // catch, catch_ref: a tag; the others catch all
            bytes.number();
          bytes.number();
        }
        return needed;
      }
      case WasmOperands::Cast:
        bytes.skip(1);
        bytes.number();
        bytes.number();
        bytes.number();
        return "";
    }
    return "";
  }

  static std::string_view memory(Bytes& bytes) {
    const bool has_index = (bytes.number() & 0x40) != 0;
    if (has_index) bytes.number();
    bytes.number();
    return has_index ? "multimemory" : "";
  }

  void need(std::string_view features, std::size_t at, std::string_view text) {
    if (features.empty()) return;
    const FeatureSet needed = feature_words(Arch::Wasm, features);
    for (std::string& name : needed.minus(needs_.features).names())
      needs_.witnesses.push_back({std::move(name), at, std::string(text)});
    needs_.features.add(needed);
  }

  void need(std::string_view features, std::size_t at, std::span<const std::uint8_t> bytes) {
    const FeatureSet needed = feature_words(Arch::Wasm, features);
    if (needs_.features.contains(needed)) return;
    need(features, at, text_of(bytes));
  }

  static std::string text_of(std::span<const std::uint8_t> bytes) {
    thread_local const std::unique_ptr<LlvmDecoder> decoder =
        LlvmDecoder::create("wasm32-unknown-unknown", "");
    llvm::MCInst instruction;
    if (decoder && decoder->decode(bytes, 0, instruction) != 0) return decoder->text(instruction, 0);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "opcode";
    for (std::uint8_t byte : bytes.first(std::min<std::size_t>(bytes.size(), 2)))
      text += std::string(" 0x") + digits[byte >> 4] + digits[byte & 15];
    return text;
  }

  std::span<const std::uint8_t> all_;
  CodeNeeds needs_;
};

}  // namespace

CodeNeeds needs_of_wasm(std::span<const std::uint8_t> bytes) {
  return Sweep(bytes).run();
}

}  // namespace linkdx::isa
