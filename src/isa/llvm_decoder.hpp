// LLVM's disassembler for one architecture: the parts that MC wants, made once for each thread and kept. The
// one place that knows how to set LLVM's machinery up.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "linkdx/isa.hpp"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCSubtargetInfo.h"

namespace linkdx::isa {

/// LLVM's tables of one architecture alone. Null where this build of LLVM lacks the target.
std::unique_ptr<llvm::MCSubtargetInfo> make_subtarget(const char* triple, const char* features);

class LlvmDecoder {
 public:
  /// Null where this build of LLVM lacks the target.
  static std::unique_ptr<LlvmDecoder> create(const char* triple, const char* features);
  ~LlvmDecoder();

  /// The size of the instruction; 0 if the bytes are none.
  std::uint64_t decode(std::span<const std::uint8_t> bytes, std::uint64_t address, llvm::MCInst& instruction);
  std::string text(const llvm::MCInst& instruction, std::uint64_t address);
  std::string opcode_name(const llvm::MCInst& instruction) const;
  llvm::MCSubtargetInfo& subtarget();
  const llvm::MCRegisterInfo& registers() const;
  /// Forgets what earlier instructions said about later ones (Thumb's IT and VPT blocks).
  void forget();

 private:
  struct Parts;
  explicit LlvmDecoder(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace linkdx::isa
