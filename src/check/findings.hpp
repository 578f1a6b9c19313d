// From leaks to findings: functions of one object with one reason are one finding. See findings.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "leaks.hpp"

namespace linkdx::check {

std::vector<Finding> findings_of(const Scope& scope, const Leaks& leaks, bool dispatch_ok);

/// The code of the finding that the leak goes into, a crate's aside.
std::string_view code_of(const Leak& leak);

/// A finding with its code and cause; `symbols` as symbol tables have them.
Finding make_finding(std::string_view code, Severity severity, Confidence confidence, Place place,
                     std::vector<std::string> symbols);

/// Which finding it is, whatever the build: code, file and first symbol, without what changes from build to
/// build.
std::string fingerprint_of(const Finding& finding);

/// `avx2 and fma`
std::string listed(const isa::FeatureSet& features);

}  // namespace linkdx::check
