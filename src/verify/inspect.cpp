// The product of a compile judged: its symbols, the features that its instructions need, and whether everything in it resolves.
//
// A compiler that ignores a flag, or a wrapper that adds one of its own, exits with 0. What was really made is in the object: a
// variant without its instructions, a portable function with AVX2 in it, a call to memset that nobody asked for.
#include "inspect.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "linkdx/link.hpp"
#include "object_view.hpp"
#include "targets.hpp"

namespace linkdx::verify {
namespace {

llvm::Error error(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

struct PlatformSymbol {
  std::string_view format, symbol, source;
};
constexpr PlatformSymbol platform_symbols[] = {
#define LINKDX_PLATFORM_SYMBOL(format, symbol, source) {format, symbol, source},
#include "platform_symbols.inc"
#undef LINKDX_PLATFORM_SYMBOL
};

/// What a dispatcher may contain beside the baseline's instructions: rows of src/kernel/platform.inc.
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

bool is_made_by_linker(std::string_view format, std::string_view symbol) {
  return std::any_of(
      std::begin(platform_symbols), std::end(platform_symbols),
      [&](const PlatformSymbol& known) { return known.format == format && known.symbol == symbol; });
}

/// Whether every C library of the target's system has the function.
bool is_on_every_system(std::string_view symbol, const std::string& target) {
  const llvm::StringRef system = llvm::Triple::getOSTypeName(triple_of(target).getOS());
  return std::any_of(std::begin(platform_calls), std::end(platform_calls), [&](const PlatformCall& call) {
    return call.symbol == symbol && llvm::StringRef(call.system) == system;
  });
}

/// The variant whose code a function is: by its name, to which compilers may add `.part.0` or `.constprop.0`.
const Variant* variant_of(std::string_view function, const std::vector<const Variant*>& variants) {
  for (const Variant* variant : variants) {
    const std::string name = variant->function();
    if (function.starts_with(name) && (function.size() == name.size() || function[name.size()] == '.'))
      return variant;
  }
  return nullptr;
}

/// The features of the instructions by which a dispatcher asks the CPU.
void allow_questions(const isa::CodeNeeds& needs, isa::FeatureSet& allowed) {
  for (const isa::Witness& witness : needs.witnesses) {
    for (const DispatcherQuestion& question : dispatcher_questions) {
      if (witness.feature == question.feature && witness.disassembly.starts_with(question.instruction))
        allowed.add(question.feature);
    }
  }
}

/// `f holds ..., which needs avx2`: the instruction behind the first of the features that should not be needed.
llvm::Error too_much(const std::string& function, const isa::CodeNeeds& needs,
                     const isa::FeatureSet& excess) {
  for (const isa::Witness& witness : needs.witnesses) {
    if (excess.has(witness.feature))
      return error(fmt::format("{} holds `{}` at +0x{:x}, which needs {}, above what it was compiled for",
                               function, witness.disassembly, witness.offset, joined(excess)));
  }
  return error(fmt::format("{} needs {}, above what it was compiled for", function, joined(excess)));
}

isa::FeatureSet above(const isa::FeatureSet& needed, const isa::FeatureSet& allowed) {
  return isa::without_implied(isa::with_implied(needed).minus(isa::with_implied(allowed)));
}

/// Symbols that take part in linking: only `symbol` is defined, nothing is missing, nothing runs at start. Adds to `calls` what
/// the system's C library has to give.
llvm::Error check_names(const ObjectView& object, const Expected& expected, const std::string& target,
                        std::vector<std::string>& calls) {
  if (object.defined != std::vector<std::string>{expected.symbol})
    return error(
        fmt::format("{} defines {}, and should define {} alone", expected.member,
                    object.defined.empty() ? "nothing" : fmt::format("{}", fmt::join(object.defined, ", ")),
                    expected.symbol));
  for (const std::string& name : object.undefined) {
    if (is_made_by_linker(object.format, name)) continue;
    if (!is_on_every_system(name, target))
      return error(fmt::format("{} needs {}, which the compiler put in by itself", expected.member, name));
    if (std::find(calls.begin(), calls.end(), name) == calls.end()) calls.push_back(name);
  }
  if (!object.at_start.empty())
    return error(fmt::format("{} runs code at start ({})", expected.member, object.at_start));
  return llvm::Error::success();
}

llvm::Error check_code(const ObjectView& object, const Expected& expected, isa::Arch arch) {
  std::vector<const Variant*> seen;
  for (const ObjectView::Code& function : object.functions) {
    const Variant* variant = variant_of(function.name, expected.variants);
    isa::FeatureSet allowed = isa::baseline(arch);
    if (variant != nullptr) allowed.add(features_of(*variant, arch));
    const isa::CodeNeeds needs = needs_of(function, arch);
    if (variant == nullptr) allow_questions(needs, allowed);
    const isa::FeatureSet excess = above(needs.features, allowed);
    if (!excess.empty()) return too_much(function.name + " in " + expected.member, needs, excess);
    if (variant == nullptr) continue;
    seen.push_back(variant);
    const isa::FeatureSet lacking =
        features_of(*variant, arch).minus(isa::with_implied(needs.features)).minus(isa::baseline(arch));
    if (!lacking.empty() && function.name == variant->function())
      return error(
          fmt::format("{} in {} holds no instruction of {}: the compiler did not do what it was told",
                      function.name, expected.member, joined(isa::without_implied(lacking))));
  }
  for (const Variant* variant : expected.variants) {
    // Code for the baseline may be inlined into the dispatcher; code above it cannot be.
    const bool is_above = !features_of(*variant, arch).minus(isa::baseline(arch)).empty();
    if (is_above && std::find(seen.begin(), seen.end(), variant) == seen.end())
      return error(fmt::format("{} lacks the variant {}", expected.member, variant->name));
  }
  return llvm::Error::success();
}

}  // namespace

llvm::Error check_definition(const std::string& path, const std::string& function,
                             const std::string& target) {
  llvm::Expected<std::vector<ObjectView>> objects = view_objects(path);
  if (!objects) return objects.takeError();
  const ObjectView& object = objects->front();
  if (object.architecture != architecture_of(target))
    return error(fmt::format("the object is for {} ({}), and the target is {}", object.architecture,
                             object.format, target));
  const bool defined =
      std::find(object.defined.begin(), object.defined.end(), function) != object.defined.end();
  return defined ? llvm::Error::success() : error(fmt::format("the object does not define {}", function));
}

llvm::Expected<isa::FeatureSet> check_instructions(const std::string& path, const isa::FeatureSet& wanted,
                                                   const isa::FeatureSet& allowed) {
  llvm::Expected<std::vector<ObjectView>> objects = view_objects(path);
  if (!objects) return objects.takeError();
  isa::FeatureSet all(allowed.arch());
  for (const ObjectView::Code& function : objects->front().functions) {
    const isa::CodeNeeds needs = needs_of(function, allowed.arch());
    const isa::FeatureSet excess = above(needs.features, allowed);
    if (!excess.empty()) return too_much(function.name, needs, excess);
    all.add(needs.features);
  }
  const isa::FeatureSet lacking =
      isa::with_implied(wanted).minus(isa::with_implied(all)).minus(isa::baseline(allowed.arch()));
  if (!lacking.empty())
    return error(fmt::format("no instruction of {} in it", joined(isa::without_implied(lacking))));
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

std::string joined(const isa::FeatureSet& features) {
  return fmt::format("{}", fmt::join(features.names(), ", "));
}

llvm::Expected<Inspection> inspect_archive(const std::string& path, const std::vector<Expected>& expected,
                                           const std::string& target) {
  Inspection result;
  llvm::Expected<std::vector<ObjectView>> objects = view_objects(path);
  if (!objects) return objects.takeError();
  if (objects->size() != expected.size())
    return error(fmt::format("the archive holds {} objects instead of {}", objects->size(), expected.size()));
  const isa::Arch arch = isa::arch_of_name(architecture_of(target));
  std::size_t functions = 0;
  std::vector<std::string> calls;
  for (std::size_t i = 0; i < objects->size(); ++i) {
    const ObjectView& object = (*objects)[i];
    if (object.architecture != architecture_of(target))
      return error(fmt::format("the compiler made an object for {} ({}), and the target is {}",
                               object.architecture, object.format, target));
    if (llvm::Error wrong = check_names(object, expected[i], target, calls)) return wrong;
    if (decodes(arch)) {
      if (llvm::Error wrong = check_code(object, expected[i], arch)) return wrong;
    }
    functions += object.functions.size();
  }
  if (objects->front().format == "ELF") {
    for (const std::string& name : link::closure({path}, 1).undefined) {
      if (!is_made_by_linker("ELF", name) && !is_on_every_system(name, target))
        return error(fmt::format("{} stays undefined", name));
    }
  }
  result.right.push_back(
      fmt::format("defines what was asked for and nothing else; refers to nothing{}; runs nothing at start",
                  calls.empty() ? "" : fmt::format(" but {}", fmt::join(calls, ", "))));
  if (decodes(arch)) {
    result.right.push_back(fmt::format(
        "instructions of {} functions: each variant needs its own features and no others, all else only {}",
        functions, arch == isa::Arch::X86_64 ? "the x86-64 baseline" : "the baseline"));
  } else {
    result.not_looked_at.push_back(fmt::format("instructions: not decoded for {}", isa::name_of(arch)));
  }
  return result;
}

}  // namespace linkdx::verify
