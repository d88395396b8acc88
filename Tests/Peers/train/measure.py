#!/usr/bin/env python3
"""Training an ensemble beside JAX: examples times members a second on one core, and the loss reached.

Both sides train on the same record, in turn, pinned to one core: ours by `replan refit`, which tells the
time of its training alone, judgement of the members and preparation of the data included; JAX by a whole
epoch compiled at a time, without its compilation. The table goes between the
marks of docs/TRAINING.md.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np
from safetensors import safe_open

import record

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
MEMBERS, HIDDEN, RATE = 5, [64, 64], 0.005
COUNT, EPOCHS = 10_000, 20
BAR, SAME = 2.5, 0.02


def robot(path, batch, steps):
    path.write_text(f"""\
name: cart
rate: {record.RATE}
observation:
  - {{name: x, unit: m}}
  - {{name: v, unit: m/s}}
  - {{name: angle, unit: rad, kind: angle}}
  - {{name: w, unit: rad/s}}
action:
  - {{name: force, unit: N, min: -10, max: 10, safe: 0}}
objective: {{terms: [{{angle: angle, target: 0, weight: 1}}]}}
model:
  members: {MEMBERS}
  hidden: {HIDDEN}
  likelihood: gaussian
  training: {{steps: {steps}, batch: {batch}, learning_rate: {RATE}, weight_decay: 0}}
""")
    return path


def run(*command):
    result = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(str(c) for c in command)}: {result.stderr}")
    return [json.loads(line) for line in result.stdout.splitlines()]


def fit(replan, folder, batch, steps, seed):
    """Seconds of a fit's training, and its model file."""
    yaml = robot(folder / "robot.yaml", batch, steps)
    events = run(
        replan, "refit", yaml, "--workspace", folder / "w", "--json", "--seed", seed)
    event = next(e for e in events if e["event"] == "fit")
    return event["training_seconds"], folder / "w" / event["file"]


def judge(path, data):
    """Our model's loss on a record, by numpy."""
    with safe_open(path, "np") as file:
        tensor = {name: file.get_tensor(name) for name in file.keys()}
    inputs, change = record.transitions(data)
    x = (inputs - tensor["input.mean"]) / tensor["input.scale"]
    y = np.broadcast_to(x, (MEMBERS, *x.shape))
    depth = len(HIDDEN) + 1
    for layer in range(depth):
        weight, bias = tensor[f"layers.{layer}.weight"], tensor[f"layers.{layer}.bias"]
        y = np.einsum("eni,eoi->eno", y, weight) + bias[:, None]
        if layer < depth - 1:
            y = y / (1 + np.exp(-y))
    mean, log_variance = np.split(y, 2, -1)
    # In the units of the peer, which normalises by the training record's figures too.
    scale = tensor["output.scale"]
    _, _, normal = record.normalised(data.with_name("fit.csv"))
    mean = (mean * scale + tensor["output.mean"] - normal[2]) / normal[3]
    log_variance = np.clip(log_variance, -10, 3) + 2 * np.log(scale / normal[3])
    wanted = (change - normal[2]) / normal[3]
    return record.mixture(mean, log_variance, wanted)


class Peer:
    def __init__(self, python, core):
        self.process = subprocess.Popen(
            ["taskset", "-c", str(core), python, HERE / "peer.py"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def ask(self, **task):
        self.process.stdin.write(json.dumps(task, default=str) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def compare(options, folder, peer, batch):
    steps = EPOCHS * COUNT // batch
    examples = lambda n: n * batch * MEMBERS
    mine, theirs, ratios, losses = [], [], [], []
    for seed in range(1, options.rounds + 1):
        seconds, model = fit(options.replan, folder, batch, steps, seed)
        answer = peer.ask(
            data=folder / "fit.csv", judge=folder / "judge.csv", steps=steps, batch=batch,
            members=MEMBERS, hidden=HIDDEN, rate=RATE, seed=seed, clock=options.clock)
        mine.append(examples(steps) / seconds)
        theirs.append(examples(steps) / answer["seconds"])
        ratios.append(mine[-1] / theirs[-1])
        losses.append((judge(model, folder / "judge.csv"), answer["loss"]))
    return {
        "batch": batch, "epochs": EPOCHS, "ours": statistics.median(mine),
        "peer": statistics.median(theirs), "ratio": statistics.median(ratios),
        "least": min(ratios), "most": max(ratios),
        "loss": statistics.median(a for a, _ in losses),
        "peer_loss": statistics.median(b for _, b in losses),
    }


def table(results):
    lines = [
        "| batch | M examples·members/s ours | jax.jit | ours / jax (least to most) | loss ours | "
        "loss jax |", "|---|---|---|---|---|---|"]
    for r in results:
        lines.append(
            f"| {r['batch']} | {r['ours'] / 1e6:.2f} | {r['peer'] / 1e6:.2f} | {r['ratio']:.2f} "
            f"({r['least']:.2f} to {r['most']:.2f}) | {r['loss']:.3f} | {r['peer_loss']:.3f} |")
    return "\n".join(lines)


def put(text, path):
    begin, end = "<!-- training -->", "<!-- /training -->"
    head, rest = path.read_text().split(begin, 1)
    path.write_text(head + begin + "\n" + text + "\n" + end + rest.split(end, 1)[1])


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peers", type=pathlib.Path, required=True, help="folder of setup.sh")
    options.add_argument("--replan", default=ROOT / ".build/release/replan", type=pathlib.Path)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--batches", type=int, nargs="+", default=[32, 64, 256])
    options.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    options.add_argument("--page", type=pathlib.Path, help="write the table into this page")
    options = options.parse_args()
    core = max(os.sched_getaffinity(0))
    peer = Peer(options.peers / "jax/bin/python", core)
    os.sched_setaffinity(0, {core})
    results, status = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        record.write(folder / "fit.csv", 1, COUNT + 1)
        record.write(folder / "judge.csv", 2, 3001)
        run(options.replan, "import", folder / "fit.csv", "--robot",
            robot(folder / "robot.yaml", 32, 100), "--workspace", folder / "w", "--json")
        for batch in options.batches:
            found = compare(options, folder, peer, batch)
            print(json.dumps(found), flush=True)
            results.append(found)
            most = found["peer_loss"] + SAME * abs(found["peer_loss"])
            if batch == 32 and (found["ratio"] < BAR or found["loss"] > most):
                print("behind the bar", file=sys.stderr)
                status = 1
    if options.page:
        put(table(results), options.page)
    return status


sys.exit(main())
