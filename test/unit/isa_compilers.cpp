// The catalogue held against the compilers that are installed: what they accept, and which features their levels and CPUs turn on. A
// compiler that is not there is named and passed over.
#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalogue.hpp"

using namespace linkdx::isa;

namespace {

/// Features that later releases brought; the GCC of Debian 12 refuses them.
const std::set<std::string> newer_than_gcc_12 = [] {
  std::set<std::string> names;
  for (const Feature& feature : Catalogue::of(Arch::X86_64).features) {
    FeatureSet one(Arch::X86_64);
    one.add(feature.name);
    if (!first_version(one, Tool::Gcc).empty())
      names.insert(feature.name);
  }
  return names;
}();

struct Output { int status; std::string text; };

Output run(const std::string& command) {
  Output output{-1, {}};
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr)
    return output;
  std::array<char, 4096> buffer;
  while (std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe))
    output.text.append(buffer.data(), n);
  output.status = pclose(pipe);
  return output;
}

bool there(const std::string& tool) {
  if (run(tool + " --version").status == 0)
    return true;
  std::printf("skipped: %s is not installed\n", tool.c_str());
  return false;
}

/// Empty where the compiler refuses the flags.
std::set<std::string> macros(const std::string& compiler_and_flags) {
  std::set<std::string> defined;
  std::string text = run(compiler_and_flags + " -dM -E -x c /dev/null").text;
  std::size_t at = 0;
  while ((at = text.find("#define ", at)) != std::string::npos) {
    at += 8;
    defined.insert(text.substr(at, text.find_first_of(" (\n", at) - at));
  }
  return defined;
}

/// `avx512bw` is __AVX512BW__ in GCC's and clang's preprocessor; the names that do not follow the rule.
std::string macro_of(const std::string& feature) {
  static const std::map<std::string, std::string> others = {{"sahf", "__LAHF_SAHF__"}, {"cx16", "__GCC_HAVE_SYNC_COMPARE_AND_SWAP_16"}};
  if (auto other = others.find(feature); other != others.end())
    return other->second;
  std::string name = "__";
  for (char c : feature)
    name += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name + "__";
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += " " + word;
  return text;
}

/// Accepted, and not merely warned about.
bool accepts(const std::string& tool, const std::string& flags) {
  Output output = run(tool + flags + " -Werror -fsyntax-only -x c /dev/null");
  return output.status == 0;
}

/// All at once; one by one only to name the one that is refused.
void check_accepted(const std::string& tool, const std::string& before, const std::string& separator, const std::vector<std::string>& words) {
  std::string all = before;
  for (const std::string& word : words)
    all += separator + word;
  if (accepts(tool, all))
    return;
  for (const std::string& word : words)
    CHECK_MESSAGE(accepts(tool, before + separator + word), tool << before << separator << word);
}

/// Of all features that have a macro: the level's set is what the compiler defines.
void compare_levels(const std::string& compiler, const std::vector<std::string>& names, Tool tool) {
  const Catalogue& catalogue = Catalogue::of(Arch::X86_64);
  // One run with everything on tells which features have a macro in this compiler.
  std::string everything;
  for (const Feature& feature : catalogue.features)
    if (!switch_of(feature, tool).empty() && (tool == Tool::Clang || newer_than_gcc_12.count(feature.name) == 0))
      everything += " -m" + switch_of(feature, tool);
  std::set<std::string> all = macros(compiler + everything), with_macro;
  for (const Feature& feature : catalogue.features)
    if (feature.name != "mmx" && feature.name != "x87" && all.count(macro_of(feature.name)) > 0)
      with_macro.insert(feature.name);
  CHECK(with_macro.size() > 40);
  for (const std::string& name : names) {
    std::string flag = " -march=" + name;
    std::set<std::string> defined = macros(compiler + flag);
    if (defined.empty())
      continue;   // newer than this compiler
    FeatureSet features = find_level(name, Arch::X86_64)->features;
    for (const std::string& feature : with_macro)
      CHECK_MESSAGE(features.has(feature) == (defined.count(macro_of(feature)) > 0), compiler << flag << ": " << feature);
  }
}

std::vector<std::string> names_of(const std::vector<Level>& levels) {
  std::vector<std::string> names;
  for (const Level& level : levels)
    names.push_back(level.name);
  return names;
}

}  // namespace

TEST_CASE("clang: every x86 level and CPU has the features that clang turns on") {
  if (!there("clang-19"))
    return;
  const std::string clang = "clang-19 --target=x86_64-linux-gnu";
  compare_levels(clang, names_of(Levels::of(Arch::X86_64).architecture), Tool::Clang);
  compare_levels(clang, names_of(Levels::of(Arch::X86_64).cpus), Tool::Clang);
}

TEST_CASE("GCC: every x86 level has the features that GCC turns on") {
  if (there("x86_64-linux-gnu-gcc"))
    compare_levels("x86_64-linux-gnu-gcc", names_of(Levels::of(Arch::X86_64).architecture), Tool::Gcc);
}

TEST_CASE("every x86 switch that the catalogue names is accepted, where the compiler is new enough") {
  const Catalogue& catalogue = Catalogue::of(Arch::X86_64);
  bool gcc = there("x86_64-linux-gnu-gcc"), clang = there("clang-19");
  std::vector<std::string> gcc_words, clang_words;
  for (const Feature& feature : catalogue.features) {
    if (!feature.gcc.empty() && newer_than_gcc_12.count(feature.name) == 0)
      gcc_words.push_back(feature.gcc);
    if (!feature.clang.empty())
      clang_words.push_back(feature.clang);
  }
  if (gcc)
    check_accepted("x86_64-linux-gnu-gcc", "", " -m", gcc_words);
  if (clang)
    check_accepted("clang-19 --target=x86_64-linux-gnu", "", " -m", clang_words);
}

TEST_CASE("every AArch64 extension that the catalogue names is accepted") {
  const Catalogue& catalogue = Catalogue::of(Arch::AArch64);
  bool gcc = there("aarch64-linux-gnu-gcc"), clang = there("clang-19");
  std::vector<std::string> gcc_words, clang_words;
  for (const Feature& feature : catalogue.features) {
    if (!feature.gcc.empty())
      gcc_words.push_back(feature.gcc);
    if (!feature.clang.empty())
      clang_words.push_back(feature.clang);
  }
  if (gcc)
    check_accepted("aarch64-linux-gnu-gcc", " -march=armv8-a", "+", gcc_words);
  if (clang)
    check_accepted("clang-19 --target=aarch64-linux-gnu", " -march=armv8-a", "+", clang_words);
}

TEST_CASE("rustc knows every name that the catalogue gives for it, and its levels have the same features") {
  if (!there("rustc"))
    return;
  struct Target { Arch arch; const char* triple; };
  for (Target target : {Target{Arch::X86_64, "x86_64-unknown-linux-gnu"}, Target{Arch::AArch64, "aarch64-unknown-linux-gnu"}}) {
    std::string listed = run(std::string("rustc --print target-features --target ") + target.triple).text;
    std::set<std::string> known;
    for (std::size_t at = 0; (at = listed.find("\n    ", at)) != std::string::npos;) {
      at += 5;
      known.insert(listed.substr(at, listed.find_first_of(" \n", at) - at));
    }
    for (const Feature& feature : Catalogue::of(target.arch).features)
      if (!feature.rustc.empty())
        CHECK_MESSAGE(known.count(feature.rustc) == 1, feature.name << " as " << feature.rustc);
  }
  for (const Level& level : Levels::of(Arch::X86_64).architecture) {
    std::string printed = run("rustc --print cfg --target x86_64-unknown-linux-gnu" + join(flags_for_level(level.name, Arch::X86_64, Tool::Rustc))).text;
    for (const Feature& feature : Catalogue::of(Arch::X86_64).features) {
      // Stable ones only: rustc prints no cfg for the others.
      bool on = printed.find("target_feature=\"" + feature.rustc + "\"") != std::string::npos;
      if (!feature.rustc.empty() && on)
        CHECK_MESSAGE(level.features.has(feature.name), level.name << ": " << feature.name);
    }
  }
}

TEST_CASE("clang: every AArch64 version and CPU has the features that clang turns on") {
  if (!there("clang-19"))
    return;
  for (const std::vector<Level>* levels : {&Levels::of(Arch::AArch64).architecture, &Levels::of(Arch::AArch64).cpus})
    for (const Level& level : *levels) {
      std::string flag = join(flags_for_level(level.name, Arch::AArch64, Tool::Clang));
      Output output = run("clang-19 --target=aarch64-linux-gnu" + flag + " -### -c -x c /dev/null");
      CHECK_MESSAGE(output.status == 0, flag);
      // "-target-feature" "+lse"
      FeatureSet printed(Arch::AArch64);
      const std::string word = "\"-target-feature\" \"+";
      for (std::size_t at = 0; (at = output.text.find(word, at)) != std::string::npos;) {
        at += word.size();
        printed.add(output.text.substr(at, output.text.find('"', at) - at));   // `v8.2a` and tuning are no features
      }
      CHECK_MESSAGE(level.features == with_implied(printed), level.name);
    }
}

TEST_CASE("the flags for each single feature are accepted") {
  if (!there("x86_64-linux-gnu-gcc") || !there("clang-19"))
    return;
  for (Tool tool : {Tool::Gcc, Tool::Clang}) {
    std::string all;
    for (const Feature& feature : Catalogue::of(Arch::X86_64).features) {
      FeatureSet one(Arch::X86_64);
      one.add(feature.name);
      if (tool == Tool::Clang || first_version(with_implied(one), tool).empty())
        all += join(flags_for(with_implied(one), tool).arguments);
    }
    CHECK_MESSAGE(accepts(tool == Tool::Gcc ? "x86_64-linux-gnu-gcc" : "clang-19 --target=x86_64-linux-gnu", all), all);
  }
}

TEST_CASE("a feature that GCC 12 lacks is refused by it") {
  if (run("x86_64-linux-gnu-gcc -dumpversion").text != "12\n")
    return;
  for (const std::string& name : newer_than_gcc_12)
    CHECK_MESSAGE(!accepts("x86_64-linux-gnu-gcc", " -m" + name), name);
}
