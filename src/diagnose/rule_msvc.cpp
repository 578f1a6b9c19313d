// Microsoft's C run-time library comes twice: as a DLL (/MD), whose functions are called through imports
// (`__imp_feof`), and as a static library (/MT). Objects of the one kind in a link of the other leave the
// imports open.
//
// Where an object says by itself which library it wants (`/FAILIFMISMATCH`), link.exe names both sides and no
// guess is needed (rule_inputs.cpp). C and assembly mostly do not say it.
#include <algorithm>

#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

constexpr std::string_view crt_functions[] = {
#include "crt_functions.inc"
};

/// The function of the C run-time library that is imported: `__imp_feof`, on 32-bit Windows `__imp__feof`.
bool is_crt_import(std::string_view name) {
  if (!name.starts_with("__imp_")) return false;
  name.remove_prefix(6);
  const auto known = [](std::string_view function) {
    return std::find(std::begin(crt_functions), std::end(crt_functions), function) != std::end(crt_functions);
  };
  return known(name) || (name.starts_with("_") && known(name.substr(1)));
}

}  // namespace

void rule_msvc_runtime(Context& context) {
  if (!links_for_msvc(context.facts)) return;
  std::vector<std::string> names;
  std::string object;
  for (const SymbolFacts* symbol : context.open())
    if (is_crt_import(bare_name(symbol->name))) {
      names.push_back(symbol->name);
      for (const SymbolFacts::ReferencedBy& reference : symbol->referenced_by)
        if (object.empty()) object = reference.object;
    }
  if (names.empty()) return;
  Diagnosis diagnosis = make("LDX0802", Confidence::Likely, names);
  diagnosis.title =
      object.empty()
          ? say("objects were compiled for the C run-time library as a DLL, and the link has the static one")
          : say("`{}` was compiled for the C run-time library as a DLL, and the link has the static one",
                object);
  diagnosis.explanation =
      say("{} is called through an import: that is how code that is compiled with /MD calls the C run-time "
          "library. The "
          "link takes the static library (/MT; in Rust +crt-static), which has the function and no import "
          "for it. Or no "
          "run-time library is linked at all (/NODEFAULTLIB).",
          list_names(names, 1));
  diagnosis.evidence.push_back(context.log_line(names.front()));
  diagnosis.missing_evidence.push_back(
      {say("the libraries that the objects ask for"),
       fmt::format("dumpbin /directives {} | findstr /i defaultlib", object.empty() ? "OBJECT" : object)});
  RuntimeKind found;
  found.object = object;
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

}  // namespace linkdx::diagnose
