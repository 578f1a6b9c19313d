// The reference kernels that linkdx ships: an archive that defines the missing symbol, made by `linkdx shim`.
#include <algorithm>
#include <filesystem>

#include "fix.hpp"

namespace linkdx::fix {

namespace {

struct Export {
  std::string_view symbol, architecture;
};
#define LINKDX_KERNEL_EXPORT(symbol, architecture, kernel, source) {symbol, architecture},
constexpr Export exports[] = {
#include "../kernel/exports.inc"
};
#undef LINKDX_KERNEL_EXPORT

}  // namespace

void add_reference_kernel(const Diagnosis& diagnosis, const Case& facts, Remedy& remedy) {
  std::vector<std::string> symbols;
  for (const std::string& symbol : diagnosis.symbols)
    for (const Export& known : exports)
      if (known.symbol == symbol &&
          (facts.arch == isa::Arch::Unknown || isa::arch_of_name(known.architecture) == facts.arch))
        symbols.push_back(symbol);
  if (symbols.empty() || symbols.size() != diagnosis.symbols.size() ||
      diagnosis.cause != diagnose::Cause::KernelObjectNotBuilt)
    return;
  std::error_code error;
  std::string archive = "liblinkdx-kernels.a";
  if (linked_by_rustc(facts)) archive = (std::filesystem::current_path(error) / archive).string();
  Fix fix;
  fix.title = say("Link linkdx's reference kernel");
  fix.effect = Effect::WorksAround;
  fix.confidence = Confidence::Likely;
  fix.why = say(
      "`linkdx shim` compiles a function of that name and meaning with your own compiler and checks what it "
      "made. It works whatever kept the package's own kernel from being built.");
  fix.price = say(
      "Not the package's own code. It runs on every CPU of the target and takes the fastest of its variants "
      "that the CPU has.");
  std::vector<std::string> command = {"linkdx", "shim", "-o", archive};
  if (!facts.target.empty()) command.insert(command.end(), {"--target", facts.target});
  command.insert(command.end(), symbols.begin(), symbols.end());
  fix.apply.commands.push_back(command);
  append_to_link(fix.apply, {archive}, facts);
  // Behind what is shown to mend the cause itself, before what is left to people.
  auto place = std::find_if(remedy.fixes.begin(), remedy.fixes.end(),
                            [](const Fix& other) { return !other.apply.manual.empty(); });
  remedy.fixes.insert(place, std::move(fix));
}

}  // namespace linkdx::fix
