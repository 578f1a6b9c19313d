// The product of a compile as plain lists, whatever its format: names that take part in linking, and what the
// instructions of each function need.
//
// ELF, and the code of WebAssembly, are read by artifact/ and scan/, as everywhere in linkdx: they know of
// data between instructions and of modes that an object declares. Mach-O and COFF, and the names of
// WebAssembly, are read by LLVM's Object library, whose symbols have no sizes: a function ends where the next
// symbol of its section begins (llvm/Object/SymbolSize.h). Names lose the underscore that Mach-O, and COFF on
// 32-bit x86, put before C's (Microsoft PE and COFF Specification; Mach-O conventions as in LLVM's data
// layout, `m:o` and `m:x`).
#include "object_view.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <llvm/Object/Archive.h>
#include <llvm/Object/COFF.h>
#include <llvm/Object/MachO.h>
#include <llvm/Object/ObjectFile.h>
#include <llvm/Object/SymbolSize.h>
#include <llvm/Object/Wasm.h>
#include <llvm/Support/MemoryBuffer.h>

#include "linkdx/artifact.hpp"
#include "linkdx/language.hpp"
#include "linkdx/scan.hpp"

namespace linkdx::verify {
namespace {

namespace object = llvm::object;

llvm::Error error(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

/// Sections of pointers to functions that run before main. Sources: System V gABI chapter 5; Microsoft's CRT
/// initialization (`.CRT$XCU`); GCC's `.ctors`; Mach-O's S_MOD_INIT_FUNC_POINTERS and S_INIT_FUNC_OFFSETS.
constexpr std::string_view start_sections[] = {".init_array", ".preinit_array",  ".ctors",
                                               ".CRT$X",      "__mod_init_func", "__init_offsets"};

bool runs_at_start(llvm::StringRef section) {
  return std::any_of(std::begin(start_sections), std::end(start_sections), [section](std::string_view start) {
    return section.starts_with(llvm::StringRef(start));
  });
}

void add_code(const artifact::Object& read, ObjectView& view) {
  const artifact::Object* const one[] = {&read};
  scan::ScannedObject scanned = std::move(scan::decode(one, 1).front());
  view.declared = scanned.mode.declared;
  for (scan::ScannedCode& code : scanned.code)
    if (!code.is_data()) view.functions.push_back({std::move(code.name), std::move(code.own), code.named});
}

ObjectView view_elf(const artifact::Object& elf) {
  ObjectView view;
  view.member = elf.member();
  view.architecture = elf.machine().arch;
  view.format = "ELF";
  for (const artifact::Symbol& symbol : elf.symbols())
    (symbol.state == artifact::State::Undefined ? view.undefined : view.defined).emplace_back(symbol.name);
  for (const artifact::Section& section : elf.sections()) {
    if (view.at_start.empty() && runs_at_start(llvm::StringRef(section.name))) view.at_start = section.name;
  }
  add_code(elf, view);
  return view;
}

std::string_view format_of(const object::ObjectFile& file) {
  if (file.isCOFF()) return "COFF";
  if (file.isMachO()) return "Mach-O";
  return "Wasm";
}

/// Constants for the MSVC linker are shared by their value, in COMDATs whose names all compilers agree on.
bool is_shared_constant(llvm::StringRef name) {
  return name.starts_with("__real@") || name.starts_with("__xmm@") || name.starts_with("__ymm@") ||
         name.starts_with("__zmm@");
}

llvm::Error add_symbols(const object::ObjectFile& file, const std::string& prefix, ObjectView& view) {
  for (const auto& [symbol, size] : object::computeSymbolSizes(file)) {
    llvm::Expected<llvm::StringRef> found_name = symbol.getName();
    if (!found_name) return found_name.takeError();
    llvm::Expected<std::uint32_t> flags = symbol.getFlags();
    if (!flags) return flags.takeError();
    llvm::StringRef name = *found_name;
    name.consume_front(prefix);
    if ((*flags & object::SymbolRef::SF_Undefined) != 0)
      view.undefined.push_back(name.str());
    else if ((*flags & object::SymbolRef::SF_Global) != 0 && !is_shared_constant(name))
      view.defined.push_back(name.str());
    if ((*flags & object::SymbolRef::SF_Undefined) != 0 || size == 0 || file.isWasm()) continue;

    llvm::Expected<object::SymbolRef::Type> type = symbol.getType();
    if (!type) return type.takeError();
    llvm::Expected<object::section_iterator> section = symbol.getSection();
    if (!section) return section.takeError();
    if (*type != object::SymbolRef::ST_Function || *section == file.section_end() || !(*section)->isText())
      continue;
    llvm::Expected<llvm::StringRef> contents = (*section)->getContents();
    if (!contents) return contents.takeError();
    llvm::Expected<std::uint64_t> address = symbol.getAddress();
    if (!address) return address.takeError();
    const std::uint64_t offset = *address - (*section)->getAddress();
    if (offset > contents->size()) return error(say("{} lies outside its section", name.str()));
    const llvm::StringRef bytes = contents->substr(offset, size);
    view.functions.push_back({name.str(), isa::from_code(isa::arch_of_name(view.architecture),
                                                         {bytes.bytes_begin(), bytes.size()})});
  }
  return llvm::Error::success();
}

llvm::Expected<ObjectView> view_other(const object::ObjectFile& file) {
  ObjectView view;
  view.architecture = llvm::Triple::getArchTypeName(file.getArch()).str();
  view.format = format_of(file);
  if (llvm::Error failed = add_symbols(file, symbol_prefix(file.makeTriple()), view)) return failed;
  for (const object::SectionRef& section : file.sections()) {
    llvm::Expected<llvm::StringRef> name = section.getName();
    if (!name) return name.takeError();
    if (view.at_start.empty() && runs_at_start(*name)) view.at_start = name->str();
  }
  if (const auto* wasm = llvm::dyn_cast<object::WasmObjectFile>(&file);
      wasm != nullptr && !wasm->linkingData().InitFunctions.empty())
    view.at_start = say("init functions of the linking section");
  return view;
}

/// `read`: the same file, as artifact/ sees it.
llvm::Expected<std::vector<ObjectView>> view_others(const std::string& path, const artifact::File& read) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) return llvm::errorCodeToError(buffer.getError());
  llvm::Expected<std::unique_ptr<object::Binary>> binary = object::createBinary(**buffer);
  if (!binary) return binary.takeError();
  std::vector<ObjectView> views;
  const auto add = [&](const object::Binary& each, std::string member) -> llvm::Error {
    const auto* file = llvm::dyn_cast<object::ObjectFile>(&each);
    if (file == nullptr) return error(say("{} is no object", member.empty() ? path : member));
    llvm::Expected<ObjectView> view = view_other(*file);
    if (!view) return view.takeError();
    view->member = std::move(member);
    if (file->isWasm()) {
      const auto objects = read.objects();
      if (views.size() >= objects.size() || objects[views.size()]->kind() != artifact::Kind::Wasm)
        return error(say("{} cannot be read as WebAssembly", member.empty() ? path : member));
      add_code(*objects[views.size()], *view);
    }
    views.push_back(std::move(*view));
    return llvm::Error::success();
  };
  const auto* archive = llvm::dyn_cast<object::Archive>(binary->get());
  if (archive == nullptr) {
    if (llvm::Error failed = add(**binary, {})) return failed;
    return views;
  }
  llvm::Error broken = llvm::Error::success();
  for (const object::Archive::Child& child : archive->children(broken)) {
    llvm::Expected<llvm::StringRef> name = child.getName();
    if (!name) return llvm::joinErrors(name.takeError(), std::move(broken));
    llvm::Expected<std::unique_ptr<object::Binary>> member = child.getAsBinary();
    if (!member) return llvm::joinErrors(member.takeError(), std::move(broken));
    if (llvm::Error failed = add(**member, name->str()))
      return llvm::joinErrors(std::move(failed), std::move(broken));
  }
  if (broken) return broken;
  return views;
}

}  // namespace

llvm::Expected<std::vector<ObjectView>> view_objects(const std::string& path) {
  llvm::Expected<std::unique_ptr<artifact::File>> file = artifact::open(path);
  if (!file) return file.takeError();
  const auto objects = (*file)->objects();
  const bool elf = !objects.empty() && std::all_of(objects.begin(), objects.end(), [](const auto& each) {
    return each->kind() == artifact::Kind::ElfRelocatable;
  });
  if (!elf) return view_others(path, **file);
  if (!(*file)->problems().empty()) return error((*file)->problems().front().reason);
  std::vector<ObjectView> views;
  for (const auto& each : objects) views.push_back(view_elf(*each));
  return views;
}

std::string symbol_prefix(const llvm::Triple& triple) {
  const bool underscore =
      triple.isOSBinFormatMachO() || (triple.isOSBinFormatCOFF() && triple.getArch() == llvm::Triple::x86);
  return underscore ? "_" : "";
}

}  // namespace linkdx::verify
