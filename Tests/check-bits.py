#!/usr/bin/env python3
"""Compares the decisions of two builds of core-bench bit by bit: another instruction set, the same plan.

First the plans of its fixed work, then closed loops in which everything goes wrong: missing and broken
observations, deadlines that cut, a model that is replaced, an envelope that is left. Then sees that
no object of the tick's modules calls the platform's mathematical library, whose results differ from
one machine to the next.

Usage: check-bits.py ONE OTHER
"""

import ctypes.util
import subprocess
import sys
from pathlib import Path

TICKS = "3"
# A closed loop that meets no fallback and plans nothing compares too little.
FEWEST_VERDICTS = 4
MODULES = ("ReplanNumerics", "ReplanCore")
LIBRARY_FOLDERS = ("/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64", "/lib", "/usr/lib")


def output(program, *arguments):
    result = subprocess.run([program, *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{program} {' '.join(arguments)}: {result.stderr.strip()}")
    return result.stdout.splitlines()


def compare(name, one, other):
    """Whether two lists of ticks are the same; says so."""
    if len(one) != len(other):
        print(f"{name}: {len(one)} ticks in one, {len(other)} in the other")
        return False
    for tick, (a, b) in enumerate(zip(one, other)):
        if a != b:
            print(f"{name}, tick {tick}: {a} in one, {b} in the other")
            return False
    print(f"{name}: the same bits in {len(one)} ticks")
    return True


def works(programs):
    names = output(programs[0], "list")
    if not names:
        sys.exit(f"{programs[0]} knows no work")
    same = True
    for work in names:
        one, other = (output(program, "bits", work, "--ticks", TICKS) for program in programs)
        if len(one) != int(TICKS):
            sys.exit(f"{work}: {len(one)} decisions instead of {TICKS}")
        same = compare(work, one, other) and same
    return same


def trials(programs):
    names = output(programs[0], "trials")
    if not names:
        sys.exit(f"{programs[0]} knows no trial")
    same = True
    for trial in names:
        one, other = (output(program, "trial", trial) for program in programs)
        verdicts = {line.split()[0] for line in one}
        if len(verdicts) < FEWEST_VERDICTS:
            sys.exit(f"trial {trial}: only verdicts {sorted(verdicts)}")
        same = compare(f"trial {trial}", one, other) and same
    return same


def mathematical_library():
    """Names of the functions of libm."""
    name = ctypes.util.find_library("m")
    paths = [Path(folder) / name for folder in LIBRARY_FOLDERS if name]
    found = [path for path in paths if path.exists()]
    if not found:
        sys.exit("no libm to be found")
    table = output("nm", "-D", "--defined-only", str(found[0]))
    names = {line.split()[-1].split("@")[0] for line in table if " T " in line or " i " in line}
    if not {"expf", "fmaf", "sin", "pow"} <= names:
        sys.exit(f"{found[0]}: not the libm that was expected")
    return names


def symbols(program, names):
    """Whether the objects that a program was linked from leave the library alone; says so."""
    clean = True
    for module in MODULES:
        objects = sorted((Path(program).parent / f"{module}.build").glob("**/*.o"))
        if not objects:
            sys.exit(f"no objects of {module} beside {program}")
        called = set()
        for file in objects:
            called |= {line.split()[-1] for line in output("nm", "-u", str(file)) if line.strip()}
        for name in sorted(called & names):
            print(f"{module}, built for {program}, calls {name} of the platform's library")
            clean = False
        if clean:
            print(f"{module}: no call of the platform's library, of {len(called)} outside symbols")
    return clean


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    programs = sys.argv[1:]
    names = mathematical_library()
    checks = [works(programs), trials(programs)]
    checks += [symbols(program, names) for program in programs]
    sys.exit(0 if all(checks) else 1)


if __name__ == "__main__":
    main()
