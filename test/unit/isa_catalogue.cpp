// The catalogue: implications, levels, CPUs and flags.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "linkdx/isa.hpp"

using namespace linkdx::isa;

namespace {

FeatureSet set_of(Arch arch, std::initializer_list<const char*> names) {
  FeatureSet features(arch);
  for (const char* name : names) CHECK_MESSAGE(features.add(name), name);
  return features;
}
FeatureSet x86(std::initializer_list<const char*> names) {
  return set_of(Arch::X86_64, names);
}
FeatureSet a64(std::initializer_list<const char*> names) {
  return set_of(Arch::AArch64, names);
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("features imply others, and the implied ones need not be said") {
  CHECK(with_implied(x86({"avx512bw"})).has("avx2"));
  CHECK(without_implied(x86({"sse4.2", "avx", "avx2", "avx512f"})).names() == Words{"avx512f"});
  CHECK(without_implied(a64({"fullfp16", "sve", "sve2"})).names() == Words{"sve2"});
  CHECK(!FeatureSet(Arch::X86_64).add("neon"));
}

TEST_CASE("the smallest level that has a set") {
  CHECK(smallest_level(x86({"sse2"}))->name == "x86-64");
  CHECK(smallest_level(x86({"popcnt"}))->name == "x86-64-v2");
  CHECK(smallest_level(x86({"bmi2", "avx2"}))->name == "x86-64-v3");
  CHECK(smallest_level(x86({"avx512bw"}))->name == "x86-64-v4");
  CHECK(!smallest_level(x86({"avx512vbmi"})));
  CHECK(recommended_level(x86({"avx512vbmi"}))->name == "cannonlake");
  CHECK(smallest_level(a64({"neon"}))->name == "armv8-a");
  CHECK(smallest_level(a64({"lse"}))->name == "armv8.1-a");
  CHECK(smallest_level(a64({"dotprod"}))->name == "armv8.4-a");
  CHECK(smallest_level(a64({"sve2"}))->name == "armv9-a");
  CHECK(smallest_level(a64({"lse2"}))->name == "armv8.4-a");  // mandatory there, and no word of a compiler's
  CHECK(smallest_level(a64({"fptoint"}))->name == "armv8.5-a");
}

TEST_CASE("levels and CPUs by their names and aliases") {
  CHECK(find_level("x86-64-v1", Arch::X86_64)->name == "x86-64");
  CHECK(find_level("x86_64_v3", Arch::X86_64)->name == "x86-64-v3");
  CHECK(find_level("znver4", Arch::X86_64)->is_cpu);
  CHECK(find_level("neoverse-n1", Arch::AArch64)->features.has("dotprod"));
  CHECK(find_level("armv8.2-a", Arch::AArch64)->features.has("lse"));
  CHECK(!find_level("armv8.2-a", Arch::X86_64));
  CHECK(!find_level("no-such-cpu", Arch::X86_64));
}

TEST_CASE("every x86-64 level contains the one before it and the baseline") {
  FeatureSet before = baseline(Arch::X86_64);
  for (const char* name : {"x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"}) {
    FeatureSet features = find_level(name, Arch::X86_64)->features;
    CHECK(features.contains(before));
    before = features;
  }
}

TEST_CASE("CPUs that have a set") {
  std::vector<std::string> cpus = cpus_with(x86({"avx512fp16"}));
  CHECK(std::find(cpus.begin(), cpus.end(), "sapphirerapids") != cpus.end());
  CHECK(std::find(cpus.begin(), cpus.end(), "icelake-server") == cpus.end());
}

TEST_CASE("flags say as little as possible") {
  CHECK(flags_for(x86({"avx2", "avx512f", "avx512bw"}), Tool::Gcc).arguments == Words{"-mavx512bw"});
  CHECK(flags_for(x86({"sse4.1", "pclmul"}), Tool::Clang).arguments == Words{"-msse4.1", "-mpclmul"});
  CHECK(flags_for(x86({"pclmul", "bmi"}), Tool::Rustc).arguments ==
        Words{"-C", "target-feature=+pclmulqdq,+bmi1"});
  CHECK(flags_for(a64({"neon", "dotprod", "i8mm"}), Tool::Gcc).arguments ==
        Words{"-march=armv8-a+dotprod+i8mm"});
  CHECK(flags_for(a64({"fullfp16"}), Tool::Rustc).arguments == Words{"-C", "target-feature=+fp16"});
  CHECK(flags_for(x86({"sse2"}), Tool::Gcc).arguments.empty());
}

TEST_CASE("what a tool's switch brings differs: GCC's -mavx512f has no FMA") {
  CHECK(flags_for(x86({"avx512f", "fma"}), Tool::Clang).arguments == Words{"-mavx512f"});
  CHECK(flags_for(x86({"avx512f", "fma"}), Tool::Gcc).arguments == Words{"-mfma", "-mavx512f"});
}

TEST_CASE("features that a tool has no name for are returned") {
  Flags flags = flags_for(a64({"lse2"}), Tool::Gcc);
  CHECK(flags.arguments.empty());
  CHECK(flags.unnamed == Words{"lse2"});
}

TEST_CASE("flags for a level") {
  CHECK(flags_for_level("x86-64-v3", Arch::X86_64, Tool::Gcc) == Words{"-march=x86-64-v3"});
  CHECK(flags_for_level("x86-64-v3", Arch::X86_64, Tool::Rustc) == Words{"-C", "target-cpu=x86-64-v3"});
  CHECK(flags_for_level("armv8.2-a", Arch::AArch64, Tool::Clang) == Words{"-march=armv8.2-a"});
  CHECK(flags_for_level("armv8.2-a", Arch::AArch64, Tool::Rustc) == Words{"-C", "target-feature=+v8.2a"});
  CHECK(flags_for_level("armv8-a", Arch::AArch64, Tool::Rustc) == Words{"-C", "target-cpu=generic"});
  CHECK(flags_for_level("neoverse-v2", Arch::AArch64, Tool::Gcc) == Words{"-mcpu=neoverse-v2"});
  CHECK(flags_for_level("nonsense", Arch::X86_64, Tool::Gcc).empty());
}

TEST_CASE("a later -march replaces native and keeps -mavx512bw") {
  FlagEffect effect =
      features_of_flags(Words{"-O3", "-mavx512bw", "-march=native", "-march=x86-64"}, Arch::X86_64);
  CHECK(!effect.native);
  CHECK(effect.features.has("avx512bw"));
  CHECK(!effect.features.has("bmi2"));
  CHECK(effect.flags == Words{"-mavx512bw", "-march=native", "-march=x86-64"});
}

TEST_CASE("-march=native as the last word is native") {
  CHECK(features_of_flags(Words{"-march=x86-64-v3", "-march=native"}, Arch::X86_64).native);
}

TEST_CASE("-mno- takes what needs the feature with it") {
  FlagEffect effect = features_of_flags(Words{"-march=x86-64-v4", "-mno-avx2"}, Arch::X86_64);
  CHECK(effect.features.has("avx"));
  CHECK(!effect.features.has("avx512f"));
}

TEST_CASE("flags of AArch64, rustc and Microsoft's compiler") {
  CHECK(features_of_flags(Words{"-march=armv8.2-a+dotprod+i8mm"}, Arch::AArch64).features.has("i8mm"));
  CHECK(
      !features_of_flags(Words{"-march=armv8.2-a+sve", "-march=armv8-a"}, Arch::AArch64).features.has("sve"));
  CHECK(!features_of_flags(Words{"-march=armv8-a+nosimd"}, Arch::AArch64).features.has("neon"));
  CHECK(features_of_flags(Words{"-mcpu=neoverse-v1"}, Arch::AArch64).features.has("sve"));
  CHECK(features_of_flags(Words{"-C", "target-cpu=haswell", "-Ctarget-feature=-avx2,+aes"}, Arch::X86_64)
            .features.has("aes"));
  CHECK(!features_of_flags(Words{"-C", "target-cpu=haswell", "-Ctarget-feature=-avx2,+aes"}, Arch::X86_64)
             .features.has("avx2"));
  CHECK(features_of_flags(Words{"/arch:AVX512"}, Arch::X86_64).features.has("avx512vl"));
}

TEST_CASE("architectures by triple") {
  CHECK(arch_of_triple("x86_64-unknown-linux-gnu") == Arch::X86_64);
  CHECK(arch_of_triple("i686-linux-gnu") == Arch::X86);
  CHECK(arch_of_triple("aarch64-apple-darwin") == Arch::AArch64);
  CHECK(arch_of_triple("armv7-unknown-linux-gnueabihf") == Arch::Arm);
  CHECK(arch_of_triple("riscv64gc-unknown-linux-gnu") == Arch::RiscV64);
  CHECK(arch_of_triple("") == Arch::Unknown);
}

TEST_CASE("a CPU that GCC does not know is said by its features") {
  CHECK(flags_for_level("penryn", Arch::X86_64, Tool::Clang) == Words{"-march=penryn"});
  CHECK(flags_for_level("penryn", Arch::X86_64, Tool::Gcc) == Words{"-msahf", "-mcx16", "-msse4.1"});
}

TEST_CASE("generic is the baseline, and no CPU") {
  CHECK(find_level("generic", Arch::AArch64)->name == "armv8-a");
  CHECK(find_level("generic", Arch::X86_64)->name == "x86-64");
  std::vector<std::string> cpus = cpus_with(FeatureSet(Arch::AArch64));
  CHECK(std::find(cpus.begin(), cpus.end(), "generic") == cpus.end());
}

TEST_CASE("what -mavx512f brings depends on the compiler of the command") {
  CHECK(features_of_flags(Words{"clang", "-mavx512f"}, Arch::X86_64).features.has("fma"));
  CHECK(!features_of_flags(Words{"gcc", "-mavx512f"}, Arch::X86_64).features.has("fma"));
}

TEST_CASE("levels in the words of tools that know no features") {
  auto text = [](std::string_view level, Arch arch) {
    std::string all;
    for (const ToolWord& one : level_words(level, arch)) all += one.tool + " " + one.word + "; ";
    return all;
  };
  CHECK(text("x86-64-v3", Arch::X86_64) ==
        "go GOAMD64=v3; docker linux/amd64/v3; msvc /arch:AVX2; zig -mcpu=x86_64_v3; ");
  CHECK(text("armv8.2-a", Arch::AArch64) == "go GOARM64=v8.2; msvc /arch:armv8.2; zig -mcpu=generic+v8_2a; ");
  CHECK(text("znver4", Arch::X86_64) == "zig -mcpu=znver4; ");  // it has more than any level
  for (const Level& level : architecture_levels(Arch::X86_64))
    CHECK_FALSE(level_words(level.name, Arch::X86_64).empty());
}

TEST_CASE("features by anybody's name") {
  CHECK(features_named("bmi1", Arch::X86_64)->names() == Words{"bmi"});    // rustc
  CHECK(features_named("sha_ni", Arch::X86_64)->names() == Words{"sha"});  // /proc/cpuinfo
  CHECK(features_named("asimddp", Arch::AArch64)->names() == Words{"dotprod"});
  CHECK_FALSE(features_named("avx3", Arch::X86_64).has_value());
  CHECK_FALSE(features_named("", Arch::X86_64).has_value());
}

TEST_CASE("the releases that take a switch or a CPU") {
  auto text = [](const Releases& releases) { return releases.first + " to " + releases.gone; };
  CHECK(text(releases_of(x86({"sm4"}), Tool::Gcc)) == "14 to ");
  CHECK(text(releases_of(x86({"sm4"}), Tool::Clang)) == "17 to ");
  CHECK(text(releases_of(x86({"sm4"}), Tool::Rustc)) == "1.73 to ");  // the first on LLVM 18
  CHECK(text(releases_of(x86({"avx512er"}), Tool::Gcc)) == " to 15");
  CHECK(text(releases_of(x86({"avx2"}), Tool::Gcc)) == " to ");
  CHECK(text(releases_of_level("znver4", Arch::X86_64, Tool::Gcc)) == "13 to ");
  CHECK(text(releases_of_level("x86-64-v3", Arch::X86_64, Tool::Rustc)) == "1.52 to ");
  CHECK(takes({"13", ""}, "13.2.0"));
  CHECK_FALSE(takes({"13", ""}, "12.4"));
  CHECK_FALSE(takes({"", "15"}, "15.1"));
  CHECK(is_older("1.9", "1.10"));
  CHECK_FALSE(is_older("2", "1.10"));
}

TEST_CASE("sets of features in the words of tools that know levels and few features") {
  auto text = [](const FeatureSet& features) {
    std::string all;
    for (const ToolWord& one : words_elsewhere(features))
      all += one.word + (one.exact ? "" : " (more)") + "; ";
    return all;
  };
  CHECK(text(x86({"avx512bw"})) ==
        "GOAMD64=v4 (more); linux/amd64/v4 (more); /arch:AVX512 (more); -mcpu=x86_64+avx512bw; ");
  CHECK(text(x86({"sse2"})) == "GOAMD64=v1; linux/amd64; /arch:SSE2; -mcpu=x86_64; ");
  CHECK(text(a64({"lse"})) == "GOARM64=v8.0,lse; /arch:armv8.0+lse; -mcpu=generic+lse; ");
  CHECK(text(a64({"dotprod"})) == "GOARM64=v8.4 (more); /arch:armv8.4 (more); -mcpu=generic+dotprod; ");
  CHECK(text(x86({"avx512er"})) == "");  // no level has it, and Zig's LLVM no more
}

TEST_CASE("the line of /proc/cpuinfo that names features, on each architecture") {
  CHECK(words_of_cpuinfo("processor\t: 0\nflags\t\t: fpu sse sse2\n\nflags\t\t: fpu\n") ==
        Words{"fpu", "sse", "sse2"});
  CHECK(words_of_cpuinfo("Features\t: fp asimd crc32\r\n") == Words{"fp", "asimd", "crc32"});
  CHECK(words_of_cpuinfo("isa\t\t: rv64imafdc_zba_zbb\n") ==
        Words{"i", "m", "a", "f", "d", "c", "zba", "zbb"});
  CHECK_FALSE(words_of_cpuinfo("cpu\t\t: POWER9, altivec supported\n").has_value());
  CHECK_FALSE(words_of_cpuinfo("").has_value());
}

TEST_CASE("a CPU of GCC's may lack what LLVM's of the same name has") {
  CHECK(flags_for_level("neoverse-n1", Arch::AArch64, Tool::Clang) == Words{"-mcpu=neoverse-n1"});
  CHECK(flags_for_level("neoverse-n1", Arch::AArch64, Tool::Gcc) == Words{"-mcpu=neoverse-n1+crypto"});
  CHECK_FALSE(features_of_flags(Words{"gcc", "-mcpu=neoverse-n1"}, Arch::AArch64).features.has("aes"));
  CHECK(features_of_flags(Words{"gcc", "-mcpu=neoverse-n1+crypto"}, Arch::AArch64).features.has("aes"));
  CHECK(features_of_flags(Words{"clang", "-mcpu=neoverse-n1"}, Arch::AArch64).features.has("aes"));
}

TEST_CASE("machine families of clouds whose documented processors have the features") {
  CHECK(cloud_families_with(a64({"sve2"})) == Words{"AWS c8g m8g r8g", "GCP c4a", "Azure Dpsv6"});
  CHECK(cloud_families_with(x86({"avx512fp16"})) == Words{"AWS c7i m7i r7i", "GCP c3 c4 n4", "Azure Dv6"});
}
