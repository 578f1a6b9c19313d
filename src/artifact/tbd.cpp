// See tbd.hpp.

#include "tbd.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>
#include <llvm/BinaryFormat/MachO.h>

#include "linkdx/language.hpp"
#include "machine.hpp"
#include "table_object.hpp"
#include "tbd_text.hpp"

namespace linkdx::artifact {

namespace {

namespace macho = llvm::MachO;

struct ArchName {
  std::string_view name;
  std::uint32_t cpu;
};
/// llvm/TextAPI/Architecture.def
constexpr std::array arch_names = {
    ArchName{"x86_64", macho::CPU_TYPE_X86_64}, ArchName{"x86_64h", macho::CPU_TYPE_X86_64},
    ArchName{"i386", macho::CPU_TYPE_I386},     ArchName{"arm64", macho::CPU_TYPE_ARM64},
    ArchName{"arm64e", macho::CPU_TYPE_ARM64},  ArchName{"arm64_32", macho::CPU_TYPE_ARM64_32},
    ArchName{"armv6", macho::CPU_TYPE_ARM},     ArchName{"armv7", macho::CPU_TYPE_ARM},
    ArchName{"armv7s", macho::CPU_TYPE_ARM},    ArchName{"armv7k", macho::CPU_TYPE_ARM},
    ArchName{"ppc", macho::CPU_TYPE_POWERPC},   ArchName{"ppc64", macho::CPU_TYPE_POWERPC64},
};

struct PlatformName {
  std::string_view written, name;
};
/// Where a stub calls a platform otherwise than linkdx does. `platform:` of older stubs says `ios` for the
/// simulator too.
constexpr std::array platform_names = {
    PlatformName{"macosx", "macos"},        PlatformName{"maccatalyst", "mac-catalyst"},
    PlatformName{"iosmac", "mac-catalyst"}, PlatformName{"zippered", ""},
    PlatformName{"xros", "visionos"},       PlatformName{"xros-simulator", "visionos-simulator"},
};

std::string platform_of(std::string_view written) {
  for (const PlatformName& row : platform_names)
    if (row.written == written) return std::string(row.name);
  return std::string(written);
}

class StubObject final : public TableObject {
 public:
  StubObject(const Origin& origin, const StubText& text, const std::string& target) : TableObject(origin) {
    kind_ = Kind::MachOShared;
    const std::size_t dash = target.find('-');
    const std::string_view arch = std::string_view(target).substr(0, dash);
    for (const ArchName& row : arch_names)
      if (row.name == arch) machine_ = foreign_machine(Format::MachO, row.cpu, false);
    machine_.format = Format::MachO;
    if (arch == "arm64e") machine_.abi = "arm64e";
    if (dash != std::string::npos)
      machine_.platform = platform_of(std::string_view(target).substr(dash + 1));
    else if (text.platform == "macosx")  // for the others a simulator may be meant
      machine_.platform = "macos";
    origin_.member = own(target);
    soname_ = own(text.install_name);
    for (const std::string& library : text.libraries) needed_.push_back(own(library));
    const bool old_runtime = arch == "i386" && machine_.platform == "macos";
    for (const StubRecord& record : text.records) {
      // Without targets a record of JSON is for all.
      if (!record.targets.empty() &&
          std::find(record.targets.begin(), record.targets.end(), target) == record.targets.end())
        continue;
      for (const std::string& name : record.names)
        add_name(record.kind, name, text.marked_names, old_runtime);
    }
  }

  void visit_relocations(llvm::function_ref<void(const Relocation&)>) const override {}

 private:
  void add_name(StubKind kind, std::string_view name, bool marked, bool old_runtime) {
    const bool objective =
        kind == StubKind::Class || kind == StubKind::ExceptionType || kind == StubKind::InstanceVariable;
    if (objective && marked && name.starts_with('_')) name.remove_prefix(1);
    switch (kind) {
      case StubKind::Class:
        if (old_runtime) return add_symbol(kind, fmt::format(".objc_class_name_{}", name));
        add_symbol(kind, fmt::format("_OBJC_CLASS_$_{}", name));
        return add_symbol(kind, fmt::format("_OBJC_METACLASS_$_{}", name));
      case StubKind::ExceptionType:
        return add_symbol(kind, fmt::format("_OBJC_EHTYPE_$_{}", name));
      case StubKind::InstanceVariable:
        return add_symbol(kind, fmt::format("_OBJC_IVAR_$_{}", name));
      default:
        return add_symbol(kind, std::string(name));
    }
  }

  void add_symbol(StubKind kind, std::string name) {
    Symbol symbol{.name = own(std::move(name)), .state = State::Defined};
    if (kind == StubKind::WeakSymbol) symbol.binding = Binding::Weak;
    if (kind == StubKind::ThreadLocal) symbol.type = SymbolType::Tls;
    add(symbol);
  }
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
  const StubText text = read_stub_text(origin.bytes);
  // Each target has its own copy of the names: a text that lists more targets than there are is none.
  constexpr std::size_t most_targets = 64;
  if (!text.fault.empty() || text.targets.size() > most_targets) {
    faults.push_back(say("text stub: ") +
                     (text.fault.empty() ? say("more targets than there are") : text.fault));
    return result;
  }
  for (const std::string& target : text.targets)
    result.push_back(std::make_unique<StubObject>(origin, text, target));
  return result;
}

}  // namespace linkdx::artifact
