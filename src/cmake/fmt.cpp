// The compiled part of fmt, as an archive. Debian and Ubuntu have it as a shared library only, and each shared
// library that is loaded costs every start of the program. fmt's own header-only mode would compile these
// functions anew in each file that formats a text; here they are compiled once: in that mode they are inline
// functions, and dependencies.cmake has the compiler keep those that nothing calls (-fkeep-inline-functions).
#define FMT_HEADER_ONLY 1
#include <fmt/format.h>
