"""Scenarios: small projects whose link really fails, kept in testdata/scenarios/NAME.

A scenario is a directory of sources and a scenario.json that says how it is built, how it fails, what
the right diagnosis is and what the mended program prints. This module reads them, finds out whether the
tools they need are here, and builds them. Both `run` (which tests linkdx on them) and
scripts/record-testdata (which records what a failed build leaves behind) stand on it.

Fields of scenario.json:
  what        one or two sentences for the reader
  based_on    another scenario whose sources are copied first; this one's own are laid over them
  languages   list; linker: the word of the JSON report (`gnu-ld`, `gold`, `lld`, `mold`)
  needs       tools: a program's name, `host:ARCH`, `cpu:FLAG` of /proc/cpuinfo, `crate:NAME-VERSION`,
              `file:GLOB`
  hides       programs that the build must not find until a fix installs their package
  env         environment of the build, beside the caller's
  build       argv of the build, run in a fresh copy
  fails_with  text that the failed build prints
  inputs      what linkdx is given beside the log
  expect      {cause, confidence (at least), symbols, manual (no machine can fix it)}
  known_fix   a fix that works, in the form of `apply`: proves the scenario itself
  known_refuted  [{advice, apply}] that change nothing, known likewise
  run, output the program's argv and what it prints when all is well
  also_fixed_by  [{title, runs}] fixes of the report, by their title, that mend the build as well; `runs` are
              further argvs that then print `output`
"""

import glob
import json
import os
import pathlib
import platform
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "testdata" / "scenarios"

# What would change a build's behaviour or words, and is no part of a scenario.
NOT_INHERITED = ("CC", "CXX", "AR", "LD", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "LDLIBS", "RUSTFLAGS",
                 "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET", "RUSTC_WRAPPER",
                 "CARGO_INCREMENTAL", "RUST_BACKTRACE", "CARGO_ENCODED_RUSTFLAGS", "CMAKE_GENERATOR", "LANGUAGE",
                 "CMAKE_C_COMPILER_LAUNCHER", "CMAKE_CXX_COMPILER_LAUNCHER")
BUILD_SECONDS = 300


class Scenario:
    def __init__(self, directory):
        self.directory = directory
        self.name = directory.name
        with open(directory / "scenario.json", encoding="utf-8") as file:
            self.data = json.load(file)
        self.base = None
        if "based_on" in self.data:
            self.base = Scenario(directory.parent / self.data["based_on"])
            self.data = {**self.base.data, **self.data}

    def __getitem__(self, key):
        return self.data[key]

    def get(self, key, default=None):
        return self.data.get(key, default)


def all_scenarios(names=()):
    found = {path.parent.name: path.parent for path in sorted(SOURCES.glob("*/scenario.json"))}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise SystemExit(f"no such scenario: {', '.join(unknown)}")
    return [Scenario(found[name]) for name in (names or found)]


def crates_directory():
    """Where crate sources are: what get-crates brought, or what Debian's packages install."""
    fetched = ROOT / ".build" / "crates"
    return os.environ.get("CRATES") or (str(fetched) if fetched.is_dir() else "/usr/share/cargo/registry")


def is_there(need):
    kind, colon, value = need.partition(":")
    if not colon:
        return shutil.which(need) is not None
    if kind == "host":
        return platform.machine() == value
    if kind == "cpu":
        try:
            words = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
        except OSError:
            return False
        return value in words
    if kind == "crate":
        return os.path.isdir(os.path.join(crates_directory(), value))
    if kind == "file":
        return bool(glob.glob(value))
    raise SystemExit(f"unknown kind of need: {need}")


def missing(scenario):
    return [need for need in scenario["needs"] if not is_there(need)]


def prepare(scenario, directory):
    """Lays the scenario's sources out in `directory`, which must not exist."""
    if scenario.base:
        prepare(scenario.base, directory)
    shutil.copytree(scenario.directory, directory, symlinks=True, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("scenario.json"))


def path_without(hidden, directory):
    """A PATH of one directory that holds links to all programs but the hidden ones."""
    if os.path.isdir(directory):
        return directory
    os.makedirs(directory)
    for entry in os.environ["PATH"].split(os.pathsep):
        if not os.path.isdir(entry):
            continue
        for name in os.listdir(entry):
            link = os.path.join(directory, name)
            if name not in hidden and not os.path.lexists(link):
                os.symlink(os.path.join(os.path.abspath(entry), name), link)
    return directory


def environment(scenario, scratch, installed=()):
    """The environment of a build. `scratch` is a directory beside the build's own. Hidden programs that
    belong to one of the `installed` packages are there after all."""
    env = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    env.update({"LC_ALL": "C.UTF-8", "CARGO_TERM_COLOR": "never", "TERM": "dumb", "CRATES": crates_directory(),
                "CMAKE_BUILD_PARALLEL_LEVEL": "1",  # the order of what a build prints is then the same each time
                "TMPDIR": os.path.join(scratch, "temporary")})
    os.makedirs(env["TMPDIR"], exist_ok=True)
    hidden = {name for name in scenario.get("hides", ()) if package_of(name) not in installed}
    if hidden:
        env["PATH"] = path_without(hidden, os.path.join(scratch, "-".join(["path-without", *sorted(hidden)])))
    env.update(scenario.get("env", {}))
    return env


def package_of(program):
    """The Debian package that a program came from, or None."""
    path = shutil.which(program)
    if not path:
        return None
    for candidate in (path, os.path.realpath(path)):
        answer = subprocess.run(["dpkg", "-S", candidate], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return answer.stdout.split(":")[0]
    return None


def run(argv, directory, env, seconds=BUILD_SECONDS):
    """(exit status, standard output and error as one text)."""
    try:
        done = subprocess.run(argv, cwd=directory, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=seconds, check=False)
    except FileNotFoundError as error:
        return 127, f"{error}\n"
    except subprocess.TimeoutExpired:
        return 124, f"{argv[0]}: no end after {seconds} s\n"
    return done.returncode, done.stdout.decode("utf-8", "surrogateescape")
