// Cuts code that neither symbols nor unwind information divide. See nameless.cpp.
#pragma once

#include <llvm/ADT/STLFunctionalExtras.h>

#include "linkdx/scan.hpp"

namespace linkdx::scan {

/// `decode` reads a new piece, whose bounds are set. Linked files only: in others symbols are left.
void cut_nameless(ScannedObject& object, llvm::function_ref<void(ScannedCode&)> decode);

}  // namespace linkdx::scan
