// The catalogue held against the compilers that are installed: what they accept, and which features their
// levels and CPUs turn on. Of long lists a part is tried, all when LINKDX_TEST_ALL is set. A compiler that is
// not there is named and passed over.
#include <doctest/doctest.h>

#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "architectures.hpp"
#include "isa_compilers.hpp"

using namespace linkdx::isa;

namespace {

bool there(const std::string& tool) {
  if (run(tool + " --version").status == 0) return true;
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
  static const std::map<std::string, std::string> others = {{"sahf", "__LAHF_SAHF__"},
                                                            {"cx16", "__GCC_HAVE_SYNC_COMPARE_AND_SWAP_16"}};
  if (auto other = others.find(feature); other != others.end()) return other->second;
  std::string name = "__";
  for (char c : feature)
    name += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name + "__";
}

/// All at once; one by one only to name the one that is refused.
void check_accepted(const std::string& tool, const std::string& before, const std::string& separator,
                    const std::vector<std::string>& words) {
  std::string all = before;
  for (const std::string& word : words) all += separator + word;
  if (accepts(tool, all)) return;
  for (const std::string& word : words)
    CHECK_MESSAGE(accepts(tool, before + separator + word), tool << before << separator << word);
}

FeatureSet one(Arch arch, const std::string& name) {
  FeatureSet features(arch);
  features.add(name);
  return features;
}

struct Compiler {
  std::string command;
  Tool tool;
  std::string version;
};

/// The compilers of an architecture that are installed. Asked for once.
const std::vector<Compiler>& compilers_for(const std::string& triple) {
  static std::map<std::string, std::vector<Compiler>> known;
  const auto [found, is_new] = known.try_emplace(triple);
  std::vector<Compiler>& compilers = found->second;
  if (!is_new) return compilers;
  for (const char* gcc : {"-gcc", "-gcc-11", "-gcc-13", "-gcc-14", "-gcc-15", "-gcc-16"})
    if (run(triple + gcc + " --version").status == 0)
      compilers.push_back({triple + gcc, Tool::Gcc, version_of(triple + gcc)});
  for (const char* clang :
       {"clang-13", "clang-14", "clang-15", "clang-16", "clang-17", "clang-18", "clang-19", "clang-22"})
    if (run(std::string(clang) + " --version").status == 0)
      compilers.push_back({clang + (" --target=" + triple), Tool::Clang, version_of(clang)});
  if (compilers.empty()) std::printf("skipped: no compiler for %s is installed\n", triple.c_str());
  return compilers;
}

/// Where releases before `first` must refuse: GCC brings CPUs into point releases too, from 13 on not those
/// that every system has.
bool was_tried(const Compiler& compiler) {
  return is_older(compiler.version, compiler.tool == Tool::Gcc ? "13" : "20");
}

/// Where GCC's CPU of a name and LLVM's differ, of the features that have a macro. Intel's and AMD's manuals
/// give some CPUs features that firmware may hide (sgx, shstk), and old ones that 3DNow!'s prefetch came
/// with.
const std::set<std::pair<std::string, std::string>> gcc_differs = {
    {"alderlake", "shstk"},
    {"sapphirerapids", "shstk"},
    {"tigerlake", "shstk"},
    {"sapphirerapids", "avx512vp2intersect"},
    {"athlon-fx", "prfchw"},
    {"athlon64", "prfchw"},
    {"athlon64-sse3", "prfchw"},
    {"k8", "prfchw"},
    {"k8-sse3", "prfchw"},
    {"opteron", "prfchw"},
    {"opteron-sse3", "prfchw"},
    {"btver1", "xsave"},
    {"cascadelake", "sgx"},
    {"cooperlake", "sgx"},
    {"skylake-avx512", "sgx"},
    {"knl", "aes"},
    {"knm", "aes"},
    {"tremont", "cldemote"},
    {"tremont", "movdiri"},
    {"tremont", "movdir64b"},
    {"tremont", "waitpkg"},
};

constexpr unsigned part = 6;  ///< one in so many CPUs, and switches that a release is too old for, is tried

/// Of all features that have a macro: the level's set is what the compiler defines.
void compare_levels(const Compiler& compiler, const std::vector<std::string>& names) {
  const Catalogue& catalogue = Catalogue::of(Arch::X86_64);
  // One run with everything on tells which features have a macro in this compiler.
  std::string everything;
  for (const Feature& feature : catalogue.features)
    if (!switch_of(feature, compiler.tool).empty() &&
        takes(releases_of(one(Arch::X86_64, feature.name), compiler.tool), compiler.version))
      everything += " -m" + switch_of(feature, compiler.tool);
  std::set<std::string> all = macros(compiler.command + everything), with_macro;
  for (const Feature& feature : catalogue.features)
    if (feature.name != "mmx" && feature.name != "x87" && all.count(macro_of(feature.name)) > 0)
      with_macro.insert(feature.name);
  CHECK(with_macro.size() > 40);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    if (!is_tried(i, names.size(), part)) continue;
    if (find_level_names(name, Arch::X86_64) != nullptr && compiler.tool == Tool::Gcc &&
        find_level_names(name, Arch::X86_64)->gcc == "-")
      continue;
    std::string flag = " -march=" + name;
    std::set<std::string> defined = macros(compiler.command + flag);
    const bool known = takes(releases_of_level(name, Arch::X86_64, compiler.tool), compiler.version);
    if (known || was_tried(compiler))
      CHECK_MESSAGE(known == !defined.empty(), compiler.command << flag << " taken");
    if (defined.empty()) continue;
    FeatureSet features = find_level(name, Arch::X86_64)->features;
    for (const std::string& feature : with_macro)
      if (!catalogue.find(feature)->in_llvm)
        continue;  // Xeon Phi's, which LLVM's knl has no more
      else if (compiler.tool == Tool::Clang || gcc_differs.count({name, feature}) == 0)
        CHECK_MESSAGE(features.has(feature) == (defined.count(macro_of(feature)) > 0),
                      compiler.command << flag << ": " << feature);
  }
}

std::vector<std::string> names_of(const std::vector<Level>& levels) {
  std::vector<std::string> names;
  for (const Level& level : levels) names.push_back(level.name);
  return names;
}

}  // namespace

TEST_CASE(
    "GCC and clang: every x86 level and CPU is known where the catalogue says so, and has the features it "
    "says") {
  for (const Compiler& compiler : compilers_for("x86_64-linux-gnu")) {
    if (compiler.tool == Tool::Clang && compiler.version.substr(0, 2) != "19")
      continue;  // the sets are LLVM 19's; other releases gave CPUs other features
    compare_levels(compiler, names_of(Levels::of(Arch::X86_64).architecture));
    compare_levels(compiler, names_of(Levels::of(Arch::X86_64).cpus));
  }
}

TEST_CASE("every x86 switch is taken by the releases that the catalogue says, and refused by those before") {
  for (const Compiler& compiler : compilers_for("x86_64-linux-gnu")) {
    std::vector<std::string> words;
    std::size_t tried = 0;
    for (const Feature& feature : Catalogue::of(Arch::X86_64).features) {
      const std::string& word = switch_of(feature, compiler.tool);
      if (word.empty()) continue;
      if (takes(releases_of(one(Arch::X86_64, feature.name), compiler.tool), compiler.version))
        words.push_back(word);
      else if (was_tried(compiler) && is_tried(tried++, 100, part))
        CHECK_MESSAGE(!accepts(compiler.command, " -m" + word), compiler.command << " -m" << word);
    }
    check_accepted(compiler.command, "", " -m", words);
  }
}

TEST_CASE(
    "every AArch64 extension is taken by the releases that the catalogue says, and refused by those before") {
  for (const Compiler& compiler : compilers_for("aarch64-linux-gnu")) {
    std::vector<std::string> words;
    std::size_t tried = 0;
    for (const Feature& feature : Catalogue::of(Arch::AArch64).features) {
      const std::string& word = switch_of(feature, compiler.tool);
      if (word.empty()) continue;
      if (takes(releases_of(one(Arch::AArch64, feature.name), compiler.tool), compiler.version))
        words.push_back(word);
      else if (was_tried(compiler) && is_tried(tried++, 100, part))
        CHECK_MESSAGE(!accepts(compiler.command, " -march=armv8-a+" + word),
                      compiler.command << " +" << word);
    }
    check_accepted(compiler.command, " -march=armv8-a", "+", words);
  }
}

TEST_CASE("AArch64 versions and CPUs are taken by the releases that the catalogue says") {
  for (const Compiler& compiler : compilers_for("aarch64-linux-gnu"))
    for (const std::vector<Level>* levels :
         {&Levels::of(Arch::AArch64).architecture, &Levels::of(Arch::AArch64).cpus})
      for (std::size_t i = 0; i < levels->size(); ++i) {
        const Level& level = (*levels)[i];
        if (!is_tried(i, levels->size(), part)) continue;
        const LevelNames* names = find_level_names(level.name, Arch::AArch64);
        if (compiler.tool == Tool::Gcc && names != nullptr && names->gcc == "-") continue;
        const bool known =
            takes(releases_of_level(level.name, Arch::AArch64, compiler.tool), compiler.version);
        // Debian's GCC 11.3 got these two from later releases; its 12.2 has them not.
        const bool backported = level.name == "neoverse-v2" || level.name == "ampere1a";
        if (!known && backported) continue;
        if (known || was_tried(compiler)) {
          const std::string flags = join(flags_for_level(level.name, Arch::AArch64, compiler.tool));
          CHECK_MESSAGE(known == accepts(compiler.command, flags),
                        compiler.command << flags << " known: " << known);
        }
      }
}

/// Where the sets of GCC 12 and LLVM differ after the extensions that the catalogue adds to GCC's name: the
/// architecture leaves it open, or one of the two was corrected later.
const std::set<std::pair<std::string, std::string>> aarch64_gcc_differs = {
    {"armv8.7-a", "ls64"},     {"armv8.8-a", "ls64"},       {"armv9-a", "fp16fml"}, {"cortex-r82", "rdm"},
    {"cortex-r82", "jsconv"},  {"cortex-r82", "complxnum"}, {"falkor", "rdm"},      {"neoverse-n2", "rand"},
    {"thunderx3t110", "sha3"}, {"thunderx3t110", "sm4"},    {"saphira", "dotprod"}, {"saphira", "complxnum"},
    {"saphira", "jsconv"},     {"tsv110", "complxnum"},     {"tsv110", "jsconv"},   {"a64fx", "complxnum"},
};

TEST_CASE("GCC: every AArch64 version and CPU has the features that GCC turns on") {
  // ACLE, "Feature test macros": the part after __ARM_FEATURE_.
  static const std::map<std::string, std::string> macro_names = {
      {"crc", "CRC32"},
      {"lse", "ATOMICS"},
      {"dotprod", "DOTPROD"},
      {"fullfp16", "FP16_SCALAR_ARITHMETIC"},
      {"fp16fml", "FP16_FML"},
      {"sve", "SVE"},
      {"sve2", "SVE2"},
      {"sve2-aes", "SVE2_AES"},
      {"sve2-sha3", "SVE2_SHA3"},
      {"sve2-sm4", "SVE2_SM4"},
      {"sve2-bitperm", "SVE2_BITPERM"},
      {"bf16", "BF16_SCALAR_ARITHMETIC"},
      {"i8mm", "MATMUL_INT8"},
      {"rdm", "QRDMX"},
      {"aes", "AES"},
      {"sha2", "SHA2"},
      {"sha3", "SHA3"},
      {"sm4", "SM4"},
      {"rand", "RNG"},
      {"mte", "MEMORY_TAGGING"},
      {"jsconv", "JCVT"},
      {"complxnum", "COMPLEX"},
      {"fptoint", "FRINT"},
      {"f32mm", "SVE_MATMUL_FP32"},
      {"f64mm", "SVE_MATMUL_FP64"},
      {"ls64", "LS64"},
  };
  const std::string gcc = "aarch64-linux-gnu-gcc";
  if (!there(gcc) || version_of(gcc).substr(0, 2) != "12") return;
  for (const std::vector<Level>* levels :
       {&Levels::of(Arch::AArch64).architecture, &Levels::of(Arch::AArch64).cpus})
    for (std::size_t i = 0; i < levels->size(); ++i) {
      const Level& level = (*levels)[i];
      if (!is_tried(i, levels->size(), part)) continue;
      const LevelNames* names = find_level_names(level.name, Arch::AArch64);
      if ((names != nullptr && names->gcc == "-") ||
          !takes(releases_of_level(level.name, Arch::AArch64, Tool::Gcc), "12"))
        continue;
      const std::string flags = join(flags_for_level(level.name, Arch::AArch64, Tool::Gcc));
      const std::set<std::string> defined = macros(gcc + flags);
      for (const auto& [feature, macro] : macro_names)
        if (aarch64_gcc_differs.count({level.name, feature}) == 0)
          CHECK_MESSAGE(level.features.has(feature) == (defined.count("__ARM_FEATURE_" + macro) > 0),
                        gcc << flags << ": " << feature);
    }
}

TEST_CASE("rustc knows every name that the catalogue gives for it, and its levels have the same features") {
  if (!there("rustc")) return;
  struct Target {
    Arch arch;
    const char* triple;
  };
  for (Target target : {Target{Arch::X86_64, "x86_64-unknown-linux-gnu"},
                        Target{Arch::AArch64, "aarch64-unknown-linux-gnu"}}) {
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
    std::string printed = run("rustc --print cfg --target x86_64-unknown-linux-gnu" +
                              join(flags_for_level(level.name, Arch::X86_64, Tool::Rustc)))
                              .text;
    for (const Feature& feature : Catalogue::of(Arch::X86_64).features) {
      // Stable ones only: rustc prints no cfg for the others.
      bool on = printed.find("target_feature=\"" + feature.rustc + "\"") != std::string::npos;
      if (!feature.rustc.empty() && on)
        CHECK_MESSAGE(level.features.has(feature.name), level.name << ": " << feature.name);
    }
  }
}

TEST_CASE("clang: every AArch64 version and CPU has the features that clang turns on") {
  if (!there("clang-19")) return;
  for (const std::vector<Level>* levels :
       {&Levels::of(Arch::AArch64).architecture, &Levels::of(Arch::AArch64).cpus})
    for (std::size_t i = 0; i < levels->size(); ++i) {
      const Level& level = (*levels)[i];
      if (!is_tried(i, levels->size(), part)) continue;
      std::string flag = join(flags_for_level(level.name, Arch::AArch64, Tool::Clang));
      Output output = run("clang-19 --target=aarch64-linux-gnu" + flag + " -### -c -x c /dev/null");
      CHECK_MESSAGE(output.status == 0, flag);
      // "-target-feature" "+lse"
      FeatureSet printed(Arch::AArch64);
      const std::string word = "\"-target-feature\" \"+";
      for (std::size_t at = 0; (at = output.text.find(word, at)) != std::string::npos;) {
        at += word.size();
        printed.add(
            output.text.substr(at, output.text.find('"', at) - at));  // `v8.2a` and tuning are no features
      }
      // What the version makes mandatory and no word says (lse2) is not printed.
      const FeatureSet more = level.features.minus(with_implied(printed));
      CHECK_MESSAGE(level.features.contains(with_implied(printed)), level.name);
      CHECK_MESSAGE(find_level("armv9.5-a", Arch::AArch64)->features.contains(more), level.name);
    }
}

TEST_CASE("the flags for each single feature are accepted") {
  for (const Compiler& compiler : compilers_for("x86_64-linux-gnu")) {
    std::string all;
    for (const Feature& feature : Catalogue::of(Arch::X86_64).features) {
      const FeatureSet features = with_implied(one(Arch::X86_64, feature.name));
      if (takes(releases_of(features, compiler.tool), compiler.version))
        all += join(flags_for(features, compiler.tool).arguments);
    }
    CHECK_MESSAGE(accepts(compiler.command, all), compiler.command << all);
  }
}
