// One translation unit for all variants of a kernel and its dispatcher: the variants are `static`, so that no
// name but the symbol's is left for the linker, in every object format and without objcopy. Their CPU
// features come from function attributes, not from the command line, so no user's flag can put a newer
// instruction into the dispatcher. -ffreestanding and its kin keep calls into libraries out. A compiler that
// is too old for a variant is seen by compiling each alone first.
#include "translation.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "linkdx/language.hpp"
#include "targets.hpp"

namespace linkdx::verify {
namespace {

llvm::Error error(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

llvm::Error write_text(const std::string& path, std::string_view text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file != nullptr) written &= std::fclose(file) == 0;
  return written ? llvm::Error::success() : error(fmt::format("{}: {}", path, system_fault(errno)));
}

std::string first_error(const std::string& output) {
  // What a driver says when its linker failed repeats nothing of why.
  const auto is_summary = [](const std::string& line) {
    return line.find("linker command failed") != std::string::npos ||
           line.find("ld returned") != std::string::npos;
  };
  for (std::size_t start = 0; start < output.size();) {
    const std::size_t end = std::min(output.find('\n', start), output.size());
    const std::string line = output.substr(start, end - start);
    const bool tells = line.find("error") != std::string::npos || line.find("undefined") != std::string::npos;
    if (tells && !is_summary(line)) return line;
    start = end + 1;
  }
  return output.substr(0, output.find('\n'));
}

std::string translation_unit(const std::vector<const Variant*>& included,
                             const std::vector<const Variant*>& left_out, std::string_view kernel,
                             std::string_view symbol) {
  std::string text = "#define LINKDX_KERNEL static\n";
  if (!symbol.empty()) text += fmt::format("#define LINKDX_EXPORT {}\n", symbol);
  for (const Variant* variant : left_out)
    text += fmt::format("#define LINKDX_WITHOUT_{}\n", upper(variant->name));
  // Best first: their headers switch on the declarations of all.
  for (auto variant = included.rbegin(); variant != included.rend(); ++variant)
    text += fmt::format("#include \"{}\"\n", (*variant)->source);
  if (!symbol.empty()) text += fmt::format("#include \"{}_dispatch.c\"\n", kernel);
  return text;
}

std::vector<std::string> compile_command(const Compiler& compiler, const std::string& source,
                                         const std::string& object, const std::string& directory) {
  std::vector<std::string> command = compiler.command;
  const std::vector<std::string> baseline = baseline_flags(architecture_of(compiler.target));
  command.insert(command.end(), baseline.begin(), baseline.end());
  command.insert(command.end(),
                 {"-std=gnu11", "-O3", "-g0", "-w", "-ffreestanding", "-fno-stack-protector", "-fno-lto",
                  // Unwind tables for ARM refer to a routine of libgcc.
                  "-fno-exceptions", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables",
                  // <immintrin.h> brings <stdlib.h> by these headers, and a cross compiler may have no libc.
                  "-D_MM_MALLOC_H_INCLUDED", "-D__MM_MALLOC_H"});
  if (triple_of(compiler.machine).isOSBinFormatELF()) command.emplace_back("-fPIC");
  command.insert(command.end(), {"-I", directory, "-c", source, "-o", object});
  return command;
}

llvm::Expected<Usable> usable_variants(const Compiler& compiler, std::string_view kernel,
                                       const Workspace& workspace, std::chrono::seconds limit) {
  Usable usable;
  for (const Variant* variant : variants_for(kernel, architecture_of(compiler.target))) {
    const std::string source = workspace.file(fmt::format("try_{}.c", variant->function()));
    if (llvm::Error failed = write_text(source, translation_unit({variant}, {}, kernel, ""))) return failed;
    llvm::Expected<Run> compiled =
        run(compile_command(compiler, source, workspace.file("try.o"), workspace.path()), limit);
    if (!compiled) return compiled.takeError();
    if (compiled->succeeded()) {
      usable.variants.push_back(variant);
      continue;
    }
    const std::string why = compiled->output.empty() || compiled->timed_out ? describe(*compiled, limit)
                                                                            : first_error(compiled->output);
    if (variant->needs == "0" || compiled->timed_out)
      return error(
          say("`{}` does not compile {}: {}", fmt::join(compiler.command, " "), variant->source, why));
    usable.others.push_back(variant);
    // Without the path of a directory that is gone by then.
    std::string reason = why;
    const std::string place = workspace.path() + "/";
    for (std::size_t at = reason.find(place); at != std::string::npos; at = reason.find(place))
      reason.erase(at, place.size());
    usable.why_not.push_back({std::string(variant->name), reason});
  }
  return usable;
}

}  // namespace linkdx::verify
