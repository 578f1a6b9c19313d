// What names say, one behaviour a test.
#include <doctest/doctest.h>

#include <string>

#include "linkdx/isa.hpp"

using namespace linkdx;
using namespace linkdx::isa;

namespace {

/// "avx512bw avx512vl | name-standard | token" or "no mark".
std::string told(std::string_view symbol, Arch arch = Arch::Unknown) {
  std::optional<NameHint> hint = from_name(symbol, arch);
  if (!hint) return "no mark";
  std::string text;
  for (const std::string& name : hint->features.names()) text += name + " ";
  return text + "| " + std::string(name_of(hint->source)) + " | " + hint->token;
}

}  // namespace

TEST_CASE("a suffix names the features") {
  CHECK(told("sum_avx2") == "avx2 | name-convention | avx2");
  CHECK(told("x264_pixel_sad_sse4") == "sse4.1 | name-convention | sse4");
  CHECK(told("crc32c_sse42") == "sse4.2 crc32 popcnt | name-convention | sse42");
}

TEST_CASE("avx512 means the Skylake-X set") {
  CHECK(told("sum_table_avx512") == "avx512cd avx512bw avx512dq avx512vl | name-convention | avx512");
  CHECK(recommended_level(from_name("sum_table_avx512", Arch::X86_64)->features)->name == "x86-64-v4");
}

TEST_CASE("half precision beside avx512 needs a newer CPU") {
  std::optional<NameHint> hint = from_name("norm_f16_avx512", Arch::X86_64);
  REQUIRE(hint);
  CHECK(hint->features.has("avx512fp16"));
  CHECK(!smallest_level(hint->features));
  CHECK(recommended_level(hint->features)->is_cpu);
}

TEST_CASE("marks stand in the middle, in front, and glued") {
  CHECK(told("search_trie_avx512x8") == "avx512cd avx512bw avx512dq avx512vl | name-convention | avx512");
  CHECK(told("VP8LDspInitSSE41") == "sse4.1 | name-convention | SSE41");
  CHECK(told("fdct8x8_x86_64sse2") == "sse2 | name-convention | sse2");
  CHECK(told("avx2_blend_line") == "avx2 | name-convention | avx2");
  CHECK(told("_ZN2cv3hal14opt_AVX512_SKX13integral_SIMDEv") ==
        "avx512cd avx512bw avx512dq avx512vl | name-convention | AVX512_SKX");
}

TEST_CASE("words that only look like an ISA are no marks") {
  for (const char* name : {"aom_get_blk_sse_sum_c",
                           "get_sse",
                           "caesar_decrypt",
                           "neonate_init",
                           "frozen",
                           "fma",
                           "fmaf",
                           "mp4_parse_atom",
                           "N_VEnableDotProdMulti",
                           "cblas_dspr2",
                           "boost_icl_interval",
                           "set_and_cost_bmi_mvs",
                           "rxr_pkt_rtm_match",
                           "assess_value",
                           "_ZN5boost3icl8intervalEv",
                           "Zenith",
                           "nano_time",
                           "_ZGVN3foo3barE",
                           "atomic_add",
                           "haswell"})
    CHECK_MESSAGE(told(name) == "no mark", name);
}

TEST_CASE("who asks for a feature does not use it, and still belongs to the family") {
  for (const char* name :
       {"has_avx2", "webp_has_avx512", "cpu_supports_sse42", "HasAVX2", "x265_detect_neon", "check_avx512",
        "is_avx2_supported", "avx512_available", "avx2_is_available", "_ZN8CryptoPP9HasSSE4_1Ev"})
    CHECK_MESSAGE(told(name) == "no mark", name);
  CHECK(told("bounds_check_avx2") == "avx2 | name-convention | avx2");
  CHECK(told("hash_avx2") == "avx2 | name-convention | avx2");
  CHECK(told("supported_avx2") == "avx2 | name-convention | avx2");
  CHECK(family_of("has_avx2") == family_of("has_avx512"));
}

TEST_CASE("fma is the operation, but in a C library's own names and behind the machine") {
  for (const char* name : {"cblas_dfma", "vector_fma", "gsl_multiply_fma"})
    CHECK_MESSAGE(told(name) == "no mark", name);
  CHECK(told("__sin_fma") == "fma avx2 | name-convention | fma");
  CHECK(told("conv_x86_fma") == "fma avx2 | name-convention | fma");
}

TEST_CASE("words of PowerPC, LoongArch, MIPS, z/Architecture and WebAssembly") {
  CHECK(told("vpx_sad16x16_vsx") == "vsx | name-convention | vsx");
  CHECK(told("__memcpy_power8", Arch::PowerPC64) == "power8-vector | name-convention | power8");
  CHECK(told("fill_altivec", Arch::PowerPC) == "altivec | name-convention | altivec");
  CHECK(told("idct_lasx") == "lasx | name-convention | lasx");
  CHECK(told("idct_lsx", Arch::LoongArch64) == "lsx | name-convention | lsx");
  CHECK(told("idct_msa", Arch::Mips) == "msa | name-convention | msa");
  CHECK(told("crc32_s390_vx", Arch::SystemZ) == "vector | name-convention | vx");
  CHECK(told("__memchr_z13", Arch::SystemZ) == "vector | name-convention | z13");
  CHECK(told("blend_simd128") == "simd128 | name-convention | simd128");
  for (const char* name : {"align_msa", "render_vx", "canon_z13", "read_lsx"})
    CHECK_MESSAGE(told(name) == "no mark", name);
}

TEST_CASE("a mark for another machine proves nothing") {
  CHECK(told("VP8DspInitNEON", Arch::X86_64) == "no mark");
  CHECK(told("VP8DspInitSSE2", Arch::AArch64) == "no mark");
  CHECK(told("VP8DspInitNEON", Arch::AArch64) == "neon | name-convention | NEON");
}

TEST_CASE("a word of several architectures is that of the one asked for") {
  CHECK(told("idct_neon", Arch::Arm) == "neon | name-convention | neon");
  CHECK(from_name("idct_neon", Arch::Arm)->features.arch() == Arch::Arm);
  CHECK(from_name("idct_neon", Arch::Unknown)->features.arch() == Arch::AArch64);
  CHECK(told("idct_sve2", Arch::Arm) == "no mark");
  CHECK(told("sad_16_rvv", Arch::RiscV64) == "v | name-convention | rvv");
  CHECK(from_name("sad_16_rvv", Arch::RiscV32)->features.arch() == Arch::RiscV32);
  CHECK(told("rv64i_zvkned_encrypt", Arch::RiscV64) == "zvkned | name-convention | zvkned");
  CHECK(told("sad_16_rvv", Arch::X86_64) == "no mark");
  CHECK(same_family("sad_16_rvv", "sad_16_c"));
}

TEST_CASE("GCC's and clang's function multi-versioning") {
  CHECK(told("f.avx2") == "avx2 | name-standard | avx2");
  CHECK(told("f.avx2.0") == "avx2 | name-standard | avx2.0");
  CHECK(told("f.sse4.2") == "sse4.2 | name-standard | sse4.2");
  CHECK(told("f.avx2_fma") == "fma avx2 | name-standard | avx2_fma");
  CHECK(told("f.amx_tile") == "amx-tile | name-standard | amx_tile");
  CHECK(told("f.default") == "no mark");
  CHECK(told("f.resolver") == "no mark");
  for (const char* name : {"f.arch_x86_64_v3", "f.arch_x86_64_v3.0", "f.arch_x86-64-v3.2"})
    CHECK(with_implied(from_name(name, Arch::Unknown)->features) ==
          find_level("x86-64-v3", Arch::X86_64)->features);
  CHECK(recommended_level(from_name("f.arch_haswell.0", Arch::Unknown)->features)->name == "haswell");
}

TEST_CASE("letters for CPUs: clang's cpu_specific, after ICC") {
  // What clang 19 makes of cpu_specific(ivybridge), (haswell) and (skylake_avx512).
  CHECK(recommended_level(from_name("sum.S", Arch::Unknown)->features)->name == "ivybridge");
  CHECK(recommended_level(from_name("_Z3sumi.V", Arch::X86_64)->features)->name == "haswell");
  CHECK(recommended_level(from_name("_Z3sumi.a", Arch::X86_64)->features)->name == "skylake-avx512");
  CHECK(from_name("sum.S", Arch::Unknown)->source == Source::NameStandard);
  CHECK(told("sum.A") == "no mark");   // generic
  CHECK(told("main.a") == "no mark");  // Go's package.function
  CHECK(told("a.b.S") == "no mark");
  CHECK_FALSE(from_name("sum.S", Arch::AArch64));
}

TEST_CASE("ACLE function multi-versioning, both orders") {
  CHECK(from_name("f._Msve2", Arch::Unknown)->features.has("sve2"));
  FeatureSet one = from_name("f._MdotprodMsve2", Arch::AArch64)->features;
  CHECK(one == from_name("f._Msve2Mdotprod", Arch::AArch64)->features);
  CHECK(one.has("dotprod"));
  CHECK(told("f._Mnonsense") == "no mark");
}

TEST_CASE("the vector function ABI outranks a word") {
  CHECK(told("_ZGVdN4v_cos") == "avx2 | name-standard | _ZGVd");
  CHECK(told("_ZGVeN8v_acos_avx2_wrapper") == "avx512f | name-standard | _ZGVe");
  CHECK(told("_ZGVsMxv_sin") == "sve | name-standard | _ZGVs");
}

TEST_CASE("namespaces of Highway and simdjson") {
  CHECK(from_name("_ZN3hwy6N_AVX34CopyEv", Arch::Unknown)->features.has("avx512bw"));
  CHECK(from_name("simdjson::icelake::parse(int)", Arch::Unknown)->features.has("avx512vbmi2"));
  CHECK(from_name("simdjson::haswell::parse(int)", Arch::Unknown)->features.has("avx2"));
}

TEST_CASE("a library core's suffix is an upper bound") {
  std::optional<NameHint> hint = from_name("sgemm_kernel_SKYLAKEX", Arch::X86_64);
  REQUIRE(hint);
  CHECK(hint->upper_bound);
  CHECK(hint->features.has("avx512vl"));
  CHECK(told("init_skylakex") == "no mark");
}

TEST_CASE("copies that a compiler made keep the name's meaning") {
  CHECK(told("sum_avx2.constprop.0") == "avx2 | name-convention | avx2");
  CHECK(told("sum_avx2.part.3.cold") == "avx2 | name-convention | avx2");
  CHECK(told("memchr_avx2@GLIBC_2.2.5") == "avx2 | name-convention | avx2");
}

TEST_CASE("a family is the name without its ISA") {
  for (const char* name :
       {"sum_avx512", "sum_avx2", "sum_neon", "sum_c", "sum", "avx2_sum", "sum.avx2", "sum._Msve2"})
    CHECK_MESSAGE(family_of(name) == "sum", name);
  CHECK(family_of("VP8LDspInitSSE41") == family_of("VP8LDspInit"));
  CHECK(family_of("parasail_sw_scan_avx2_256_8") == family_of("parasail_sw_scan_sse41_128_8"));
}

TEST_CASE("siblings are found through mangling") {
  CHECK(same_family("_ZN1a8sum_avx2EPKf", "_ZN1a10sum_avx512EPKf"));
  CHECK(same_family("_ZN1a8sum_avx217h0123456789abcdefE", "_ZN1a10sum_avx51217hfedcba9876543210E"));
  CHECK(same_family("_RNvNtCs1234_5crate3x868sum_avx2", "_RNvNtCs99_5crate3x8610sum_avx512"));
  CHECK(same_family("a::sum_avx2(float const*)", "a::sum_avx512(float const*)"));
  CHECK(same_family("simdjson::haswell::parse(int)", "simdjson::icelake::parse(int)"));
  CHECK(same_family("_ZN8simdjson7haswell5parseEi", "_ZN8simdjson7icelake5parseEi"));
  CHECK(same_family("f_neon", "f"));
  CHECK(!same_family("_ZN1a8sum_avx2EPKf", "_ZN1a8dot_avx2EPKf"));
  CHECK(!same_family("sum_avx2", "sum_avx2"));
  CHECK(!same_family("sum", "sum_c"));
  CHECK(!same_family("sum", "dot"));
  CHECK(!same_family("avx2", "neon"));
}

TEST_CASE("types of parameters are no marks: the function's own name and its template arguments are") {
  CHECK_FALSE(
      from_name("_Z4loadRKN3lib4avx24vec8E", Arch::X86_64).has_value());  // load(lib::avx2::vec8 const&)
  CHECK_FALSE(from_name("_ZN3lib4loadERKNS_4avx24vec8E", Arch::X86_64)
                  .has_value());  // lib::load(lib::avx2::vec8 const&)
  CHECK_FALSE(from_name("_ZN3lib4loadIiLb1EEEvPKT_NS_4avx2E", Arch::X86_64).has_value());
  CHECK(from_name("_ZN3lib4avx24loadERKNS_3vecE", Arch::X86_64)->token == "avx2");
  CHECK(from_name("_ZN3lib4loadINS_4avx2ELi16EEEvPKc", Arch::X86_64)->token ==
        "avx2");  // lib::load<lib::avx2, 16>
  CHECK(from_name("_Z9load_avx2PKc", Arch::X86_64)->token == "avx2");
}
