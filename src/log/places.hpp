// The place in front of a linker's message: which linker speaks, about which object, function, section and
// source line. GNU ld: `/usr/bin/ld: libx.a(y.o):y.c:(.text+0x12)` or `/usr/bin/ld: /src/y.c:12`; gold:
// `y.o:y.c:function f`; lld and mold: `y.o:(f)`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "linkdx/log.hpp"

namespace linkdx::log {

struct LinkerName {
  std::string_view path;  ///< as printed
  Linker linker = Linker::Unknown;
  std::string_view rest;  ///< the text behind `path: `
};

/// The linker that a line begins with: a path whose file name is a linker's, and a colon.
std::optional<LinkerName> linker_prefix(std::string_view text);

/// Which linker a program's file name stands for; nothing when it is no linker. `ld` alone is `Unknown`.
std::optional<Linker> linker_of_program(std::string_view path);

/// Takes `error:`, `fatal error:`, `warning:` off the start. True when it was an error.
bool drop_severity(std::string_view& text);

/// Reads a place (without the linker) into the object, function, section and source of a reference.
Reference read_place(std::string_view place);

/// `libx.a(y.o)` into object, archive and member.
void set_object(Reference& reference, std::string_view object);

/// The path at the end of words that carry one: "OSError: /x/liby.so:", "tried: '/x/liby.so'".
std::string_view last_path(std::string_view words);

/// Whether a file name has the form of an object, an archive member or a library.
bool looks_like_object(std::string_view name);

}  // namespace linkdx::log
