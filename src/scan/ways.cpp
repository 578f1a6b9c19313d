// The ways through a function.
//
// A call behind a condition may be the end of a dispatcher: the caller was told what the CPU has, by an
// argument or in a structure, and no instruction here says that this is what it tests. A call that every way
// through the function passes is none. So the function is cut into basic blocks where it branches and where
// branches lead (Aho, Sethi, Ullman, "Compilers", 8.4), and the ways from its beginning to its ends are
// followed. What does not return (`abort`) is taken for something that does, and a jump by a table for an
// end: both make a place look avoidable that may not be, and so less is claimed.
#include "ways.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "linkdx/code_flow.hpp"

namespace linkdx::scan {
namespace {

constexpr std::uint32_t none = 0xffffffff;
constexpr std::uint64_t widest_opcode = 2;  // of a branch, before its distance

/// A branch, a return or a jump.
struct Turn {
  std::uint64_t behind =
      0;  ///< some offset in the instruction, or behind it, and before the next one's second byte
  bool goes_on = false;  ///< to what stands behind it
  bool leaves = false;   ///< the function
  std::vector<std::uint64_t> targets{};
};

/// Where the end stands that belongs to an unconditional jump: the first behind it.
std::uint64_t end_of(const std::vector<isa::CodeFlow::End>& ends, std::uint64_t jump) {
  const auto found = std::upper_bound(
      ends.begin(), ends.end(), jump,
      [](std::uint64_t offset, const isa::CodeFlow::End& end) { return offset < end.behind; });
  return found == ends.end() ? jump + 1 : found->behind;
}

/// By the offset of the instruction, or of the byte behind it where no more is known.
std::map<std::uint64_t, Turn> turns_of(const isa::CodeFlow& flow,
                                       const std::vector<std::uint64_t>& conditions) {
  std::map<std::uint64_t, Turn> turns;
  for (const std::uint64_t condition : conditions) turns[condition] = {condition + 1, true, false, {}};
  std::set<std::uint64_t> told;  // ends that a jump inside accounts for
  for (const isa::CodeFlow::Jump& jump : flow.jumps) {
    if (const auto condition = turns.find(jump.at); condition != turns.end()) {
      condition->second.targets.push_back(jump.target);
      continue;
    }
    const std::uint64_t behind = end_of(flow.ends, jump.at);
    told.insert(behind);
    turns[jump.at] = {behind, false, false, {jump.target}};
  }
  for (const isa::CodeFlow::End& end : flow.ends)
    if (!told.contains(end.behind)) turns[end.behind - 1] = {end.behind, false, true, {}};
  return turns;
}

}  // namespace

Ways::Ways(isa::Arch arch, const ScannedCode& code, const std::vector<isa::Branch>& leaving,
           const std::vector<std::uint32_t>& own_parts)
    : conditions_(isa::references_of(arch, code.bytes, code.address).conditions) {
  cut_into_blocks(arch, code, leaving, own_parts);
  find_loops();
}

void Ways::cut_into_blocks(isa::Arch arch, const ScannedCode& code, const std::vector<isa::Branch>& leaving,
                           const std::vector<std::uint32_t>& own_parts) {
  isa::CodeFlow flow = isa::flow_of(arch, code.bytes);
  // What a relocation fills in leads out of the function, wherever the bytes lead.
  std::erase_if(flow.jumps, [&leaving](const isa::CodeFlow::Jump& jump) {
    return std::any_of(leaving.begin(), leaving.end(), [&jump](const isa::Branch& branch) {
      return branch.field >= jump.at && branch.field - jump.at <= widest_opcode;
    });
  });
  const std::map<std::uint64_t, Turn> turns = turns_of(flow, conditions_);
  std::set<std::uint64_t> begins = {0};
  for (const auto& [at, turn] : turns) {
    if (turn.behind < code.bytes.size()) begins.insert(turn.behind);
    begins.insert(turn.targets.begin(), turn.targets.end());
  }
  for (const std::uint64_t begin : begins) blocks_.push_back({.begin = begin});
  for (std::uint32_t i = 0; i < blocks_.size(); ++i) {
    Block& block = blocks_[i];
    const std::uint64_t limit = i + 1 < blocks_.size() ? blocks_[i + 1].begin : code.bytes.size();
    const auto turn = turns.lower_bound(block.begin);
    block.end = limit;
    if (turn == turns.end() || turn->first >= limit) {
      if (i + 1 < blocks_.size())
        block.next.push_back(i + 1);
      else
        block.leaves = flow.runs_on;
      continue;
    }
    block.leaves = turn->second.leaves;
    if (turn->second.goes_on && i + 1 < blocks_.size()) block.next.push_back(i + 1);
    for (const std::uint64_t target : turn->second.targets) block.next.push_back(block_at(target));
  }
  add_branches_out(code, leaving, own_parts);
  by_table_ = !flow.jumps_by_table.empty();
  for (const std::uint64_t jump : flow.jumps_by_table) blocks_[block_at(jump)].works = true;
}

/// Calls, and jumps to other functions. A conditional one is a way of its own out of the function.
void Ways::add_branches_out(const ScannedCode& code, const std::vector<isa::Branch>& leaving,
                            const std::vector<std::uint32_t>& own_parts) {
  const auto elsewhere = static_cast<std::uint32_t>(blocks_.size());
  blocks_.push_back({.begin = code.bytes.size(), .end = code.bytes.size(), .leaves = true, .works = true});
  for (const isa::Branch& branch : leaving) {
    if (branch.field >= code.bytes.size()) continue;
    const auto behind = std::upper_bound(conditions_.begin(), conditions_.end(), branch.field);
    if (behind == conditions_.begin() || branch.field - *(behind - 1) > widest_opcode) {
      blocks_[block_at(branch.field)].works = true;
      continue;
    }
    const bool own = std::find(own_parts.begin(), own_parts.end(), branch.field) != own_parts.end();
    if (!own) blocks_[block_at(*(behind - 1))].next.push_back(elsewhere);
  }
}

std::uint32_t Ways::block_at(std::uint64_t place) const {
  const auto behind =
      std::upper_bound(blocks_.begin(), blocks_.end(), place,
                       [](std::uint64_t offset, const Block& block) { return offset < block.begin; });
  return static_cast<std::uint32_t>(behind - blocks_.begin()) - 1;
}

/// A step to a block that is being followed is one of a loop.
void Ways::find_loops() {
  enum class Seen : std::uint8_t { No, Followed, Done };
  std::vector<Seen> seen(blocks_.size());
  std::vector<std::pair<std::uint32_t, std::size_t>> path = {{0, 0}};
  seen[0] = Seen::Followed;
  while (!path.empty()) {
    auto& [at, step] = path.back();
    if (step == blocks_[at].next.size()) {
      seen[at] = Seen::Done;
      path.pop_back();
      continue;
    }
    const std::uint32_t next = blocks_[at].next[step++];
    if (seen[next] == Seen::Followed) continue;
    blocks_[at].onward.push_back(next);
    if (seen[next] != Seen::No) continue;
    seen[next] = Seen::Followed;
    path.emplace_back(next, 0);
  }
}

std::vector<bool> Ways::reached_from(std::uint32_t first, bool loops, std::uint32_t without) const {
  std::vector<bool> reached(blocks_.size());
  std::vector<std::uint32_t> waiting;
  const auto visit = [&](std::uint32_t block) {
    if (block == without || reached[block]) return;
    reached[block] = true;
    waiting.push_back(block);
  };
  visit(first);
  while (!waiting.empty()) {
    const std::uint32_t at = waiting.back();
    waiting.pop_back();
    for (const std::uint32_t next : loops ? blocks_[at].next : blocks_[at].onward) visit(next);
  }
  return reached;
}

/// A conditional branch leads out of the function: passing it is not taking it.
bool Ways::is_condition(std::uint64_t place) const {
  const auto behind = std::upper_bound(conditions_.begin(), conditions_.end(), place);
  return behind != conditions_.begin() && place - *(behind - 1) <= widest_opcode;
}

bool Ways::can_miss(std::uint64_t place) const {
  if (is_condition(place)) return true;
  const std::vector<bool> reached = reached_from(0, true, block_at(place));
  for (std::uint32_t i = 0; i < blocks_.size(); ++i)
    if (reached[i] && blocks_[i].leaves) return true;
  return false;
}

bool Ways::may_lead(std::uint64_t from, std::uint64_t to) const {
  if (by_table_) return true;
  const std::uint32_t first = block_at(from), last = block_at(to);
  if (first == last && from <= to) return true;
  for (const std::uint32_t next : blocks_[first].next)
    if (reached_from(next, true, none)[last]) return true;
  return false;
}

bool Ways::has_alternative(std::uint64_t place) const {
  if (is_condition(place)) return true;
  constexpr std::uint64_t some_code = 32;  // more than restores registers and returns
  const std::uint32_t there = block_at(place);
  const std::vector<bool> around = reached_from(0, false, there);
  const std::vector<bool> behind = reached_from(there, false, none);
  // Blocks that lead there, found backwards.
  std::vector<bool> before(blocks_.size());
  before[there] = true;
  for (bool more = true; more;) {
    more = false;
    for (std::uint32_t i = 0; i < blocks_.size(); ++i) {
      if (before[i]) continue;
      const auto& next = blocks_[i].onward;
      before[i] = std::any_of(next.begin(), next.end(), [&](std::uint32_t block) { return before[block]; });
      more = more || before[i];
    }
  }
  std::uint64_t size = 0;
  for (std::uint32_t i = 0; i < blocks_.size(); ++i) {
    if (!around[i] || behind[i] || before[i]) continue;
    if (blocks_[i].works) return true;
    size += blocks_[i].end - blocks_[i].begin;
  }
  return size >= some_code;
}

}  // namespace linkdx::scan
