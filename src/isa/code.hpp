// Needs of code, one scanner for each family of architectures. A scanner reads bytes in a linear sweep from
// their first to their last: what it cannot decode is counted and stepped over, because compilers and
// assemblers put tables between instructions.
#pragma once

#include "catalogue.hpp"
#include "linkdx/isa.hpp"

namespace linkdx::isa {

CodeNeeds needs_of_x86(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                       std::vector<Branch>* branches);
CodeNeeds needs_of_aarch64(std::span<const std::uint8_t> bytes, std::uint64_t address,
                           std::vector<Branch>* branches);
CodeNeeds needs_of_powerpc(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                           std::vector<Branch>* branches, const CodeMode& mode);
CodeNeeds needs_of_systemz(std::span<const std::uint8_t> bytes, std::uint64_t address,
                           std::vector<Branch>* branches);
CodeNeeds needs_of_mips(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                        std::vector<Branch>* branches, const CodeMode& mode);
CodeNeeds needs_of_loongarch(std::span<const std::uint8_t> bytes, std::uint64_t address,
                             std::vector<Branch>* branches);
CodeNeeds needs_of_wasm(std::span<const std::uint8_t> bytes);

CodeNeeds needs_of_arm(std::span<const std::uint8_t> bytes, std::uint64_t address,
                       std::vector<Branch>* branches, const CodeMode& mode);
CodeNeeds needs_of_riscv(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                         std::vector<Branch>* branches, const CodeMode& mode);

/// The words of a table's row as a set.
FeatureSet feature_words(Arch arch, std::string_view words);

}  // namespace linkdx::isa
