// What objects say of the CPUs they are for: see declarations.cpp (ELF) and bitcode_attributes.cpp (LLVM
// bitcode).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

/// `bytes`: the whole file.
Declarations elf_declarations(const Object& object, std::string_view bytes);
Declarations bitcode_declarations(std::string_view bytes);

/// The properties of one .note.gnu.property section.
void read_gnu_properties(std::span<const std::uint8_t> note, const Machine& machine, Declarations& result);
/// The attributes of one .ARM.attributes or .riscv.attributes section. False when the machine has none.
bool read_build_attributes(std::span<const std::uint8_t> section, std::string_view name,
                           const Machine& machine, Declarations& result);

}  // namespace linkdx::artifact
