"""The three projects that are broken on purpose: what they are made of, and how they are built.

Two are built by make, from a Makefile that is written from a description (so that a mutation changes the
description and make does the rest); the third is built by cargo. Their sources are in testdata/mutation. Each is
built once; a mutation then works on a copy at the same path, as a build that worked yesterday and fails today.
"""

import copy
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCES = ROOT / "testdata" / "mutation"
LINKERS = {"gnu-ld": "bfd", "gold": "gold", "lld": "lld", "mold": "mold"}
BUILD_SECONDS = 300


class Unit:
    """One source file: how it is compiled and to what."""

    def __init__(self, source, flags=()):
        self.source = source
        self.object = os.path.splitext(source)[0] + ".o"
        self.flags = list(flags)
        self.compiler = "$(CXX)" if source.endswith(".cpp") else "$(CC)"
        self.after = ""  # a command on the object, once it is made

    def rule(self):
        standard = " $(CXXFLAGS)" if self.source.endswith(".cpp") else " $(CFLAGS)"
        if self.source.endswith(".S"):
            standard = ""
        command = f"{self.compiler}{standard} {' '.join(self.flags)} -c {self.source} -o {self.object}"
        text = f"{self.object}: {self.source}\n\t{' '.join(command.split())}\n"
        return text + (f"\t{self.after}\n" if self.after else "")


class MakeProject:
    """Units, archives (name: objects), shared libraries (name: objects and words) and the words of the link."""

    def __init__(self, name, program, driver, units, archives, shared, link):
        self.name, self.program, self.driver = name, program, driver
        self.units = {unit.source: unit for unit in units}
        self.archives, self.shared, self.link = archives, shared, link
        self.link_flags = []
        self.linker = "gnu-ld"
        self.optimise = "-O2"
        self.inputs = ["."]

    def copy(self):
        return copy.deepcopy(self)

    def unit_of(self, object_name):
        return next(unit for unit in self.units.values() if unit.object == object_name)

    def archive_of(self, object_name):
        return next((name for name, objects in self.archives.items() if object_name in objects), None)

    def makefile(self):
        lines = ["CC = gcc", "CXX = g++", "AR = ar", f"CFLAGS = {self.optimise} -Wall",
                 f"CXXFLAGS = {self.optimise} -Wall -std=c++17", f"LDFLAGS = -fuse-ld={LINKERS[self.linker]}", ""]
        words = [word for word in self.link if not word.startswith("-")]
        made = [word for word in [*words, *self.shared]]
        lines.append(f"{self.program}: {' '.join(dict.fromkeys(made))}")
        lines.append(f"\t{self.driver} $(LDFLAGS) {' '.join([*self.link_flags, '-o', self.program, *self.link])}\n")
        for name, objects in self.archives.items():
            lines.append(f"{name}: {' '.join(objects)}\n\trm -f $@\n\t$(AR) rcs $@ $^\n")
        for name, words in self.shared.items():
            objects = [word for word in words if word.endswith((".o", ".so"))]
            lines.append(f"{name}: {' '.join(objects)}\n\t$(CC) $(LDFLAGS) -shared -o $@ {' '.join(words)}\n")
        lines.extend(unit.rule() for unit in self.units.values())
        return "\n".join(lines)

    def build(self, directory, remake=False):
        (directory / "Makefile").write_text(self.makefile(), encoding="utf-8")
        return run(["make", "-B"] if remake else ["make"], directory)


class CargoProject:
    """A cargo workspace; a mutation edits its files."""

    def __init__(self, crates):
        self.name, self.program, self.crates = "rust", "target/debug/app", crates
        self.linker = "gnu-ld"
        self.inputs = ["target", "app", "rows", "gain"]

    def copy(self):
        return copy.deepcopy(self)

    def build(self, directory, remake=False):
        os.makedirs(directory / "vendor", exist_ok=True)
        link = directory / "vendor" / "cc-1.0.73"
        if not link.exists():
            link.symlink_to(os.path.join(self.crates, "cc-1.0.73"))
        flags = f'build.rustflags=["-Clink-arg=-fuse-ld={LINKERS[self.linker]}"]'
        return run(["cargo", "build", "--offline", "--config", flags], directory)


def run(argv, directory, seconds=BUILD_SECONDS):
    env = {key: value for key, value in os.environ.items()
           if key not in ("CC", "CXX", "CFLAGS", "CXXFLAGS", "LDFLAGS", "RUSTFLAGS", "MAKEFLAGS", "MAKELEVEL",
                          "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET", "RUSTC_WRAPPER", "LANGUAGE")}
    env.update({"LC_ALL": "C.UTF-8", "CARGO_TERM_COLOR": "never"})
    done = subprocess.run(argv, cwd=directory, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=seconds, check=False)
    return done.returncode, done.stdout.decode("utf-8", "surrogateescape")


def c_project():
    units = [Unit("main.c"), Unit("image/choose.c"), Unit("image/contrast.c"), Unit("image/products.c"),
             Unit("image/fingerprint.c"), Unit("kernels/sum_row_portable.c"), Unit("kernels/sum_row_sse41.c", ["-msse4.1"]),
             Unit("kernels/sum_row_avx2.c", ["-mavx2"]), Unit("kernels/sum_row_avx512bw.c", ["-mavx512bw"]),
             Unit("kernels/halve_row.c"), Unit("kernels/halve_row_avx2.c", ["-mavx2"]), Unit("kernels/crc_step.S"),
             Unit("report/units.c", ["-fPIC"]), Unit("report/report.c", ["-fPIC"])]
    archives = {"libimage.a": [unit.object for unit in units if unit.source.startswith("image/")],
                "libkernels.a": [unit.object for unit in units if unit.source.startswith("kernels/")]}
    shared = {"libunits.so": ["report/units.o"], "libreport.so": ["report/report.o", "-L.", "-lunits"]}
    link = ["main.o", "libimage.a", "libkernels.a", "-L.", "-lreport", "-lunits", "-lm"]
    return MakeProject("c", "pixels", "$(CC)", units, archives, shared, link)


def cxx_project():
    units = [Unit("main.cpp"), Unit("text/normalise.cpp"), Unit("text/split.cpp"), Unit("text/counter.cpp"),
             Unit("text/long_words.cpp"), Unit("count/spaces.cpp"), Unit("count/spaces_portable.cpp"),
             Unit("count/spaces_avx2.cpp", ["-mavx2"]), Unit("count/spaces_avx512bw.cpp", ["-mavx512bw"]),
             Unit("hash/hash.c"), Unit("hash/hash_mix.c")]
    archives = {"libtext.a": [unit.object for unit in units if unit.source.startswith("text/")],
                "libcount.a": [unit.object for unit in units if unit.source.startswith("count/")],
                "libhash.a": [unit.object for unit in units if unit.source.startswith("hash/")]}
    return MakeProject("cxx", "words", "$(CXX)", units, archives, {},
                       ["main.o", "libtext.a", "libcount.a", "libhash.a"])


def prepare(project, directory, linkers):
    """Lays the sources out and builds them; the build must pass and the program run."""
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(SOURCES / project.name, directory)
    status, log = project.build(directory)
    if status != 0:
        raise SystemExit(f"the good build of {project.name} failed:\n{log}")
    # cargo keeps what each set of flags made: all configurations that will be built lie in the target directory.
    if project.name == "rust":
        for linker in linkers:
            other = project.copy()
            other.linker = linker
            status, log = other.build(directory)
            if status != 0:
                raise SystemExit(f"the good build of rust with {linker} failed:\n{log}")
    env = {**os.environ, "LD_LIBRARY_PATH": str(directory)}
    done = subprocess.run([str(directory / project.program)], capture_output=True, text=True, env=env, check=False)
    if done.returncode != 0:
        raise SystemExit(f"the good build of {project.name} does not run: status {done.returncode}\n{done.stderr}")
