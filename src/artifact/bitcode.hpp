// LLVM bitcode: an object before code generation.
//
// A linker with LLVM's LTO takes it like any object. Its symbols stand in a table beside the code (the SYMTAB
// block, format `irsymtab`), so they can be read without the code itself. Writers of other LLVM versions may
// use another version of that table; then the symbols stay unknown, and that is said.
//
// Source: llvm/Object/IRSymtab.h, which describes the table but trusts it; here every range is checked.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "elf_object.hpp"
#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

std::unique_ptr<Object> open_bitcode(const Origin& origin, std::vector<std::string>& faults);

}  // namespace linkdx::artifact
