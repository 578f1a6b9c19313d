#!/usr/bin/env python3
"""Holds what linkdx says instructions need against LLVM's assembler.

    test/bench/isa_agreement.py PROGRAM ARCH [ROUNDS]

PROGRAM is the built isa_words (see there), ARCH one of its names. Each instruction that it prints is assembled with exactly the features
that linkdx names, which must be accepted, and once without each of them (what it implies stays on), which must be refused or give
another instruction. Bytes that
come out other than they went in are counted: an instruction may have bits that mean nothing. Text that is refused with every feature on
too is counted apart: LLVM's disassembler reads some operands that its assembler does not take. Needs llvm-mc-19. Prints figures, and every difference with its reason where one is known; the exit status is 1 if one
is not.
"""
import collections
import re
import subprocess
import sys

BASE = {
    "aarch64": ("aarch64-unknown-linux-gnu", "+v8a,-fp-armv8"),
    "arm": ("armv4-unknown-linux-gnueabi", ""),
    "thumb": ("armv4-unknown-linux-gnueabi", "+thumb-mode"),
    "riscv64": ("riscv64-unknown-linux-gnu", ""),
    "riscv32": ("riscv32-unknown-linux-gnu", ""),
}
# Opcode: why the assembler is no measure there.
KNOWN = [
    (r"(MUL|[SU]MULL|[SU]MLAL)", "LLVM keeps the form for ARMv4 apart, for its assembler alone"),
    (r"V(LDR|STR)_FPSCR_NZCVQC_.*", "LLVM's decoder asks for double precision there, its assembler for any unit"),
    (r"CSR.*", "LLVM's assembler takes any control and status register; riscv_csrs.inc says who has it"),
]
REFUSED = "refused with them"


def assemble(arch, features, lines):
    """For each line its bytes as hex, or None where it is refused."""
    triple, base = BASE[arch]
    attributes = ",".join(part for part in (base, features) if part)
    # One statement a line; line numbers of errors and of encodings are told apart by a label before each.
    text = "".join(f".Ll{i}:\n{line}\n" for i, line in enumerate(lines))
    done = subprocess.run(["llvm-mc-19", f"-triple={triple}", f"-mattr={attributes}", "-show-encoding"], input=text,
                          capture_output=True, text=True)
    result, at = [None] * len(lines), None
    for line in done.stdout.splitlines():
        if label := re.match(r"\.Ll(\d+):", line):
            at = int(label[1])
        elif (found := re.search(r"encoding: \[(.*?)\]", line)) and at is not None:
            code = "".join(byte.strip().removeprefix("0x") for byte in found[1].split(","))
            result[at] = (result[at] or "") + code
    return result


def main():
    program, arch = sys.argv[1:3]
    listed = subprocess.run([program, arch, *sys.argv[3:4]], capture_output=True, text=True, check=True).stdout
    groups = collections.defaultdict(list)
    for line in listed.splitlines():
        code, features, attributes, opcode, text = line.split("\t")
        groups[features, attributes].append((code, opcode, text))
    total = sum(len(rows) for rows in groups.values())
    opcodes = {opcode for rows in groups.values() for _, opcode, _ in rows}
    accepted = other_bytes = refused = checks = 0
    differences = []
    for (features, attributes), rows in sorted(groups.items()):
        lines = [text for _, _, text in rows]
        for (code, opcode, text), got in zip(rows, assemble(arch, attributes, lines)):
            accepted += got is not None
            other_bytes += got not in (None, code)
            if got is None:
                differences.append((opcode, features, text, REFUSED))
        for feature in filter(None, features.split(",")):
            fewer = ",".join(each for each in attributes.split(",") if each != feature)
            for (code, opcode, text), got in zip(rows, assemble(arch, fewer, lines)):
                checks += 1
                is_refused = got is None or len(got) != len(code)   # the long form of a compressed one
                refused += is_refused
                if not is_refused:
                    differences.append((opcode, features, text, f"accepted without {feature[1:]}"))
    print(f"{arch}: {len(opcodes)} opcodes, {total} instructions, {len(groups)} sets of features")
    print(f"  accepted with the features: {accepted} of {total} ({other_bytes} as other bytes)")
    print(f"  refused without one of them: {refused} of {checks}")
    everything = ",".join(sorted({each for _, attributes in groups for each in attributes.split(",") if each}))
    known_as_refused = [row for row in differences if row[3] == REFUSED]
    never = {row for row, got in zip(known_as_refused, assemble(arch, everything, [row[2] for row in known_as_refused])) if got is None}
    differences = [row for row in differences if row not in never]
    print(f"  refused with every feature too: {len(known_as_refused) - sum(row[3] == REFUSED for row in differences)}")
    unknown = 0
    for opcode, features, text, what in differences:
        reason = next((why for pattern, why in KNOWN if re.fullmatch(pattern, opcode)), None)
        unknown += reason is None
        print(f"  {opcode} [{features}] `{text}`: {what}" + (f" ({reason})" if reason else ""))
    return 1 if unknown else 0


sys.exit(main())
