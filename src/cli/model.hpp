// The report's model, put together from what the rooms found. See model.cpp.
#pragma once

#include <string>
#include <vector>

#include "linkdx/diagnose.hpp"
#include "linkdx/report.hpp"

namespace linkdx::cli {

/// Runs the rules over every case, asks for the remedies, and lays everything out for rendering.
report::Report build_report(const diagnose::Investigation& investigation, const std::vector<std::string>& paths);

}  // namespace linkdx::cli
