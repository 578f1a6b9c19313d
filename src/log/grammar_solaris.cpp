// The linker of Solaris and illumos. Source: illumos usr/src/cmd/sgs/libld/common/libld.msg. Undefined
// symbols stand in a table, name and file, below a heading of two lines; the other messages begin with "ld:
// fatal: ".
#include "grammar.hpp"

namespace linkdx::log {
namespace {

using Input = InputError::Kind;

constexpr Pattern kPatterns[] = {
    {Event::SolarisHeader, "^Undefined{any}first referenced"},
    {Event::LinkFailed, "ld: fatal: Symbol referencing errors"},
    {Event::LinkFailed, "ld: fatal: symbol referencing errors"},
    {Event::Input, "ld: fatal: library -l{subject}: not found", Linker::Unknown, Input::LibraryNotFound},
    {Event::Input, "ld: fatal: file {path}: open failed: No such file", Linker::Unknown, Input::FileNotFound},
    {Event::Input, "ld: fatal: file {path}: wrong ELF class: {found}", Linker::Unknown, Input::Incompatible},
    {Event::Input, "ld: fatal: file {path}: wrong ELF machine type: {found}", Linker::Unknown,
     Input::Incompatible},
    {Event::Duplicate, "ld: fatal: symbol {'name} is multiply-defined"},
};

}  // namespace

std::span<const Pattern> solaris_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
