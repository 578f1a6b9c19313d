// What a compile made, the same for every object format. See object_view.cpp.
#pragma once

#include <string>
#include <vector>

#include <llvm/Support/Error.h>
#include <llvm/TargetParser/Triple.h>

#include "linkdx/isa.hpp"

namespace linkdx::verify {

struct ObjectView {
  struct Code {
    std::string name;  ///< as C writes it
    isa::CodeNeeds needs;
    bool named = true;  ///< false: code between functions, such as padding
  };
  std::string member;                ///< empty when the object is a file of its own
  std::string architecture;          ///< LLVM's name
  std::string format;                ///< `ELF`, `COFF`, `Mach-O`, `Wasm`
  std::vector<std::string> defined;  ///< symbols that take part in linking, as C writes them
  std::vector<std::string> undefined;
  std::vector<Code> functions;  ///< local ones too
  isa::FeatureSet declared;     ///< what it says it was made for; empty where objects do not say
  std::string at_start;         ///< section whose functions run before main; empty if there is none
};
/// The objects of a file: itself, or an archive's members in order. An error names what cannot be read.
llvm::Expected<std::vector<ObjectView>> view_objects(const std::string& path);

/// What C's names begin with: an underscore in Mach-O, and in COFF for 32-bit x86.
std::string symbol_prefix(const llvm::Triple& triple);

}  // namespace linkdx::verify
