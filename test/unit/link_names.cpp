// Names that are nearly right: other mangling, families, hidden and local definitions, other machines.

#include <doctest/doctest.h>

#include "link_inputs.hpp"

using namespace linkdx;
using namespace linkdx::link;
using linkdx::test::Scratch;

namespace {

std::string nearest_of(const Scratch& scratch, std::string_view name, const SameFamily& family = {}) {
  artifact::Store store;
  store.add_tree(scratch.directory());
  const Undefined found = locate(name, store, family);
  std::string text(name_of(found.verdict));
  for (const Nearest& nearest : found.nearest) text += "\n" + nearest.name + ": " + nearest.detail;
  return text;
}

}  // namespace

TEST_CASE("a C name finds the C++ function, and the other way round") {
  Scratch scratch;
  scratch.assemble("a.o", "call f\ncall _Z1gi\ncall h\n");
  scratch.assemble("b.o", ".globl _Z1fi\n_Z1fi: ret\n.globl g\ng: ret\n.globl _ZN1c1hEv\n_ZN1c1hEv: ret\n");
  CHECK(nearest_of(scratch, "f") ==
        "defined-nowhere\n_Z1fi: defined as the C++ function f(int), and wanted under the C name");
  CHECK(nearest_of(scratch, "_Z1gi") ==
        "defined-nowhere\ng: defined under the C name, and wanted as the C++ function g(int)");
  CHECK(nearest_of(scratch, "h") == "defined-nowhere");  // c::h may be anything
}

TEST_CASE("other parameters, namespaces, ABI tags, underscores and Rust hashes are told apart") {
  Scratch scratch;
  scratch.assemble("a.o", R"(
call _Z1fi
call _ZN1n1gEi
call _Z1hB5cxx11v
call under
call _ZN5crate3fun17h0123456789abcdefE
)");
  scratch.assemble("b.o", R"(
.globl _Z1fl
_Z1fl: ret
.globl _ZN1n1v1gEi
_ZN1n1v1gEi: ret
.globl _Z1hv
_Z1hv: ret
.globl _under
_under: ret
.globl _ZN5crate3fun17hfedcba9876543210E
_ZN5crate3fun17hfedcba9876543210E: ret
)");
  CHECK(nearest_of(scratch, "_Z1fi") ==
        "defined-nowhere\n_Z1fl: the same C++ name with other parameters: f(long)");
  CHECK(nearest_of(scratch, "_ZN1n1gEi") ==
        "defined-nowhere\n_ZN1n1v1gEi: the same C++ function in another namespace: n::v::g(int)");
  CHECK(nearest_of(scratch, "_Z1hB5cxx11v") ==
        "defined-nowhere\n_Z1hv: the same C++ name with another ABI tag: _Z1hv");
  CHECK(nearest_of(scratch, "under") == "defined-nowhere\n_under: the same name with a leading underscore");
  CHECK(nearest_of(scratch, "_ZN5crate3fun17h0123456789abcdefE") ==
        "defined-nowhere\n_ZN5crate3fun17hfedcba9876543210E: the same Rust path with another hash: another "
        "version or build of the crate");
}

TEST_CASE("a family is asked of the caller") {
  Scratch scratch;
  scratch.assemble("a.o", "call sum_avx512\n");
  scratch.assemble("b.o", ".globl sum_avx2\nsum_avx2: ret\n.globl summary\nsummary: ret\n");
  const SameFamily family = [](std::string_view a, std::string_view b) {
    return a.substr(0, 4) == b.substr(0, 4) && a[3] == '_';
  };
  CHECK(nearest_of(scratch, "sum_avx512", family) ==
        "defined-nowhere\nsum_avx2: of the same family, for other CPU features");
}

TEST_CASE("local definitions and other machines are named, and do not count as definitions") {
  Scratch scratch;
  scratch.assemble("a.o", "call f\ncall g\n");
  scratch.assemble("b.o", "f: ret\n");
  scratch.assemble("arm.o", ".globl g\ng:\n", "aarch64-linux-gnu");
  CHECK(nearest_of(scratch, "f") == "defined-nowhere\nf: local (static): visible only inside its own object");
  CHECK(nearest_of(scratch, "g") ==
        "defined-nowhere\ng: different machines: elf64-x86-64 (x86_64) and elf64-littleaarch64 (aarch64)");
}

TEST_CASE("a local C++ function is found by the name that it would have without static") {
  Scratch scratch;
  scratch.assemble("a.o", "call _ZN1n1fEi\n");
  scratch.assemble("b.o", "_ZN1nL1fEi: ret\n");
  CHECK(nearest_of(scratch, "_ZN1n1fEi") ==
        "defined-nowhere\n_ZN1n1fEi: local (static): visible only inside its own object");
}

TEST_CASE("a definition that was renamed or misspelt is named, unless something refers to it") {
  Scratch scratch;
  scratch.assemble("a.o",
                   "call contrast\ncall decode_row\ncall _ZN1n5splitEi\ncall encode\ncall encode_v2\n");
  scratch.assemble("b.o", R"(
.globl contrast_impl
contrast_impl: ret
.globl contrasting
contrasting: ret
.globl decode_rwo
decode_rwo: ret
.globl _ZN1n8split_v2Ei
_ZN1n8split_v2Ei: ret
.globl encode_v2
encode_v2: ret
)");
  CHECK(nearest_of(scratch, "contrast") ==
        "defined-nowhere\ncontrast_impl: spelled almost the same, and nothing refers to it");
  CHECK(nearest_of(scratch, "decode_row") ==
        "defined-nowhere\ndecode_rwo: spelled almost the same, and nothing refers to it");
  CHECK(nearest_of(scratch, "_ZN1n5splitEi") ==
        "defined-nowhere\n_ZN1n8split_v2Ei: spelled almost the same, and nothing refers to it");
  CHECK(nearest_of(scratch, "encode") == "defined-nowhere");
}

TEST_CASE("an underscore makes no sibling, whatever the name says of CPUs") {
  Scratch scratch;
  scratch.assemble("a.o", "call sum_avx2\n");
  scratch.assemble("b.o", ".globl _sum_avx2\n_sum_avx2: ret\n");
  const SameFamily family = [](std::string_view, std::string_view) { return true; };
  CHECK(nearest_of(scratch, "sum_avx2", family) ==
        "defined-nowhere\n_sum_avx2: the same name with a leading underscore");
}

TEST_CASE("a name that nothing at hand refers to is unknown") {
  Scratch scratch;
  scratch.assemble("a.o", "call f\n");
  CHECK(nearest_of(scratch, "sqrt") == "unknown");
}

TEST_CASE("demangling reads C++ and both Rust schemes, and leaves the rest") {
  CHECK(demangle("_ZN1a1fEi") == "a::f(int)");
  CHECK(demangle("_ZN5crate3fun17h0123456789abcdefE") == "crate::fun");
  CHECK(demangle("_RNvC6_123foo3bar") == "123foo::bar");
  CHECK(demangle("plain") == "plain");
  CHECK(demangle("_Zbroken") == "_Zbroken");
}
