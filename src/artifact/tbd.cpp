// See tbd.hpp.

#include "tbd.hpp"

#include <algorithm>

#include <llvm/Support/MemoryBufferRef.h>
#include <llvm/TextAPI/InterfaceFile.h>
#include <llvm/TextAPI/TextAPIReader.h>

#include "machine.hpp"
#include "table_object.hpp"

namespace linkdx::artifact {

namespace {

namespace api = llvm::MachO;

/// LLVM's parsers of YAML and JSON recurse with the depth of the text. A stub is never nested deeper than a handful of levels.
bool is_nested_too_deeply(std::string_view text) {
  constexpr int deepest = 64;
  int brackets = 0, dashes = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++brackets;
    if (c == ']' || c == '}') --brackets;
    if (c == '-' || c == '?' || c == ':') ++dashes;
    if (c == '\n' || (c != '-' && c != '?' && c != ':' && c != ' ')) dashes = 0;
    if (brackets > deepest || dashes > deepest) return true;
  }
  return false;
}

/// Deep nesting by indentation takes a line a level, each longer than the one before.
bool is_indented_too_deeply(std::string_view text) {
  constexpr std::size_t deepest = 256;
  std::size_t spaces = 0;
  bool at_start = true;
  for (const char c : text) {
    spaces = at_start && c == ' ' ? spaces + 1 : 0;
    at_start = c == '\n' || (at_start && c == ' ');
    if (spaces > deepest) return true;
  }
  return false;
}

class StubObject final : public TableObject {
 public:
  StubObject(const Origin& origin, const api::InterfaceFile& file, const api::Target& target)
      : TableObject(origin) {
    kind_ = Kind::MachOShared;
    const std::pair<std::uint32_t, std::uint32_t> cpu = api::getCPUTypeFromArchitecture(target.Arch);
    machine_ = foreign_machine(Format::MachO, cpu.first, false);
    if (target.Arch == api::AK_arm64e) machine_.abi = "arm64e";
    machine_.platform = platform_of(target.Platform);
    name_ = own(api::getArchitectureName(target.Arch).str() +
                (machine_.platform.empty() ? "" : "-" + machine_.platform));
    origin_.member = name_;
    soname_ = own(file.getInstallName().str());
    for (const api::InterfaceFileRef& library : file.reexportedLibraries())
      needed_.push_back(own(library.getInstallName().str()));
    add_symbols(file, target);
    for (const std::shared_ptr<api::InterfaceFile>& document : file.documents())
      add_symbols(*document, target);
  }

  void visit_relocations(llvm::function_ref<void(const Relocation&)>) const override {}

 private:
  static std::string platform_of(api::PlatformType platform) {
    switch (platform) {
      case api::PLATFORM_MACOS:
        return "macos";
      case api::PLATFORM_IOS:
        return "ios";
      case api::PLATFORM_TVOS:
        return "tvos";
      case api::PLATFORM_WATCHOS:
        return "watchos";
      case api::PLATFORM_BRIDGEOS:
        return "bridgeos";
      case api::PLATFORM_MACCATALYST:
        return "mac-catalyst";
      case api::PLATFORM_IOSSIMULATOR:
        return "ios-simulator";
      case api::PLATFORM_TVOSSIMULATOR:
        return "tvos-simulator";
      case api::PLATFORM_WATCHOSSIMULATOR:
        return "watchos-simulator";
      case api::PLATFORM_DRIVERKIT:
        return "driverkit";
      case api::PLATFORM_XROS:
        return "visionos";
      case api::PLATFORM_XROS_SIMULATOR:
        return "visionos-simulator";
      default:
        return {};
    }
  }

  void add_symbols(const api::InterfaceFile& file, const api::Target& target) {
    for (const api::Symbol* symbol : file.symbols()) {
      if (symbol->isUndefined() || !symbol->hasTarget(target)) continue;
      const std::string name = symbol->getName().str();
      switch (symbol->getKind()) {
        case api::EncodeKind::GlobalSymbol:
          add_symbol(name, *symbol);
          break;
        case api::EncodeKind::ObjectiveCClass:
          if (target.Arch == api::AK_i386 && target.Platform == api::PLATFORM_MACOS) {
            add_symbol(api::ObjC1ClassNamePrefix.str() + name, *symbol);
          } else {
            add_symbol(api::ObjC2ClassNamePrefix.str() + name, *symbol);
            add_symbol(api::ObjC2MetaClassNamePrefix.str() + name, *symbol);
          }
          break;
        case api::EncodeKind::ObjectiveCClassEHType:
          add_symbol(api::ObjC2EHTypePrefix.str() + name, *symbol);
          break;
        case api::EncodeKind::ObjectiveCInstanceVariable:
          add_symbol(api::ObjC2IVarPrefix.str() + name, *symbol);
          break;
      }
    }
  }

  void add_symbol(std::string name, const api::Symbol& from) {
    Symbol symbol{.name = own(std::move(name)), .state = State::Defined};
    if (from.isWeakDefined()) symbol.binding = Binding::Weak;
    symbol.type = from.isThreadLocalValue() ? SymbolType::Tls
                  : from.isText()           ? SymbolType::Function
                                            : SymbolType::None;
    add(symbol);
  }

  std::string_view name_;
};

}  // namespace

bool is_tbd(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 4096);
  if (start.starts_with("---"))
    return start.starts_with("--- !tapi-tbd") || start.find("\narchs:") != std::string_view::npos;
  return start.starts_with('{') && start.find("\"tapi_tbd_version\"") != std::string_view::npos;
}

std::vector<std::unique_ptr<Object>> open_tbd(const Origin& origin, std::vector<std::string>& faults) {
  std::vector<std::unique_ptr<Object>> result;
  if (is_nested_too_deeply(origin.bytes) || is_indented_too_deeply(origin.bytes)) {
    faults.push_back("text stub nested too deeply");
    return result;
  }
  // LLVM's YAML reader wants a NUL behind the text.
  const std::string text(origin.bytes);
  llvm::Expected<std::unique_ptr<api::InterfaceFile>> file =
      api::TextAPIReader::get(llvm::MemoryBufferRef(text, *origin.path));
  if (!file) {
    std::string why = llvm::toString(file.takeError());
    why.erase(std::min(why.find('\n'), why.size()));
    faults.push_back("text stub: " + why);
    return result;
  }
  for (const api::Target& target : (*file)->targets())
    result.push_back(std::make_unique<StubObject>(origin, **file, target));
  if (result.empty()) faults.push_back("text stub without a target");
  return result;
}

}  // namespace linkdx::artifact
