// What objects say of the CPUs they are for, whole and broken.

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <fstream>

#include "artifact_inputs.hpp"
#include "declarations.hpp"
#include "linkdx/artifact.hpp"

using namespace linkdx;
using namespace linkdx::artifact;
using linkdx::test::Scratch;

namespace {

/// One line a declaration: where, name, value.
std::string said_by(const Declarations& declarations) {
  std::string text;
  for (const Declaration& said : declarations.said)
    text += fmt::format("{} | {} | {}\n", said.where, said.name, said.value);
  for (const std::string& fault : declarations.faults) text += "fault: " + fault + "\n";
  return text;
}

std::string said_by_file(const std::string& path) {
  llvm::Expected<std::unique_ptr<File>> file = open(path);
  if (!file) return llvm::toString(file.takeError());
  return said_by((*file)->objects().front()->declarations());
}

constexpr const char* x86_properties = R"(
  .section .note.gnu.property,"a",@note
  .long 4
  .long 48
  .long 5
  .asciz "GNU"
  .long 0xc0000002, 4, 3, 0
  .long 0xc0008002, 4, 3, 0
  .long 0xc0010002, 4, 7, 0
)";

}  // namespace

TEST_CASE("x86 properties: protections, levels needed and levels used") {
  Scratch scratch;
  CHECK(said_by_file(scratch.assemble("a.o", x86_properties)) ==
        ".note.gnu.property | x86 protections | ibt shstk\n"
        ".note.gnu.property | x86 ISA needed | x86-64 x86-64-v2\n"
        ".note.gnu.property | x86 ISA used | x86-64 x86-64-v2 x86-64-v3\n");
}

TEST_CASE("AArch64 properties") {
  Scratch scratch;
  CHECK(said_by_file(scratch.assemble("a.o", R"(
  .section .note.gnu.property,"a",@note
  .long 4, 16, 5
  .asciz "GNU"
  .long 0xc0000000, 4, 3, 0
)",
                                      "aarch64-linux-gnu")) ==
        ".note.gnu.property | AArch64 protections | bti pac\n");
}

TEST_CASE("a property note that ends too early is a fault with its place") {
  const std::uint8_t cut[] = {4, 0, 0, 0,    16, 0, 0, 0, 5, 0, 0, 0, 'G', 'N', 'U', 0,
                              2, 0, 0, 0xc0, 9,  0, 0, 0, 1, 0, 0, 0, 0,   0,   0,   0};
  Declarations result;
  const Machine machine{.arch = "x86_64", .bits = 64, .elf_machine = 62};
  read_gnu_properties(cut, machine, result);
  CHECK(said_by(result) == "fault: .note.gnu.property: a property at 0x10 reaches past the end\n");
  result = {};
  read_gnu_properties(std::span(cut).first(20), machine, result);
  CHECK(said_by(result) == "fault: .note.gnu.property: a note at 0x0 reaches past the end\n");
}

TEST_CASE("ARM build attributes by the names of the ABI") {
  Scratch scratch;
  CHECK(said_by_file(scratch.assemble("a.o", R"(
  .syntax unified
  .eabi_attribute 6, 10
  .eabi_attribute 7, 65
  .eabi_attribute 10, 5
  .eabi_attribute 12, 2
)",
                                      "armv7-linux-gnueabihf")) ==
        ".ARM.attributes | Tag_CPU_arch | v7\n"
        ".ARM.attributes | Tag_CPU_arch_profile | application\n"
        ".ARM.attributes | Tag_FP_arch | vfpv4\n"
        ".ARM.attributes | Tag_Advanced_SIMD_arch | neon with fused multiply-add\n"
        "e_flags | 0x5000000 | \n");
}

TEST_CASE("an attributes section without a byte says nothing") {
  Scratch scratch;
  CHECK(said_by_file(scratch.assemble("a.o", "  .section .ARM.attributes,\"\",%0x70000003\n",
                                      "armv7-linux-gnueabihf")) == "e_flags | 0x5000000 | \n");
}

TEST_CASE("MIPS flags of one maker's CPU are words, and those of no CPU numbers") {
  Scratch scratch;
  const std::string path = scratch.assemble("a.o", "  .text\n", "mips64el-linux-gnuabi64");
  auto with_flags = [&](std::uint32_t flags) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(48);
    for (int shift = 0; shift < 32; shift += 8) file.put(static_cast<char>(flags >> shift & 0xff));
    file.close();
    return said_by_file(path);
  };
  CHECK(with_flags(0x80a20000) == "e_flags | 0x80a20000 | n64, mips64r2, loongson3a\n");
  CHECK(with_flags(0xf0ff0000) == "e_flags | 0xf0ff0000 | n64\n");
}

TEST_CASE("RISC-V: the arch string, with LLVM's features") {
  Scratch scratch;
  const std::string path = scratch.assemble(
      "a.o", "  .attribute arch, \"rv64i2p1_m2p0_a2p1_c2p0_v1p0_zba1p0\"\n", "riscv64-linux-gnu");
  const std::string said = said_by_file(path);
  CHECK(said ==
        ".riscv.attributes | Tag_arch | "
        "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_v1p0_zicsr2p0_zmmul1p0_zba1p0_zve32f1p0_"
        "zve32x1p0_zve64d1p0_zve64f1p0_zve64x1p0_zvl128b1p0_zvl32b1p0_zvl64b1p0\n");
  llvm::Expected<std::unique_ptr<File>> file = open(path);
  REQUIRE(file);
  const std::vector<std::string> features = (*file)->objects().front()->declarations().said.front().features;
  CHECK(std::find(features.begin(), features.end(), "+zba") != features.end());
}

TEST_CASE("flags that a compiler wrote down; only those that choose instructions") {
  Scratch scratch;
  CHECK(said_by_file(scratch.assemble("a.o", R"(
  .section .debug_str,"MS",@progbits,1
  .asciz "GNU C17 12.2.0 -mavx2 -mtune=generic -march=x86-64 -g -O2"
  .asciz "GNU AS 2.40"
  .section .GCC.command.line,"MS",@progbits,1
  .asciz "clang version 19.1.7 -O2 -mavx512f -I include"
)")) == "producer | GNU C17 12.2.0 | -mavx2 -march=x86-64\n"
        "producer | clang version 19.1.7 | -mavx512f\n");
}

TEST_CASE("bitcode: the CPU and the features of its functions") {
  Scratch scratch;
  scratch.write("a.ll", R"(
target triple = "x86_64-unknown-linux-gnu"
define void @plain() #0 { ret void }
define void @wide() #1 { ret void }
attributes #0 = { nounwind memory(none) "target-cpu"="x86-64" "target-features"="+sse2" }
attributes #1 = { "target-cpu"="x86-64-v3" "tune-cpu"="generic" }
)");
  if (!scratch.run("$(command -v llvm-as-19 || echo llvm-as) a.ll -o a.bc")) return;
  CHECK(said_by_file(scratch.path("a.bc")) ==
        "function attributes | target-cpu | x86-64\n"
        "function attributes | target-features | +sse2\n"
        "function attributes | target-cpu | x86-64-v3\n");
  const std::string whole = linkdx::test::read_file(scratch.path("a.bc"));
  for (std::size_t size = 0; size < whole.size(); size += 7)
    (void)bitcode_declarations(std::string_view(whole).substr(0, size));
}
