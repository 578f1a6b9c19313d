// Fixes in the code: declarations that disagree, definitions that are there twice.
#include <filesystem>

#include <fmt/format.h>

#include "fix.hpp"

namespace linkdx::fix {

namespace {

std::string trimmed(const std::string& text) {
  std::size_t start = text.find_first_not_of(" \t");
  return start == std::string::npos ? std::string() : text.substr(start);
}

/// A declaration or definition on one line, marked for C linkage in a way that C compilers accept too.
std::vector<std::string> with_c_linkage(const std::string& line) {
  return {"#ifdef __cplusplus", "extern \"C\"", "#endif", line};
}

void add_linkage_edit(const diagnose::NameMismatch& found, Remedy& remedy) {
  bool in_header = !found.header.empty();
  const std::string& path = in_header ? found.header : found.source;
  std::uint64_t number = in_header ? found.header_line : found.source_line;
  if (path.empty() || !number) return;
  std::string line = line_of(path, number);
  if (line.find("extern \"C\"") != std::string::npos) return;
  std::optional<Apply::Edit> edit = replace_line(path, number, with_c_linkage(line));
  Fix fix;
  fix.title = say("Declare `{}` as `extern \"C\"`", trimmed(line));
  fix.confidence = Confidence::Certain;
  fix.why = say("Caller and definition then agree on the C name.");
  fix.price = say("None, unless it is overloaded: a C name has one function.");
  if (edit)
    fix.apply.edits.push_back(*edit);
  else
    fix.apply.manual =
        say("Put the declaration at {}:{} into extern \"C\" {{ }} (under #ifdef __cplusplus).", path, number);
  remedy.fixes.push_back(std::move(fix));
}

/// The edition that the package of a source file is written in, from the nearest Cargo.toml above it.
std::string edition_of(const std::string& source) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (fs::path directory = fs::absolute(source, error).parent_path(); directory.has_relative_path();
       directory = directory.parent_path()) {
    std::string manifest = (directory / "Cargo.toml").string();
    if (!fs::is_regular_file(manifest, error)) continue;
    for (std::uint64_t line = 1; line < 400; ++line) {
      std::string text = line_of(manifest, line);
      if (text.starts_with("edition") && text.find('"') != std::string::npos)
        return text.substr(text.find('"') + 1, 4);
    }
    return {};
  }
  return {};
}

void add_no_mangle(const diagnose::NameMismatch& found, Remedy& remedy) {
  Fix fix;
  std::string attribute = edition_of(found.source) >= "2024" ? "#[unsafe(no_mangle)]" : "#[no_mangle]";
  fix.title = say("Put `{}` before the function", attribute);
  fix.confidence = Confidence::Certain;
  fix.why = say("The function then has the C name that the caller asks for.");
  fix.price = say("The name has to be the only one of its kind in the program.");
  std::optional<Apply::Edit> edit;
  if (!found.source.empty() && found.source_line) {
    std::string line = line_of(found.source, found.source_line);
    edit = replace_line(found.source, found.source_line,
                        {line.substr(0, line.find_first_not_of(" \t")) + attribute, line});
  }
  if (edit)
    fix.apply.edits.push_back(*edit);
  else
    fix.apply.manual = say("Write {} before the definition of `{}` in Rust.", attribute, found.wanted);
  remedy.fixes.push_back(std::move(fix));
}

/// Rust's declaration of a C function that goes by another name now.
void add_link_name(const diagnose::NameMismatch& found, Remedy& remedy) {
  if (!found.source.ends_with(".rs") || !found.source_line) return;
  std::string line = line_of(found.source, found.source_line);
  std::optional<Apply::Edit> edit = replace_line(
      found.source, found.source_line,
      {line.substr(0, line.find_first_not_of(" \t")) + fmt::format("#[link_name = \"{}\"]", found.present),
       line});
  if (!edit) return;
  Fix fix;
  fix.title = say("Declare `{}` with `#[link_name = \"{}\"]`", found.wanted, found.present);
  fix.confidence = Confidence::Likely;
  fix.why = say("The Rust code keeps its name for the function and asks for the one that the library has.");
  fix.price = say("It is the same function only if both sides mean the same parameters.");
  fix.apply.edits.push_back(*edit);
  remedy.fixes.push_back(std::move(fix));
}

/// The option of cl.exe that gives a value of the key RuntimeLibrary. Source: yvals.h and crtdefs.h, #pragma
/// detect_mismatch.
struct RuntimeLibrary {
  std::string_view value, flag, cmake;
};
constexpr RuntimeLibrary runtime_libraries[] = {
    {"MD_DynamicRelease", "/MD", "MultiThreadedDLL"},
    {"MDd_DynamicDebug", "/MDd", "MultiThreadedDebugDLL"},
    {"MT_StaticRelease", "/MT", "MultiThreaded"},
    {"MTd_StaticDebug", "/MTd", "MultiThreadedDebug"},
};

void add_same_setting(const diagnose::NameMismatch& found, Remedy& remedy) {
  Fix fix;
  fix.title = say("Compile `{}` with the settings of the rest of the program", found.where);
  fix.confidence = Confidence::Likely;
  fix.why =
      say("link.exe refuses to mix them: memory and objects would pass between two run-time libraries.");
  fix.price = say("The library has to be built again, or taken in its other variant.");
  fix.apply.manual =
      say("Build both in one configuration (Debug or Release), or take the library's variant for this one.");
  for (const RuntimeLibrary& row : runtime_libraries)
    if (row.value == found.wanted) {
      fix.title = say("Compile `{}` with {}, as the rest of the program", found.where, row.flag);
      fix.apply.manual = say(
          "Build that library with {0} (CMake: -DCMAKE_MSVC_RUNTIME_LIBRARY={1}), or take its variant that "
          "was.",
          row.flag, row.cmake);
    }
  remedy.fixes.push_back(std::move(fix));
}

}  // namespace

void fixes_for(const diagnose::NameMismatch& found, const Diagnosis& diagnosis, const Case& facts,
               Remedy& remedy) {
  using Kind = diagnose::NameMismatch::Kind;
  if (found.kind == Kind::FloatAbi) {
    Fix fix;
    fix.title = say("Compile every object with the same ABI flags");
    fix.confidence = Confidence::Certain;
    fix.why = say("The calling convention is part of an object; the linker cannot convert it.");
    if (found.wanted.starts_with("-m")) {
      fix.title = say("Compile `{}` with {}, as the rest of the link", found.where, found.wanted);
      fix.confidence = Confidence::Likely;
      fix.price = found.wanted.ends_with("hard")
                      ? say("The code needs a floating-point unit, as the rest of the program does.")
                      : say("None.");
      fix.apply.cflags.push_back(found.wanted);
    } else
      fix.apply.manual =
          say("Compare -mfloat-abi, -mfpu, -mabi and -march of {} with those of the rest of the link, and "
              "compile it again with theirs.",
              found.where.empty() ? say("the object the linker names") : found.where);
    remedy.fixes.push_back(std::move(fix));
    return;
  }
  if (found.kind == Kind::Setting) return add_same_setting(found, remedy);
  if (found.kind == Kind::CAndCxx) add_linkage_edit(found, remedy);
  if (found.kind == Kind::CAndRust) add_no_mangle(found, remedy);
  if (found.kind == Kind::AbiTag) {
    bool wanted_new = found.wanted.find("cxx11") != std::string::npos;
    Fix fix;
    fix.title = say("Compile the callers with -D_GLIBCXX_USE_CXX11_ABI={}", wanted_new ? 0 : 1);
    fix.confidence = Confidence::Likely;
    fix.why = wanted_new ? say("`{}` was compiled with the old std::string.", found.where)
                         : say("`{}` was compiled with the new std::string.", found.where);
    fix.price = say("All C++ code that exchanges strings with it has to agree.");
    fix.apply.cflags.push_back(fmt::format("-D_GLIBCXX_USE_CXX11_ABI={}", wanted_new ? 0 : 1));
    remedy.fixes.push_back(std::move(fix));
  }
  if (found.kind == Kind::Renamed) add_link_name(found, remedy);
  if (found.kind == Kind::CAndCxx || found.kind == Kind::Underscore || found.kind == Kind::Renamed) {
    Fix fix;
    fix.title = say("Let the linker take `{}` for `{}`", found.present, found.wanted);
    fix.effect = Effect::WorksAround;
    fix.confidence = Confidence::Likely;
    fix.why = say(
        "--defsym gives the definition the second name. It is the same function only if both sides mean the "
        "same parameters.");
    fix.price = say("One flag per symbol, and the declarations still disagree.");
    // One symbol only: a list of aliases is no fix that anybody should keep.
    using log::Linker;
    Linker linker = facts.failure ? facts.failure->linker : Linker::Unknown;
    bool apple = linker == Linker::Ld64 || linker == Linker::Ld64Lld;
    bool microsoft = linker == Linker::MsvcLink || linker == Linker::LldLink;
    if (apple)
      fix.why = say(
          "-alias gives the definition the second name. It is the same function or table only if both sides "
          "mean the same.");
    if (diagnosis.symbols.size() == 1 && !microsoft) {
      prepend_to_link(fix.apply,
                      {apple ? fmt::format("-Wl,-alias,{},{}", found.present, found.wanted)
                             : fmt::format("-Wl,--defsym={}={}", found.wanted, found.present)},
                      facts);
      remedy.fixes.push_back(std::move(fix));
    }
  }
  if (found.kind == Kind::RustHash) {
    Fix fix;
    fix.title = say("Build both crates with one compiler, in one cargo invocation");
    fix.confidence = Confidence::Likely;
    fix.why =
        say("The hash in a Rust symbol stands for the crate, its version, its features and the compiler.");
    fix.apply.manual = say(
        "Remove the stale artifacts (cargo clean) and build all Rust code in one workspace; across a library "
        "boundary use #[no_mangle] extern \"C\".");
    remedy.fixes.push_back(std::move(fix));
  }
  if (remedy.fixes.empty()) {
    Fix fix;
    fix.title = say("Make declaration and definition agree");
    fix.confidence = Confidence::Likely;
    fix.why = say("The linker compares names, and C++ names hold parameter types and namespaces.");
    fix.apply.manual = say(
        "The caller asks for `{}`; `{}` has `{}`. Look for two versions of the header, or change one of the "
        "two.",
        found.wanted, found.where, found.present);
    remedy.fixes.push_back(std::move(fix));
  }
}

void fixes_for(const diagnose::NotPositionIndependent& found, const Diagnosis&, const Case&, Remedy& remedy) {
  Fix fix;
  fix.title = say("Compile {} with {}", found.object.empty() ? say("that object") : found.object, found.flag);
  fix.confidence = Confidence::Likely;
  fix.why = say("The compiler then reaches data and functions relative to the code's own address.");
  fix.price = say("Hardly any on 64-bit machines. The objects have to be made again.");
  fix.apply.cflags.push_back(found.flag);
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::Duplicated& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  if (!found.header.empty() && found.header_line) {
    std::string line = line_of(found.header, found.header_line);
    bool function = line.find('(') != std::string::npos;
    bool cxx = !found.header.ends_with(".h");
    std::optional<Apply::Edit> edit =
        function ? replace_line(found.header, found.header_line,
                                {(cxx ? "inline " : "static inline ") + trimmed(line)})
                 : std::nullopt;
    const bool unread = line.empty() && !found.common;  // the log alone names the place
    if (edit || unread) {
      Fix fix;
      fix.title = say("Make the definition in `{}` `{}`", relative_path(found.header),
                      cxx ? "inline" : "static inline");
      fix.confidence = edit ? Confidence::Certain : Confidence::Likely;
      fix.why = cxx ? say("The linker then keeps one of the copies that the including files make.")
                    : say("Every file that includes the header then has its own copy, which the linker does "
                          "not see.");
      fix.price = cxx ? say("None.") : say("One copy in every object that uses it.");
      if (edit)
        fix.apply.edits.push_back(*edit);
      else
        fix.apply.manual = say("Write `{}` before the definition at {}:{}.", cxx ? "inline" : "static inline",
                               found.header, found.header_line);
      remedy.fixes.push_back(std::move(fix));
    }
  }
  if (found.common) {
    Fix fix;
    fix.title = say("Compile with -fcommon");
    fix.effect = Effect::WorksAround;
    fix.confidence = Confidence::Likely;
    fix.why = say(
        "Uninitialised variables then merge, as they did before GCC 10. It holds for C, and only while at "
        "most one of the definitions has an initialiser.");
    fix.price = say("Hides the missing `extern`; accesses can be slightly slower.");
    fix.apply.cflags.push_back("-fcommon");
    remedy.fixes.push_back(std::move(fix));
    Fix source;
    source.title = say("Declare the variable `extern` in the header and define it in one file");
    source.effect = Effect::Resolves;
    source.confidence = Confidence::Likely;
    source.why =
        say("A variable without `extern` in a header is a definition in every file that includes it.");
    source.apply.manual =
        say("Write `extern` before the declaration of `{}` in its header and define it in one .c file.",
            found.symbol);
    remedy.fixes.push_back(std::move(source));
  }
  Fix keep_first;
  keep_first.title = say("Let the linker keep the first definition");
  keep_first.effect = Effect::WorksAround;
  keep_first.confidence = found.identical ? Confidence::Likely : Confidence::Possible;
  keep_first.why = found.definitions.empty()
                       ? say("The linker then takes the first one it meets.")
                       : say("The linker then takes the one in `{}`{}.", found.definitions.front(),
                             found.identical ? say(", and the two are the same bytes") : "");
  keep_first.price = found.identical
                         ? say("Later differences between the two copies go unnoticed.")
                         : say("If the two differ, part of the program runs with a definition that "
                               "it was not written for, and nothing says so.");
  using log::Linker;
  Linker linker = facts.failure ? facts.failure->linker : Linker::Unknown;
  bool apple = linker == Linker::Ld64 || linker == Linker::Ld64Lld;  // knows no such option
  bool microsoft = linker == Linker::MsvcLink || linker == Linker::LldLink;
  if (microsoft)
    keep_first.apply.manual = say("Add /FORCE:MULTIPLE to the link command.");
  else
    prepend_to_link(keep_first.apply, {"-Wl,--allow-multiple-definition"}, facts);
  Fix remove_one;
  remove_one.title = say("Link only one of the two");
  remove_one.effect = Effect::Resolves;
  remove_one.confidence = Confidence::Likely;
  remove_one.why = say("A program has one definition of each symbol.");
  remove_one.apply.manual = found.definitions.size() >= 2
                                ? say("Find out why both `{}` and `{}` are linked, and leave one out.",
                                      found.definitions[0], found.definitions[1])
                                : say("Leave one of the definitions out of the link.");
  if (!apple && !microsoft) remedy.fixes.push_back(std::move(keep_first));
  remedy.fixes.push_back(std::move(remove_one));
  if (microsoft) remedy.fixes.push_back(std::move(keep_first));
}

}  // namespace linkdx::fix
