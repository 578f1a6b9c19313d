// Words that the renderings of a check share. See lines.cpp.
#pragma once

#include <string>

#include "linkdx/report.hpp"

namespace linkdx::report {

/// `libx.a(foo.o):function+0x12`, unescaped.
std::string place_of(const Report::Located& located);
/// `libx.a(foo.o)`
std::string object_of(const Report::Located& located);

}  // namespace linkdx::report
