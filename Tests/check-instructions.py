#!/usr/bin/env python3
"""Counts the instructions of fixed work on the core and compares them with committed limits.

Wall time on shared machines says little; instructions of one build are the same on every machine.
Counted is an x86-64-v3 build of core-bench (valgrind knows no AVX-512), under callgrind, at two
numbers of ticks: the difference is the ticks' own, without set-up.

* more than `tolerance` above the limit: a regression, or a price to be stated and paid on purpose,
* more than `tolerance` below: the limit is out of date and would hide the next regression.

Either way `--write` renews the limits, and the change of the file says what was gained or lost.

Usage: check-instructions.py [--write] [--binary FILE] [WORK…]
Exit code 0 if all are within, 1 if one is not, 70 if something failed.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMITS = Path(__file__).resolve().parent / "instruction-limits.json"
BUILD = ["swift", "build", "-c", "release", "-Xcc", "-march=x86-64-v3", "--scratch-path",
         ".build-v3", "--product", "core-bench"]
# Ticks that do not count, the first of which also start the real-time iteration, and that do.
# Valgrind multiplies and adds lane by lane, so there are few where networks are in the work.
FIRST, MORE = 2, 20
FEWER = {"cem-2x64": (1, 1), "cem-2x64-noiseless": (1, 1), "cem-3x200": (1, 1), "mppi": (1, 1),
         "ilqr-ensemble-50": (2, 1), "ilqr-members-50": (2, 1)}


def fail(message):
    print(message, file=sys.stderr)
    sys.exit(70)


def build():
    result = subprocess.run(BUILD, cwd=ROOT)
    if result.returncode != 0:
        fail("core-bench does not build")
    return ROOT / ".build-v3" / "release" / "core-bench"


def output_of(command):
    try:
        result = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        fail(f"{command[0]}: {error.strerror}; `make system` installs what is needed")
    if result.returncode != 0:
        fail(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return result


def stripped(binary, folder):
    """A copy without debug information, some forms of which valgrind gives up at."""
    copy = folder / "core-bench"
    output_of(["strip", "--strip-debug", "-o", str(copy), str(binary)])
    return copy


def counted(binary, work, ticks):
    """Instructions of the whole process, by callgrind's own account."""
    with tempfile.NamedTemporaryFile() as out:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}",
                   str(binary), "count", work, "--ticks", str(ticks)]
        collected = re.search(r"Collected *: *(\d+)", output_of(command).stderr)
    if not collected:
        fail("callgrind says nothing of what it collected")
    return int(collected[1])


def per_tick(binary, work):
    first, more = FEWER.get(work, (FIRST, MORE))
    return (counted(binary, work, first + more) - counted(binary, work, first)) // more


def verdict(count, limit, tolerance):
    if limit is None:
        return False, "has no limit: --write sets one"
    if count > limit * (1 + tolerance):
        return False, "ABOVE: slower, or a price to state with --write"
    if count < limit * (1 - tolerance):
        return False, "BELOW: faster; --write renews the limit"
    return True, "ok"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="renew the limits")
    parser.add_argument("--binary", type=Path, help="a core-bench built for x86-64-v3")
    parser.add_argument("work", nargs="*", metavar="WORK", help="default all")
    arguments = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    binary = stripped(arguments.binary or build(), Path(folder.name))
    known = output_of([str(binary), "list"]).stdout.split()
    unknown = [work for work in arguments.work if work not in known]
    if unknown:
        parser.error(f"no work {unknown[0]}; there are {' '.join(known)}")

    committed = json.loads(LIMITS.read_text())
    tolerance, limits = committed["tolerance"], committed["instructions_per_tick"]
    print(f"{'work':20} {'instructions':>14} {'limit':>14} {'change':>9}")
    is_good = True
    for work in arguments.work or known:
        count, limit = per_tick(binary, work), limits.get(work)
        is_within, text = verdict(count, limit, tolerance)
        is_good = is_good and is_within
        change = f"{count / limit - 1:+9.2%}" if limit else f"{'':9}"
        print(f"{work:20} {count:14,} {limit or 0:14,} {change}  {text}", flush=True)
        limits[work] = count if arguments.write else limit
    if arguments.write:
        committed["instructions_per_tick"] = {w: limits[w] for w in known if limits.get(w)}
        LIMITS.write_text(json.dumps(committed, indent=2) + "\n")
        print(f"written: {LIMITS.relative_to(ROOT)}")
    sys.exit(0 if is_good or arguments.write else 1)


if __name__ == "__main__":
    main()
