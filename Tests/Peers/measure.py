#!/usr/bin/env python3
"""Measures Replan beside its peers: alternating slices on one core, ratios of neighbours.

Usage: measure.py [--peers FOLDER] [--slices N] [--seconds S] [--only TEXT] [--all] [--clock cpu]
                  [--cpu N] [--output FILE] [--bench FILE] [--bench-v3 FILE]

`setup.sh` makes the peers' environments in FOLDER. A slice is S seconds of ticks of one side, each
timed by the side itself; its figure is their median. Slices alternate: ours, the peer's, ours ...
A ratio is that of two neighbours, so a machine that drifts from slice to slice hardly moves it.
With `--clock cpu` time that other programs take the core for does not count: for a look on a busy
machine, not for the record. The figures go to FILE; `report.py` makes a page of them.
"""

import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import machine
from comparisons import COMPARISONS, WORK

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TICKS = (3, 4000)


class Failure(Exception):
    """A side that cannot be measured, and why."""


class Ours:
    """A build of core-bench; each slice is a process of its own."""

    def __init__(self, program, options):
        self.program, self.options, self.last = program, options, {}

    def run(self, *arguments):
        command = ["taskset", "-c", str(self.options.cpu), str(self.program), *arguments]
        if self.options.clock == "cpu":
            command += ["--clock", "cpu"]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            raise Failure(f"{' '.join(command)}: {result.stderr.strip()}")
        return json.loads(result.stdout)

    def ticks(self, work, count):
        self.last = self.run("time", work, "--repeat", str(count))
        return self.last["us"]

    def peak(self):
        return self.run("peak")["gflops"]


class Peer:
    """A peer's process, which answers requests for ticks."""

    def __init__(self, environment, script, options):
        folder = options.peers / environment
        python = folder / "bin" / "python"
        if not (folder / "installed.txt").exists():
            raise Failure(f"{folder} is missing or incomplete: run Tests/Peers/setup.sh {options.peers}")
        self.name, self.clock, self.note = script, options.clock, ""
        self.process = subprocess.Popen(
            ["taskset", "-c", str(options.cpu), str(python), str(HERE / script)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **variables(environment, folder)},
        )

    def ticks(self, work, count):
        request = {"work": work, "repeat": count, "clock": self.clock}
        try:
            print(json.dumps(request), file=self.process.stdin, flush=True)
            answer = json.loads(self.process.stdout.readline())
        except (OSError, json.JSONDecodeError):
            raise Failure(f"{self.name} ended at {work}; its own message is above") from None
        self.note = answer["note"]
        return answer["us"]

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # It has ended already, and that was told.
        self.process.wait()


def variables(environment, folder):
    """What acados finds its libraries, templates and renderer by."""
    if environment != "acados":
        return {}
    package = next(folder.glob("lib/python*/site-packages/acados"), None)
    if package is None:
        raise Failure(f"{folder} holds no acados")
    package = package.resolve()
    return {
        "ACADOS_SOURCE_DIR": f"{package}/install",
        "LD_LIBRARY_PATH": f"{package}/install/lib",
        "PYTHONPATH": str(package),
        "TERA_PATH": f"{package}/install/bin/t_renderer",
    }


def count_for(side, work, seconds):
    """Ticks that take about so long."""
    start = time.monotonic()
    us = statistics.median(side.ticks(work, TICKS[0]))
    if isinstance(side, Peer):
        # Some peers say less of a tick than it takes: the time of one iteration of many.
        us = max(us, 1e6 * (time.monotonic() - start) / TICKS[0])
    return min(max(round(1e6 * seconds / us), TICKS[0]), TICKS[1])


def quartiles(values):
    """Median and quartiles, rounded to what a measurement can tell."""
    if len(values) == 1:
        low = middle = high = values[0]
    else:
        low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": round(middle, 4), "low": round(low, 4), "high": round(high, 4)}


def compare(comparison, ours, peer, options):
    """Alternating slices of both sides."""
    counts = [count_for(side, comparison.work, options.seconds) for side in (ours, peer)]
    slices = []
    for k in range(2 * options.slices + 1):
        side = (ours, peer)[k % 2]
        slices.append(statistics.median(side.ticks(comparison.work, counts[k % 2])))
    # Ours have the even places.
    ratios = [
        slices[k + k % 2] / slices[k + 1 - k % 2] for k in range(len(slices) - 1)
    ]
    return {
        "work": comparison.work, "peer": comparison.peer, "note": peer.note,
        "bar": comparison.bar, "ours_us": quartiles(slices[0::2]),
        "peer_us": quartiles(slices[1::2]), "ratio": quartiles(ratios),
    }


def share(work, ours, build, options):
    """Time of a tick, and its share of the multiply-add peak measured right before and after."""
    count = count_for(ours, work, options.seconds)
    before, durations, peaks, shares = ours.peak(), [], [], []
    for _ in range(options.slices):
        us = statistics.median(ours.ticks(work, count))
        after = ours.peak()
        durations.append(us)
        peaks += [before, after]
        shares += [ours.last["flop"] / us / 1e3 / peak for peak in (before, after)]
        before = after
    last = ours.last
    return {
        "work": work, "build": build, "us": quartiles(durations), "peak_gflops": quartiles(peaks),
        "share": quartiles(shares) if last["flop"] else None,
        "evaluations": last["evaluations"], "flop": last["flop"],
        "arena_bytes": last["arena_bytes"], "resident_kib": last["resident_kib"],
    }


def measure_alone(options, failures):
    for build, program in (("native", options.bench), ("x86-64-v3", options.bench_v3)):
        ours = Ours(program, options)
        if build != "native" and not Path(program).exists():
            failures.append(f"{program} is missing, so the x86-64-v3 build is left out")
            continue
        for work in WORK:
            if options.only not in work:
                continue
            figures = share(work, ours, build, options)
            of_peak = figures["share"]
            print(f"{work} ({build}): {figures['us']['median']:.1f} us"
                  + (f", {of_peak['median']:.1%} of peak" if of_peak else ""), flush=True)
            yield figures


def measure_beside(options, failures):
    """One peer after the other, so that no two are in memory at once."""
    chosen = [c for c in COMPARISONS if options.only in c.name and (options.all or not c.is_slow)]
    for script in dict.fromkeys(c.script for c in chosen):
        of_script = [c for c in chosen if c.script == script]
        peer = None
        for comparison in of_script:
            try:
                peer = peer or Peer(comparison.environment, script, options)
                figures = compare(comparison, Ours(options.bench, options), peer, options)
            except Failure as failure:
                print(f"{comparison.name}: {failure}", file=sys.stderr)
                failures.append(f"{comparison.name}: {failure}")
                break
            ratio = figures["ratio"]
            print(f"{comparison.name}: {figures['ours_us']['median']:.1f} us / "
                  f"{figures['peer_us']['median']:.1f} us = {ratio['median']:.3f} "
                  f"({ratio['low']:.3f}...{ratio['high']:.3f})", flush=True)
            yield figures
        if peer:
            peer.close()


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=Path, default=ROOT / ".peers")
    parser.add_argument("--slices", type=int, default=11, help="of each side (11)")
    parser.add_argument("--seconds", type=float, default=0.5, help="of a slice (0.5)")
    parser.add_argument("--only", default="", help="work or peers with this in their name")
    parser.add_argument("--all", action="store_true", help="also what takes minutes to compile")
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--cpu", type=int, default=os.cpu_count() - 1, help="core to use (last)")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "performance.json")
    parser.add_argument("--bench", default=ROOT / ".build/release/core-bench")
    parser.add_argument("--bench-v3", default=ROOT / ".build-v3/release/core-bench")
    options = parser.parse_args()
    options.peers = options.peers.resolve()
    return options


def main():
    options = parse()
    failures = []
    figures = {
        "date": datetime.date.today().isoformat(), "machine": machine.describe(),
        "slices": options.slices, "seconds": options.seconds, "clock": options.clock,
    }
    try:
        figures["alone"] = list(measure_alone(options, failures))
    except Failure as failure:
        sys.exit(f"{failure}\ncore-bench is built by `make build`")
    if not options.only:
        # On all cores, as it measures threads too.
        scaling = subprocess.run([options.bench, "scale"], capture_output=True, text=True, check=True)
        figures["scaling"] = json.loads(scaling.stdout)
        print(f"scaling: {figures['scaling']}")
    figures["beside"] = list(measure_beside(options, failures))
    figures["left_out"] = failures + (
        [] if options.all else [f"{c.name}: only with --all" for c in COMPARISONS if c.is_slow]
    )
    options.output.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"written: {options.output}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
