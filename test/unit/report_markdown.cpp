// The Markdown rendering of one full report.
#include <doctest/doctest.h>

#include "document.hpp"
#include "report_sample.hpp"

using namespace linkdx::report;

TEST_CASE("a text of the catalogue takes running text in the order of its placeholders") {
  const auto shown = [](const Text& text) {
    std::string out;
    for (const Span& span : text) out += span.kind == Span::Kind::Code ? "<" + span.text + ">" : span.text;
    return out;
  };
  CHECK(shown(filled("{} in {}", {code("f"), code("x.o")})) == "<f> in <x.o>");
  CHECK(shown(filled("{1} has {0}.", {code("f"), code("x.o")})) == "<x.o> has <f>.");
  CHECK(shown(filled("no {", {})) == "no ");
}

TEST_CASE("the whole of a full report") {
  CHECK(to_markdown(sample()) ==
        R"ldx(# Link failure: `dot_avx512` was never compiled: the compiler refused `-march=native`

## What happened

The link failed: 1 symbol undefined.

- Target: `x86_64-unknown-linux-gnu`
- Build machine: `aarch64-unknown-linux-gnu`
- Linker: `gnu-ld`
- Log: `build.log`
- Files read: 1 artifact with 3 objects
- Not analysed: 1 input, listed at the end

The log says:

```text
undefined reference to `dot_avx512'
```

The link command:

```text
x86_64-linux-gnu-gcc -m64 vecmath.o -o app
```

## Root cause

**LDX0101: `dot_avx512` was never compiled: the compiler refused `-march=native`.** Cause `kernel-object-not-built`, **certain**: the evidence shows it.

Symbol: `dot_avx512`.

The build script of `vecmath` compiles the kernel with `-march=native`. A cross compiler refuses that value, so there is no object.

The script carried on after a warning.

Who refers to what, and where that ends:

```mermaid
flowchart TD
  n0(["app"])
  n1["libvecmath.rlib<br/>vecmath.o"]
  n2("vecmath::dot")
  n3[["dot_avx512"]]:::symbol
  n4{{"no definition found<br/>kernel-object-not-built"}}:::broken
  n0 -->|"takes"| n1
  n1 -->|"holds"| n2
  n2 -->|"refers to"| n3
  n3 -.-x|"breaks here"| n4
  classDef symbol fill:#fff8c5,stroke:#9a6700,color:#4d2d00
  classDef broken fill:#ffebe9,stroke:#cf222e,color:#82071e
```

Evidence:

- `target/build/vecmath-1/output:17` (build-script-output)

  ```text
  cargo:warning=Skipping AVX-512 kernel
  ```

- `build.log:120` (log)

  ```text
  vecmath.o: in function `dot':
  undefined reference to `dot_avx512'
  ```

Not known: whether the cross compiler knows `-mavx512bw`. This shows it:

```sh
x86_64-linux-gnu-gcc -mavx512bw -E -x c /dev/null
```

## Fixes

### Fix 1: let a later `-march` replace `native`

The last `-march` on the command line wins.

- Effect: resolves the failure (**certain**)
- Price: none for other code: `x86-64` is the baseline
- Verified: no; predicted, not tried

In a Dockerfile:

```dockerfile
ENV CFLAGS_x86_64_unknown_linux_gnu="-march=x86-64"
```

In a shell:

```sh
export CFLAGS_x86_64_unknown_linux_gnu="-march=x86-64"
cargo clean -p vecmath
```

## What will not help

- **`-C target-cpu=generic`**: it changes what rustc emits; the C compiler never sees it

## Technical detail

The missing code needs:

- `avx512bw` on `x86-64` (level `x86-64-v4`), guessed from the name (**likely**)

| Feature | rustc | GCC | clang | CPUs that have it |
|---|---|---|---|---|
| `avx512bw` | `-C target-feature=+avx512bw` | `-mavx512bw` | `-mavx512bw` | skylake-avx512, znver4 |

Which levels and CPUs have what it takes:

| | `avx512f` | `avx512bw` |
|---|:-:|:-:|
| needed by `dot_avx512` | yes | yes |
| level `x86-64` | - | - |
| level `x86-64-v4` | yes | yes |
| CPU `knl` | yes | - |
| CPU `skx`, `znver4` | yes | yes |

What a choice of CPU means here:

| Choice | Lacks of what is needed | Runs on | Here |
|---|---|---|---|
| `-march=x86-64` | `avx512bw` | every CPU of the architecture | Not enough by itself. |
| `-march=x86-64-v4` | nothing | 1 of 3 known names of CPUs, such as skx | Has what the code needs. |
| `-march=native` | what the build machine lacks | CPUs like the build machine's | Refused. |

## Symbols

| Symbol | Status | Definition | Referenced by | Nearest |
|---|---|---|---|---|
| `dot_avx512` | undefined | no file that was read defines it | `libvecmath.rlib(vecmath.o)` in `vecmath::dot` and 2 more | `dot_avx2` in `libdot.a(dot_avx2.o)`: a kernel of the same family |

## How to verify

1. Apply the first fix.

2. Build again.

   ```sh
   cargo build --target x86_64-unknown-linux-gnu
   ```

## What falling back costs

linkdx's reference kernel for `dot_avx512`, measured on one core. It is not the package's own code, and other CPUs differ: `test/bench/kernel` measures on yours.

| Variant | GB/s | Times a plain loop | Of the port limit |
|---|---|---|---|
| plain loop | 1 | 1 | - |
| AVX-512 | 10 | 10 | 80% |

## Before and after

| Diagnosis | Before | After the first fix | Price | Tried |
|---|---|---|---|---|
| LDX0101 | the link fails on 1 symbol | it links (**certain**) | none for other code: `x86-64` is the baseline | no, predicted |

## What was not analysed

- `target/broken.a`: member x.o: truncated symbol table

---

Written by linkdx 0.1.0.
)ldx");
}

TEST_CASE("with several diagnoses every section names whose part it is") {
  Report report = sample();
  report.diagnoses.push_back(report.diagnoses[0]);
  report.diagnoses[1].diagnosis.code = "LDX0102";
  const std::string text = to_markdown(report);
  CHECK(text.find("## Root causes\n\n### LDX0101: ") != std::string::npos);
  CHECK(text.find("\n### LDX0102: ") != std::string::npos);
  CHECK(text.find("\n#### Fix 1: let a later `-march` replace `native`\n") != std::string::npos);
}

TEST_CASE("names with markup stay text") {
  Report report = sample();
  report.symbols[0].name = "a|b`c<script>";
  report.diagnoses[0].diagnosis.title = "<script> # [x](y)";
  const std::string text = to_markdown(report);
  CHECK(text.find("<script>") == std::string::npos);
  CHECK(text.find("| <code>a&#124;b&#96;c&lt;script&gt;</code> |") != std::string::npos);
}
