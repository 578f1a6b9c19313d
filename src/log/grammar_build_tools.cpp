// Build tools: what starts, names or ends a link. rustc (compiler/rustc_codegen_ssa/src/errors.rs), cargo,
// ninja (src/status.cc), GNU make (src/job.c, src/remake.c) and the progress lines of CMake's generators and
// automake.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

constexpr Pattern kPatterns[] = {
    {Event::RustcLink, "error: linking with {'subject} failed: {any}"},
    {Event::RustcLink, "error: could not exec the linker {'subject}: {any}"},
    {Event::NinjaFailed, "^FAILED: {subject}"},
    {Event::MakeFailed, "*** [{subject}] Error {number}"},
    {Event::LinkingTarget, "Linking {any} executable {subject}"},
    {Event::LinkingTarget, "Linking {any} library {subject}"},
    {Event::LinkingTarget, "Linking {any} module {subject}"},
    {Event::DockerStep, "^[{number}] RUN {any}"},
    {Event::LinkingTarget, "Linking target {subject}"},
    {Event::LinkingTarget, "Linking of rule {'subject} failed"},         // bazel before 5
    {Event::LinkingTarget, "ERROR: {any}: Linking {subject} failed: "},  // bazel 5 and later
    {Event::EnterDirectory, "Entering directory {'directory}"},
    {Event::Host, "HOST = Some({'subject})"},
    {Event::CargoFailed, "error: could not compile {'subject}"},
};

}  // namespace

std::span<const Pattern> build_tool_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
