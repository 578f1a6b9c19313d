// What linkdx says instructions need, held against LLVM's assembler: it must take each with just that, and
// refuse it, or make another instruction of it, without any one part. The whole of LLVM's tables is gone
// through by test/bench/isa_agreement.py; these are one or two instructions of each kind.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "linkdx/isa.hpp"
#include "llvm/MC/MCAsmBackend.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCCodeEmitter.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCObjectFileInfo.h"
#include "llvm/MC/MCParser/MCAsmParser.h"
#include "llvm/MC/MCParser/MCTargetAsmParser.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm_decoder.hpp"
#include "llvm_table.hpp"

using namespace linkdx::isa;

namespace {

struct Row {
  Arch arch;
  const char *text, *features;
};
constexpr Row rows[] = {
#define AGREES(arch, text, features) {Arch::arch, text, features},
#include "isa_agrees.inc"
#undef AGREES
};

const char* triple_of(Arch arch) {
  return arch == Arch::AArch64   ? "aarch64-unknown-linux-gnu"
         : arch == Arch::RiscV64 ? "riscv64-unknown-linux-gnu"
                                 : "riscv32-unknown-linux-gnu";
}

/// Keeps the bytes of the last instruction.
class Keeper final : public llvm::MCStreamer {
 public:
  Keeper(llvm::MCContext& context, const llvm::MCCodeEmitter& emitter)
      : MCStreamer(context), emitter_(emitter) {}
  void emitInstruction(const llvm::MCInst& instruction, const llvm::MCSubtargetInfo& subtarget) override {
    llvm::SmallVector<llvm::MCFixup, 4> fixups;
    bytes.clear();
    emitter_.encodeInstruction(instruction, bytes, fixups, subtarget);
  }
  bool emitSymbolAttribute(llvm::MCSymbol*, llvm::MCSymbolAttr) override { return true; }
  void emitCommonSymbol(llvm::MCSymbol*, std::uint64_t, llvm::Align) override {}
  void emitZerofill(llvm::MCSection*, llvm::MCSymbol*, std::uint64_t, llvm::Align, llvm::SMLoc) override {}
  llvm::SmallVector<char, 8> bytes;

 private:
  const llvm::MCCodeEmitter& emitter_;
};

/// LLVM's assembler for one architecture. The order of its parts is that of llvm-mc
/// (llvm/tools/llvm-mc/llvm-mc.cpp).
class Assembler {
 public:
  explicit Assembler(Arch arch) : arch_(arch), triple_(triple_of(arch)) {
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmParser();
    LLVMInitializeRISCVTargetInfo();
    LLVMInitializeRISCVTargetMC();
    LLVMInitializeRISCVAsmParser();
    std::string error;
    target_ = llvm::TargetRegistry::lookupTarget(triple_, error);
    registers_.reset(target_->createMCRegInfo(triple_));
    assembly_.reset(target_->createMCAsmInfo(*registers_, triple_, options_));
    instructions_.reset(target_->createMCInstrInfo());
    for (const LlvmEntry& entry : llvm_table(triple_.c_str()).features)
      if (entry.unfinished) unfinished_.push_back(entry.name);
  }

  /// The bytes, or none where the text is refused.
  std::vector<std::uint8_t> assemble(const char* text, const FeatureSet& features) {
    std::string attributes = arch_ == Arch::AArch64 ? "+v8a,-fp-armv8,-ete,-trbe" : "";
    for (const std::string& name : features.names()) {
      if (name.starts_with("zvl"))
        continue;  // a length, which vectors bring; LLVM aborts over one without them
      const bool unfinished = std::find(unfinished_.begin(), unfinished_.end(), name) != unfinished_.end();
      attributes += (attributes.empty() ? "+" : ",+") + std::string(unfinished ? "experimental-" : "") + name;
    }
    const std::unique_ptr<llvm::MCSubtargetInfo> subtarget(
        target_->createMCSubtargetInfo(triple_, "", attributes));
    llvm::SourceMgr source;
    source.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBuffer(text), llvm::SMLoc());
    source.setDiagHandler([](const llvm::SMDiagnostic&, void*) {});
    llvm::MCContext context(llvm::Triple(triple_), assembly_.get(), registers_.get(), subtarget.get(),
                            &source);
    const std::unique_ptr<llvm::MCObjectFileInfo> sections(target_->createMCObjectFileInfo(context, false));
    context.setObjectFileInfo(sections.get());
    const std::unique_ptr<llvm::MCCodeEmitter> emitter(target_->createMCCodeEmitter(*instructions_, context));
    Keeper keeper(context, *emitter);
    target_->createNullTargetStreamer(keeper);
    const std::unique_ptr<llvm::MCAsmParser> parser(createMCAsmParser(source, context, keeper, *assembly_));
    const std::unique_ptr<llvm::MCTargetAsmParser> target_parser(
        target_->createMCAsmParser(*subtarget, *parser, *instructions_, options_));
    parser->setTargetParser(*target_parser);
    if (parser->Run(false)) return {};
    return {keeper.bytes.begin(), keeper.bytes.end()};
  }

 private:
  Arch arch_;
  std::string triple_;
  const llvm::Target* target_ = nullptr;
  llvm::MCTargetOptions options_;
  std::unique_ptr<llvm::MCRegisterInfo> registers_;
  std::unique_ptr<llvm::MCAsmInfo> assembly_;
  std::unique_ptr<llvm::MCInstrInfo> instructions_;
  std::vector<std::string> unfinished_;
};

FeatureSet set_of(const Row& row) {
  FeatureSet features(row.arch);
  std::string_view words = row.features;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    CHECK_MESSAGE(features.add(word), word);
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
  return features;
}

std::string words_of(const FeatureSet& features) {
  std::string text;
  for (const std::string& name : features.names()) text += (text.empty() ? "" : " ") + name;
  return text;
}

}  // namespace

TEST_CASE("LLVM's assembler takes an instruction with what linkdx says it needs, and not with less") {
  std::map<Arch, Assembler> assemblers;
  for (const Row& row : rows) {
    CAPTURE(std::string(row.text));
    Assembler& assembler = assemblers.try_emplace(row.arch, row.arch).first->second;
    const FeatureSet needed = set_of(row);
    const std::vector<std::uint8_t> bytes = assembler.assemble(row.text, with_implied(needed));
    CHECK(!bytes.empty());
    // What the code declares settles encodings that several extensions claim.
    const CodeNeeds told = from_code(row.arch, bytes, 0, nullptr, {.declared = with_implied(needed)});
    CHECK(told.instructions == 1);
    CHECK(words_of(told.features) == row.features);
    for (const std::string& name : told.features.names()) {
      FeatureSet fewer = with_implied(told.features), one(row.arch);
      one.add(name);
      fewer = fewer.minus(one);
      CHECK_MESSAGE(assembler.assemble(row.text, fewer) != bytes, "without " << name);
    }
  }
}
