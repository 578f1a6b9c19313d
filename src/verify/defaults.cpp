// Where an architecture has no one lowest CPU that all compilers for it agree on (ARM with and without a
// floating-point unit, MIPS before and after release 6, LoongArch with and without vectors), the only
// sensible baseline is the compiler's own default: what the rest of the program is made for. An empty
// translation unit shows it: its object carries build attributes or header flags (ARM and MIPS), and
// predefined macros tell the rest (default_macros.inc).
#include "defaults.hpp"

#include "inspect.hpp"
#include "targets.hpp"
#include "translation.hpp"

namespace linkdx::verify {
namespace {

struct DefaultMacro {
  std::string_view architecture, macro, feature;
};
constexpr DefaultMacro default_macros[] = {
#define LINKDX_DEFAULT_MACRO(architecture, macro, feature, source) {architecture, macro, feature},
#include "default_macros.inc"
#undef LINKDX_DEFAULT_MACRO
};

llvm::Expected<std::string> run_compiler(const Compiler& compiler, const Workspace& workspace,
                                         std::vector<std::string> arguments, std::chrono::seconds limit) {
  arguments.insert(arguments.begin(), compiler.command.begin(), compiler.command.end());
  llvm::Expected<Run> done = run(arguments, limit, workspace.path());
  if (!done) return done.takeError();
  if (done->succeeded()) return done->output;
  const bool told = !done->timed_out && !done->output.empty();
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 told ? first_error(done->output) : describe(*done, limit));
}

}  // namespace

llvm::Expected<isa::FeatureSet> base_features(const Compiler& compiler, const Workspace& workspace,
                                              std::chrono::seconds limit) {
  const std::string architecture = architecture_of(compiler.target);
  isa::FeatureSet base = isa::baseline(isa::arch_of_name(architecture));
  if (!baseline_flags(architecture).empty()) return base;
  const std::string source = workspace.file("default.c"), object = workspace.file("default.o");
  if (llvm::Error failed = write_text(source, "typedef int nothing;\n")) return failed;
  llvm::Expected<std::string> made = run_compiler(compiler, workspace, {"-c", source, "-o", object}, limit);
  if (!made) return made.takeError();
  llvm::Expected<isa::FeatureSet> declared = declared_features(object);
  if (!declared) return declared.takeError();
  base.add(*declared);
  llvm::Expected<std::string> macros = run_compiler(compiler, workspace, {"-dM", "-E", source}, limit);
  if (!macros) return macros.takeError();
  for (const DefaultMacro& row : default_macros) {
    if (row.architecture != architecture) continue;
    if (macros->find("#define " + std::string(row.macro) + " ") != std::string::npos) base.add(row.feature);
  }
  return isa::with_implied(base);
}

}  // namespace linkdx::verify
