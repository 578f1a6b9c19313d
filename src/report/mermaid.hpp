// A drawing in Mermaid's words. See mermaid.cpp.
#pragma once

#include <string>

#include "linkdx/report.hpp"

namespace linkdx::report {

std::string mermaid(const Report::Graph& graph);

}  // namespace linkdx::report
