// See export_trie.hpp.

#include "export_trie.hpp"

#include <optional>

#include <fmt/format.h>
#include <llvm/BinaryFormat/MachO.h>

#include "fields.hpp"
#include "linkdx/language.hpp"

namespace linkdx::artifact {

namespace {

namespace macho = llvm::MachO;

/// ULEB128 at a place; moves it on. Nothing when it does not end.
std::optional<std::uint64_t> number(const Fields& trie, std::uint64_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && at < trie.size(); shift += 7) {
    const std::uint8_t byte = trie.u8(at++);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return std::nullopt;
}

struct Pending {
  std::uint64_t node;
  std::string name;
};

}  // namespace

ExportTrie read_export_trie(std::string_view bytes) {
  const Fields trie(bytes);
  ExportTrie result;
  std::vector<bool> entered(bytes.size());
  std::vector<Pending> pending = {{0, {}}};
  std::uint64_t budget = 64 * bytes.size() + 4096;
  while (!pending.empty()) {
    const Pending node = std::move(pending.back());
    pending.pop_back();
    const auto stop = [&](std::string_view why) {
      result.fault = say("node at offset {:#x}: {}", node.node, why);
      return result;
    };
    if (node.node >= bytes.size()) return stop(say("lies outside"));
    if (entered[node.node]) return stop(say("is reached twice"));
    entered[node.node] = true;
    std::uint64_t at = node.node;
    const std::optional<std::uint64_t> size = number(trie, at);
    if (!size || *size > bytes.size() - at) return stop(say("is cut short"));
    if (*size != 0) {
      std::uint64_t answer = at;
      const std::uint64_t flags = number(trie, answer).value_or(0);
      ExportTrie::Entry entry{.name = node.name};
      entry.reexport = (flags & macho::EXPORT_SYMBOL_FLAGS_REEXPORT) != 0;
      entry.weak = (flags & macho::EXPORT_SYMBOL_FLAGS_WEAK_DEFINITION) != 0;
      entry.thread_local_ =
          (flags & macho::EXPORT_SYMBOL_FLAGS_KIND_MASK) == macho::EXPORT_SYMBOL_FLAGS_KIND_THREAD_LOCAL;
      entry.address = number(trie, answer).value_or(0);
      result.entries.push_back(std::move(entry));
    }
    at += *size;
    const std::uint8_t edges = trie.u8(at++);
    for (unsigned i = 0; i < edges; ++i) {
      const std::optional<std::string_view> piece = trie.terminated(at);
      if (!piece) return stop(say("has an edge without an end"));
      at += piece->size() + 1;
      const std::optional<std::uint64_t> next = number(trie, at);
      if (!next) return stop(say("has an edge without a place"));
      if (node.name.size() + piece->size() >= budget)
        return stop(say("names are longer than the trie can hold"));
      budget -= node.name.size() + piece->size();
      pending.push_back({*next, node.name + std::string(*piece)});
    }
  }
  return result;
}

}  // namespace linkdx::artifact
