// isa/: where control goes in code, as far as that is seen without following it. Beside isa.hpp, because only
// scan/ needs it: to tell the functions apart in a stretch that nothing divides, and to see that one runs on
// into the next.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "linkdx/isa.hpp"

namespace linkdx::isa {

struct CodeFlow {
  /// Behind a return, a jump that is always taken or a trap: what stands there runs only if something else
  /// leads to it.
  struct End {
    std::uint64_t behind = 0;  ///< offset behind the instruction
    std::uint64_t next = 0;    ///< offset behind padding that follows
  };
  std::vector<End> ends;
  struct Jump {
    std::uint64_t at = 0, target = 0;  ///< offsets in the bytes
  };
  std::vector<Jump> jumps, calls;             ///< those that lead to a place inside the bytes
  std::vector<std::uint64_t> jumps_by_table;  ///< offsets of jumps through registers or memory
  bool padded = false;                        ///< padding stands behind the last instruction
  bool runs_on = false;  ///< the last instruction is none that ends it, and no call, which need not return
};
/// Reads it. x86-64 and AArch64; nothing for others.
CodeFlow flow_of(Arch arch, std::span<const std::uint8_t> bytes);

}  // namespace linkdx::isa
