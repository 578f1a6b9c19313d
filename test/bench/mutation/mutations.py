"""Ways to break a build, each known by what was done and by what an honest report must say of it.

A mutation is a function of a project's copy, its directory and a random generator. It changes the description (make)
or the files (cargo) and returns what it did as a Broken: the causes that name it, and words of which the first
diagnosis must hold one (the file, symbol or library that was touched). Several causes are right where DESIGN.md's
causes overlap: an object that is there and not linked is a `missing-library`, its source never compiled a
`kernel-object-not-built`. None returned: it does not apply to this project.
"""

import os
import subprocess

NOT_BUILT = "kernel-object-not-built"
LIBRARY = "missing-library"
ORDER = "library-order"
ARCH = "wrong-arch-object"
FLAGS = "feature-flag-mismatch-between-units"
NAME = "abi-or-mangling-mismatch"
RUNTIME = "runtime-library-missing"
HIDDEN = "lto-or-visibility"
TWICE = "duplicate-definition"
OTHER = "other"


class Broken:
    def __init__(self, what, causes, words, touched=()):
        self.what, self.causes, self.words = what, set(causes), list(words)
        self.touched = list(touched)  # files to be made again


def defined_by(directory, path):
    """The global names that an object defines, and what linkers print for those of C++."""
    names = []
    for readable in ([], ["-C"]):
        answer = subprocess.run(["nm", "-g", "--defined-only", *readable, str(directory / path)], capture_output=True,
                                text=True, check=False)
        names += [line.split(" ", 2)[2] for line in answer.stdout.splitlines() if line.count(" ") >= 2]
    return list(dict.fromkeys(names))


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def library_units(project):
    """Units that are in archives and that the link needs."""
    return [unit for unit in project.units.values() if project.archive_of(unit.object)]


def object_removed(project, directory, random):
    """The object is left out of its archive and its source no longer compiled."""
    unit = random.choice(library_units(project))
    archive = project.archive_of(unit.object)
    words = [os.path.basename(unit.source), *defined_by(directory, unit.object)]
    project.archives[archive].remove(unit.object)
    del project.units[unit.source]
    os.remove(directory / unit.object)
    return Broken(f"{unit.source} left out of the build", [NOT_BUILT], words, [archive])


def object_not_archived(project, directory, random):
    """The object is compiled, and left out of its archive."""
    unit = random.choice(library_units(project))
    archive = project.archive_of(unit.object)
    words = [os.path.basename(unit.object)]
    project.archives[archive].remove(unit.object)
    return Broken(f"{unit.object} left out of {archive}", [LIBRARY, NOT_BUILT], words, [archive])


def archive_not_linked(project, directory, random):
    archive = random.choice(list(project.archives))
    project.link.remove(archive)
    return Broken(f"{archive} left out of the link", [LIBRARY], [archive], [])


def machine_compilers(project, unit):
    yield "aarch64-linux-gnu-gcc", []
    yield "riscv64-linux-gnu-gcc", []
    if not unit.source.endswith(".S"):
        yield "clang", ["--target=i686-linux-gnu", "-ffreestanding"]


def object_retargeted(project, directory, random):
    """One C unit is compiled by another machine's compiler."""
    units = [unit for unit in project.units.values() if unit.source.endswith(".c") and not unit.flags
             and "math.h" not in (directory / unit.source).read_text() and "cpu_supports" not in (directory / unit.source).read_text()
             and "int128" not in (directory / unit.source).read_text() and unit.source != "main.c"]
    if not units:
        return None
    unit = random.choice(units)
    unit.compiler, flags = random.choice(list(machine_compilers(project, unit)))
    unit.flags += flags
    words = [os.path.basename(unit.object), *([] if not project.archive_of(unit.object) else [project.archive_of(unit.object)])]
    return Broken(f"{unit.source} compiled by {unit.compiler} {' '.join(flags)}", [ARCH], words, [unit.object])


def object_from_elsewhere(project, directory, random):
    """A stale object of another machine lies where make finds it up to date."""
    units = [unit for unit in project.units.values() if unit.source.endswith(".c") and not unit.flags]
    unit = random.choice([unit for unit in units if unit.source.startswith(("kernels", "hash"))])
    compiler = random.choice(["aarch64-linux-gnu-gcc", "arm-linux-gnueabihf-gcc", "riscv64-linux-gnu-gcc"])
    subprocess.run([compiler, "-O2", "-c", unit.source, "-o", unit.object], cwd=directory, check=True)
    words = [os.path.basename(unit.object), *([] if not project.archive_of(unit.object) else [project.archive_of(unit.object)])]
    return Broken(f"{unit.object} is stale, from {compiler}", [ARCH], words, [])


def flag_lost(project, directory, random):
    """A kernel loses the flag that its own #if asks for: its object comes out empty."""
    units = [unit for unit in library_units(project) if any(flag.startswith("-m") for flag in unit.flags)]
    unit = random.choice(units)
    how = random.choice(["removed", "other", "taken back"])
    flag = unit.flags[0]
    if how == "removed":
        unit.flags = []
    elif how == "other":
        unit.flags = ["-mssse3"]
    else:
        unit.flags = [flag, flag.replace("-m", "-mno-", 1)]
    return Broken(f"{unit.source} compiled with {' '.join(unit.flags) or 'no flag'} instead of {flag}", [FLAGS],
                  [os.path.basename(unit.source), os.path.basename(unit.object)], [unit.object])


def archives_reordered(project, directory, random):
    """An archive stands before what needs it: only linkers of GNU's kind mind."""
    if project.linker not in ("gnu-ld", "gold"):
        return None
    if project.name == "c":
        archive = random.choice(["libkernels.a", "libimage.a"])
    else:
        archive = random.choice(["libtext.a", "libcount.a", "libhash.a"])
    project.link.remove(archive)
    project.link.insert(0, archive)
    return Broken(f"{archive} before what needs it", [ORDER], [archive], [])


def symbol_renamed(project, directory, random):
    """The definition gets another name than its callers use, by a macro on its command line."""
    names = {"kernels/sum_row_avx2.c": "sum_row_avx2", "kernels/halve_row.c": "halve_row_portable",
             "image/contrast.c": "contrast", "kernels/sum_row_sse41.c": "sum_row_sse41", "hash/hash_mix.c": "hash_mix",
             "text/split.cpp": "split", "count/spaces_avx2.cpp": "spaces_avx2", "text/normalise.cpp": "normalise"}
    units = [unit for unit in project.units.values() if unit.source in names]
    unit = random.choice(units)
    name = names[unit.source]
    to = random.choice(["{0}_v2", "lib_{0}", "{0}_", "{0}_impl"]).format(name)
    unit.flags = [*unit.flags, f"-D{name}={to}"]
    return Broken(f"{name} renamed {to} in {unit.source}", [NAME, NOT_BUILT], [to, os.path.basename(unit.source)], [unit.object])


def underscore_added(project, directory, random):
    """One unit is compiled with a leading underscore before every name."""
    units = [unit for unit in library_units(project) if unit.source.endswith(".c")]
    unit = random.choice(units)
    unit.flags = [*unit.flags, "-fleading-underscore"]
    words = ["_" + name for name in defined_by(directory, unit.object)]
    return Broken(f"{unit.source} compiled with -fleading-underscore", [NAME], words, [unit.object])


def compiled_as_cxx(project, directory, random):
    """A C unit is compiled as C++: its names are mangled."""
    if project.name != "c":
        return None
    unit = random.choice([unit for unit in library_units(project) if unit.source.endswith(".c") and "crc" not in unit.source])
    if unit.source in ("image/fingerprint.c", "image/choose.c"):
        return None  # they call C functions too: two faults
    unit.flags = [*unit.flags, "-x", "c++"]
    words = [name for name in defined_by(directory, unit.object)]
    return Broken(f"{unit.source} compiled as C++", [NAME], words, [unit.object])


def linkage_lost(project, directory, random):
    """The C header loses extern "C": C++ callers ask for mangled names."""
    if project.name != "cxx":
        return None
    header = directory / "hash/hash.h"
    text = header.read_text()
    header.write_text(text.replace("__cplusplus", "HASH_FOR_CPLUSPLUS"))
    return Broken("hash.h without extern \"C\"", [NAME], ["hash_bytes"], ["main.o"])


def string_abi_changed(project, directory, random):
    if project.name != "cxx":
        return None
    unit = random.choice([unit for unit in library_units(project) if unit.source in ("text/normalise.cpp", "text/split.cpp")])
    unit.flags = [*unit.flags, "-D_GLIBCXX_USE_CXX11_ABI=0"]
    return Broken(f"{unit.source} compiled with the old std::string", [NAME], [stem(unit.source)], [unit.object])


def made_static(project, directory, random):
    """A definition becomes local to its file."""
    rows = {"kernels/halve_row.c": "void halve_row_portable", "image/contrast.c": "double contrast",
            "hash/hash_mix.c": "unsigned hash_mix", "count/spaces_portable.cpp": "std::size_t spaces_portable",
            "kernels/sum_row_portable.c": "uint32_t sum_row_portable"}
    unit = random.choice([unit for unit in library_units(project) if unit.source in rows])
    source = directory / unit.source
    text = source.read_text()
    if unit.source.endswith(".c"):
        text = "\n".join(line for line in text.split("\n") if not line.startswith(('#include "kernels.h"', '#include "image.h"', '#include "hash.h"')))
        text = "#include <stddef.h>\n#include <stdint.h>\n" + text
    else:
        text = text.replace('#include "count.hpp"', "#include <cstddef>")
    source.write_text(text.replace(rows[unit.source], "__attribute__((used)) static " + rows[unit.source]))
    name = rows[unit.source].split()[-1]
    return Broken(f"{name} made static in {unit.source}", [HIDDEN], [name], [unit.object])


def made_hidden(project, directory, random):
    """The functions of a shared library are hidden."""
    if not project.shared:
        return None
    unit = random.choice([unit for unit in project.units.values() if unit.source.startswith("report/")])
    unit.flags = [*unit.flags, "-fvisibility=hidden"]
    library = "libunits.so" if "units" in unit.source else "libreport.so"
    return Broken(f"{unit.source} compiled with -fvisibility=hidden", [HIDDEN], [*defined_by(directory, unit.object)],
                  [unit.object, library])


def defined_twice(project, directory, random):
    """A unit's source is copied and linked as an object of its own, too."""
    unit = random.choice([unit for unit in library_units(project)
                          if unit.source not in ("count/spaces_avx512bw.cpp", "kernels/sum_row_avx512bw.c")])
    ending = os.path.splitext(unit.source)[1]
    copied = os.path.splitext(unit.source)[0] + "_copy" + ending
    (directory / copied).write_bytes((directory / unit.source).read_bytes())
    made = type(unit)(copied, unit.flags)
    project.units[copied] = made
    project.link.insert(0, made.object)
    project.link.insert(0, unit.object)
    return Broken(f"{copied} linked beside {unit.source}", [TWICE], defined_by(directory, unit.object), [])


def library_dropped(project, directory, random):
    if project.name != "c":
        return None
    word = random.choice(["-lm", "-lreport", "-lunits"])
    project.link.remove(word)
    words = {"-lm": ["libm", "-lm"], "-lreport": ["libreport"], "-lunits": ["libunits"]}[word]
    return Broken(f"{word} left out of the link", [LIBRARY], words, [])


def library_misspelt(project, directory, random):
    """A library of the link line does not exist, or lies in a directory that is not searched."""
    if project.name == "c" and random.random() < 0.5:
        os.makedirs(directory / "out")
        os.rename(directory / "libunits.so", directory / "out" / "libunits.so")
        words = ["units"]
        project.shared["out/libunits.so"] = project.shared.pop("libunits.so")
        project.shared["libreport.so"] = ["report/report.o", "-Lout", "-lunits"]
        return Broken("libunits.so moved to out/", [LIBRARY], words, [])
    name = random.choice(["jpegturbo9", "kernels_simd", "fastmath2"])
    project.link.append("-l" + name)
    return Broken(f"-l{name} does not exist", [LIBRARY], [name], [])


def driver_is_c(project, directory, random):
    if project.name != "cxx":
        return None
    project.driver = "$(CC)"
    return Broken("C++ linked with the C driver", [LIBRARY], ["stdc++"], [])


def defaults_left_out(project, directory, random):
    """Without the driver's libraries the helpers of libgcc are missing."""
    if project.name != "c":
        return None
    project.link_flags.append("-nodefaultlibs")
    project.link.append("-lc")
    return Broken("-nodefaultlibs", [RUNTIME], ["libgcc", "-lgcc"], [])


def made_for_lto(project, directory, random):
    """One unit is left as intermediate code that this linker does not read."""
    candidates = [unit for unit in library_units(project) if unit.source.endswith((".c", ".cpp")) and not unit.flags]
    unit = random.choice(candidates)
    if project.linker == "lld":
        unit.flags = ["-flto", "-fno-fat-lto-objects"]
    elif project.linker == "gnu-ld":
        if unit.source.endswith(".cpp"):
            return None
        unit.compiler, unit.flags = "clang", ["-flto"]
    else:
        return None
    words = [os.path.basename(unit.object), *defined_by(directory, unit.object)]
    return Broken(f"{unit.source} compiled by {unit.compiler} {' '.join(unit.flags)}", [HIDDEN], words, [unit.object])


def not_position_independent(project, directory, random):
    if project.name != "c":
        return None
    source = directory / "report/units.c"
    source.write_text('#include "units.h"\n\nstatic long divisors[] = {16, 32};\nlong *chosen = divisors;\n\n'
                      "long units_of_light(long sum) { return sum / *chosen; }\n")
    unit = project.units["report/units.c"]
    unit.flags = ["-fno-pic"]
    return Broken("report/units.c compiled with -fno-pic", [OTHER], ["units.o"], [unit.object])


def object_damaged(project, directory, random):
    """An object is cut off, or empty."""
    unit = random.choice(library_units(project))
    path = directory / unit.object
    how = random.choice(["empty", "cut off"])
    content = path.read_bytes()
    path.write_bytes(b"" if how == "empty" else content[:len(content) // 2])
    archive = project.archive_of(unit.object)
    index = project.link.index(archive)
    project.link[index:index] = project.archives[archive]
    project.link.remove(archive)
    return Broken(f"{unit.object} is {how}", [OTHER], [os.path.basename(unit.object)], [])


def arguments_changed(project, directory, random):
    """A C++ function's definition takes another type than its callers declare."""
    if project.name != "cxx":
        return None
    unit = project.units["text/split.cpp"]
    source = directory / unit.source
    source.write_text(source.read_text().replace('#include "text.hpp"', "#include <string>\n#include <vector>")
                      .replace("char separator", "int separator"))
    return Broken("text/split.cpp takes an int", [NAME], ["split"], [unit.object])


def key_function_missing(project, directory, random):
    """The file with a class's first virtual function is left out: its vtable is missing."""
    if project.name != "cxx":
        return None
    unit = project.units["text/long_words.cpp"]
    source = directory / unit.source
    source.write_text('#include "text.hpp"\n')
    return Broken("LongWords::add is not defined", [OTHER], ["LongWords"], [unit.object])


MAKE = [object_removed, object_not_archived, archive_not_linked, object_retargeted, object_from_elsewhere, flag_lost,
        archives_reordered, symbol_renamed, underscore_added, compiled_as_cxx, linkage_lost, string_abi_changed,
        made_static, made_hidden, defined_twice, library_dropped, library_misspelt, driver_is_c, defaults_left_out,
        made_for_lto, not_position_independent, object_damaged, arguments_changed, key_function_missing]


# cargo: files are edited.

def replaced(directory, path, old, new):
    file = directory / path
    text = file.read_text()
    if old not in text:
        raise ValueError(f"{path} does not hold {old!r}")
    file.write_text(text.replace(old, new))


KERNELS = [("sum_avx2", "rows_avx2", "-mavx2"), ("sum_avx512bw", "rows_avx512bw", "-mavx512bw")]


def compile_line(kernel, library, flag):
    return f'cc::Build::new().file("kernels/{kernel}.c").flag("{flag}").compile("{library}");'


def cargo_kernel_left_out(project, directory, random):
    kernel = random.choice(KERNELS)
    replaced(directory, "rows/build.rs", compile_line(*kernel), "")
    return Broken(f"build.rs no longer compiles {kernel[0]}.c", [NOT_BUILT], [f"rows_{kernel[0]}", kernel[0] + ".c"])


def cargo_source_left_out(project, directory, random):
    source = random.choice(["sum_portable", "squares"])
    replaced(directory, "rows/build.rs", f'.file("kernels/{source}.c")', "")
    return Broken(f"build.rs no longer compiles {source}.c", [NOT_BUILT], [f"rows_{source}", source + ".c"])


def cargo_compile_skipped(project, directory, random):
    """The compile fails, and the script only warns."""
    kernel = random.choice(KERNELS)
    wrong = random.choice(["-march=nativ", "-march=x86-64-v9", "-mavx512bwx", "-mavx4", "-mtune=zen99"])
    replaced(directory, "rows/build.rs", compile_line(*kernel),
             f'if let Err(error) = cc::Build::new().file("kernels/{kernel[0]}.c").flag("{kernel[2]}").flag("{wrong}")'
             f'.try_compile("{kernel[1]}") {{ println!("cargo:warning=skipping {kernel[0]}: {{error}}"); }}')
    return Broken(f"build.rs compiles {kernel[0]}.c with {wrong} and goes on",
                  [NOT_BUILT, "assembler-or-compiler-too-old"], [kernel[0]])


def cargo_flag_lost(project, directory, random):
    kernel = random.choice(KERNELS)
    other = random.choice(["", '.flag("-mssse3")', '.flag("-O1")'])
    replaced(directory, "rows/build.rs", f'.flag("{kernel[2]}")', other)
    return Broken(f"build.rs compiles {kernel[0]}.c with {other or 'no flag'}", [FLAGS], [kernel[0] + ".c", f"rows_{kernel[0]}"])


def cargo_machine(project, directory, random):
    kernel = random.choice(["sum_portable", "squares"])
    compiler = random.choice(["aarch64-linux-gnu-gcc", "riscv64-linux-gnu-gcc", "arm-linux-gnueabihf-gcc"])
    replaced(directory, "rows/build.rs", f'.file("kernels/{kernel}.c")', "")
    replaced(directory, "rows/build.rs", "    cc::Build::new().file(\"kernels/sum_avx2.c\")",
             f'    cc::Build::new().file("kernels/{kernel}.c").compiler("{compiler}").no_default_flags(true)'
             f'.flag("-O2").archiver("ar").compile("rows_{kernel}_other");\n'
             "    cc::Build::new().file(\"kernels/sum_avx2.c\")")
    return Broken(f"build.rs compiles {kernel}.c with {compiler}", [ARCH], [f"rows_{kernel}", f"{kernel}.o"])


def cargo_not_linked(project, directory, random):
    kernel = random.choice(KERNELS)
    line = compile_line(*kernel)
    replaced(directory, "rows/build.rs", line, line.replace("new()", "new().cargo_metadata(false)"))
    return Broken(f"build.rs does not link lib{kernel[1]}.a", [LIBRARY], [kernel[1]])


def cargo_order(project, directory, random):
    """The library with the portable kernel before those that call it: its second mention is taken away."""
    if project.linker != "gnu-ld":
        return None
    replaced(directory, "rows/build.rs", '    cc::Build::new().file("kernels/sum_portable.c").file("kernels/squares.c").compile("rows_portable");\n', "")
    replaced(directory, "rows/build.rs", '    println!("cargo:rerun-if-changed=kernels");\n',
             '    println!("cargo:rerun-if-changed=kernels");\n'
             '    cc::Build::new().file("kernels/sum_portable.c").compile("rows_portable");\n'
             '    cc::Build::new().file("kernels/squares.c").compile("rows_squares");\n')
    replaced(directory, "rows/src/lib.rs", "            rows_sum_portable(row.as_ptr(), row.len())", "            0")
    return Broken("librows_portable.a before the kernels that call it", [ORDER], ["rows_portable"])


def cargo_renamed(project, directory, random):
    kernel = random.choice(KERNELS)
    to = random.choice(["rows_{0}_v2", "{0}", "rows2_{0}"]).format(kernel[0])
    replaced(directory, f"rows/kernels/{kernel[0]}.c", f"uint32_t rows_{kernel[0]}", f"uint32_t {to}")
    return Broken(f"rows_{kernel[0]} is called {to} in C", [NAME, NOT_BUILT], [to])


def cargo_made_static(project, directory, random):
    replaced(directory, "rows/kernels/squares.c", '#include "rows.h"', "#include <stddef.h>\n#include <stdint.h>")
    replaced(directory, "rows/kernels/squares.c", "uint64_t rows_squares", "__attribute__((used)) static uint64_t rows_squares")
    return Broken("rows_squares made static", [HIDDEN], ["rows_squares"])


def cargo_mangled(project, directory, random):
    how = random.choice(["attribute", "cxx"])
    if how == "attribute":
        replaced(directory, "gain/src/lib.rs", "#[no_mangle]\n", "")
        return Broken("gain_percent without #[no_mangle]", [NAME], ["gain_percent"])
    replaced(directory, "rows/build.rs", '.file("kernels/squares.c")', "")
    replaced(directory, "rows/build.rs", "    cc::Build::new().file(\"kernels/sum_avx2.c\")",
             "    cc::Build::new().file(\"kernels/squares.c\").flag(\"-xc++\").flag(\"-fno-exceptions\").compile(\"rows_squares\");\n"
             "    cc::Build::new().file(\"kernels/sum_avx2.c\")")
    return Broken("squares.c compiled as C++", [NAME], ["rows_squares"])


def cargo_twice(project, directory, random):
    replaced(directory, "rows/src/lib.rs", "pub fn sum(row", "#[no_mangle]\npub extern \"C\" fn gain_percent(sample: i32, percent: i32) -> i32 {\n"
             "    sample + percent\n}\n\npub fn sum(row")
    return Broken("gain_percent exported by two crates", [TWICE], ["gain_percent"])


def cargo_not_found(project, directory, random):
    name = random.choice(["turborows", "rows_simd2", "fastmath2"])
    replaced(directory, "rows/build.rs", "fn main() {\n", f'fn main() {{\n    println!("cargo:rustc-link-lib={name}");\n')
    return Broken(f"build.rs links -l{name}, which does not exist", [LIBRARY], [name])


def cargo_crate_not_linked(project, directory, random):
    """Without `extern crate` nothing of the crate is used, and its exported functions are not linked."""
    replaced(directory, "app/src/main.rs", "extern crate gain;\n\n", "")
    return Broken("the crate gain is not used in Rust", [LIBRARY, OTHER], ["gain"])


CARGO = [cargo_kernel_left_out, cargo_source_left_out, cargo_compile_skipped, cargo_flag_lost, cargo_machine,
         cargo_not_linked, cargo_order, cargo_renamed, cargo_made_static, cargo_mangled, cargo_twice, cargo_not_found,
         cargo_crate_not_linked]
