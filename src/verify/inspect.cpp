// The product of a compile, seen with the eyes of the rest of linkdx: its symbol table, the features that its instructions
// need, and whether everything in it resolves.
//
// A compiler that ignores a flag, or a wrapper that adds one of its own, exits with 0. What was really made is in the object: a
// variant without its instructions, a portable function with AVX2 in it, a call to memset that nobody asked for.
#include "inspect.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/Object/Archive.h>
#include <llvm/Object/ObjectFile.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/TargetParser/Triple.h>

#include "linkdx/artifact.hpp"
#include "linkdx/link.hpp"

namespace linkdx::verify {
namespace {

llvm::Error error(const std::string& text) { return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str()); }

/// What a dispatcher may contain: rows of src/kernel/platform.inc.
struct PlatformCall {
  std::string_view symbol, system;
};
constexpr PlatformCall platform_calls[] = {
#define LINKDX_PLATFORM_CALL(symbol, system, source) {symbol, system},
#define LINKDX_DISPATCHER_ASKS(feature, instruction, source)
#include "../kernel/platform.inc"
#undef LINKDX_PLATFORM_CALL
#undef LINKDX_DISPATCHER_ASKS
};
struct DispatcherQuestion {
  std::string_view feature, instruction;
};
constexpr DispatcherQuestion dispatcher_questions[] = {
#define LINKDX_PLATFORM_CALL(symbol, system, source)
#define LINKDX_DISPATCHER_ASKS(feature, instruction, source) {feature, instruction},
#include "../kernel/platform.inc"
#undef LINKDX_PLATFORM_CALL
#undef LINKDX_DISPATCHER_ASKS
};

/// Whether every C library of the target's system has the function.
bool on_every_system(std::string_view symbol, const std::string& target) {
  const llvm::Triple triple(llvm::Triple::normalize(target));
  return std::any_of(std::begin(platform_calls), std::end(platform_calls), [&](const PlatformCall& call) {
    return call.symbol == symbol && call.system == std::string_view(llvm::Triple::getOSTypeName(triple.getOS()));
  });
}

/// The variant whose code a function is: by its name, to which compilers may add `.part.0` or `.constprop.0`.
const Variant* variant_of(std::string_view function, const std::vector<const Variant*>& variants) {
  for (const Variant* variant : variants) {
    const std::string name = variant->function();
    if (function.starts_with(name) && (function.size() == name.size() || function[name.size()] == '.')) return variant;
  }
  return nullptr;
}

/// Symbols that take part in linking: only `symbol` is defined, and nothing is missing.
llvm::Error check_names(const std::vector<std::string>& defined, const std::vector<std::string>& undefined,
                        const Expected& expected) {
  if (defined != std::vector<std::string>{expected.symbol})
    return error(fmt::format("{} defines {}, and should define {} alone", expected.member,
                             defined.empty() ? "nothing" : fmt::format("{}", fmt::join(defined, ", ")), expected.symbol));
  if (!undefined.empty())
    return error(fmt::format("{} needs {}, which the compiler put in by itself", expected.member, fmt::join(undefined, ", ")));
  return llvm::Error::success();
}

/// Names that the linker itself defines: ELF's tables, and the memory and tables of a WebAssembly module.
bool made_by_linker(std::string_view symbol) {
  return symbol == "_GLOBAL_OFFSET_TABLE_" || symbol == ".TOC." || symbol == "__linear_memory" || symbol == "__stack_pointer" ||
         symbol == "__indirect_function_table" || symbol == "__memory_base" || symbol == "__table_base";
}

/// The features of the instructions by which a dispatcher asks the CPU.
void allow_questions(const isa::CodeNeeds& needs, isa::FeatureSet& allowed) {
  for (const isa::Witness& witness : needs.witnesses) {
    for (const DispatcherQuestion& question : dispatcher_questions) {
      if (witness.feature == question.feature && witness.disassembly.starts_with(question.instruction)) allowed.add(question.feature);
    }
  }
}

llvm::Error check_elf(const artifact::Object& object, const Expected& expected, isa::Arch arch, const std::string& target) {
  std::vector<std::string> defined, undefined;
  for (const artifact::Symbol& symbol : object.symbols()) {
    if (symbol.state != artifact::State::Undefined) {
      defined.emplace_back(symbol.name);
    } else if (!made_by_linker(symbol.name) && !on_every_system(symbol.name, target)) {
      undefined.emplace_back(symbol.name);
    }
  }
  if (llvm::Error wrong = check_names(defined, undefined, expected)) return wrong;
  for (const artifact::Section& section : object.sections()) {
    for (std::string_view constructors : {".init_array", ".ctors", ".preinit_array"}) {
      if (section.name.starts_with(constructors))
        return error(fmt::format("{} runs code at start ({})", expected.member, section.name));
    }
  }
  if (!isa::supported(arch)) return llvm::Error::success();

  std::vector<const Variant*> seen;
  for (const artifact::Function& function : object.functions()) {
    const Variant* variant = variant_of(function.name, expected.variants);
    isa::FeatureSet allowed = isa::baseline(arch);
    if (variant != nullptr) allowed.add(features_of(*variant, arch));
    const isa::CodeMode mode = {.big_endian = artifact::has_big_endian_code(object.machine()), .thumb = function.thumb};
    const isa::CodeNeeds needs = isa::from_code(arch, function.bytes, 0, nullptr, mode);
    if (variant == nullptr) allow_questions(needs, allowed);
    const isa::FeatureSet excess = isa::with_implied(needs.features).minus(isa::with_implied(allowed));
    if (!excess.empty()) {
      std::string witness;
      for (const isa::Witness& each : needs.witnesses) {
        if (excess.has(each.feature)) witness = fmt::format(": `{}` at +0x{:x}", each.disassembly, each.offset);
      }
      return error(fmt::format("{} in {} needs {}, above what it was compiled for{}", function.name, expected.member,
                               joined(isa::without_implied(excess)), witness));
    }
    if (variant == nullptr) continue;
    seen.push_back(variant);
    const isa::FeatureSet lacking = features_of(*variant, arch).minus(isa::with_implied(needs.features));
    if (!isa::without_implied(lacking).minus(isa::baseline(arch)).empty() && function.name == variant->function())
      return error(fmt::format("{} in {} holds no instruction of {}: the compiler did not do what it was told", function.name,
                               expected.member, joined(isa::without_implied(lacking))));
  }
  for (const Variant* variant : expected.variants) {
    // Code for the baseline may be inlined into the dispatcher; code above it cannot be.
    const bool above = !features_of(*variant, arch).minus(isa::baseline(arch)).empty();
    if (above && std::find(seen.begin(), seen.end(), variant) == seen.end())
      return error(fmt::format("{} lacks the variant {}", expected.member, variant->name));
  }
  return llvm::Error::success();
}

/// Mach-O, COFF, Wasm: whether the function is defined, with Mach-O's underscore or without.
llvm::Error check_other_format_object(const std::string& path, const std::string& function) {
  llvm::Expected<llvm::object::OwningBinary<llvm::object::ObjectFile>> object = llvm::object::ObjectFile::createObjectFile(path);
  if (!object) return object.takeError();
  for (const llvm::object::SymbolRef& symbol : object->getBinary()->symbols()) {
    llvm::Expected<llvm::StringRef> name = symbol.getName();
    llvm::Expected<std::uint32_t> flags = symbol.getFlags();
    if (!name) return name.takeError();
    if (!flags) return flags.takeError();
    if ((*flags & llvm::object::SymbolRef::SF_Undefined) == 0 && (*name == function || *name == "_" + function))
      return llvm::Error::success();
  }
  return error(fmt::format("the object does not define {}", function));
}

/// Mach-O, COFF: the symbols alone, as LLVM reads them.
llvm::Error check_other_format(const std::string& path, const std::vector<Expected>& expected) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) return llvm::errorCodeToError(buffer.getError());
  llvm::Expected<std::unique_ptr<llvm::object::Archive>> archive = llvm::object::Archive::create(**buffer);
  if (!archive) return archive.takeError();
  llvm::Error broken = llvm::Error::success();
  std::size_t index = 0;
  for (const llvm::object::Archive::Child& child : (*archive)->children(broken)) {
    llvm::Expected<std::unique_ptr<llvm::object::Binary>> binary = child.getAsBinary();
    if (!binary) return llvm::joinErrors(binary.takeError(), std::move(broken));
    const auto* object = llvm::dyn_cast<llvm::object::ObjectFile>(binary->get());
    if (object == nullptr || index >= expected.size()) break;
    std::vector<std::string> defined, undefined;
    // Constants for the MSVC linker are shared by their value, in COMDATs whose names all compilers agree on.
    const auto constant = [](llvm::StringRef name) {
      return name.starts_with("__real@") || name.starts_with("__xmm@") || name.starts_with("__ymm@") || name.starts_with("__zmm@");
    };
    for (const llvm::object::SymbolRef& symbol : object->symbols()) {
      llvm::Expected<std::uint32_t> found_flags = symbol.getFlags();
      if (!found_flags) return llvm::joinErrors(found_flags.takeError(), std::move(broken));
      const std::uint32_t flags = *found_flags;
      llvm::Expected<llvm::StringRef> name = symbol.getName();
      if (!name) return llvm::joinErrors(name.takeError(), std::move(broken));
      if ((flags & llvm::object::SymbolRef::SF_Undefined) != 0) {
        if (!made_by_linker(*name)) undefined.push_back(name->str());
      } else if ((flags & llvm::object::SymbolRef::SF_Global) != 0 && !constant(*name)) defined.push_back(name->str());
    }
    if (llvm::Error wrong = check_names(defined, undefined, expected[index])) return llvm::joinErrors(std::move(wrong), std::move(broken));
    ++index;
  }
  return broken;
}

}  // namespace

llvm::Error check_definition(const std::string& path, const Variant& variant, const std::string& target) {
  llvm::Expected<std::unique_ptr<artifact::File>> file = artifact::open(path);
  if (!file) return file.takeError();
  if ((*file)->kind() != artifact::Kind::ElfRelocatable)
    return check_other_format_object(path, variant.function());
  const artifact::Object& object = *(*file)->objects().front();
  if (object.machine().arch != architecture_of(target))
    return error(fmt::format("the object is for {}, and the target is {}", artifact::describe(object.machine()), target));
  const auto symbols = object.symbols();
  const bool defined = std::any_of(symbols.begin(), symbols.end(), [&](const artifact::Symbol& symbol) {
    return symbol.name == variant.function() && symbol.state == artifact::State::Defined;
  });
  return defined ? llvm::Error::success() : error(fmt::format("the object does not define {}", variant.function()));
}

llvm::Expected<isa::FeatureSet> check_instructions(const std::string& path, const Variant& variant, const isa::FeatureSet& allowed) {
  llvm::Expected<std::unique_ptr<artifact::File>> file = artifact::open(path);
  if (!file) return file.takeError();
  isa::FeatureSet all(allowed.arch());
  for (const artifact::Function& function : (*file)->objects().front()->functions()) {
    const isa::CodeNeeds needs = isa::from_code(allowed.arch(), function.bytes, 0, nullptr, {.thumb = function.thumb});
    const isa::FeatureSet excess = isa::without_implied(isa::with_implied(needs.features).minus(isa::with_implied(allowed)));
    if (!excess.empty()) {
      for (const isa::Witness& witness : needs.witnesses) {
        if (excess.has(witness.feature))
          return error(fmt::format("{} holds `{}`, which needs {}", function.name, witness.disassembly, joined(excess)));
      }
      return error(fmt::format("{} needs {}", function.name, joined(excess)));
    }
    all.add(needs.features);
  }
  const isa::FeatureSet lacking = features_of(variant, allowed.arch()).minus(isa::with_implied(all)).minus(isa::baseline(allowed.arch()));
  if (!isa::without_implied(lacking).empty()) return error(fmt::format("no instruction of {} in it", joined(isa::without_implied(lacking))));
  return isa::without_implied(all);
}

isa::FeatureSet features_of(const Variant& variant, isa::Arch arch) {
  isa::FeatureSet result(arch);
  std::string_view rest = variant.features;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    result.add(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return isa::with_implied(result);
}

std::string joined(const isa::FeatureSet& features) { return fmt::format("{}", fmt::join(features.names(), ", ")); }

llvm::Expected<Inspection> inspect_archive(const std::string& path, const std::vector<Expected>& expected,
                                           const std::string& target) {
  Inspection result;
  artifact::Store store;
  const artifact::File* file = store.open(path);
  if (file == nullptr) return error(store.problems().empty() ? path : store.problems().front().reason);
  const auto objects = file->objects();
  if (objects.size() != expected.size())
    return error(fmt::format("the archive holds {} objects instead of {}", objects.size(), expected.size()));

  const isa::Arch arch = isa::arch_of_name(architecture_of(target));
  if (objects.front()->kind() != artifact::Kind::ElfRelocatable) {
    if (objects.front()->kind() != artifact::Kind::Coff && objects.front()->kind() != artifact::Kind::MachO &&
        objects.front()->kind() != artifact::Kind::Wasm)
      return error(fmt::format("the compiler made {}, and no object that can be inspected", artifact::name_of(objects.front()->kind())));
    if (llvm::Error wrong = check_other_format(path, expected)) return wrong;
    result.right.emplace_back("defines what was asked for and nothing else; refers to nothing");
    result.not_looked_at.push_back(fmt::format("instructions: {} objects are read for their symbols only",
                                               artifact::name_of(objects.front()->kind())));
    return result;
  }
  if (!file->problems().empty()) return error(file->problems().front().reason);
  std::uint64_t functions = 0;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (objects[i]->machine().arch != architecture_of(target))
      return error(fmt::format("the compiler made an object for {}, and the target is {}", artifact::describe(objects[i]->machine()), target));
    if (llvm::Error wrong = check_elf(*objects[i], expected[i], arch, target)) return wrong;
    functions += objects[i]->functions().size();
  }
  const link::Closure closure = link::closure({path}, 1);
  std::string refers_to = "nothing";
  for (const auto& symbol : closure.undefined) {
    if (made_by_linker(symbol)) continue;
    if (!on_every_system(symbol, target)) return error(fmt::format("{} stays undefined", symbol));
    refers_to = fmt::format("{} {}", refers_to == "nothing" ? "nothing but" : refers_to + ",", symbol);
  }
  result.right.push_back(fmt::format("defines what was asked for and nothing else; refers to {}; runs nothing at start", refers_to));
  if (isa::supported(arch)) {
    result.right.push_back(fmt::format("instructions of {} functions: each variant needs its own features and no others, all else only {}",
                                       functions, arch == isa::Arch::X86_64 ? "the x86-64 baseline" : "the baseline"));
  } else {
    result.not_looked_at.push_back(fmt::format("instructions: not decoded for {}", isa::name_of(arch)));
  }
  return result;
}

}  // namespace linkdx::verify
