// The order in which llvm-mc sets up its parts (llvm/tools/llvm-mc/Disassembler.cpp).
#include "llvm_decoder.hpp"

#include <algorithm>
#include <mutex>

#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"

namespace linkdx::isa {

struct LlvmDecoder::Parts {
  const llvm::Target* target = nullptr;
  llvm::MCTargetOptions options;
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> assembly;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
  std::unique_ptr<llvm::MCContext> context;
  std::unique_ptr<llvm::MCDisassembler> disassembler;
  std::unique_ptr<llvm::MCInstPrinter> printer;
};

LlvmDecoder::LlvmDecoder(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LlvmDecoder::~LlvmDecoder() = default;

namespace {

const llvm::Target* find_target(const char* triple) {
  static std::once_flag once;
  std::call_once(once, [] {
#define LINKDX_TARGET(name)           \
  LLVMInitialize##name##TargetInfo(); \
  LLVMInitialize##name##TargetMC();   \
  LLVMInitialize##name##Disassembler();
    LINKDX_TARGET(X86)
    LINKDX_TARGET(AArch64)
    LINKDX_TARGET(ARM)
    LINKDX_TARGET(RISCV)
    LINKDX_TARGET(SystemZ)
    LINKDX_TARGET(Mips)
    LINKDX_TARGET(PowerPC)
    LINKDX_TARGET(LoongArch)
    LINKDX_TARGET(WebAssembly)
#undef LINKDX_TARGET
  });
  std::string error;
  return llvm::TargetRegistry::lookupTarget(triple, error);
}

}  // namespace

std::unique_ptr<llvm::MCSubtargetInfo> make_subtarget(const char* triple, const char* features) {
  const llvm::Target* target = find_target(triple);
  return std::unique_ptr<llvm::MCSubtargetInfo>(
      target == nullptr ? nullptr : target->createMCSubtargetInfo(triple, "", features));
}

std::unique_ptr<LlvmDecoder> LlvmDecoder::create(const char* triple_text, const char* features) {
  const llvm::Target* target = find_target(triple_text);
  if (target == nullptr) return nullptr;
  auto parts = std::make_unique<Parts>();
  parts->target = target;
  llvm::Triple triple(triple_text);
  parts->registers.reset(target->createMCRegInfo(triple_text));
  if (!parts->registers) return nullptr;
  parts->assembly.reset(target->createMCAsmInfo(*parts->registers, triple_text, parts->options));
  parts->instructions.reset(target->createMCInstrInfo());
  parts->subtarget.reset(target->createMCSubtargetInfo(triple_text, "", features));
  if (!parts->assembly || !parts->instructions || !parts->subtarget) return nullptr;
  parts->context = std::make_unique<llvm::MCContext>(triple, parts->assembly.get(), parts->registers.get(),
                                                     parts->subtarget.get());
  parts->disassembler.reset(target->createMCDisassembler(*parts->subtarget, *parts->context));
  constexpr unsigned intel_syntax = 1;  // X86ATTInstPrinter is 0, X86IntelInstPrinter 1
  const unsigned syntax = triple.isX86() ? intel_syntax : parts->assembly->getAssemblerDialect();
  parts->printer.reset(
      target->createMCInstPrinter(triple, syntax, *parts->assembly, *parts->instructions, *parts->registers));
  if (!parts->disassembler || !parts->printer) return nullptr;
  parts->printer->setPrintImmHex(true);
  return std::unique_ptr<LlvmDecoder>(new LlvmDecoder(std::move(parts)));
}

std::uint64_t LlvmDecoder::decode(std::span<const std::uint8_t> bytes, std::uint64_t address,
                                  llvm::MCInst& instruction) {
  std::uint64_t size = 0;
  instruction = llvm::MCInst();  // clear() keeps the opcode, and a stale one makes the AArch64 decoder insert
                                 // operands out of range
  auto status = parts_->disassembler->getInstruction(
      instruction, size, llvm::ArrayRef(bytes.data(), bytes.size()), address, llvm::nulls());
  // SoftFail: registers that the manual calls unpredictable. A CPU runs it all the same.
  return status == llvm::MCDisassembler::Fail ? 0 : size;
}

std::string LlvmDecoder::text(const llvm::MCInst& instruction, std::uint64_t address) {
  std::string result;
  llvm::raw_string_ostream stream(result);
  parts_->printer->printInst(&instruction, address, "", *parts_->subtarget, stream);
  stream.flush();
  std::replace(result.begin(), result.end(), '\t', ' ');
  result.erase(0, std::min(result.size(), result.find_first_not_of(' ')));
  return result;
}

std::string LlvmDecoder::opcode_name(const llvm::MCInst& instruction) const {
  return parts_->instructions->getName(instruction.getOpcode()).str();
}

llvm::MCSubtargetInfo& LlvmDecoder::subtarget() {
  return *parts_->subtarget;
}

const llvm::MCRegisterInfo& LlvmDecoder::registers() const {
  return *parts_->registers;
}

void LlvmDecoder::forget() {
  parts_->disassembler.reset(parts_->target->createMCDisassembler(*parts_->subtarget, *parts_->context));
}

}  // namespace linkdx::isa
