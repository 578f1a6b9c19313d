// Zydis's answers as features. Only the x86 scanner and the generator of its tables include this.
#pragma once

#include <Zydis/Zydis.h>

#include "linkdx/isa.hpp"

namespace linkdx::isa {

const FeatureSet& needs_of_zydis(Arch arch, const ZydisDecodedInstruction& instruction);

}  // namespace linkdx::isa
