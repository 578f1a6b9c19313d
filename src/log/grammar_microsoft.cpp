// link.exe and lld-link. Microsoft's messages carry numbers (LNK2019), documented on the pages "Linker Tools
// Errors and Warnings" of its C++ reference; the project that MSBuild adds in brackets at the end is taken
// off.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

using Input = InputError::Kind;
constexpr Linker kLink = Linker::MsvcLink;

constexpr Pattern kPatterns[] = {
    {Event::Undefined, "error LNK2019: unresolved external symbol {name} referenced in function {function}",
     kLink},
    {Event::Undefined, "error LNK2019: unresolved external symbol {name}", kLink},
    {Event::Undefined, "error LNK2001: unresolved external symbol {name}", kLink},
    {Event::Duplicate, "error LNK2005: {name} already defined in {other}", kLink},
    {Event::Input, "LNK1104: cannot open file {'path}", kLink, Input::FileNotFound},
    {Event::Input, "LNK1181: cannot open input file {'path}", kLink, Input::FileNotFound},
    {Event::Input, "LNK1112: module machine type {'found} conflicts with target machine type {'expected}",
     kLink, Input::Incompatible},
    {Event::Input, "LNK1136: invalid or corrupt file", kLink, Input::Malformed},
    {Event::Input, "LNK1107: invalid or corrupt file: {subject}", kLink, Input::Malformed},
    {Event::LinkFailed, "fatal error LNK1120: {number} unresolved external", kLink},
    {Event::LinkFailed, "fatal error LNK1169: {any}", kLink},
};

}  // namespace

std::span<const Pattern> microsoft_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
