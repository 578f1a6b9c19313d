// The product of a compile judged: its symbols, the features that its instructions need, and whether
// everything in it resolves.
//
// A compiler that ignores a flag, or a wrapper that adds one of its own, exits with 0. What was really made
// is in the object: a variant without its instructions, a portable function with AVX2 in it, a call to memset
// that nobody asked for.
#include "inspect.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "linkdx/language.hpp"
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

/// `f holds ..., which needs avx2`: the instruction behind the first of the features that should not be
/// needed.
llvm::Error too_much(const std::string& function, const isa::CodeNeeds& needs,
                     const isa::FeatureSet& excess) {
  for (const isa::Witness& witness : needs.witnesses) {
    if (excess.has(witness.feature))
      return error(say("{} holds `{}` at +0x{:x}, which needs {}, above what it was compiled for", function,
                       witness.disassembly, witness.offset, joined(excess)));
  }
  return error(say("{} needs {}, above what it was compiled for", function, joined(excess)));
}

isa::FeatureSet above(const isa::FeatureSet& needed, const isa::FeatureSet& allowed) {
  return isa::without_implied(isa::with_implied(needed).minus(isa::with_implied(allowed)));
}

/// Symbols that take part in linking: only `symbol` is defined, nothing is missing, nothing runs at start.
/// Adds to `calls` what the system's C library has to give.
llvm::Error check_names(const ObjectView& object, const Expected& expected, const std::string& target,
                        std::vector<std::string>& calls) {
  if (object.defined != std::vector<std::string>{expected.symbol})
    return error(
        say("{} defines {}, and should define {} alone", expected.member,
            object.defined.empty() ? say("nothing") : fmt::format("{}", fmt::join(object.defined, ", ")),
            expected.symbol));
  for (const std::string& name : object.undefined) {
    if (is_made_by_linker(object.format, name)) continue;
    if (!is_on_every_system(name, target))
      return error(say("{} needs {}, which the compiler put in by itself", expected.member, name));
    if (std::find(calls.begin(), calls.end(), name) == calls.end()) calls.push_back(name);
  }
  if (!object.at_start.empty())
    return error(say("{} runs code at start ({})", expected.member, object.at_start));
  return llvm::Error::success();
}

/// `12 bytes of f`: what was not decoded; nothing where all was.
std::string unread_of(const ObjectView::Code& function) {
  return function.needs.undecoded == 0 ? std::string()
                                       : say("{} bytes of {} are no instruction that linkdx knows",
                                             function.needs.undecoded, function.name);
}

llvm::Error check_code(const ObjectView& object, const Expected& expected, const isa::FeatureSet& base) {
  const isa::Arch arch = base.arch();
  std::vector<const Variant*> seen;
  for (const ObjectView::Code& function : object.functions) {
    const Variant* variant = variant_of(function.name, expected.variants);
    isa::FeatureSet allowed = base;
    if (variant != nullptr) allowed.add(features_of(*variant, arch));
    // A WebAssembly module is for one set of features as a whole.
    if (arch == isa::Arch::Wasm)
      for (const Variant* each : expected.variants) allowed.add(features_of(*each, arch));
    const isa::CodeNeeds& needs = function.needs;
    if (variant == nullptr) allow_questions(needs, allowed);
    const isa::FeatureSet excess = above(needs.features, allowed);
    if (!excess.empty()) return too_much(say("{} in {}", function.name, expected.member), needs, excess);
    if (variant == nullptr) continue;
    seen.push_back(variant);
    const isa::FeatureSet lacking =
        features_of(*variant, arch).minus(isa::with_implied(needs.features)).minus(base);
    if (!lacking.empty() && function.name == variant->function())
      return error(say("{} in {} holds no instruction of {}: the compiler did not do what it was told",
                       function.name, expected.member, joined(isa::without_implied(lacking))));
  }
  for (const Variant* variant : expected.variants) {
    // Code for the baseline may be inlined into the dispatcher; code above it cannot be.
    const bool is_above = arch != isa::Arch::Wasm && !features_of(*variant, arch).minus(base).empty();
    if (is_above && std::find(seen.begin(), seen.end(), variant) == seen.end())
      return error(say("{} lacks the variant {}", expected.member, variant->name));
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
    return error(
        say("the object is for {} ({}), and the target is {}", object.architecture, object.format, target));
  const bool defined =
      std::find(object.defined.begin(), object.defined.end(), function) != object.defined.end();
  return defined ? llvm::Error::success() : error(say("the object does not define {}", function));
}

llvm::Expected<Contents> check_instructions(const std::string& path, const isa::FeatureSet& wanted,
                                            const isa::FeatureSet& allowed) {
  llvm::Expected<std::vector<ObjectView>> objects = view_objects(path);
  if (!objects) return objects.takeError();
  Contents contents;
  isa::FeatureSet all(allowed.arch());
  for (const ObjectView::Code& function : objects->front().functions) {
    const isa::FeatureSet excess = above(function.needs.features, allowed);
    if (!excess.empty()) return too_much(function.name, function.needs, excess);
    all.add(function.needs.features);
    if (contents.unread.empty()) contents.unread = unread_of(function);
  }
  const isa::FeatureSet lacking =
      isa::with_implied(wanted).minus(isa::with_implied(all)).minus(isa::baseline(allowed.arch()));
  if (!lacking.empty())
    return error(say("no instruction of {} in it", joined(isa::without_implied(lacking))));
  contents.features = isa::without_implied(all);
  return contents;
}

llvm::Expected<isa::FeatureSet> declared_features(const std::string& path) {
  llvm::Expected<std::vector<ObjectView>> objects = view_objects(path);
  if (!objects) return objects.takeError();
  return isa::with_implied(objects->front().declared);
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
                                           const std::string& target, const isa::FeatureSet& base) {
  Inspection result;
  llvm::Expected<std::vector<ObjectView>> objects = view_objects(path);
  if (!objects) return objects.takeError();
  if (objects->size() != expected.size())
    return error(say("the archive holds {} objects instead of {}", objects->size(), expected.size()));
  const isa::Arch arch = isa::arch_of_name(architecture_of(target));
  std::size_t functions = 0;
  std::vector<std::string> calls;
  for (std::size_t i = 0; i < objects->size(); ++i) {
    const ObjectView& object = (*objects)[i];
    if (object.architecture != architecture_of(target))
      return error(say("the compiler made an object for {} ({}), and the target is {}", object.architecture,
                       object.format, target));
    if (llvm::Error wrong = check_names(object, expected[i], target, calls)) return wrong;
    for (const ObjectView::Code& function : object.functions) {
      if (function.named) ++functions;
      if (std::string unread = unread_of(function); !unread.empty())
        result.not_looked_at.push_back(std::move(unread));
    }
    if (!isa::supported(arch)) continue;
    if (llvm::Error wrong = check_code(object, expected[i], base)) return wrong;
  }
  if (objects->front().format == "ELF") {
    for (const std::string& name : link::closure({path}, 1).undefined) {
      if (!is_made_by_linker("ELF", name) && !is_on_every_system(name, target))
        return error(say("{} stays undefined", name));
    }
  }
  result.right.push_back(
      calls.empty()
          ? say("defines what was asked for and nothing else; refers to nothing; runs nothing at start")
          : say("defines what was asked for and nothing else; refers to nothing but {}; runs nothing at "
                "start",
                fmt::join(calls, ", ")));
  if (isa::supported(arch)) {
    const isa::FeatureSet more = isa::without_implied(base).minus(isa::baseline(arch));
    std::string all_else = arch == isa::Arch::X86_64 ? say("the x86-64 baseline") : say("the baseline");
    if (!more.empty()) all_else = say("what the compiler makes by default ({})", joined(more));
    result.right.push_back(
        arch == isa::Arch::Wasm
            ? say("instructions of {} functions: no features beside those of the variants", functions)
            : say("instructions of {} functions: each variant needs its own features and no others, all "
                  "else only {}",
                  functions, all_else));
  } else {
    result.not_looked_at.push_back(say("instructions: not decoded for {}", isa::name_of(arch)));
  }
  return result;
}

}  // namespace linkdx::verify
