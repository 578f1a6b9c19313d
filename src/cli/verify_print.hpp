// The matrix of `verify`, rendered. See verify_print.cpp.
#pragma once

#include <string>

#include "linkdx/verify.hpp"

namespace linkdx::cli {

std::string matrix_for_terminal(const verify::Matrix& matrix);
std::string matrix_as_markdown(const verify::Matrix& matrix);
std::string matrix_as_json(const verify::Matrix& matrix);

}  // namespace linkdx::cli
