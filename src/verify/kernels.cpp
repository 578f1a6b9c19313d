// What reference kernels there are: the tables and texts of src/kernel, made part of the program.
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

#include "linkdx/language.hpp"
#include "linkdx/verify.hpp"

namespace linkdx::verify {
namespace {

constexpr Variant all_variants[] = {
#define LINKDX_VARIANT(kernel, variant, architecture, source, features, flags, needs) \
  {kernel, variant, architecture, source, features, flags, needs},
#include "../kernel/variants.inc"
#undef LINKDX_VARIANT
};

constexpr Export all_exports[] = {
#define LINKDX_KERNEL_EXPORT(symbol, architecture, kernel, source) {symbol, architecture, kernel, source},
#include "../kernel/exports.inc"
#undef LINKDX_KERNEL_EXPORT
};

constexpr SourceText all_sources[] = {
#include "kernel_sources.inc"
};

}  // namespace

std::span<const Variant> variants() {
  return all_variants;
}
std::span<const Export> exports() {
  return all_exports;
}
std::span<const SourceText> kernel_sources() {
  return all_sources;
}

std::vector<const Variant*> variants_for(std::string_view kernel, std::string_view architecture) {
  std::vector<const Variant*> result;
  for (const Variant& variant : all_variants) {
    if (variant.kernel != kernel || (!variant.architecture.empty() && variant.architecture != architecture))
      continue;
    // What every CPU of the architecture has leaves no use for what stands before it.
    if (variant.needs == "0") result.clear();
    result.push_back(&variant);
  }
  return result;
}

llvm::Error write_kernel_sources(const std::string& directory) {
  for (const SourceText& source : all_sources) {
    const std::string path = fmt::format("{}/{}", directory, source.name);
    std::FILE* file = std::fopen(path.c_str(), "wb");
    bool written =
        file != nullptr && std::fwrite(source.text.data(), 1, source.text.size(), file) == source.text.size();
    if (file != nullptr) written &= std::fclose(file) == 0;
    if (!written)
      return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     fmt::format("{}: {}", path, system_fault(errno)).c_str());
  }
  return llvm::Error::success();
}

}  // namespace linkdx::verify
