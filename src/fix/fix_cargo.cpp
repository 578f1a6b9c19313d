// Fixes for a kernel that a cargo build script could not compile.
//
// What reaches the C compiler of a build script is its environment, and nothing else: cc-rs hands over
// neither `-C target-cpu` nor `-C target-feature`. Where the environment's flags stand on the command line
// depends on the version of the cc crate: before the script's own flags in older ones (so a later
// -march=native wins), after them since 1.2.16 (so ours wins). And a changed environment alone does nothing
// until the script runs again, since older cc crates print no rerun-if-env-changed: every fix here starts by
// cleaning the package. Source: cc crate, src/lib.rs (get_base_compiler, envflags) and CHANGELOG.
#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "fix.hpp"

namespace linkdx::fix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view environment_last_since = "1.2.16";

struct Surroundings {
  const build::CargoTree* tree = nullptr;
  const build::LockedPackage* cc = nullptr;  ///< the cc crate that the script's package uses
  const build::Compile* compile = nullptr;   ///< the failed one
  std::string target;                        ///< triple
  std::string suffix;                        ///< as in CFLAGS_x86_64_unknown_linux_gnu
};

Surroundings look_around(const diagnose::KernelNotBuilt& found, const Case& facts) {
  Surroundings around;
  for (const build::CargoTree& tree : facts.build->cargo)
    for (const build::BuildScriptRun& script : tree.scripts)
      if (&script == found.script) around.tree = &tree;
  // More than one cc can be locked; the oldest decides, since a fix must hold for it.
  if (around.tree)
    for (const build::LockedPackage& package : around.tree->packages)
      if (package.name == "cc" &&
          (!around.cc || build::compare_versions(package.version, around.cc->version) < 0))
        around.cc = &package;
  for (const build::Compile& compile : found.script->compiles)
    if (compile.result == build::Compile::Result::Failed && compile.source == found.source)
      around.compile = &compile;
  around.target = !found.script->target.empty() ? found.script->target : facts.target;
  around.suffix = around.target;
  std::replace(around.suffix.begin(), around.suffix.end(), '-', '_');
  return around;
}

/// What to say instead of `native`: the same option with the value every CPU of the target has.
std::string replacement_of(const std::string& failing_flag, isa::Arch arch, const std::string& target) {
  if (failing_flag.starts_with("-mcpu=") || failing_flag.starts_with("-mtune="))
    return failing_flag.substr(0, failing_flag.find('=') + 1) + "generic";
  std::string value = baseline_march(arch, target);
  return value.empty() ? value : "-march=" + value;
}

std::vector<std::string> clean(const std::string& package) {
  return {"cargo", "clean", "-p", package};
}

std::string effect_on_kernel(const diagnose::KernelNotBuilt& found) {
  if (!found.script) return {};
  std::string flags;
  for (const build::Compile& compile : found.script->compiles)
    if (compile.source == found.source)
      for (const std::string& argument : compile.arguments)
        if (argument.starts_with("-m") && argument != found.failing_flag && argument != "-m64" &&
            argument != "-m32")
          flags += (flags.empty() ? "" : " ") + argument;
  return flags;
}

/// The failed compile's flags for the CPU, and the same with one more behind them.
std::optional<Fix::Trial> trial_of(const diagnose::KernelNotBuilt& found, const Surroundings& around,
                                   const std::vector<std::string>& more) {
  if (!around.compile) return std::nullopt;
  Fix::Trial trial;
  for (const std::string& argument : around.compile->arguments)
    if (argument.starts_with("-m")) trial.before.push_back(argument);
  if (trial.before.empty()) return std::nullopt;
  trial.after = trial.before;
  trial.after.insert(trial.after.end(), more.begin(), more.end());
  return trial;
}

Fix environment_flag(const diagnose::KernelNotBuilt& found, const Surroundings& around,
                     const std::string& flag) {
  Fix fix;
  std::string own = effect_on_kernel(found);
  fix.title = say("Give the C compiler `{}` through `CFLAGS_{}`", flag, around.suffix);
  fix.effect = Effect::Resolves;
  fix.confidence = Confidence::Certain;
  fix.why = say(
      "Cargo.lock has cc {}, which puts the environment's flags after the build script's own; the last {} "
      "counts, so `{}` is replaced{}. "
      "The script has to run again, hence `cargo clean -p {}`.",
      around.cc->version, flag.substr(0, flag.find('=')), found.failing_flag,
      own.empty() ? "" : say(", and the script's own `{}` still makes the kernel", own), found.package);
  fix.price = say(
      "None at run time: the kernel keeps its features, and all other C code of the target is compiled for "
      "its baseline.");
  fix.apply.commands.push_back(clean(found.package));
  fix.apply.env_append["CFLAGS_" + around.suffix] = flag;
  fix.trial = trial_of(found, around, {flag});
  return fix;
}

Fix compiler_wrapper(const diagnose::KernelNotBuilt& found, const Surroundings& around,
                     const std::string& flag) {
  Fix fix;
  std::string own = effect_on_kernel(found);
  std::string compiler =
      around.compile && !around.compile->arguments.empty() ? around.compile->arguments.front() : "cc";
  std::string directory =
      around.tree && !around.tree->workspace.empty() ? around.tree->workspace : fs::current_path().string();
  std::error_code error;
  fs::path absolute = fs::absolute(directory, error).lexically_normal();
  std::string wrapper = (absolute / ".cargo" / ("cc-" + around.target)).string();
  fix.title = say("Wrap the C compiler so that `{}` comes last", flag);
  fix.effect = Effect::Resolves;
  fix.confidence = Confidence::Certain;
  fix.why = around.cc ? say("Cargo.lock has cc {}, which puts flags of CFLAGS before the build script's own, "
                            "where `{}` overrides them.",
                            around.cc->version, found.failing_flag)
                      : say("The version of the cc crate is not known; an old one puts flags of CFLAGS "
                            "before the build script's own, where `{}` overrides them.",
                            found.failing_flag);
  fix.why += say(
      " A wrapper that appends `{}` is heard last: `native` is replaced{}. The script has to run again, "
      "hence `cargo clean -p {}`.",
      flag, own.empty() ? "" : say(" and the script's own `{}` still makes the kernel", own), found.package);
  fix.price = say(
      "One small file. None at run time: the kernel keeps its features, other C code stays at the baseline.");
  std::string script = fmt::format("#!/bin/sh\nexec {} \"$@\" {}\n", shell_quote(compiler), flag);
  fix.apply.commands.push_back({"mkdir", "-p", (absolute / ".cargo").string()});
  fix.apply.commands.push_back(
      {"sh", "-c",
       fmt::format("printf '%s\\n' {} {} > {}", shell_quote("#!/bin/sh"),
                   shell_quote(fmt::format("exec {} \"$@\" {}", shell_quote(compiler), flag)),
                   shell_quote(wrapper))});
  fix.apply.commands.push_back({"chmod", "+x", wrapper});
  fix.apply.commands.push_back(clean(found.package));
  fix.apply.env["CC_" + around.suffix] = wrapper;
  fix.trial = trial_of(found, around, {flag});
  fix.snippets = {
      {"shell", fmt::format("mkdir -p .cargo\ncat > .cargo/cc-{0} <<'EOF'\n{1}EOF\nchmod +x "
                            ".cargo/cc-{0}\ncargo clean -p {2}\nexport CC_{3}=\"$PWD/.cargo/cc-{0}\"\n",
                            around.target, script, found.package, around.suffix)},
      {"dockerfile",
       fmt::format("RUN mkdir -p /opt/cc && printf '%s\\n' '#!/bin/sh' {1} > /opt/cc/cc-{0} && chmod +x "
                   "/opt/cc/cc-{0}\nENV CC_{2}=/opt/cc/cc-{0}\n",
                   around.target, shell_quote(fmt::format("exec {} \"$@\" {}", shell_quote(compiler), flag)),
                   around.suffix)},
      {"cargo-config", fmt::format("[env]\nCC_{0} = {{ value = \".cargo/cc-{1}\", relative = true }}\n",
                                   around.suffix, around.target)},
  };
  return fix;
}

/// On a build machine without the kernel's features: a wrapper that adds them to the one file that is the
/// kernel.
Fix feature_wrapper(const diagnose::KernelNotBuilt& found, const Surroundings& around) {
  Fix fix;
  std::string file = fs::path(found.source).filename().string();
  std::string flags =
      fmt::format("{}", fmt::join(isa::flags_for(found.symbol_features, isa::Tool::Gcc).arguments, " "));
  std::string compiler =
      around.compile && !around.compile->arguments.empty() ? around.compile->arguments.front() : "cc";
  std::error_code error;
  fs::path directory =
      fs::absolute(around.tree && !around.tree->workspace.empty() ? around.tree->workspace : ".", error)
          .lexically_normal() /
      ".cargo";
  std::string wrapper = (directory / ("cc-" + around.target)).string();
  fix.title = say("Wrap the C compiler so that `{}` is compiled with {}", file, flags);
  fix.confidence = Confidence::Likely;
  fix.why = say(
      "The build machine's CPU lacks what the kernel needs, and `native` stops there. The wrapper names the "
      "features for that one file, after all other flags. "
      "The script has to run again, hence `cargo clean -p {}`.",
      found.package);
  fix.price = say(
      "One small file. The kernel then needs a CPU with {}: its callers have to test for that before they "
      "call.",
      fmt::join(found.symbol_features.names(), say(", ")));
  std::string line = fmt::format("case \" $* \" in *{}*) exec {} \"$@\" {};; *) exec {} \"$@\";; esac", file,
                                 shell_quote(compiler), flags, shell_quote(compiler));
  fix.apply.commands = {{"mkdir", "-p", directory.string()},
                        {"sh", "-c",
                         fmt::format("printf '%s\\n' {} {} > {}", shell_quote("#!/bin/sh"), shell_quote(line),
                                     shell_quote(wrapper))},
                        {"chmod", "+x", wrapper},
                        clean(found.package)};
  fix.apply.env["CC_" + around.suffix] = wrapper;
  fix.trial = trial_of(found, around, isa::flags_for(found.symbol_features, isa::Tool::Gcc).arguments);
  return fix;
}

Fix update_cc(const diagnose::KernelNotBuilt& found, const Surroundings& around, const std::string& flag) {
  Fix fix;
  fix.title = say("Update the cc crate, then give `{}` through `CFLAGS_{}`", flag, around.suffix);
  fix.effect = Effect::Resolves;
  fix.confidence = Confidence::Likely;
  fix.why = say(
      "cc {} and later put the environment's flags last. The requirement of every package on cc has to allow "
      "it.",
      environment_last_since);
  fix.price = say("Changes Cargo.lock; needs the package registry.");
  fix.apply.commands.push_back({"cargo", "update", "-p", "cc"});
  fix.apply.commands.push_back(clean(found.package));
  fix.apply.env_append["CFLAGS_" + around.suffix] = flag;
  return fix;
}

/// Text of the script's own source, for what it reads and what gates its steps.
struct ScriptSource {
  std::string directory;
  std::vector<build::Occurrence> variables, features;
  bool readable = false;
};
ScriptSource script_source(const build::BuildScriptRun& script) {
  ScriptSource source;
  source.directory = script.source_directory;
  if (source.directory.empty()) return source;
  std::error_code error;
  source.readable = fs::exists(fs::path(source.directory) / "build.rs", error);
  source.variables = build::search_sources(source.directory, "env::var", 64);
  source.features = build::search_sources(source.directory, "CARGO_FEATURE_", 64);
  return source;
}

std::string upper_name(std::string name) {
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

void refute_for_script(const diagnose::KernelNotBuilt& found, const Surroundings& around, Remedy& remedy) {
  const build::BuildScriptRun& script = *found.script;
  std::string output = relative_path(around.compile && !around.compile->path.empty() ? around.compile->path
                                                                                     : script.output_path);
  std::string place = around.compile ? fmt::format("{}:{}", output, around.compile->where.line) : output;
  std::string command = around.compile && !around.compile->arguments.empty()
                            ? say("The compiler's command at {} holds no flag of rustc's", place)
                            : say("The failed step is a C compile ({})", place);
  auto refute = [&](std::string advice, std::string why, Apply apply) {
    remedy.refuted.push_back({std::move(advice), std::move(why), std::move(apply)});
  };
  Apply cpu;
  cpu.rustflags = {"-C", "target-cpu=generic"};
  if (around.target.starts_with("x86_64")) cpu.rustflags = {"-C", "target-cpu=x86-64"};
  refute(around.target.starts_with("x86_64") ? say("`-C target-cpu=generic` (or `x86-64`)")
                                             : "`-C target-cpu=generic`",
         say("It changes what rustc makes of Rust code. {}: cc-rs hands neither target-cpu nor "
             "target-feature to the C compiler. The same compile fails in the same way{}.",
             command,
             found.cfg.empty()
                 ? ""
                 : say(", and `{}`, printed by the script, still compiles the caller in", found.cfg)),
         cpu);
  std::string feature;
  for (const std::string& name : found.features.names())
    feature = name;  // the newest: it is what people try to turn off
  if (!feature.empty()) {
    Apply off;
    off.rustflags = {"-C", "target-feature=-" + feature};
    refute(fmt::format("`-C target-feature=-{}`", feature),
           say("The caller is not gated by rustc's target features{}. Turning one off in rustc neither "
               "makes the missing object nor removes the call.",
               found.cfg.empty() ? "" : say(" but by the build script's cfg `{}`", found.cfg)),
           off);
  }
  ScriptSource source = script_source(script);
  bool gated_by_feature = false;
  for (const build::Occurrence& mention : source.features) {
    // A feature that gates the failing step would be named in the same build script, near the failing flag.
    if (!found.failing_flag.empty() && mention.path.ends_with("build.rs"))
      for (const build::Occurrence& flag :
           build::search_sources(source.directory, found.failing_flag.substr(1), 8))
        if (flag.path == mention.path && mention.where.line < flag.where.line &&
            flag.where.line - mention.where.line < 4)
          gated_by_feature = true;
  }
  if (source.readable && !gated_by_feature)
    refute("`default-features = false`",
           source.features.empty()
               ? say("The build script of `{}` asks for no cargo feature, so the failing step runs "
                     "whatever features are on.",
                     script.package)
               : say("The build script asks for features (first at {}:{}), and not around the step "
                     "that failed; that step ran and failed with the features as they are.",
                     source.features.front().path, source.features.front().where.line),
           {});
  std::string variable = upper_name(script.package) + "_DISABLE_SIMD";
  if (source.readable) {
    bool read = !build::search_sources(source.directory, "DISABLE_SIMD", 4).empty() ||
                !build::search_sources(source.directory, "NO_SIMD", 4).empty();
    if (!read) {
      std::set<std::string> names;
      for (const build::Occurrence& mention : source.variables) {
        std::size_t open = mention.where.text.find('"'), close = mention.where.text.find('"', open + 1);
        if (open != std::string::npos && close != std::string::npos)
          names.insert(mention.where.text.substr(open + 1, close - open - 1));
      }
      std::string list;
      for (const std::string& name : names) list += (list.empty() ? "" : say(", ")) + name;
      Apply set;
      set.env.insert_or_assign(variable, std::string(1, '1'));
      refute(say("`{}=1` and variables like it", variable),
             say("Nothing reads it: no file below {} holds such a name{}.", source.directory,
                 list.empty() ? "" : say("; the variables that are read there are {}", list)),
             set);
    }
  }
  Apply wipe;
  wipe.commands = {{"cargo", "clean"}};
  refute(say("`cargo clean`, and wiping caches"),
         say("The build script runs again with the same compiler and flags, and its compile fails again. The "
             "failure is not in a cache."),
         wipe);
}

}  // namespace

void fixes_for_build_script(const diagnose::KernelNotBuilt& found, const Diagnosis& diagnosis,
                            const Case& facts, Remedy& remedy) {
  Surroundings around = look_around(found, facts);
  bool native = found.failing_flag.find("native") != std::string::npos;
  if (found.lacks_on_host && !found.symbol_features.empty() && !found.source.empty() &&
      !around.suffix.empty())
    remedy.fixes.push_back(feature_wrapper(found, around));
  std::string flag =
      native ? replacement_of(found.failing_flag, isa::arch_of_triple(around.target), around.target)
             : std::string();
  if (!flag.empty() && !around.suffix.empty()) {
    bool environment_last =
        around.cc && build::compare_versions(around.cc->version, environment_last_since) >= 0;
    if (environment_last) {
      remedy.fixes.push_back(environment_flag(found, around, flag));
      remedy.fixes.push_back(compiler_wrapper(found, around, flag));
    } else {
      remedy.fixes.push_back(compiler_wrapper(found, around, flag));
      remedy.fixes.push_back(update_cc(found, around, flag));
    }
  }
  Fix source;
  source.title =
      say("Mend `{}` itself: compile the kernel for a named target, and fail when it does not compile",
          found.package);
  source.effect = Effect::Prevents;
  source.confidence = Confidence::Likely;
  source.why =
      native
          ? say("A kernel that needs given features has no use for `{}`: its own -m flags say what it needs.",
                found.failing_flag)
          : say("The build script has to set the cfg only after the compile that the cfg stands for.");
  source.price = say("A change in that package, or a release of it that has the change.");
  source.apply.manual = say(
      "In the build script of {}: {}set the cfg only when that compile succeeded, and report its failure as "
      "an error.",
      found.package,
      native ? say("replace `{}` by the features that the kernel needs, ", found.failing_flag) : "");
  remedy.fixes.push_back(std::move(source));
  refute_for_script(found, around, remedy);
}

}  // namespace linkdx::fix
