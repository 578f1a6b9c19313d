// Text stubs of Apple's SDKs (`libSystem.tbd`): what a dylib exports, written down so that one can link
// without it.
//
// A stub is YAML, or JSON since version 5, and lists for each target (architecture and platform) the symbols:
// C's with their underscore, Objective-C's classes and instance variables by their plain names, from which
// the linker makes the symbols. Libraries that this one re-exports may be written into the same file; a
// linker finds their symbols through it.
//
// Sources: llvm/TextAPI (Architecture.def, TextStub.cpp); lld/MachO/InputFiles.cpp on the names of
// Objective-C.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "elf_object.hpp"
#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

bool is_tbd(std::string_view bytes);

/// One object for each target, its member named `arm64-macos`. The file's path outlives them.
std::vector<std::unique_ptr<Object>> open_tbd(const Origin& origin, std::vector<std::string>& faults);

}  // namespace linkdx::artifact
