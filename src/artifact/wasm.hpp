// WebAssembly modules and objects.
//
// A module is a row of sections: an id, a size, and bytes. Functions are numbered, the imported ones first,
// and their bodies stand one after the other in the code section without names. Object files are modules
// whose custom sections carry what linkers need: `linking` holds the symbol table, `reloc.CODE` and the like
// the relocations, `target_features` what the code was compiled for. Linked modules have their functions'
// names in the section `name`, if they have not been stripped, and in the exports.
//
// Source: WebAssembly Core Specification, chapter 5 and appendix "Custom Sections"; tool-conventions,
// Linking.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "elf_object.hpp"
#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

/// Sections and symbols are read at once. What is broken is named in `faults`, and what stands before it is
/// kept.
std::unique_ptr<Object> open_wasm(const Origin& origin, std::vector<std::string>& faults);

}  // namespace linkdx::artifact
