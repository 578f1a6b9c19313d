// Messages of Microsoft's link.exe in any language. Each begins with a number (LNK2019) that says what it is,
// and names stand in them as they do in English:
//
//     app.obj : error LNK2019: symbole externe non résolu f_avx2 référencé dans la fonction main
//     Error<tab>LNK2001<tab>unresolved external symbol f_avx2<tab>app<tab>C:\app\app.obj<tab>1
//
// The second form is the error list of Visual Studio, as it is when it is copied. So the number, the
// decorated names and the quotation marks are read, and not the words. The numbers are documented in
// Microsoft's C++ reference, "Linker tools errors and warnings".
#pragma once

#include <string_view>

#include "grammar.hpp"

namespace linkdx::log {

/// Reads a line that carries a number of link.exe; no pattern when it has none or is of no interest.
Match match_link_exe(std::string_view text);

}  // namespace linkdx::log
