// Mapping symbols: how ARM, AArch64 and RISC-V assemblers say what the bytes from an address on are. `$a`
// A32, `$t` T32, `$x` A64 or RISC-V, `$d` data; a dot or an architecture string may follow (ELF for the Arm
// Architecture, 5.5.5; ELF for the Arm 64-bit Architecture, 5.7.5; RISC-V ELF psABI, "Mapping Symbol").
// Linkers keep them, strip takes them away.
#pragma once

#include "linkdx/scan.hpp"

namespace linkdx::scan {

class MappingSymbols {
 public:
  explicit MappingSymbols(const artifact::Object& object);

  /// Cuts the code where mapping symbols change what it is. Without any, it is one piece of what its symbol
  /// says.
  void cut(ScannedCode& code, bool thumb) const;

 private:
  struct Mark {
    std::uint32_t section = 0;
    std::uint64_t address = 0;
    char kind = 'x';  ///< a, t, x, d
  };
  std::vector<Mark> marks_;  ///< sorted
};

/// What the pieces of code need together.
isa::CodeNeeds needs_of(isa::Arch arch, const ScannedCode& code, const isa::CodeMode& mode,
                        std::vector<isa::Branch>& branches);

/// How the object's instructions are to be read.
isa::CodeMode mode_of(const artifact::Object& object);

}  // namespace linkdx::scan
