#!/usr/bin/env python3
"""Holds what linkdx says instructions need against LLVM's assembler.

    test/bench/isa_agreement.py PROGRAM ARCH... [ROUNDS]

PROGRAM is the built isa_words (see there), ARCH its names for what shares one table of opcodes in LLVM (riscv32 riscv64). Each instruction that it prints is assembled with exactly the features
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
    "aarch64": ("aarch64-unknown-linux-gnu", "+v8a,-fp-armv8,-ete,-trbe"),
    "arm": ("armv4-unknown-linux-gnueabi", ""),
    "thumb": ("armv4-unknown-linux-gnueabi", "+thumb-mode"),
    "riscv64": ("riscv64-unknown-linux-gnu", ""),
    "riscv32": ("riscv32-unknown-linux-gnu", ""),
}
# Opcode: why the assembler is no measure there.
KNOWN = [
    (r"t(ADDhirr|MOVr)", "the form with two low registers is of ARMv6: the assembler asks for that, the decoder does not"),
    (r"MCRR2", "words of vmmla.bf16: below ARMv8 LLVM reads bits that NEON and coprocessors share as a coprocessor's"),
    (r"(MUL|[SU]MULL|[SU]MLAL)", "LLVM keeps the form for ARMv4 apart, for its assembler alone"),
    (r"V(LDR|STR)_FPSCR_.*", "LLVM's decoder asks for double precision there, its assembler for any unit"),
    (r"[SU]XT.*|[SU]SAT", "LLVM's assembler has an alias without rotation or shift that asks for nothing"),
    (r"MLA", "the form for ARMv5 is another opcode of the assembler alone"),
    (r"HFENCE_.*", "LLVM's assembler has an alias without operands that asks for nothing"),
    (r"tHINT", "below ARMv6-M the assembler writes `nop` as a move"),
    (r"CSR.*", "LLVM's assembler takes any control and status register; riscv_csrs.inc says who has it"),
]
# Opcodes of LLVM's table that no disassembler gives, and why.
NOT_DECODED = [
    (r".*Pseudo.*|.*_PSEUDO.*", "for the code generator"),
    (r"Insn.*", "the directive .insn"),
]
REFUSED = "refused with them"
# What decides how the next instruction is read: blocks of Thumb. Each is assembled alone.
OPENS_BLOCK = re.compile(r"(it|vpt|vpst)[te]*[ .]")


def assemble(arch, features, lines):
    """For each line its bytes as hex, or None where it is refused."""
    alone = [i for i, line in enumerate(lines) if OPENS_BLOCK.match(line + " ") and len(lines) > 1]
    result = assemble_together(arch, features, ["nop" if i in alone else line for i, line in enumerate(lines)])
    for i in alone:
        result[i] = assemble_together(arch, features, [lines[i]])[0]
    return result


def assemble_together(arch, features, lines):
    triple, base = BASE[arch]
    attributes = ",".join(part for part in (base, features) if part)
    # One statement a line; line numbers of errors and of encodings are told apart by a label before each. What the assembler holds
    # against a statement because of the one before (MOVPRFX) is kept out by another between them.
    between = ".Lbetween{}:\nnop\n" if arch == "aarch64" else ""
    text = "".join(f"{between.format(i)}.Ll{i}:\n{line}\n" for i, line in enumerate(lines))
    done = subprocess.run(["llvm-mc-19", f"-triple={triple}", f"-mattr={attributes}", "-show-encoding"], input=text,
                          capture_output=True, text=True)
    result, at = [None] * len(lines), None
    for line in done.stdout.splitlines():
        if label := re.match(r"\.L(l|between)(\d+):", line):
            at = int(label[2]) if label[1] == "l" else None
        elif (found := re.search(r"encoding: \[(.*?)\]", line)) and at is not None:
            code = "".join(byte.strip().removeprefix("0x") for byte in found[1].split(","))
            result[at] = (result[at] or "") + code
    return result


def words_of(program, arch, rounds):
    """What isa_words prints: groups of instructions by their features, and the opcodes of LLVM's table and those met."""
    groups, table, met = collections.defaultdict(list), set(), set()
    for line in subprocess.run([program, arch, *rounds], capture_output=True, text=True, check=True).stdout.splitlines():
        fields = line.split("\t")
        if fields[0] in ("opcode", "met"):
            (table if fields[0] == "opcode" else met).add(fields[1])
            continue
        code, features, attributes, opcode, text = fields
        groups[features, attributes].append((code, opcode, text))
        met.add(opcode)
    return groups, table, met


def main():
    program = sys.argv[1]
    arches = [each for each in sys.argv[2:] if not each.isdigit()]
    rounds = [each for each in sys.argv[2:] if each.isdigit()]
    unexplained, tables, met = 0, set(), set()
    for arch in arches:
        groups, its_table, its_met = words_of(program, arch, rounds)
        unexplained += agree(arch, groups)
        tables |= its_table
        met |= its_met
    not_decoded = {name for name in tables if any(re.fullmatch(pattern, name) for pattern, _ in NOT_DECODED)}
    wanted = tables - not_decoded
    print(f"{' and '.join(arches)}: {len(wanted & met)} of {len(wanted)} opcodes of LLVM's table were tried; {len(not_decoded - met)} more are not for code")
    print("  not tried: " + " ".join(sorted(wanted - met)))
    return 1 if unexplained else 0


def agree(arch, groups):
    total = sum(len(rows) for rows in groups.values())
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
    print(f"{arch}: {total} instructions, {len(groups)} sets of features")
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
    return unknown


sys.exit(main())
