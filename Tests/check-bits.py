#!/usr/bin/env python3
"""Compares the decisions of two builds of core-bench bit by bit: another instruction set, the same plan.

Usage: check-bits.py ONE OTHER
"""

import subprocess
import sys

TICKS = "3"


def output(program, *arguments):
    result = subprocess.run([program, *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{program} {' '.join(arguments)}: {result.stderr.strip()}")
    return result.stdout.splitlines()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    one, other = sys.argv[1:]
    different = False
    works = output(one, "list")
    if not works:
        sys.exit(f"{one} knows no work")
    for work in works:
        lines = [output(program, "bits", work, "--ticks", TICKS) for program in (one, other)]
        if len(lines[0]) != int(TICKS):
            sys.exit(f"{work}: {len(lines[0])} decisions instead of {TICKS}")
        for tick, (a, b) in enumerate(zip(*lines)):
            if a != b:
                print(f"{work}, tick {tick}: action and cost are {a} in one, {b} in the other")
                different = True
                break
        else:
            print(f"{work}: the same bits in {TICKS} ticks")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
