// The shim: an archive that defines a missing kernel, made with the user's own compiler.
//
// Each symbol becomes one object with all variants of its kernel and a dispatcher (translation.cpp). The
// archive is written by LLVM's archive writer (no `ar` needed) after the product has stood inspection, and
// not before.
#include <algorithm>
#include <cctype>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/Object/ArchiveWriter.h>
#include <llvm/TargetParser/Triple.h>

#include "defaults.hpp"
#include "inspect.hpp"
#include "linkdx/language.hpp"
#include "linkdx/verify.hpp"
#include "targets.hpp"
#include "translation.hpp"

namespace linkdx::verify {
namespace {

constexpr std::chrono::seconds compile_limit{60};

llvm::Error error(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

/// The rows for a symbol, with and without Mach-O's underscore.
std::vector<const Export*> exports_of(std::string_view symbol) {
  std::vector<const Export*> rows;
  for (const Export& row : exports()) {
    if (row.symbol == symbol || (symbol.starts_with("_") && row.symbol == symbol.substr(1)))
      rows.push_back(&row);
  }
  return rows;
}

Shim::Refused refusal(const std::string& symbol, const std::string& target) {
  const std::vector<const Export*> rows = exports_of(symbol);
  if (!rows.empty()) {
    std::vector<std::string> architectures;
    for (const Export* row : rows) architectures.emplace_back(row->architecture);
    return {symbol,
            say("it is a kernel for {}, and the target is {}", fmt::join(architectures, ", "), target),
            say("name the target of the failed link: --target {}-unknown-linux-gnu", architectures.front())};
  }
  return {
      symbol, say("linkdx has no reference kernel for it, and an empty stand-in would return wrong results"),
      say("`linkdx BUILD.LOG BUILD-DIRECTORY` says why it is undefined and how its own object gets built")};
}

std::vector<Shim::Line> linking_lines(const std::string& path, const std::string& given_target,
                                      const std::vector<std::string>& symbols) {
  const std::string target = rustc_target(given_target);
  std::string triple = target;
  std::replace(triple.begin(), triple.end(), '-', '_');
  const std::string file = path.substr(path.rfind('/') + 1);
  return {
      {"cargo", fmt::format("RUSTFLAGS=\"$RUSTFLAGS -C link-arg={}\" cargo build --target {}", path, target)},
      {"cargo-config", fmt::format("[target.{}]\nrustflags = [\"-C\", \"link-arg={}\"]", target, path)},
      {"cmake", fmt::format("target_link_libraries(YOUR_TARGET PRIVATE {})", path)},
      {"dockerfile", fmt::format("RUN linkdx shim --target {} -o /usr/local/lib/{} {}\nENV "
                                 "CARGO_TARGET_{}_RUSTFLAGS=\"-C link-arg=/usr/local/lib/{}\"",
                                 target, file, fmt::join(symbols, " "), upper(triple), file)},
      {N_("command line"), say("{}   (after the objects and libraries that refer to it)", path)},
  };
}

llvm::Error write_archive(const std::vector<std::string>& objects, const Compiler& compiler,
                          const std::string& path) {
  std::vector<llvm::NewArchiveMember> members;
  for (const std::string& object : objects) {
    llvm::Expected<llvm::NewArchiveMember> member = llvm::NewArchiveMember::getFile(object, true);
    if (!member) return member.takeError();
    member->MemberName = llvm::StringRef(object).rsplit('/').second;
    members.push_back(std::move(*member));
  }
  const llvm::Triple triple = triple_of(compiler.machine);
  const auto kind = triple.isOSBinFormatMachO()         ? llvm::object::Archive::K_DARWIN
                    : triple.isWindowsMSVCEnvironment() ? llvm::object::Archive::K_COFF
                                                        : llvm::object::Archive::K_GNU;
  return llvm::writeArchive(path, members, llvm::SymtabWritingMode::NormalSymtab, kind, true, false);
}

}  // namespace

llvm::Expected<Shim> make_shim(const ShimRequest& request) {
  Shim shim;
  if (request.symbols.empty()) return error(say("no symbol to define"));
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

  std::vector<std::string> objects;
  std::vector<Expected> expected;
  std::vector<std::string> symbols;
  for (const std::string& symbol : request.symbols) {
    const std::vector<const Export*> rows = exports_of(symbol);
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const Export* each) { return each->architecture == architecture; });
    if (row == rows.end()) {
      shim.refused.push_back(refusal(symbol, compiler->target));
      continue;
    }
    const std::string name((*row)->symbol);
    if (std::find(symbols.begin(), symbols.end(), name) != symbols.end()) continue;
    llvm::Expected<Usable> usable = usable_variants(*compiler, (*row)->kernel, *workspace, compile_limit);
    if (!usable) return usable.takeError();
    for (const Skipped& reason : usable->why_not) {
      const bool said = std::any_of(shim.left_out.begin(), shim.left_out.end(),
                                    [&](const Skipped& each) { return each.path == reason.path; });
      if (!said) shim.left_out.push_back(reason);
    }
    const std::string source = workspace->file(name + ".c"), object = workspace->file(name + ".o");
    if (llvm::Error failed =
            write_text(source, translation_unit(usable->variants, usable->others, (*row)->kernel, name)))
      return failed;
    const std::vector<std::string> command = compile_command(*compiler, source, object, workspace->path());
    llvm::Expected<Run> compiled = run(command, compile_limit);
    if (!compiled) return compiled.takeError();
    if (!compiled->succeeded())
      return error(say("`{}` failed on {}: {}; {}", fmt::join(compiler->command, " "), name,
                       describe(*compiled, compile_limit), first_error(compiled->output)));
    Shim::Made made{name, std::string((*row)->kernel), std::string((*row)->source), {}};
    for (const Variant* variant : usable->variants) made.variants.emplace_back(variant->name);
    shim.made.push_back(std::move(made));
    objects.push_back(object);
    symbols.push_back(name);
    expected.push_back({name + ".o", name, usable->variants});
  }
  if (shim.made.empty()) return shim;

  const std::string draft = workspace->file("draft.a");
  if (llvm::Error failed = write_archive(objects, *compiler, draft)) return failed;
  llvm::Expected<isa::FeatureSet> base = base_features(*compiler, *workspace, compile_limit);
  if (!base) return base.takeError();
  llvm::Expected<Inspection> inspection = inspect_archive(draft, expected, compiler->target, *base);
  if (!inspection)
    return error(say("what `{}` made is not right, and was not written: {}",
                     fmt::join(compiler->command, " "), llvm::toString(inspection.takeError())));
  shim.inspected = std::move(inspection->right);
  shim.not_inspected = std::move(inspection->not_looked_at);

  std::error_code failed;
  std::filesystem::copy_file(draft, request.output, std::filesystem::copy_options::overwrite_existing,
                             failed);
  if (failed) return error(fmt::format("{}: {}", request.output, system_fault(failed.value())));
  shim.path = std::filesystem::weakly_canonical(std::filesystem::absolute(request.output), failed).string();
  shim.lines = linking_lines(shim.path, compiler->target, symbols);
  return shim;
}

}  // namespace linkdx::verify
