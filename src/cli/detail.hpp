// What a report shows beside the diagnoses themselves, worked out before it is rendered.
#pragma once

#include <vector>

#include "linkdx/diagnose.hpp"
#include "linkdx/report.hpp"

namespace linkdx::cli {

/// Who refers to the symbols of a diagnosis, and where that ends. See reference_graph.cpp.
report::Report::Graph graph_of(const diagnose::Diagnosis& diagnosis, const diagnose::Case& facts);

/// Which levels and CPUs have what the symbols need. See cpu_choices.cpp.
std::vector<report::Report::Context::Matrix> matrices_of(const std::vector<diagnose::SymbolFacts>& symbols);
/// What it would mean here to tell a compiler this level or that. For diagnoses that are about CPU features.
std::vector<report::Report::Context::Choice> choices_of(const report::Report::Item& item,
                                                        const diagnose::Case& facts);

/// What was measured of the reference kernels for these symbols. See measured.cpp.
std::vector<report::Report::Context::Speed> speeds_of(const std::vector<diagnose::SymbolFacts>& symbols);

}  // namespace linkdx::cli
