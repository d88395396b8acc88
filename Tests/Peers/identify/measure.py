#!/usr/bin/env python3
"""Identification beside nfoursid and sysidentpy on the same records: errors and times, in one run.

Each round fits by `replan identify` and by the peer in turn, pinned to the same core, at the same order.
The fit alone is compared with the peer's fit alone, without its imports; what ours does besides (it
chooses history and weighting by held-out simulation, and finds deviations and spread, which no peer has)
is told as `whole`. Both then simulate the record to judge on from its first samples. The table goes
between the marks of docs/LINEAR.md and README.md.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import plants

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]

# What is compared: name, record, our options, the peer's method, order.
CASES = [
    ("N4SID", "swinging", ["--kind", "linear", "--method", "n4sid"], "n4sid", 2),
    ("N4SID", "coupled", ["--kind", "linear", "--method", "n4sid"], "n4sid", 3),
    ("N4SID", "tanks", ["--kind", "linear", "--method", "n4sid"], "n4sid", 2),
    ("N4SID", "tanks", ["--kind", "linear", "--method", "n4sid"], "n4sid", 4),
    ("ARX", "regressive", ["--kind", "linear", "--method", "arx"], "arx", 2),
    ("ARX", "tanks", ["--kind", "linear", "--method", "arx"], "arx", 2),
    ("ARX", "tanks", ["--kind", "linear", "--method", "arx"], "arx", 4),
    ("NARX", "quadratic", ["--kind", "ensemble"], "narx", 2),
    ("NARX", "tanks", ["--kind", "ensemble"], "narx", 3),
]
BLOCKS = 10
PEERS = {"n4sid": "nfoursid", "arx": "sysidentpy", "narx": "sysidentpy"}
# Errors within so much of one another are the same: both simulate by the same least squares.
SAME = 1.01
# What disturbs the quadratic plant is seen in one tick; the tanks' errors are slow.
NARX = {
    "quadratic": ["--history", "1", "--unroll", "1", "--steps", "300"],
    "tanks": ["--history", "2", "--unroll", "60", "--steps", "250"],
}


def records(folder, datasets):
    made = {
        "swinging": lambda seed: plants.swinging(seed, 1500, 0.2 if seed == 1 else 0),
        "coupled": lambda seed: plants.coupled(seed, 1500),
        "regressive": lambda seed: plants.regressive(seed, 1500),
        "quadratic": lambda seed: plants.quadratic(seed, 1000),
    }
    for name, make in made.items():
        for seed, part in ((1, "fit"), (2, "judge")):
            plants.write(folder / f"{name}-{part}.csv", *make(seed))
    table = datasets / "cascaded-tanks" / "dataBenchmark.csv"
    if not table.exists():
        print(f"no {table}: the tanks are passed over", file=sys.stderr)
        return set(made)
    for part, name in (("Est", "fit"), ("Val", "judge")):
        plants.write(folder / f"tanks-{name}.csv", *plants.tanks(table, part))
    return set(made) | {"tanks"}


def robot(folder, name):
    header = (folder / f"{name}-fit.csv").read_text().split("\n", 1)[0].split(",")[1:]
    lines = [f"name: {name}", f"rate: {plants.RATE}", "observation:"]
    lines += [f"  - {{name: {c}, unit: V}}" for c in header if c.startswith("y")]
    lines += ["action:"]
    lines += [f"  - {{name: {c}, unit: V, min: -10, max: 10, safe: 0}}" for c in header if c[0] == "u"]
    lines += ["objective: {terms: [{quadratic: y0, target: 0, weight: 1}]}"]
    # Small networks: the plants are small. Over a rollout of 60 ticks one has to do.
    members = 1 if name == "tanks" else 3
    lines += [f"model: {{members: {members}, hidden: [8], posterior: shared,"]
    lines += ["  training: {batch: 32, learning_rate: 0.03}}"]
    path = folder / f"{name}.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path, [c for c in header if c[0] == "u"], [c for c in header if c[0] == "y"]


def ours(replan, folder, name, options):
    yaml, _, outputs = robot(folder, name)
    model = folder / "model.safetensors"
    run = subprocess.run(
        [replan, "identify", "--json", "--robot", yaml, "--data", folder / f"{name}-fit.csv",
         "--validate", folder / f"{name}-judge.csv", "--out", model, *options],
        stdout=subprocess.PIPE, check=True)
    events = [json.loads(line) for line in run.stdout.splitlines()]
    whole = next(e["seconds"] for e in events if e["event"] == "identified")
    # Of an ensemble the last training counts, to all of the record, as of the others.
    fit = [e["seconds"] for e in events if e["event"] == "order" and e["chosen"]
           or e["event"] == "training"][-1]
    rmse = [
        next(e["rmse"] for e in events if e["event"] == "validation" and e["channel"] == c
             and e["steps"] == "simulation")
        for c in outputs
    ]
    chosen = [e["history"] for e in events if e["event"] == "order" and e["chosen"]]
    return {"seconds": fit, "whole": whole, "rmse": rmse, "skip": chosen[0] + 1 if chosen else 4}


class Peer:
    def __init__(self, python, core):
        single = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        self.process = subprocess.Popen(
            [python, HERE / "peer.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | single, preexec_fn=lambda: os.sched_setaffinity(0, {core}))

    def ask(self, **task):
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def norm(values):
    return sum(v * v for v in values) ** 0.5


def compare(case, folder, replan, peer, rounds):
    name, record, options, method, order = case
    sized = NARX[record] if method == "narx" else ["--order", str(order)]
    _, inputs, outputs = robot(folder, record)
    mine, theirs, ratios = [], [], []
    for _ in range(rounds):
        mine.append(ours(replan, folder, record, [*options, *sized]))
        theirs.append(
            peer.ask(
                method=method, order=order, blocks=BLOCKS, inputs=inputs, outputs=outputs,
                data=str(folder / f"{record}-fit.csv"),
                validate=str(folder / f"{record}-judge.csv"), skip=mine[-1]["skip"]))
        ratios.append(theirs[-1]["seconds"] / mine[-1]["seconds"])
    return {
        "method": name, "record": record, "order": order, "peer": PEERS[method],
        "rmse": norm(mine[0]["rmse"]), "peer_rmse": norm(theirs[0]["rmse"]),
        "ms": 1e3 * statistics.median(m["seconds"] for m in mine),
        "whole_ms": 1e3 * statistics.median(m["whole"] for m in mine),
        "peer_ms": 1e3 * statistics.median(t["seconds"] for t in theirs),
        "ratio": statistics.median(ratios),
    }


def table(results):
    lines = [
        "| method | record | order | peer | RMSE ours | RMSE peer | ms ours | ms peer | peer / ours "
        "| ms ours, whole |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        lines.append(
            f"| {r['method']} | {r['record']} | {r['order']} | {r['peer']} | {r['rmse']:.4g} | "
            f"{r['peer_rmse']:.4g} | {r['ms']:.3g} | {r['peer_ms']:.3g} | {r['ratio']:.1f} | "
            f"{r['whole_ms']:.3g} |")
    return "\n".join(lines)


def put(text, path):
    begin, end = "<!-- peers -->", "<!-- /peers -->"
    page = path.read_text()
    head, rest = page.split(begin, 1)
    path.write_text(head + begin + "\n" + text + "\n" + end + rest.split(end, 1)[1])


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peers", type=pathlib.Path, required=True, help="folder of setup.sh")
    options.add_argument("--replan", default=ROOT / ".build/release/replan")
    options.add_argument("--datasets", type=pathlib.Path, default=ROOT.parent / "shared/datasets")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--only", default="", help="cases whose method or record has this text")
    options.add_argument(
        "--page", type=pathlib.Path, action="append", default=[],
        help="write the table into this page too")
    options = options.parse_args()
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    peer = Peer(options.peers / "env/bin/python", core)
    results, status = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        there = records(folder, options.datasets)
        for case in CASES:
            if case[1] not in there or options.only not in f"{case[0]} {case[1]}":
                continue
            found = compare(case, folder, options.replan, peer, options.rounds)
            print(json.dumps(found), flush=True)
            results.append(found)
            if found["rmse"] > SAME * found["peer_rmse"] or found["ratio"] < 1:
                print(f"behind the peer: {case[0]} {case[1]} {case[4]}", file=sys.stderr)
                status = 1
    for page in options.page:
        put(table(results), page)
    return status


sys.exit(main())
