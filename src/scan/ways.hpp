// The ways through a function: whether it can end without having passed a place in it. See ways.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "linkdx/scan.hpp"

namespace linkdx::scan {

class Ways {
 public:
  /// `leaving`: those of the code's branches that lead out of it, relocations considered. `own_parts`: fields
  /// of branches to parts of the function that the compiler moved away (`.cold`).
  Ways(isa::Arch arch, const ScannedCode& code, const std::vector<isa::Branch>& leaving,
       const std::vector<std::uint32_t>& own_parts);

  /// Offsets of the conditional branches, in order; empty for an architecture whose flow is not read.
  const std::vector<std::uint64_t>& conditions() const { return conditions_; }
  /// The function can return, or go on elsewhere, without passing the place.
  bool can_miss(std::uint64_t place) const;
  /// What runs at one place may go on to the other. Where a table says where to jump, that cannot be told,
  /// and it may.
  bool may_lead(std::uint64_t from, std::uint64_t to) const;
  /// A way past the place does something else instead: it calls, jumps away or holds some code of its own,
  /// and what follows the place does not follow it alone. A mere early return is no such way.
  bool has_alternative(std::uint64_t place) const;

 private:
  struct Block {
    std::uint64_t begin = 0, end = 0;     ///< end: behind the instruction that leads on
    std::vector<std::uint32_t> next{};    ///< blocks
    std::vector<std::uint32_t> onward{};  ///< those of `next` that lead to no block passed before: no loops
    bool leaves = false;                  ///< it may return, or go on in another function
    bool works = false;                   ///< it calls or goes on elsewhere
  };

  bool is_condition(std::uint64_t place) const;
  std::uint32_t block_at(std::uint64_t place) const;
  void cut_into_blocks(isa::Arch arch, const ScannedCode& code, const std::vector<isa::Branch>& leaving,
                       const std::vector<std::uint32_t>& own_parts);
  void add_branches_out(const ScannedCode& code, const std::vector<isa::Branch>& leaving,
                        const std::vector<std::uint32_t>& own_parts);
  void find_loops();
  std::vector<bool> reached_from(std::uint32_t first, bool loops, std::uint32_t without) const;

  std::vector<std::uint64_t> conditions_;
  std::vector<Block> blocks_;
  bool by_table_ = false;  ///< it jumps by a table
};

}  // namespace linkdx::scan
