// The shim: an archive that defines a missing kernel, made with the user's own compiler.
//
// Each symbol becomes one object, compiled from one translation unit: all variants of its kernel and the dispatcher, with the
// variants `static`, so that no name but the symbol's is left for the linker, in every object format and without objcopy. Their CPU
// features come from function attributes, not from the command line, so no user's flag can put a newer instruction into
// the dispatcher. -ffreestanding and its kin keep calls into libraries out. The archive is written by LLVM's archive writer
// (no `ar` needed) after the product has stood inspection, and not before.
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/Object/ArchiveWriter.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/TargetParser/Triple.h>

#include "inspect.hpp"
#include "linkdx/verify.hpp"

namespace linkdx::verify {
namespace {

constexpr std::chrono::seconds compile_limit{60};

llvm::Error error(const std::string& text) { return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str()); }

llvm::Error write_text(const std::string& path, std::string_view text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file != nullptr) written &= std::fclose(file) == 0;
  return written ? llvm::Error::success() : error(fmt::format("{}: {}", path, std::strerror(errno)));
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

/// The line of a compiler's output that says what is wrong.
std::string first_error(const std::string& output) {
  std::size_t start = 0;
  while (start < output.size()) {
    const std::size_t end = std::min(output.find('\n', start), output.size());
    const std::string line = output.substr(start, end - start);
    if (line.find("error") != std::string::npos) return line;
    start = end + 1;
  }
  return output.substr(0, output.find('\n'));
}

llvm::Triple triple_of(const Compiler& compiler) { return llvm::Triple(llvm::Triple::normalize(compiler.machine)); }

/// The lowest CPU of the target, said aloud: a compiler may have been built with another default.
std::vector<std::string> baseline_flags(const std::string& architecture) {
  if (architecture == "x86_64") return {"-march=x86-64"};
  if (architecture == "aarch64") return {"-march=armv8-a"};
  return {};
}

std::vector<std::string> compile_command(const Compiler& compiler, const std::string& source, const std::string& object,
                                         const std::string& directory) {
  std::vector<std::string> command = compiler.command;
  const std::vector<std::string> baseline = baseline_flags(architecture_of(compiler.target));
  command.insert(command.end(), baseline.begin(), baseline.end());
  command.insert(command.end(), {"-std=gnu11", "-O3", "-g0", "-w", "-ffreestanding", "-fno-stack-protector", "-fno-lto",
                                 // <immintrin.h> brings <stdlib.h> by these headers, and a cross compiler may have no libc.
                                 "-D_MM_MALLOC_H_INCLUDED", "-D__MM_MALLOC_H"});
  if (!triple_of(compiler).isOSBinFormatCOFF()) command.emplace_back("-fPIC");
  command.insert(command.end(), {"-I", directory, "-c", source, "-o", object});
  return command;
}

/// One translation unit: the variants, then the dispatcher under the symbol's name. Without a symbol: one variant, to see
/// whether the compiler makes it.
std::string translation_unit(const std::vector<const Variant*>& included, const std::vector<const Variant*>& left_out,
                             std::string_view kernel, std::string_view symbol) {
  std::string text = "#define LINKDX_KERNEL static\n";
  if (!symbol.empty()) text += fmt::format("#define LINKDX_EXPORT {}\n", symbol);
  for (const Variant* variant : left_out) text += fmt::format("#define LINKDX_WITHOUT_{}\n", upper(variant->name));
  // Best first: their headers switch on the declarations of all.
  for (auto variant = included.rbegin(); variant != included.rend(); ++variant)
    text += fmt::format("#include \"{}\"\n", (*variant)->source);
  if (!symbol.empty()) text += fmt::format("#include \"{}_dispatch.c\"\n", kernel);
  return text;
}

/// The rows for a symbol, with and without Mach-O's underscore.
std::vector<const Export*> exports_of(std::string_view symbol) {
  std::vector<const Export*> rows;
  for (const Export& row : exports()) {
    if (row.symbol == symbol || (symbol.starts_with("_") && row.symbol == symbol.substr(1))) rows.push_back(&row);
  }
  return rows;
}

Shim::Refused refusal(const std::string& symbol, const std::string& target) {
  const std::vector<const Export*> rows = exports_of(symbol);
  if (!rows.empty()) {
    std::vector<std::string> architectures;
    for (const Export* row : rows) architectures.emplace_back(row->architecture);
    return {symbol,
            fmt::format("it is a kernel for {}, and the target is {}", fmt::join(architectures, ", "), target),
            fmt::format("name the target of the failed link: --target {}-unknown-linux-gnu", architectures.front())};
  }
  return {symbol, "linkdx has no reference kernel for it, and an empty stand-in would return wrong results",
          "`linkdx BUILD.LOG BUILD-DIRECTORY` says why it is undefined and how its own object gets built"};
}

/// Which of the kernel's variants the compiler can make. The one for every CPU it must.
llvm::Expected<std::vector<const Variant*>> usable_variants(const Compiler& compiler, std::string_view kernel,
                                                            const Workspace& workspace, std::vector<Skipped>& left_out) {
  std::vector<const Variant*> usable;
  for (const Variant* variant : variants_for(kernel, architecture_of(compiler.target))) {
    const std::string source = workspace.file(fmt::format("try_{}.c", variant->function()));
    if (llvm::Error failed = write_text(source, translation_unit({variant}, {}, kernel, ""))) return failed;
    const std::vector<std::string> command =
        compile_command(compiler, source, workspace.file("try.o"), workspace.path());
    llvm::Expected<Run> compiled = run(command, compile_limit);
    if (!compiled) return compiled.takeError();
    if (compiled->succeeded()) {
      usable.push_back(variant);
      continue;
    }
    const std::string why = compiled->output.empty() || compiled->timed_out ? describe(*compiled, compile_limit) : first_error(compiled->output);
    if (variant->needs == "0" || compiled->timed_out)
      return error(fmt::format("`{}` does not compile {}: {}", fmt::join(compiler.command, " "), variant->source, why));
    left_out.push_back({std::string(variant->name), why});
  }
  return usable;
}

/// rustc's name of the target (`rustc --print target-list`); a compiler may call it x86_64-linux-gnu or x86_64-pc-linux-gnu.
std::string rustc_target(const std::string& target) {
  const llvm::Triple triple(llvm::Triple::normalize(target));
  const std::string architecture = architecture_of(target);
  if (triple.isOSLinux() && !triple.isAndroid()) return fmt::format("{}-unknown-linux-{}", architecture, triple.getEnvironmentName().str());
  if (triple.isOSWindows()) return fmt::format("{}-pc-windows-{}", architecture, triple.isWindowsGNUEnvironment() ? "gnu" : "msvc");
  if (triple.isMacOSX() || triple.isOSDarwin()) return architecture + "-apple-darwin";
  return target;
}

std::vector<Shim::Line> linking_lines(const std::string& path, const std::string& given_target, const std::vector<std::string>& symbols) {
  const std::string target = rustc_target(given_target);
  std::string triple = target;
  std::replace(triple.begin(), triple.end(), '-', '_');
  const std::string file = path.substr(path.rfind('/') + 1);
  return {
      {"cargo", fmt::format("RUSTFLAGS=\"$RUSTFLAGS -C link-arg={}\" cargo build --target {}", path, target)},
      {"cargo-config", fmt::format("[target.{}]\nrustflags = [\"-C\", \"link-arg={}\"]", target, path)},
      {"cmake", fmt::format("target_link_libraries(YOUR_TARGET PRIVATE {})", path)},
      {"dockerfile", fmt::format("RUN linkdx shim --target {} -o /usr/local/lib/{} {}\nENV CARGO_TARGET_{}_RUSTFLAGS=\"-C link-arg=/usr/local/lib/{}\"",
                                 target, file, fmt::join(symbols, " "), upper(triple), file)},
      {"command line", fmt::format("{}   (after the objects and libraries that refer to it)", path)},
  };
}

llvm::Error write_archive(const std::vector<std::string>& objects, const Compiler& compiler, const std::string& path) {
  std::vector<llvm::NewArchiveMember> members;
  for (const std::string& object : objects) {
    llvm::Expected<llvm::NewArchiveMember> member = llvm::NewArchiveMember::getFile(object, true);
    if (!member) return member.takeError();
    member->MemberName = llvm::StringRef(object).rsplit('/').second;
    members.push_back(std::move(*member));
  }
  const llvm::Triple triple = triple_of(compiler);
  const auto kind = triple.isOSBinFormatMachO() ? llvm::object::Archive::K_DARWIN : llvm::object::Archive::K_GNU;
  return llvm::writeArchive(path, members, llvm::SymtabWritingMode::NormalSymtab, kind, true, false);
}

}  // namespace

llvm::Expected<Shim> make_shim(const ShimRequest& request) {
  Shim shim;
  if (request.symbols.empty()) return error("no symbol to define");
  // Before a compiler is looked for: for what no kernel exists, none is needed.
  const bool known = std::any_of(request.symbols.begin(), request.symbols.end(),
                                 [](const std::string& symbol) { return !exports_of(symbol).empty(); });
  if (!known) {
    for (const std::string& symbol : request.symbols) shim.refused.push_back(refusal(symbol, request.target));
    return shim;
  }
  llvm::Expected<Compiler> compiler = find_compiler(request.compiler, request.target);
  if (!compiler) return compiler.takeError();
  shim.compiler = *compiler;
  const std::string architecture = architecture_of(compiler->target);

  llvm::Expected<Workspace> workspace = Workspace::create();
  if (!workspace) return workspace.takeError();
  if (request.keep) {
    workspace->keep();
    shim.workspace = workspace->path();
  }
  if (llvm::Error failed = write_kernel_sources(workspace->path())) return failed;

  const bool macho = triple_of(*compiler).isOSBinFormatMachO();
  std::vector<std::string> objects;
  std::vector<Expected> expected;
  std::vector<std::string> symbols;
  for (const std::string& symbol : request.symbols) {
    const std::vector<const Export*> rows = exports_of(symbol);
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Export* each) { return each->architecture == architecture; });
    if (row == rows.end()) {
      shim.refused.push_back(refusal(symbol, compiler->target));
      continue;
    }
    const std::string name((*row)->symbol);
    if (std::find(symbols.begin(), symbols.end(), name) != symbols.end()) continue;
    shim.left_out.clear();
    llvm::Expected<std::vector<const Variant*>> usable = usable_variants(*compiler, (*row)->kernel, *workspace, shim.left_out);
    if (!usable) return usable.takeError();
    std::vector<const Variant*> missing;
    for (const Variant* variant : variants_for((*row)->kernel, architecture)) {
      if (std::find(usable->begin(), usable->end(), variant) == usable->end()) missing.push_back(variant);
    }
    const std::string source = workspace->file(name + ".c"), object = workspace->file(name + ".o");
    if (llvm::Error failed = write_text(source, translation_unit(*usable, missing, (*row)->kernel, name))) return failed;
    const std::vector<std::string> command = compile_command(*compiler, source, object, workspace->path());
    llvm::Expected<Run> compiled = run(command, compile_limit);
    if (!compiled) return compiled.takeError();
    if (!compiled->succeeded())
      return error(fmt::format("`{}` failed on {}: {}; {}", fmt::join(compiler->command, " "), name, describe(*compiled, compile_limit),
                               first_error(compiled->output)));
    Shim::Made made{name, std::string((*row)->kernel), std::string((*row)->source), {}};
    for (const Variant* variant : *usable) made.variants.emplace_back(variant->name);
    shim.made.push_back(std::move(made));
    objects.push_back(object);
    symbols.push_back(name);
    expected.push_back({name + ".o", (macho ? "_" : "") + name, *usable});
  }
  if (shim.made.empty()) return shim;

  const std::string draft = workspace->file("draft.a");
  if (llvm::Error failed = write_archive(objects, *compiler, draft)) return failed;
  llvm::Expected<Inspection> inspection = inspect_archive(draft, expected, compiler->target);
  if (!inspection)
    return error(fmt::format("what `{}` made is not right, and was not written: {}", fmt::join(compiler->command, " "),
                             llvm::toString(inspection.takeError())));
  shim.inspected = std::move(inspection->right);
  shim.not_inspected = std::move(inspection->not_looked_at);

  std::error_code failed;
  std::filesystem::copy_file(draft, request.output, std::filesystem::copy_options::overwrite_existing, failed);
  if (failed) return error(fmt::format("{}: {}", request.output, failed.message()));
  shim.path = std::filesystem::weakly_canonical(std::filesystem::absolute(request.output), failed).string();
  shim.lines = linking_lines(shim.path, compiler->target, symbols);
  return shim;
}

}  // namespace linkdx::verify
