// Every flag for ARM, RISC-V, PowerPC, z/Architecture, MIPS, LoongArch and WebAssembly is accepted by the
// compiler that it is for. Of the features and CPUs a part spread over the whole list is tried; all of them
// when LINKDX_TEST_ALL is set. A compiler that is not installed is named and passed over.
#include <doctest/doctest.h>

#include <set>

#include "architectures.hpp"
#include "isa_compilers.hpp"

using namespace linkdx::isa;

namespace {

struct Target {
  Arch arch;
  const char *gcc, *clang, *rustc;  ///< clang's and rustc's by triple; empty: none
  unsigned part;                    ///< one in so many features and CPUs is tried
};
constexpr Target targets[] = {
    // Soft floats go with every version of ARM; the hard ones of armhf only with those that have a unit.
    {Arch::Arm, "arm-linux-gnueabihf-gcc -mfloat-abi=softfp", "arm-linux-gnueabihf",
     "armv7-unknown-linux-gnueabihf", 8},
    {Arch::RiscV64, "riscv64-linux-gnu-gcc -mabi=lp64", "riscv64-linux-gnu", "riscv64gc-unknown-linux-gnu",
     12},
    {Arch::RiscV32, "riscv64-linux-gnu-gcc -mabi=ilp32", "riscv32-linux-gnu", "riscv32gc-unknown-linux-gnu",
     30},
    {Arch::PowerPC64, "powerpc64le-linux-gnu-gcc", "powerpc64le-linux-gnu", "powerpc64le-unknown-linux-gnu",
     6},
    {Arch::PowerPC, "powerpc64le-linux-gnu-gcc -m32 -mbig", "powerpc-linux-gnu", "powerpc-unknown-linux-gnu",
     12},
    {Arch::SystemZ, "s390x-linux-gnu-gcc", "s390x-linux-gnu", "s390x-unknown-linux-gnu", 4},
    {Arch::Mips64, "mips64el-linux-gnuabi64-gcc", "mips64el-linux-gnuabi64",
     "mips64el-unknown-linux-gnuabi64", 6},
    {Arch::Mips, "mips64el-linux-gnuabi64-gcc -mabi=32", "mipsel-linux-gnu", "mipsel-unknown-linux-gnu", 12},
    {Arch::LoongArch64, "", "loongarch64-linux-gnu", "loongarch64-unknown-linux-gnu", 1},
    {Arch::Wasm, "", "wasm32-unknown-unknown", "wasm32-unknown-unknown", 1},
};

/// Right, but not with what Debian's compilers do by default: Thumb code on ARM, floats for both register
/// modes on MIPS.
const std::set<std::string> not_by_default = {"-mcpu=iwmmxt", "-march=mips1"};

/// The flags for features, levels and CPUs that the release is said to take.
std::set<std::string> flags_of(const Target& target, Tool tool, const std::string& version) {
  std::set<std::string> flags;
  const std::vector<Feature>& features = Catalogue::of(target.arch).features;
  for (std::size_t i = 0; i < features.size(); ++i) {
    FeatureSet set(target.arch);
    set.add(features[i].name);
    set = with_implied(set);
    if (is_tried(i, features.size(), target.part) && takes(releases_of(set, tool), version))
      flags.insert(join(flags_for(set, tool).arguments));
  }
  for (const std::vector<Level>* levels :
       {&Levels::of(target.arch).architecture, &Levels::of(target.arch).cpus})
    for (std::size_t i = 0; i < levels->size(); ++i) {
      const Level& level = (*levels)[i];
      const LevelNames* names = find_level_names(level.name, target.arch);
      const bool by_name = tool != Tool::Gcc || names == nullptr || names->gcc != "-";
      if (by_name && is_tried(i, levels->size(), level.is_cpu ? target.part : 2) &&
          takes(releases_of_level(level.name, target.arch, tool), version))
        flags.insert(join(flags_for_level(level.name, target.arch, tool)));
    }
  flags.erase("");
  return flags;
}

void check_accepted(const std::string& compiler, const std::set<std::string>& flags) {
  for (const std::string& one : flags)
    if (not_by_default.count(one.substr(1)) == 0) CHECK_MESSAGE(accepts(compiler, one), compiler << one);
}

/// The indented names of `rustc --print`.
std::set<std::string> listed_by_rustc(const std::string& what, const std::string& target) {
  const std::string text = run("rustc --print " + what + " --target " + target).text;
  std::set<std::string> names;
  for (std::size_t at = 0; (at = text.find("\n    ", at)) != std::string::npos;) {
    at += 5;
    names.insert(text.substr(at, text.find_first_of(" \n", at) - at));
  }
  return names;
}

bool is_installed(const std::string& tool) {
  if (run(tool + " --version").status == 0) return true;
  std::printf("skipped: %s is not installed\n", tool.c_str());
  return false;
}

}  // namespace

TEST_CASE("GCC accepts every flag for the other architectures") {
  for (const Target& target : targets)
    if (const std::string gcc = target.gcc; !gcc.empty() && is_installed(gcc))
      check_accepted(gcc, flags_of(target, Tool::Gcc, version_of(gcc)));
}

TEST_CASE("clang accepts every flag for the other architectures") {
  if (is_installed("clang-19"))
    for (const Target& target : targets)
      check_accepted(std::string("clang-19 --target=") + target.clang, flags_of(target, Tool::Clang, "19"));
}

TEST_CASE("rustc knows every CPU and feature of its flags for the other architectures") {
  if (!is_installed("rustc")) return;
  for (const Target& target : targets) {
    const std::set<std::string> features = listed_by_rustc("target-features", target.rustc);
    const std::set<std::string> cpus = listed_by_rustc("target-cpus", target.rustc);
    CHECK_MESSAGE(!cpus.empty(), target.rustc);
    for (const Feature& feature : Catalogue::of(target.arch).features)
      if (!feature.rustc.empty())
        CHECK_MESSAGE(features.count(feature.rustc) == 1, target.rustc << " feature " << feature.rustc);
    for (const std::vector<Level>* levels :
         {&Levels::of(target.arch).architecture, &Levels::of(target.arch).cpus})
      for (const Level& level : *levels)
        for (const std::string& argument : flags_for_level(level.name, target.arch, Tool::Rustc))
          if (argument.starts_with("target-cpu="))
            CHECK_MESSAGE(cpus.count(argument.substr(11)) == 1, target.rustc << " " << argument);
  }
}

TEST_CASE("flags of ARM name the version, and the unit or extension on top of it") {
  struct Case {
    const char *feature, *gcc, *clang;
  };
  for (const Case& one : {Case{"neon", " -march=armv7-a -mfpu=neon", " -march=armv7-a -mfpu=neon"},
                          Case{"crc", " -march=armv8-a+simd+crc", " -march=armv8-a"},
                          Case{"dotprod", " -march=armv8.2-a+simd+dotprod", " -march=armv8.2-a+dotprod"},
                          Case{"mve", " -march=armv8.1-m.main+mve", " -march=armv8.1-m.main+mve"}}) {
    FeatureSet features(Arch::Arm);
    features.add(one.feature);
    features = with_implied(features);
    CHECK(join(flags_for(features, Tool::Gcc).arguments) == one.gcc);
    CHECK(join(flags_for(features, Tool::Clang).arguments) == one.clang);
  }
  CHECK(join(flags_for_level("armv7-a+neon", Arch::Arm, Tool::Clang)) == " -march=armv7-a -mfpu=neon");
  CHECK(join(flags_for_level("armv7-a+neon", Arch::Arm, Tool::Rustc)) == " -C target-feature=+neon");
}

TEST_CASE(
    "an architecture string of RISC-V leaves out what its extensions exclude, and names the vectors that "
    "others build on") {
  struct Case {
    const char *feature, *flags;
  };
  for (const Case& one : {Case{"zba", " -march=rv64gc_zba"}, Case{"v", " -march=rv64gcv"},
                          Case{"zvbb", " -march=rv64gc_zvbb_zve32x"},
                          Case{"zvbc", " -march=rv64gc_zvbc_zve64x"}, Case{"zcmp", " -march=rv64g_zca_zcmp"},
                          Case{"zfinx", " -march=rv64imac_zicsr_zifencei_zfinx"}, Case{"xwchc", ""}}) {
    FeatureSet features(Arch::RiscV64);
    features.add(one.feature);
    CHECK(join(flags_for(with_implied(features), Tool::Clang).arguments) == one.flags);
  }
  CHECK(join(flags_for_level("rva22u64", Arch::RiscV64, Tool::Rustc)).starts_with(" -C target-feature=+"));
}

TEST_CASE("a switch that compilers take on top of a level alone comes with it") {
  FeatureSet mma(Arch::PowerPC64), vector(Arch::SystemZ);
  mma.add("mma");
  vector.add("vector");
  CHECK(join(flags_for(with_implied(mma), Tool::Gcc).arguments).starts_with(" -mcpu=power10 "));
  CHECK(join(flags_for(with_implied(mma), Tool::Clang).arguments).starts_with(" -mcpu=pwr10 "));
  CHECK(join(flags_for(with_implied(vector), Tool::Gcc).arguments) == " -march=arch11 -mvx");
}
