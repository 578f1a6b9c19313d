// The report's model, put together from what the rooms found. See model.cpp.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "linkdx/diagnose.hpp"
#include "linkdx/report.hpp"
#include "linkdx/verify.hpp"

namespace linkdx::cli {

/// Tries the fixes of one diagnosis; see verify::try_fixes.
using TryFixes = std::function<void(fix::Remedy&, const diagnose::Diagnosis&, const diagnose::Case&)>;

/// Runs the rules over every case, asks for the remedies, has them tried if `try_fixes` is given, and lays
/// everything out for rendering.
report::Report build_report(const diagnose::Investigation& investigation,
                            const std::vector<std::string>& paths, const TryFixes& try_fixes = {});

/// The same with every fix tried that can be. What was left alone is said on standard error.
report::Report report_with_fixes_tried(const diagnose::Investigation& investigation,
                                       const std::vector<std::string>& paths,
                                       const verify::TryRequest& request);

}  // namespace linkdx::cli
