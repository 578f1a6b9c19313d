#!/usr/bin/env python3
"""Measures the reading of logs by the whole program.

    test/bench/log.py LINKDX [--size MEGABYTES] [--directory DIR] LOG...

Makes a log of the size (default 1000 MB) by repeating the given logs (text, or *.json with a member `log`), and
prints the time of LINKDX on it as a file and as a pipe, beside `wc -l` and `grep -c undefined` on the same file, each
the best of three. Then the time of LINKDX on each log alone.
"""
import argparse
import json
import os
import subprocess
import tempfile
import time


def text_of(path):
    with open(path, "rb") as file:
        data = file.read()
    return json.loads(data)["log"].encode() if path.endswith(".json") else data


def timed(command, shell=False):
    """Wall and processor seconds, and the peak of memory in MB, of the best of three runs."""
    best = None
    for _ in range(3):
        # A file, for grep stops at the first match when its output is /dev/null.
        with tempfile.TemporaryFile() as output:
            begin = time.perf_counter()
            process = subprocess.Popen(command, shell=shell, stdout=output, stderr=subprocess.DEVNULL)
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
            wall = time.perf_counter() - begin
        if best is None or wall < best[0]:
            best = (wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("linkdx")
    parser.add_argument("logs", nargs="+")
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--directory", help="where the log is made (default: that of temporary files)")
    options = parser.parse_args()

    texts = [text_of(path) for path in options.logs]
    block = b"\n".join(texts) + b"\n"
    with tempfile.NamedTemporaryFile(suffix=".log", dir=options.directory) as big:
        size = 0
        while size < options.size * 1000000:
            big.write(block)
            size += len(block)
        big.flush()
        print("%d MB: %d logs, %d bytes, repeated %d times" % (size // 1000000, len(texts), len(block), size // len(block)))
        for name, command, shell in (
            ("wc -l", ["wc", "-l", big.name], False),
            ("grep -c undefined", ["grep", "-c", "undefined", big.name], False),
            ("linkdx FILE", [options.linkdx, big.name], False),
            ("cat FILE | linkdx", "cat %s | %s" % (big.name, options.linkdx), True),
        ):
            wall, spent, peak = timed(command, shell)
            print("%-20s %6.2f s, %6.0f MB/s; %6.2f s of the processor; peak %4.0f MB" % (name, wall, size / 1e6 / wall, spent, peak))

    slowest = []
    with tempfile.TemporaryDirectory() as directory:
        for path, text in zip(options.logs, texts):
            alone = os.path.join(directory, "one.log")
            with open(alone, "wb") as file:
                file.write(text)
            slowest.append((timed([options.linkdx, alone])[:2], path))
    slowest.sort()
    (wall, spent), path = slowest[-1]
    middle = slowest[len(slowest) // 2][0]
    print("one log alone: %.1f ms in the middle, at most %.1f ms (%s)" % (middle[0] * 1e3, wall * 1e3, os.path.basename(path)))


if __name__ == "__main__":
    main()
