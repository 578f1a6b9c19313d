// COFF and PE: the object format of Windows, and that of its programs and DLLs, which wrap it.
//
// An object is a header, a table of sections, and a table of symbols with the names after it; a symbol's
// entry may have auxiliary entries behind it. `/bigobj` widens section numbers from 16 to 32 bits. COMDATs
// are sections that say how equal ones are chosen from; the symbol that follows the section's own in the
// table gives the COMDAT its name. A weak external names a second symbol that stands in for it. An import
// library is an archive of short imports: members of two names, a symbol's and a DLL's, from which the linker
// makes `symbol` and the pointer `__imp_symbol`. A DLL's interface is its export table.
//
// Source: Microsoft's PE/COFF specification, sections 3 to 8; llvm/BinaryFormat/COFF.h;
// lld/COFF/InputFiles.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "elf_object.hpp"
#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

/// A COFF object begins with the number of its machine, which any bytes may happen to be: the headers must
/// fit too.
bool is_coff_object(std::string_view bytes);
/// Short imports and what cl.exe makes under /GL, which both begin with 00 00 FF FF.
bool is_coff_import(std::string_view bytes);
bool is_pe(std::string_view bytes);

/// Sections and symbols are read at once. What is broken is named in `faults`, and what can be read is kept.
std::unique_ptr<Object> open_coff(const Origin& origin, std::vector<std::string>& faults);
std::unique_ptr<Object> open_coff_import(const Origin& origin, std::vector<std::string>& faults);
std::unique_ptr<Object> open_pe(const Origin& origin, std::vector<std::string>& faults);

}  // namespace linkdx::artifact
