// From an ELF header to a Machine: architecture, width, byte order and the ABI words that must agree.
#pragma once

#include <cstdint>
#include <string>

#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

Machine elf_machine(std::uint16_t machine, std::uint32_t flags, unsigned bits, bool big_endian);
/// From a Mach-O cputype or a COFF machine number; without an architecture when it is not known.
Machine foreign_machine(Format format, std::uint32_t number, bool big_endian);
/// The part of the ABI that ARM objects state in `.ARM.attributes` rather than in e_flags: `hard-float`,
/// `soft-float`, or nothing when the object uses no floating point or fits both.
std::string arm_float_abi(std::span<const std::uint8_t> attributes, bool big_endian);

}  // namespace linkdx::artifact
