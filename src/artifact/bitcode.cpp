// See bitcode.hpp.

#include "bitcode.hpp"

#include <fmt/format.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Object/IRSymtab.h>
#include <llvm/TargetParser/Triple.h>

#include "declarations.hpp"
#include "linkdx/language.hpp"

namespace linkdx::artifact {

namespace {

namespace table = llvm::irsymtab::storage;

class BitcodeObject final : public Object {
 public:
  explicit BitcodeObject(const Origin& origin) : origin_(origin) {}
  Kind kind() const override { return Kind::Bitcode; }
  const Machine& machine() const override { return machine_; }
  std::string_view member() const override { return origin_.member; }
  std::string label() const override { return label_of(origin_); }
  std::span<const Symbol> symbols() const override { return symbols_; }
  std::vector<Symbol> local_symbols() const override { return locals_; }
  std::vector<Use> uses(std::uint32_t) const override { return {}; }
  std::vector<Function> functions() const override { return {}; }
  std::string_view source_file() const override { return source_file_; }
  Declarations declarations() const override { return bitcode_declarations(origin_.bytes); }

  llvm::Error load() {
    llvm::Expected<llvm::BitcodeFileContents> contents =
        llvm::getBitcodeFileContents({{origin_.bytes.data(), origin_.bytes.size()}, label()});
    if (!contents) return contents.takeError();
    const llvm::StringRef symtab = contents->Symtab, strings = contents->StrtabForSymtab;
    if (symtab.size() < sizeof(table::Header))
      return llvm::createStringError(say("bitcode without a symbol table"));
    const auto* header = reinterpret_cast<const table::Header*>(symtab.data());
    if (header->Version != table::Header::kCurrentVersion)
      return llvm::createStringError(say("bitcode symbol table of version {}, not {}",
                                         std::uint32_t(header->Version),
                                         std::uint32_t(table::Header::kCurrentVersion))
                                         .c_str());
    if (const std::optional<std::string_view> triple = text(strings, header->TargetTriple))
      set_machine(*triple);
    source_file_ = text(strings, header->SourceFileName).value_or("");
    const std::uint64_t offset = header->Symbols.Offset, count = header->Symbols.Size;
    if (offset > symtab.size() || count > (symtab.size() - offset) / sizeof(table::Symbol))
      return llvm::createStringError(say("bitcode symbol table lies outside its block"));
    const auto* first = reinterpret_cast<const table::Symbol*>(symtab.data() + offset);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::optional<std::string_view> name = text(strings, first[i].Name);
      if (!name) return llvm::createStringError(say("bitcode symbol with a name outside the string table"));
      add(*name, first[i].Flags, i);
    }
    return llvm::Error::success();
  }

 private:
  static std::optional<std::string_view> text(llvm::StringRef strings, const table::Str& place) {
    const std::uint64_t offset = place.Offset, size = place.Size;
    if (offset > strings.size() || size > strings.size() - offset) return std::nullopt;
    return std::string_view(strings.data() + offset, size);
  }

  void set_machine(std::string_view name) {
    const llvm::Triple triple(llvm::StringRef(name.data(), name.size()));
    machine_.arch = llvm::Triple::getArchTypeName(triple.getArch()).str();
    machine_.bits = triple.isArch64Bit() ? 64 : triple.isArch32Bit() ? 32 : 0;
    machine_.big_endian = triple.getArch() != llvm::Triple::UnknownArch && !triple.isLittleEndian();
    if (triple.getArch() == llvm::Triple::thumb) machine_.arch = "arm";
    machine_.format = triple.isOSBinFormatELF()     ? Format::Elf
                      : triple.isOSBinFormatMachO() ? Format::MachO
                      : triple.isOSBinFormatCOFF()  ? Format::Coff
                      : triple.isOSBinFormatWasm()  ? Format::Wasm
                                                    : Format::Unknown;
  }

  void add(std::string_view name, std::uint32_t flags, std::uint32_t index) {
    const auto has = [flags](table::Symbol::FlagBits bit) { return (flags >> bit & 1) != 0; };
    if (name.empty() || has(table::Symbol::FB_format_specific)) return;
    Symbol symbol{.name = name, .index = index};
    if (!has(table::Symbol::FB_global)) {
      symbol.binding = Binding::Local;
      symbol.state = State::Defined;
      locals_.push_back(symbol);
      return;
    }
    symbol.binding = has(table::Symbol::FB_weak) ? Binding::Weak : Binding::Global;
    symbol.state = has(table::Symbol::FB_undefined) ? State::Undefined
                   : has(table::Symbol::FB_common)  ? State::Common
                                                    : State::Defined;
    // llvm::GlobalValue::VisibilityTypes: default, hidden, protected
    constexpr Visibility visibilities[] = {Visibility::Default, Visibility::Hidden, Visibility::Protected,
                                           Visibility::Default};
    symbol.visibility = visibilities[flags >> table::Symbol::FB_visibility & 3];
    if (has(table::Symbol::FB_tls))
      symbol.type = SymbolType::Tls;
    else if (has(table::Symbol::FB_executable))
      symbol.type = SymbolType::Function;
    else if (symbol.state != State::Undefined)
      symbol.type = SymbolType::Object;
    symbols_.push_back(symbol);
  }

  Origin origin_;
  Machine machine_;
  std::string_view source_file_;
  std::vector<Symbol> symbols_, locals_;
};

}  // namespace

std::unique_ptr<Object> open_bitcode(const Origin& origin, std::vector<std::string>& faults) {
  auto object = std::make_unique<BitcodeObject>(origin);
  if (llvm::Error error = object->load()) faults.push_back(llvm::toString(std::move(error)));
  return object;
}

}  // namespace linkdx::artifact
