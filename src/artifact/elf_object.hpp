// One ELF file: a relocatable object, a shared library or an executable.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <llvm/Support/Error.h>

#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

/// Where an object's bytes come from. `path` outlives the object.
struct Origin {
  const std::string* path = nullptr;
  std::string_view member;
  std::string_view bytes;
};
std::string label_of(const Origin& origin);

bool is_elf(std::string_view bytes);

/// Reads the headers and checks the symbol table; everything else is read when it is asked for. Faults that
/// leave a usable object are added to `faults`; an error means that nothing can be said about the file.
llvm::Expected<std::unique_ptr<Object>> open_elf(const Origin& origin, std::vector<std::string>& faults);

}  // namespace linkdx::artifact
