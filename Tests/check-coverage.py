#!/usr/bin/env python3
"""Holds the intervals of learned models against episodes that these models have not seen.

Usage: check-coverage.py [--robots NAME...] [--seeds N] [--build FOLDER] [--page FILE] [--json FILE]

Each seed is another plant. It is learned; four episodes follow, two from rest and two from random states,
which train nothing. Two shares are taken of what lies inside the 90 % intervals over 1, 10 and 25 ticks:

* refitted: a model of all episodes but every fifth, on these, as `replan refit` judges it,
* learned: the model of the first success on those four, whose states it hardly knows.

Of the first the median over plants has to lie within 85 to 95 %, or the exit code is 1; the second is told, over
plants and channels: nobody can promise where nothing was seen.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HORIZONS = [1, 10, 25]
LOW, HIGH = 0.85, 0.95


def replan(program, *arguments, accepts=(0, 1)):
    run = subprocess.run(
        [program, *map(str, arguments), "--json"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    if run.returncode not in accepts:
        sys.exit(f"replan {' '.join(map(str, arguments))}: {run.stderr}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def running(program, workspace):
    """The model in use."""
    models = [e for e in replan(program, "models", workspace) if e.get("event") == "model"]
    return next(m for m in models if m["state"] == "running")


def learned(program, robot, workspace, seed):
    """Shares by horizon, a list over channels; nil without success."""
    common = ["--lockstep", "--seed", seed, "--workspace", workspace]
    if not replan(program, "learn", robot, *common, "--max-experience", 40)[-1]["success"]:
        return None
    model = workspace / running(program, workspace)["file"]
    before = set((workspace / "episodes").glob("*.mcap"))
    for reset in ("rest", "random"):
        replan(program, "run", robot, *common, "--episodes", 2, "--reset", reset, "--duration", 5)
    unseen = sorted(set((workspace / "episodes").glob("*.mcap")) - before)
    events = replan(
        program, "identify", "--robot", robot, "--model", model, "--validate", *unseen)
    shares = {steps: [] for steps in HORIZONS}
    for event in events:
        if event["event"] == "validation" and event["steps"] in shares:
            shares[event["steps"]].append(event["coverage90"])
    return shares


def refitted(program, robot, workspace, seed):
    """The same of a model of all but the held-out episodes; its file has means over channels."""
    fit = next(e for e in replan(program, "refit", robot, "--workspace", workspace, "--seed", seed)
               if e["event"] == "fit")
    models = [e for e in replan(program, "models", workspace) if e.get("event") == "model"]
    errors = next(m for m in models if m["hash"] == fit["hash"])["errors"]
    assert errors["held_out"], "a fifth of nine episodes and more is held out"
    return {steps: [share] for steps, share in zip(errors["steps"], errors["coverage90"])}


def table(results):
    yield ("| robot | model | " + " | ".join(
        f"{steps} tick{'s' if steps > 1 else ''}: median (least to most)" for steps in HORIZONS)
        + " | |")
    yield "|---" * (3 + len(HORIZONS)) + "|"
    for (robot, kind), shares in results.items():
        cells, faults = [], 0
        for steps in HORIZONS:
            values = [v for one in shares for v in one[steps]]
            median = statistics.median(values)
            faults += kind == "refitted" and not LOW <= median <= HIGH
            cells.append(f"{100 * median:.1f} % ({100 * min(values):.0f} to {100 * max(values):.0f})")
        yield f"| {robot} | {kind} | " + " | ".join(cells) + f" | {'' if kind == 'learned' else '**missed**' if faults else 'met'} |"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--robots", nargs="+", default=["cart-pole", "pendulum", "furuta"])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--build", type=Path, default=ROOT / ".build/release")
    parser.add_argument("--page", type=Path, help="write the table between this page's marks")
    parser.add_argument("--json", type=Path, help="write every seed's shares into this file")
    options = parser.parse_args()
    program = options.build / "replan"
    results = {}
    for name in options.robots:
        robot = ROOT / f"robots/{name}.yaml"
        for seed in range(1, options.seeds + 1):
            with tempfile.TemporaryDirectory() as folder:
                workspace = Path(folder) / "w"
                shares = learned(program, robot, workspace, seed)
                if shares is None:
                    print(f"{name}, seed {seed}: not learned", file=sys.stderr)
                    continue
                results.setdefault((name, "learned"), []).append(shares)
                results.setdefault((name, "refitted"), []).append(
                    refitted(program, robot, workspace, seed))
            told = {k: [round(v, 3) for v in values] for k, values in shares.items()}
            print(f"{name}, seed {seed}: {told}", file=sys.stderr, flush=True)
    lines = list(table(results))
    print("\n".join(lines))
    if options.page:
        begin, end = "<!-- coverage -->", "<!-- /coverage -->"
        head, rest = options.page.read_text().split(begin, 1)
        options.page.write_text(
            head + begin + "\n" + "\n".join(lines) + "\n" + end + rest.split(end, 1)[1])
    if options.json:
        flat = [{"robot": r, "model": k, "shares": s} for (r, k), s in results.items()]
        options.json.write_text(json.dumps(flat) + "\n")
    return any("**missed**" in line for line in lines)


if __name__ == "__main__":
    sys.exit(main())
