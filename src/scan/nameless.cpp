// Code without symbols and unwind information may hold several functions, or a table and a function behind
// it. It is cut
//
// - where other code leads, so that this begins a piece. The piece before may run on into it.
// - behind a return or a jump that is always taken, where nothing before jumps further: there a function
// ends. What lies behind runs only
//   if something leads there: of a row of small functions (`sha512su0; ret`, as libraries try what a CPU
//   knows), a call of one is no call of those behind it.
//
// A jump by a table may lead anywhere, so behind one nothing is taken for an end.
#include "nameless.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "linkdx/code_flow.hpp"
#include "mapping.hpp"
#include "places.hpp"

namespace linkdx::scan {
namespace {

using Follows = ScannedCode::Follows;
struct Cut {
  std::uint64_t offset = 0;
  Follows follows = Follows::Unknown;
};

bool is_nameless(const ScannedCode& code) {
  return !code.named && !code.bounded && code.bytes.size() > 1;
}

/// Where branches of other code, and calls of its own, lead into each stretch without a name; 0 is its
/// beginning.
std::map<std::uint32_t, std::set<std::uint64_t>> entries_of(const ScannedObject& object) {
  std::map<std::uint32_t, std::set<std::uint64_t>> entries;
  const Finder finder(object.code, true);
  for (std::uint32_t i = 0; i < object.code.size(); ++i) {
    if (object.code[i].is_data()) continue;
    for (const isa::Branch& branch : object.code[i].branches) {
      const auto callee = finder.at({0, branch.target});
      if (callee && *callee != i && is_nameless(object.code[*callee]))
        entries[*callee].insert(branch.target - object.code[*callee].address);
    }
  }
  return entries;
}

class Cutter {
 public:
  Cutter(const ScannedCode& whole, const isa::CodeFlow& flow, std::set<std::uint64_t> entries)
      : whole_(whole), flow_(flow), entries_(std::move(entries)) {
    is_data_ = whole.is_data();
    if (!is_data_)
      for (const isa::CodeFlow::Jump& call : flow.calls) entries_.insert(call.target);
  }

  /// In order, without the beginning.
  std::vector<Cut> cuts() {
    std::uint64_t begin = 0;
    for (auto entry = entries_.upper_bound(0);; ++entry) {
      const std::uint64_t end = entry == entries_.end() ? whole_.bytes.size() : *entry;
      const bool ended = cut_between(begin, end);
      if (entry == entries_.end()) return std::move(cuts_);
      if (cuts_.empty() || cuts_.back().offset < end)
        cuts_.push_back({end, ended ? Follows::End : Follows::MayRunOn});
      begin = end;
    }
  }

 private:
  /// Cuts behind the functions that end between. Of what is no code, taken whole, only the first function is
  /// told: what leads there leads to code. Whether the last of them ends where `end` is.
  bool cut_between(std::uint64_t begin, std::uint64_t end) {
    if (is_data_ && !entries_.contains(begin)) return false;
    const auto before = [](const auto& thing, std::uint64_t offset) { return thing.at < offset; };
    const auto earlier = [](const isa::CodeFlow::End& thing, std::uint64_t offset) {
      return thing.behind <= offset;
    };
    auto jump = std::lower_bound(flow_.jumps.begin(), flow_.jumps.end(), begin, before);
    const auto table = std::lower_bound(flow_.jumps_by_table.begin(), flow_.jumps_by_table.end(), begin);
    const std::uint64_t limit = table == flow_.jumps_by_table.end() ? end : std::min(end, *table);
    std::uint64_t furthest = begin;
    for (auto at = std::lower_bound(flow_.ends.begin(), flow_.ends.end(), begin, earlier);
         at != flow_.ends.end() && at->behind <= limit; ++at) {
      for (; jump != flow_.jumps.end() && jump->at < at->behind; ++jump)
        if (jump->target < end) furthest = std::max(furthest, jump->target);
      if (furthest >= at->behind) continue;
      if (at->next >= end) return true;
      cuts_.push_back({at->next, Follows::End});
      if (is_data_) return false;
    }
    return false;
  }

  const ScannedCode& whole_;
  const isa::CodeFlow& flow_;
  std::set<std::uint64_t> entries_;
  bool is_data_ = false;
  std::vector<Cut> cuts_;
};

}  // namespace

void cut_nameless(ScannedObject& object, llvm::function_ref<void(ScannedCode&)> decode) {
  if (!is_linked(*object.object) || std::none_of(object.code.begin(), object.code.end(), is_nameless)) return;
  std::map<std::uint32_t, std::set<std::uint64_t>> entries = entries_of(object);
  const std::vector<artifact::Section> sections = object.object->sections();
  const MappingSymbols mapping(*object.object);
  std::vector<ScannedCode> code;
  for (std::uint32_t i = 0; i < object.code.size(); ++i) {
    const auto led = entries.find(i);
    // What needs nothing is worth no cut.
    const bool needs = is_nameless(object.code[i]) && !object.code[i].is_data() &&
                       !above_baseline(object.code[i].own.features).empty();
    if (led == entries.end() && !needs) {
      code.push_back(std::move(object.code[i]));
      continue;
    }
    const isa::CodeFlow flow = isa::flow_of(object.arch, object.code[i].bytes);
    std::vector<Cut> cuts =
        Cutter(object.code[i], flow, led == entries.end() ? std::set<std::uint64_t>() : led->second).cuts();
    if (cuts.empty()) {
      code.push_back(std::move(object.code[i]));
      continue;
    }
    const ScannedCode whole = std::move(object.code[i]);
    cuts.push_back({whole.bytes.size()});
    std::uint64_t begin = 0;
    Follows follows = whole.follows;
    for (const Cut& cut : cuts) {
      ScannedCode piece;
      piece.follows = follows;
      piece.section = whole.section;
      piece.address = whole.address + begin;
      piece.name = fmt::format("{}+{:#x}", sections[whole.section].name,
                               piece.address - sections[whole.section].address);
      piece.bytes = whole.bytes.subspan(begin, cut.offset - begin);
      piece.thumb = whole.thumb;
      mapping.cut(piece, piece.thumb);
      decode(piece);
      code.push_back(std::move(piece));
      begin = cut.offset;
      follows = cut.follows;
    }
  }
  object.code = std::move(code);
}

}  // namespace linkdx::scan
