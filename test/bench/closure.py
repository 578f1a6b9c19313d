#!/usr/bin/env python3
"""Compares the symbol closure with what linkers and nm need on the same archives, in one run.

  test/bench/closure.py CLOSURE_PROGRAM [ARCHIVE...]

CLOSURE_PROGRAM is test/bench/closure.cpp, built. Without archives: those of the newest LLVM in /usr/lib.
Each program runs in turn, several rounds, and its best time counts, so that what else the machine does
falls on all alike. Prints ratios to ld.lld, which reports one undefined symbol under --whole-archive.
"""
import glob
import os
import shutil
import subprocess
import sys
import time

ROUNDS = 7


def measure(command):
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def first_tool(*names):
    return next((path for path in map(shutil.which, names) if path), None)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    archives = sys.argv[2:]
    if not archives:
        trees = sorted(glob.glob("/usr/lib/llvm-*/lib"), key=lambda path: int(path.split("-")[1].split("/")[0]))
        archives = next((found for found in (sorted(glob.glob(tree + "/*.a")) for tree in reversed(trees)) if found), [])
    if not archives:
        sys.exit("no archives to measure on")
    print(f"{len(archives)} archives, {sum(map(os.path.getsize, archives)) / 1e6:.0f} MB, {os.cpu_count()} cores, best of {ROUNDS}")
    lld = first_tool("ld.lld-19", "ld.lld")
    if not lld:
        sys.exit("ld.lld is not installed")
    programs = {"ld.lld": [lld, "--whole-archive", "--error-limit=1", "-o", "/dev/null", *archives],
                "linkdx, 2 threads": [sys.argv[1], "2", *archives],
                "linkdx, 1 thread": [sys.argv[1], "1", *archives]}
    for name, tool in (("nm", first_tool("nm")), ("llvm-nm", first_tool("llvm-nm-19", "llvm-nm"))):
        if tool:
            programs[name] = [tool, "-u", *archives]
    best = {}
    for round_number in range(ROUNDS):
        for name, command in programs.items():
            if "nm" in name and round_number > 0:
                continue   # slow, and only for comparison
            found = measure(command)
            best[name] = tuple(map(min, best.get(name, found), found))
    base = best["ld.lld"]
    print(f"{'':20}{'time':>8}{'ratio':>8}{'cpu':>8}{'ratio':>8}{'memory':>10}{'ratio':>8}")
    for name, (wall, cpu, memory) in best.items():
        print(f"{name:20}{wall:7.3f}s{wall / base[0]:8.3f}{cpu:7.3f}s{cpu / base[1]:8.3f}{memory:8.0f}MB{memory / base[2]:8.3f}")


if __name__ == "__main__":
    main()
