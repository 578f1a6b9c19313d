// One report with everything in it, for the tests of the renderings.
#pragma once

#include "linkdx/report.hpp"

namespace linkdx::report {

inline Report sample() {
  Report report;
  report.version = "0.1.0";
  report.linker = "gnu-ld";
  report.target = "x86_64-unknown-linux-gnu";
  report.host = "aarch64-unknown-linux-gnu";
  report.logs = {"build.log"};
  report.artifacts = {{"target/libvecmath.rlib", "archive", "elf64-x86-64 (x86_64)", 3}};
  report.skipped = {{"target/broken.a", "member x.o: truncated symbol table"}};

  diagnose::SymbolFacts symbol;
  symbol.name = "dot_avx512";
  symbol.verdict = link::Verdict::DefinedNowhere;
  symbol.referenced_by = {{"libvecmath.rlib(vecmath.o)", "vecmath::dot", "src/lib.rs:7"}};
  symbol.more_references = 2;
  symbol.nearest = {{"dot_avx2", "libdot.a(dot_avx2.o)", "a kernel of the same family"}};
  isa::FeatureSet features(isa::Arch::X86_64);
  features.add("avx512bw");
  symbol.isa = {features, "x86-64-v4", isa::Source::NameConvention, Confidence::Likely};
  report.symbols = {symbol};

  Report::Item item;
  item.diagnosis.code = "LDX0101";
  item.diagnosis.cause = diagnose::Cause::KernelObjectNotBuilt;
  item.diagnosis.confidence = Confidence::Certain;
  item.diagnosis.symbols = {"dot_avx512"};
  item.diagnosis.title = "`dot_avx512` was never compiled: the compiler refused `-march=native`";
  item.diagnosis.explanation =
      "The build script of `vecmath` compiles the kernel with `-march=native`. A cross compiler refuses that "
      "value, so "
      "there is no object.\n\nThe script carried on after a warning.";
  item.diagnosis.evidence = {
      {"build-script-output", "target/build/vecmath-1/output", 17, "cargo:warning=Skipping AVX-512 kernel"},
      {"log", "build.log", 120, "vecmath.o: in function `dot':\nundefined reference to `dot_avx512'"}};
  item.diagnosis.missing_evidence = {
      {"whether the cross compiler knows `-mavx512bw`", "x86_64-linux-gnu-gcc -mavx512bw -E -x c /dev/null"}};
  fix::Fix fix;
  fix.title = "let a later `-march` replace `native`";
  fix.confidence = Confidence::Certain;
  fix.why = "The last `-march` on the command line wins.";
  fix.price = "none for other code: `x86-64` is the baseline";
  fix.snippets = {
      {"dockerfile", "ENV CFLAGS_x86_64_unknown_linux_gnu=\"-march=x86-64\""},
      {"shell", "export CFLAGS_x86_64_unknown_linux_gnu=\"-march=x86-64\"\ncargo clean -p vecmath"}};
  fix.apply.env = {{"CFLAGS_x86_64_unknown_linux_gnu", "-march=x86-64"}};
  fix.apply.commands = {{"cargo", "clean", "-p", "vecmath"}};
  item.remedy.fixes = {fix};
  fix::Refuted refuted{
      "`-C target-cpu=generic`", "it changes what rustc emits; the C compiler never sees it", {}};
  refuted.apply.rustflags = {"-C", "target-cpu=generic"};
  item.remedy.refuted = {refuted};
  item.located =
      Report::Located{"error", "target/build/vecmath-1/output", "", "", {}, "00112233445566aa", 17};
  using Kind = Report::Graph::Kind;
  item.graph.nodes = {{Kind::Link, "app", {}},
                      {Kind::Input, "libvecmath.rlib", {"vecmath.o"}},
                      {Kind::Function, "vecmath::dot", {}},
                      {Kind::Symbol, "dot_avx512", {}},
                      {Kind::Break, "no definition found", {"kernel-object-not-built"}}};
  item.graph.edges = {{0, 1, "takes"}, {1, 2, "holds"}, {2, 3, "refers to"}, {3, 4, "breaks here", true}};
  report.diagnoses = {item};

  report.context.link_command = "x86_64-linux-gnu-gcc -m64 vecmath.o -o app";
  report.context.log_excerpt = "undefined reference to `dot_avx512'";
  report.context.features = {
      {"avx512bw", "-C target-feature=+avx512bw", "-mavx512bw", "-mavx512bw", {"skylake-avx512", "znver4"}}};
  report.context.matrices = {{"x86-64",
                              {"avx512f", "avx512bw"},
                              {{{"dot_avx512"}, {true, true}}},
                              {{{"x86-64"}, {false, false}}, {{"x86-64-v4"}, {true, true}}},
                              {{{"knl"}, {true, false}}, {{"skx", "znver4"}, {true, true}}}}};
  report.context.choices = {
      {"C compiler", "-march=x86-64", {"avx512bw"}, {"k8", "knl", "skx"}, 3, "Not enough by itself."},
      {"C compiler", "-march=x86-64-v4", {}, {"skx"}, 3, "Has what the code needs."},
      {"C compiler", "-march=native", {}, {}, 0, "Refused."}};
  report.context.speeds = {
      {"dot_avx512", "on one core", {{"plain loop", "1", "1", ""}, {"AVX-512", "10", "10", "80%"}}}};
  report.context.verify_steps = {{"Apply the first fix.", ""},
                                 {"Build again.", "cargo build --target x86_64-unknown-linux-gnu"}};
  return report;
}

}  // namespace linkdx::report
