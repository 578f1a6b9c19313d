#!/usr/bin/env python3
"""Compares `linkdx check` with the link that it stands before, in one run.

  test/bench/check.py LINKDX [DIRECTORY]

The objects are the members of LLVM's own archives, which are unpacked into DIRECTORY (default: a temporary one); the link
makes a shared library of them all. Both commands run in turn, several rounds, and the best time counts, so that what else
the machine does falls on both alike. Prints ratios to ld.lld: time by the clock, processor time, peak memory.
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROUNDS = 9


def measure(command, directory):
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    if status != 0:
        sys.exit(f"{' '.join(command)}: ended with {status}")
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def unpack(directory):
    trees = sorted(glob.glob("/usr/lib/llvm-*/lib"), key=lambda path: int(path.split("-")[1].split("/")[0]))
    archives = next((found for found in (sorted(glob.glob(tree + "/libLLVM*.a")) for tree in reversed(trees)) if found), [])
    if not archives:
        sys.exit("no archives to measure on")
    for archive in archives:
        into = os.path.join(directory, os.path.basename(archive)[:-2])
        os.makedirs(into, exist_ok=True)
        subprocess.run([shutil.which("llvm-ar-19") or "ar", "x", archive], cwd=into, check=True)
    return sorted(os.path.relpath(path, directory) for path in glob.glob(directory + "/*/*.o"))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    lld = shutil.which("ld.lld-19") or shutil.which("ld.lld")
    if not lld:
        sys.exit("ld.lld is not installed")
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as directory:
        objects = unpack(directory)
        with open(os.path.join(directory, "objects.rsp"), "w", encoding="utf-8") as file:
            file.write("\n".join(objects) + "\n")
        size = sum(os.path.getsize(os.path.join(directory, path)) for path in objects)
        print(f"{len(objects)} objects, {size / 1e6:.0f} MB, {os.cpu_count()} cores, best of {ROUNDS}")
        link = [lld, "-shared", "-o", "all.so", "@objects.rsp"]
        programs = {"ld.lld": link, "linkdx check": [os.path.abspath(sys.argv[1]), "check", "--", *link]}
        best = {}
        for _ in range(ROUNDS):
            for name, command in programs.items():
                found = measure(command, directory)
                best[name] = tuple(map(min, best.get(name, found), found))
    base = best["ld.lld"]
    print(f"{'':20}{'time':>8}{'ratio':>8}{'cpu':>8}{'ratio':>8}{'memory':>10}{'ratio':>8}")
    for name, (wall, cpu, memory) in best.items():
        print(f"{name:20}{wall:7.3f}s{wall / base[0]:8.3f}{cpu:7.3f}s{cpu / base[1]:8.3f}{memory:8.0f}MB{memory / base[2]:8.3f}")


if __name__ == "__main__":
    main()
