// Fixes for sources that were not compiled, or not for the right features: enable the language, turn the
// option on, install the assembler, or compile that one file as it should be and hand its object to the link.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "fix.hpp"

namespace linkdx::fix {

namespace fs = std::filesystem;

namespace {

/// Line of the closing parenthesis of the first `project(...)` call; 0 if there is none.
std::uint64_t end_of_project_call(const std::string& path) {
  bool inside = false;
  for (std::uint64_t line = 1; line < 400; ++line) {
    std::string text = line_of(path, line);
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    if (lower.find_first_not_of(" \t") != std::string::npos &&
        lower.substr(lower.find_first_not_of(" \t")).starts_with("project"))
      inside = true;
    if (inside && text.find(')') != std::string::npos) return line;
  }
  return 0;
}

bool is_flag_to_keep(const std::string& word) {
  for (std::string_view prefix : {"-I", "-D", "-U", "-std=", "-f", "-O", "-g", "-isystem", "--sysroot",
                                  "--target", "-m32", "-m64", "-mabi", "-mfloat-abi", "-pthread"})
    if (word.starts_with(prefix)) return true;
  return false;
}

/// The command that compiles `source` as a file of this build is compiled, with more flags; the object's name
/// beside it.
struct CompileAndLink {
  std::vector<std::string> command;
  std::string object;
};
std::optional<CompileAndLink> compile_by_hand(const std::string& source, const std::vector<std::string>& like,
                                              const std::vector<std::string>& flags, const Case& facts) {
  std::string path = relative_path(source);
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  std::string compiler =
      !like.empty() ? like.front()
      : facts.failure && facts.failure->command && !facts.failure->command->arguments.empty()
          ? facts.failure->command->arguments.front()
          : std::string();
  if (compiler.empty()) return std::nullopt;
  bool assembly = path.ends_with(".s") || path.ends_with(".S"), nasm = path.ends_with(".asm");
  bool object = path.ends_with(".o") || path.ends_with(".obj") || path.ends_with(".a");
  if (nasm || object) return std::nullopt;
  CompileAndLink made;
  std::string name = fs::path(path).filename().replace_extension(".linkdx.o").string();
  bool cmake = facts.build && !facts.build->cmake.empty();
  made.object =
      path_for_link(cmake ? (fs::path(facts.build->cmake.front().directory) / name).string() : name, facts);
  made.command = {compiler};
  for (std::size_t i = 1; i < like.size(); ++i)
    if (is_flag_to_keep(like[i]) && !(assembly && like[i].starts_with("-std="))) {
      made.command.push_back(like[i]);
      if ((like[i] == "-I" || like[i] == "-isystem" || like[i] == "-D") && i + 1 < like.size())
        made.command.push_back(like[++i]);
    }
  made.command.insert(made.command.end(), flags.begin(), flags.end());
  made.command.insert(made.command.end(), {"-c", path, "-o", made.object});
  return made;
}

/// Features whose intrinsics GCC's arm_neon.h declares for armv8.2-a: up to GCC 12 they are inlined only into
/// code of at least that version. Source: gcc/config/aarch64/arm_neon.h, `#pragma GCC target
/// ("arch=armv8.2-a+...")`.
constexpr std::string_view of_armv8_2[] = {"dotprod", "fullfp16", "fp16fml", "i8mm",
                                           "bf16",    "sha3",     "sm4",     "sve"};

std::vector<std::string> flags_for(const isa::FeatureSet& features, const std::vector<std::string>& like) {
  // Only LLVM compiles for WebAssembly.
  bool clang = (!like.empty() && like.front().find("clang") != std::string::npos) ||
               isa::name_of(features.arch()).starts_with("wasm");
  std::vector<std::string> flags =
      isa::flags_for(features, clang ? isa::Tool::Clang : isa::Tool::Gcc).arguments;
  // Every x86-64 CPU has them: a compiler that lacks them makes code for 32 bits, or was told to leave them
  // out.
  if (flags.empty() && features.arch() == isa::Arch::X86_64) {
    isa::FeatureSet narrow(isa::Arch::X86);
    for (const std::string& name : features.names()) narrow.add(name);
    flags = isa::flags_for(narrow, clang ? isa::Tool::Clang : isa::Tool::Gcc).arguments;
  }
  constexpr std::string_view lowest = "-march=armv8-a";
  bool newer = std::any_of(std::begin(of_armv8_2), std::end(of_armv8_2),
                           [&](std::string_view name) { return features.has(name); });
  for (std::string& flag : flags)
    if (newer && flag.starts_with(lowest)) flag = "-march=armv8.2-a" + flag.substr(lowest.size());
  return flags;
}

/// What to say after -march= for code of these features: `armv8-a+dotprod`, `x86-64-v4`.
std::string march_for(const isa::FeatureSet& features, const Case& facts) {
  for (const std::string& flag : flags_for(features, std::vector<std::string>()))
    if (flag.starts_with("-march=")) return flag.substr(7);
  if (std::optional<isa::Level> level = isa::recommended_level(features); level && !level->name.empty())
    return level->name;
  return baseline_march(facts.arch, facts.target);
}

std::string price_of(const isa::FeatureSet& features) {
  if (features.empty()) return say("A second place that has to know how the file is compiled.");
  return say(
      "The kernel runs only on CPUs with {}; its callers have to test for that, as they should anyway.",
      fmt::join(features.names(), say(", ")));
}

/// A cache variable that a user can set and that holds the build machine's CPU.
const build::Setting* native_setting(const build::CMakeTree& tree) {
  for (const build::Setting& setting : tree.cache)
    if (setting.value == "native" && setting.type != "INTERNAL" && setting.type != "STATIC") return &setting;
  return nullptr;
}

void add_compile_by_hand(const std::string& source, const std::vector<std::string>& like,
                         const isa::FeatureSet& features, const Case& facts, Remedy& remedy) {
  std::optional<CompileAndLink> made = compile_by_hand(source, like, flags_for(features, like), facts);
  if (!made) return;
  Fix fix;
  fix.title =
      say("Compile `{}` by itself and add its object to the link", fs::path(source).filename().string());
  fix.effect = Effect::WorksAround;
  fix.confidence = Confidence::Certain;
  fix.why = say(
      "The file defines the symbol; this compiles it as the files around it are compiled, with the features "
      "that it asks for, and gives the object to the linker.");
  fix.price = price_of(features);
  fix.apply.commands.push_back(made->command);
  append_to_link(fix.apply, {made->object}, facts);
  remedy.fixes.push_back(std::move(fix));
}

/// meson's own option turned on; what it does in the build files is theirs.
void add_configured_option(const diagnose::KernelNotBuilt& found, const build::Facts& build, Remedy& remedy) {
  for (const build::ConfiguredTree& tree : build.configured)
    for (const build::Setting& setting : tree.options) {
      if (tree.system != "meson" || setting.key != found.gate_variable) continue;
      Fix fix;
      fix.title = say("Turn the option {} on", setting.key);
      fix.confidence = Confidence::Likely;
      fix.why = say("The build file adds `{}` only with {}.", found.source, setting.key);
      fix.price = price_of(found.features);
      fix.apply.commands.push_back(
          {"meson", "configure", relative_path(tree.directory),
           fmt::format("-D{}={}", setting.key, setting.type == "boolean" ? "true" : "enabled")});
      remedy.fixes.push_back(std::move(fix));
      return;
    }
}

}  // namespace

void fixes_for(const diagnose::KernelNotBuilt& found, const Diagnosis& diagnosis, const Case& facts,
               Remedy& remedy) {
  if (found.script) return fixes_for_build_script(found, diagnosis, facts, remedy);
  if (found.cmake && !found.language.empty()) {
    std::string lists = (fs::path(found.cmake->source_directory) / "CMakeLists.txt").string();
    std::uint64_t line = end_of_project_call(lists);
    Fix fix;
    fix.title = say("Enable the language {} in CMakeLists.txt", found.language);
    fix.confidence = Confidence::Certain;
    fix.why = say("CMake compiles `{}` only when its language is enabled.", found.source);
    fix.price = found.language == "ASM_NASM" ? say("The build then needs nasm.")
                                             : say("None: the C compiler assembles the file.");
    std::optional<Apply::Edit> edit =
        line ? insert_after(lists, line, {fmt::format("enable_language({})", found.language)}) : std::nullopt;
    if (edit)
      fix.apply.edits.push_back(*edit);
    else
      fix.apply.manual = say("Add enable_language({}) after project(...) in {}.", found.language, lists);
    if (found.language == "ASM_NASM") fix.apply.packages.push_back("nasm");
    remedy.fixes.push_back(std::move(fix));
  }
  if (found.cmake && !found.gate_variable.empty()) {
    bool option = false;
    for (const build::Setting& setting : found.cmake->cache)
      option = option || (setting.key == found.gate_variable && setting.type == "BOOL");
    Fix fix;
    fix.title =
        option ? say("Turn {} on", found.gate_variable) : say("Make the check {} pass", found.gate_variable);
    fix.confidence = option ? Confidence::Likely : Confidence::Possible;
    fix.why = say("The build file adds `{}` only with {}.", found.source, found.gate_variable);
    if (option)
      fix.apply.commands.push_back({"cmake", "-S", relative_path(found.cmake->source_directory), "-B",
                                    relative_path(found.cmake->directory),
                                    fmt::format("-D{}=ON", found.gate_variable)});
    else if (const build::Setting* native = native_setting(*found.cmake); native && !facts.symbols.empty()) {
      // The check asked for the build machine's CPU. A name that stands for the kernel's features passes it.
      std::string march = march_for(found.features, facts);
      if (!march.empty()) {
        fix.title = say("Configure with {}={}", native->key, march);
        fix.confidence = Confidence::Certain;
        fix.why = say(
            "{} is `native`, which means the build machine's CPU and which a cross compiler refuses; `{}` "
            "names the features that the kernel needs.",
            native->key, march);
        fix.price = price_of(found.features);
        fix.apply.commands.push_back({"cmake", "-S", relative_path(found.cmake->source_directory), "-B",
                                      relative_path(found.cmake->directory),
                                      fmt::format("-D{}={}", native->key, march),
                                      fmt::format("-U{}", found.gate_variable)});
      }
    }
    if (fix.apply.empty())
      fix.apply.manual =
          say("The configure log says why {} failed; mend that, remove {} from CMakeCache.txt and configure "
              "again.",
              found.gate_variable, found.gate_variable);
    remedy.fixes.push_back(std::move(fix));
  }
  if (!found.gate_variable.empty() && facts.build) add_configured_option(found, *facts.build, remedy);
  if (!found.source.empty() && found.failing_flag.empty())
    add_compile_by_hand(found.source, found.like_command, found.features, facts, remedy);
  if (found.failing_flag.find("native") != std::string::npos) {
    std::string value = baseline_march(facts.arch, facts.target);
    std::string flag = found.failing_flag.starts_with("-mcpu") || found.failing_flag.starts_with("-mtune")
                           ? found.failing_flag.substr(0, found.failing_flag.find('=') + 1) + "generic"
                       : value.empty() ? ""
                                       : "-march=" + value;
    Fix fix;
    fix.title = flag.empty() ? say("Name the target's CPU instead of `{}`", found.failing_flag)
                             : say("Say `{}` instead of `{}`", flag, found.failing_flag);
    fix.confidence = Confidence::Likely;
    fix.why = say("A cross compiler has no CPU to look at; the last -march on the command counts.");
    fix.price = say(
        "None for kernels that name their own features; code tuned by `native` falls back to the baseline.");
    if (flag.empty())
      fix.apply.manual = say("Replace `native` by the target's CPU or level in the build's flags.");
    else
      fix.apply.cflags.push_back(flag);
    remedy.fixes.push_back(std::move(fix));
  }
  if (remedy.fixes.empty()) {
    Fix fix;
    fix.title = say("Add the source that defines {} to the build, or switch its kernels off",
                    diagnosis.symbols.empty()       ? say("the kernel")
                    : diagnosis.symbols.size() == 1 ? fmt::format("`{}`", diagnosis.symbols.front())
                                                    : say("`{}` and its like", diagnosis.symbols.front()));
    fix.effect = Effect::Resolves;
    fix.confidence = Confidence::Possible;
    fix.why = say("The symbol exists only when that source is compiled and its object is linked.");
    fix.apply.manual = say(
        "Give linkdx the build tree together with the log; or look in the configure output for a check, an "
        "option or an assembler that leaves `{}` out.",
        diagnosis.symbols.empty() ? say("the kernel") : diagnosis.symbols.front());
    remedy.fixes.push_back(std::move(fix));
  }
}

void fixes_for(const diagnose::ToolMissing& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  Fix fix;
  fix.title = say("Install {} and configure again", found.tool);
  fix.confidence = Confidence::Certain;
  fix.why = say(
      "The build looks for it when it is configured; what it found, or did not find, is kept in its cache.");
  fix.price = say("A build dependency.");
  if (!found.package.empty()) fix.apply.packages.push_back(found.package);
  if (found.cmake)
    fix.apply.commands.push_back(
        {"cmake", "-E", "rm", "-f",
         relative_path((fs::path(found.cmake->directory) / "CMakeCache.txt").string())});
  if (found.script) fix.apply.commands.push_back({"cargo", "clean", "-p", found.script->package});
  if (fix.apply.packages.empty()) fix.apply.manual = say("Install {} and configure again.", found.tool);
  remedy.fixes.push_back(std::move(fix));
}

void fixes_for(const diagnose::FlagMismatch& found, const Diagnosis&, const Case& facts, Remedy& remedy) {
  if (!found.lacking.empty()) {
    if (found.script) {
      std::string suffix = found.script->target.empty() ? facts.target : found.script->target;
      std::replace(suffix.begin(), suffix.end(), '-', '_');
      std::vector<std::string> script_flags = flags_for(found.lacking, found.callee_command);
      Fix fix;
      fix.title = say("Give the build script's compiler `{}` through `CFLAGS_{}`",
                      fmt::join(script_flags, " "), suffix);
      fix.confidence = Confidence::Certain;
      fix.why =
          say("The C compiler of a build script hears only its environment; the file's own #if then sees the "
              "feature. The script has to run again, hence `cargo clean -p {}`.",
              found.script->package);
      fix.price = say("All C code of that target is compiled for CPUs with {}, as the Rust code already is.",
                      fmt::join(found.lacking.names(), say(", ")));
      fix.apply.commands.push_back({"cargo", "clean", "-p", found.script->package});
      fix.apply.env_append["CFLAGS_" + suffix] = fmt::format("{}", fmt::join(script_flags, " "));
      remedy.fixes.push_back(std::move(fix));
    }
    add_compile_by_hand(found.callee, found.callee_command, found.lacking, facts, remedy);
    std::vector<std::string> flags = flags_for(found.lacking, found.callee_command);
    if (found.callee_command.empty() && !found.script && found.macro.empty()) {
      Fix fix;
      fix.title = say("Compile {} with `{}`",
                      found.callee.empty() ? say("the file that uses it") : fmt::format("`{}`", found.callee),
                      fmt::join(flags, " "));
      fix.confidence = Confidence::Likely;
      fix.why = say(
          "The compiler inlines such functions only into code compiled for the same features; the last flag "
          "on its command counts.");
      fix.price =
          say("That code runs only on CPUs with {}; its callers have to test for that. "
              "__attribute__((target(...))) on the calling function does the same for it alone.",
              fmt::join(found.lacking.names(), say(", ")));
      fix.apply.cflags = flags;
      remedy.fixes.push_back(std::move(fix));
      return;
    }
    Fix fix;
    fix.title = say("Compile everything with `{}`", fmt::join(flags, " "));
    fix.effect = Effect::Resolves;
    fix.confidence = Confidence::Likely;
    fix.why = say("The file's own #if then sees the feature.");
    fix.price =
        say("The whole program then needs CPUs with {}.", fmt::join(found.lacking.names(), say(", ")));
    fix.apply.cflags = flags;
    remedy.fixes.push_back(std::move(fix));
    Fix source;
    source.title = say("Give `{}` its flag in the build file", found.callee);
    source.effect = Effect::Prevents;
    source.confidence = Confidence::Certain;
    source.why = say("Only the kernel's file needs the feature; its callers choose it at run time.");
    source.apply.manual = say(
        "CMake: set_source_files_properties({} PROPERTIES COMPILE_OPTIONS \"{}\"). make: a rule of its own "
        "for the object with {}.",
        found.callee, fmt::join(flags, ";"), fmt::join(flags, " "));
    remedy.fixes.push_back(std::move(source));
    return;
  }
  Fix fix;
  fix.title = say("Compile that file for the features that it uses, and let no later flag take them away");
  fix.confidence = Confidence::Likely;
  fix.why = say(
      "The compiler inlines such functions only into code compiled for the same features; the last flag on "
      "its command counts.");
  fix.apply.manual =
      found.callee.empty()
          ? say("Add the -m flag of the feature to that file, after every -mno- and -march flag, "
                "or put __attribute__((target(...))) on the calling function.")
          : say("Add the -m flag of the feature to {}, after every -mno- and -march flag, or "
                "put __attribute__((target(...))) on the calling function.",
                found.callee);
  remedy.fixes.push_back(std::move(fix));
}

}  // namespace linkdx::fix
