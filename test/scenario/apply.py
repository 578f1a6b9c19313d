#!/usr/bin/env python3
"""Applies a fix and runs a command in what it leaves: apply.py CHANGE.json -- COMMAND...

CHANGE.json holds one `apply` object of linkdx's JSON report, and this script knows nothing else: neither
the failure nor the project. Paths and commands are relative to the working directory.
"""

import json
import os
import subprocess
import sys

APPENDED = {"rustflags": ("RUSTFLAGS",), "cflags": ("CFLAGS", "CXXFLAGS"), "ldflags": ("LDFLAGS",),
            "ldlibs": ("LDLIBS",)}
KNOWN = {"env", "env_append", "commands", "packages", "edits", "manual", *APPENDED}


class CannotApply(Exception):
    """The change, or a part of it, could not be made; says which and why."""


def run(argv, directory, env, text=None):
    try:
        done = subprocess.run(argv, cwd=directory, env=env, input=text, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotApply(f"{' '.join(argv)}: {error}") from error
    if done.returncode != 0:
        raise CannotApply(f"{' '.join(argv)}: exit status {done.returncode}\n{done.stdout}")


def append(env, name, words):
    env[name] = " ".join([*([env[name]] if env.get(name) else []), *words])


def apply(change, directory, env):
    """Makes the change in `directory` and returns the environment for what runs there afterwards."""
    unknown = set(change) - KNOWN
    if unknown:
        raise CannotApply(f"unknown fields: {', '.join(sorted(unknown))}")
    if not any(change.values()):
        raise CannotApply("the change is empty")
    if change.get("manual"):
        raise CannotApply(f"by hand only: {change['manual']}")
    env = dict(env)
    for name, value in change.get("env", {}).items():
        env[name] = value
    for name, value in change.get("env_append", {}).items():
        append(env, name, [value])
    for field, names in APPENDED.items():
        for name in names:
            if change.get(field):
                append(env, name, change[field])
    if change.get("packages"):
        run(["apt-get", "-o", "DPkg::Lock::Timeout=240", "install", "-y", "--no-install-recommends", *change["packages"]], directory,
            {**env, "DEBIAN_FRONTEND": "noninteractive"})
    for edit in change.get("edits", []):
        run(["patch", "-p1", "--batch", "--forward"], directory, env, text=edit["diff"])
    for command in change.get("commands", []):
        run(command, directory, env)
    return env


def main():
    if len(sys.argv) < 4 or sys.argv[2] != "--":
        sys.exit("usage: apply.py CHANGE.json -- COMMAND...")
    with open(sys.argv[1], encoding="utf-8") as file:
        change = json.load(file)
    try:
        env = apply(change, ".", os.environ)
    except CannotApply as error:
        sys.exit(f"apply.py: {error}")
    os.execvpe(sys.argv[3], sys.argv[3:], env)


if __name__ == "__main__":
    main()
