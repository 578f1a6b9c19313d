// See mangling.hpp.

#include "mangling.hpp"

#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <llvm/Demangle/Demangle.h>

#include "linkdx/language.hpp"
#include "linkdx/link.hpp"

namespace linkdx::link {

namespace {

/// `_ZN4core3fmt5Write17h0123456789abcdefE`: rustc's older scheme dresses as C++.
bool is_rust_legacy(std::string_view symbol) {
  constexpr std::size_t tail = 1 + 16 + 1;  // h, 16 digits, E
  if (!symbol.starts_with("_ZN") || symbol.size() < tail + 5) return false;
  const std::size_t dot = symbol.find(".llvm.");
  symbol = symbol.substr(0, dot);
  return symbol.size() > tail && symbol.ends_with('E') &&
         symbol.substr(symbol.size() - tail - 2, 3) == "17h" &&
         symbol.substr(symbol.size() - tail + 1, 16).find_first_not_of("0123456789abcdef") ==
             std::string_view::npos;
}

std::string without_abi_tags(std::string text) {
  for (std::size_t at = text.find("[abi:"); at != std::string::npos; at = text.find("[abi:", at)) {
    const std::size_t end = text.find(']', at);
    if (end == std::string::npos) break;
    text.erase(at, end - at + 1);
  }
  return text;
}

/// What a part of an Itanium name is called; the demangler hands out memory of malloc.
template <class Get>
std::string part(Get get) {
  std::size_t size = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(get(nullptr, &size), &std::free);
  return text ? std::string(text.get()) : std::string();
}

bool is_part_of_scope(std::string_view inner, std::string_view outer) {
  // Every component of `inner` occurs in `outer`, in order: `std::string` in `std::__cxx11::string`.
  while (!inner.empty()) {
    const std::size_t end = std::min(inner.find("::"), inner.size());
    const std::string_view component = inner.substr(0, end);
    const std::size_t at = outer.find(component);
    if (at == std::string_view::npos) return false;
    outer.remove_prefix(at + component.size());
    inner.remove_prefix(std::min(end + 2, inner.size()));
  }
  return true;
}

}  // namespace

std::string demangle(std::string_view name) {
  // The demanglers recurse with the depth of the name; hostile ones could exhaust the stack.
  if (name.size() > 16384) return std::string(name);
  if (is_rust_legacy(name)) {
    std::string text = llvm::demangle(name);
    const std::size_t hash = text.rfind("::h");
    if (hash != std::string::npos && text.size() - hash == 3 + 16) text.erase(hash);
    return text;
  }
  return llvm::demangle(name);
}

Mangled take_apart(std::string_view symbol) {
  Mangled result{.symbol = std::string(symbol), .demangled = without_abi_tags(demangle(symbol))};
  result.base = symbol;
  if (is_rust_legacy(symbol) || symbol.starts_with("_R")) {
    if (symbol.starts_with("_R") && result.demangled == symbol) return result;
    result.scheme = symbol.starts_with("_R") ? Mangled::Scheme::RustV0 : Mangled::Scheme::RustLegacy;
    const std::size_t last = result.demangled.rfind("::");
    result.base = last == std::string::npos ? result.demangled : result.demangled.substr(last + 2);
    result.scope = last == std::string::npos ? "" : result.demangled.substr(0, last);
    return result;
  }
  if (!symbol.starts_with("_Z") || symbol.size() > 16384) {
    if (result.demangled != symbol) result.scheme = Mangled::Scheme::Other;
    return result;
  }
  llvm::ItaniumPartialDemangler parts;
  if (parts.partialDemangle(result.symbol.c_str())) return result;
  result.scheme = Mangled::Scheme::Itanium;
  if (!parts.isFunction()) {
    const std::size_t last = result.demangled.rfind("::");
    result.base = last == std::string::npos ? result.demangled : result.demangled.substr(last + 2);
    result.scope = last == std::string::npos ? "" : result.demangled.substr(0, last);
    return result;
  }
  result.base = without_abi_tags(
      part([&](char* buffer, std::size_t* size) { return parts.getFunctionBaseName(buffer, size); }));
  result.scope = without_abi_tags(
      part([&](char* buffer, std::size_t* size) { return parts.getFunctionDeclContextName(buffer, size); }));
  result.parameters = without_abi_tags(
      part([&](char* buffer, std::size_t* size) { return parts.getFunctionParameters(buffer, size); }));
  return result;
}

std::optional<std::string> other_mangling(const Mangled& wanted, const Mangled& candidate) {
  using Scheme = Mangled::Scheme;
  if (wanted.symbol == candidate.symbol || wanted.base.empty()) return std::nullopt;
  const bool wanted_is_c = wanted.scheme == Scheme::Plain, candidate_is_c = candidate.scheme == Scheme::Plain;
  if (wanted_is_c && candidate_is_c) {
    const std::string_view a = wanted.symbol, b = candidate.symbol;
    if (a.size() == b.size() + 1 && a.front() == '_' && a.substr(1) == b)
      return say("the same name without a leading underscore");
    if (b.size() == a.size() + 1 && b.front() == '_' && b.substr(1) == a)
      return say("the same name with a leading underscore");
    return std::nullopt;
  }
  if (wanted.base != candidate.base) return std::nullopt;
  // Scoped names stay out: every class may have a member function of a C function's name.
  if (wanted_is_c && candidate.scheme == Scheme::Itanium && candidate.scope.empty())
    return say("defined as the C++ function {}, and wanted under the C name", candidate.demangled);
  if (candidate_is_c && wanted.scheme == Scheme::Itanium && wanted.scope.empty())
    return say("defined under the C name, and wanted as the C++ function {}", wanted.demangled);
  if (wanted_is_c || candidate_is_c) {
    if ((candidate.scheme == Scheme::RustLegacy || candidate.scheme == Scheme::RustV0) &&
        candidate.scope.find('<') == std::string::npos)
      return say("defined as the Rust function {}, whose name is mangled", candidate.demangled);
    return std::nullopt;
  }
  if (wanted.scheme != candidate.scheme) return std::nullopt;
  if (wanted.scheme == Scheme::RustLegacy || wanted.scheme == Scheme::RustV0) {
    if (wanted.demangled != candidate.demangled) return std::nullopt;
    return say("the same Rust path with another hash: another version or build of the crate");
  }
  if (wanted.scheme != Scheme::Itanium) return std::nullopt;
  if (wanted.demangled == candidate.demangled)
    return say("the same C++ name with another ABI tag: {}", candidate.symbol);
  if (wanted.scope == candidate.scope)
    return say("the same C++ name with other parameters: {}", candidate.demangled);
  if (wanted.parameters == candidate.parameters &&
      (is_part_of_scope(wanted.scope, candidate.scope) || is_part_of_scope(candidate.scope, wanted.scope)))
    return say("the same C++ function in another namespace: {}", candidate.demangled);
  return std::nullopt;
}

}  // namespace linkdx::link
