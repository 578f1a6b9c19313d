// C source put together from the kernels' files. See translation.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llvm/Support/Error.h>

#include "linkdx/verify.hpp"

namespace linkdx::verify {

/// All variants and the dispatcher in one translation unit, under the name `symbol`, the only one that is not
/// static. Without a symbol: the variants alone, to see whether the compiler makes them.
std::string translation_unit(const std::vector<const Variant*>& included,
                             const std::vector<const Variant*>& left_out, std::string_view kernel,
                             std::string_view symbol);

/// Compiles one to an object, in the workspace, for the lowest CPU of the target.
std::vector<std::string> compile_command(const Compiler& compiler, const std::string& source,
                                         const std::string& object, const std::string& directory);

struct Usable {
  std::vector<const Variant*> variants;  ///< that the compiler makes, worst first
  std::vector<const Variant*> others;
  std::vector<Skipped> why_not;  ///< one for each of the others
};
/// Which of the kernel's variants the compiler can make. The one for every CPU it must.
llvm::Expected<Usable> usable_variants(const Compiler& compiler, std::string_view kernel,
                                       const Workspace& workspace, std::chrono::seconds limit);

llvm::Error write_text(const std::string& path, std::string_view text);
/// The line of a compiler's or linker's output that says what is wrong.
std::string first_error(const std::string& output);

}  // namespace linkdx::verify
