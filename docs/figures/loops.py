#!/usr/bin/env python3
"""Compares the loops once, aggregate and replan on the same plants; draws a figure and prints a table.

Usage: loops.py [--seeds N] [--build FOLDER] [--seconds S] [PICTURE.png]
Each seed is another plant, and the same for the three. A run goes on for S seconds of interaction, also
after a success, by repeated `replan learn`. How far the states of the last episode lie from those of the
base policy is told by the energy distance (0: the same distribution), each quantity scaled by its
deviation over both, angles as sine and cosine; what that means for the model, by its error on either.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import yaml
from scipy.spatial.distance import cdist

from episodes import read_episode
from swing_up import BLUE, ORANGE, RED, style

ROOT = Path(__file__).resolve().parent.parent.parent
LOOPS = {"once": RED, "aggregate": ORANGE, "replan": BLUE}
ROBOTS = {"cart-pole": [2], "pendulum": [0]}  # Which channels are angles.


def events(program, *arguments):
    result = subprocess.run([program, *map(str, arguments), "--json"], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    if not found or found[-1]["event"] == "error":
        sys.exit(f"{arguments}: {found[-1:]}")
    return found


def learn(program, robot, loop, seed, seconds, workspace):
    """Episodes of a run, in their order."""
    episodes, left = [], seconds
    while left > 0.5:
        found = events(
            program, "learn", ROOT / f"robots/{robot}.yaml", "--lockstep", "--seed", seed,
            "--workspace", workspace, "--set", f"learning.loop={loop}",
            "--max-experience", f"{left:.3f}")
        episodes += [e for e in found if e["event"] == "episode"]
        left = seconds - episodes[-1]["experience_s"]
    return episodes


def encoded(path, robot, angles):
    description = yaml.safe_load((ROOT / f"robots/{robot}.yaml").read_text())
    values = np.array(list(read_episode(path, description).observation.values())).T
    columns = []
    for channel in range(values.shape[1]):
        if channel in angles:
            columns += [np.sin(values[:, channel]), np.cos(values[:, channel])]
        else:
            columns.append(values[:, channel])
    return np.stack(columns, 1)


def distance(a, b):
    """Energy distance of two samples: Székely and Rizzo 2013, doi 10.1016/j.jspi.2013.03.018."""
    scale = np.concatenate([a, b]).std(0)
    a, b = a / scale, b / scale
    return 2 * cdist(a, b).mean() - cdist(a, a).mean() - cdist(b, b).mean()


def error(program, robot, model, episode):
    """Free error over ten steps, a share of the scatter (1: no better than the mean), worst channel."""
    found = events(
        program, "identify", "--robot", ROOT / f"robots/{robot}.yaml", "--model", model,
        "--validate", episode)
    # A channel that hardly moves has no scatter to compare with.
    fits = [float(e["nrmse_fit"]) for e in found
            if e["event"] == "validation" and e["steps"] == 10]
    return max((1 - fit for fit in fits if np.isfinite(fit)), default=float("nan"))


def study(program, robot, loop, seed, seconds, folder):
    workspace = folder / f"{robot}-{loop}-{seed}"
    episodes = learn(program, robot, loop, seed, seconds, workspace)
    # An episode that the budget has cut short tells nothing of how it would have ended.
    whole = max(e["seconds"] for e in episodes)
    episodes = [e for e in episodes
                if e["kind"] == "base" or e["success"] or e["seconds"] >= whole]
    plans = [e for e in episodes if e["kind"] == "mpc"]
    success = next((e["experience_s"] for e in plans if e["success"]), None)
    files = [workspace / e["file"] for e in episodes]
    angles = ROBOTS[robot]
    model = min((workspace / "models").glob("*.safetensors"))
    return {
        "success": success, "successes": sum(e["success"] for e in plans) / len(plans),
        "curve": [(e["experience_s"], -e["return"] / e["seconds"]) for e in plans],
        "distance": distance(*(encoded(files[k], robot, angles) for k in (0, -1))),
        "error_base": error(program, robot, model, files[0]),
        "error_last": error(program, robot, model, files[-1]),
    }


def line(robot, loop, runs):
    reached = [r["success"] for r in runs if r["success"] is not None]
    middle = lambda key: np.nanmedian([r[key] for r in runs])
    seconds = (f"{statistics.median(reached):.1f} ({min(reached):.1f} to {max(reached):.1f})"
               if reached else "none")
    return (f"| {robot} | {loop} | {len(reached)} of {len(runs)} | {seconds} | "
            f"{100 * middle('successes'):.0f} % | {middle('distance'):.2f} | "
            f"{middle('error_base'):.2f} | {middle('error_last'):.2f} |")


def draw(results, seconds, path):
    style()
    figure, axes = plt.subplots(1, len(ROBOTS), figsize=(9, 3.2), constrained_layout=True)
    grid = np.arange(0.5, seconds + 0.01, 0.25)
    for axis, robot in zip(axes, ROBOTS):
        for loop, colour in LOOPS.items():
            curves = []
            for run in results[robot, loop]:
                x, y = zip(*run["curve"])
                curves.append(np.interp(grid, x, y))
            low, middle, high = np.percentile(curves, [25, 50, 75], axis=0)
            axis.fill_between(grid, low, high, color=colour, alpha=0.15, linewidth=0)
            axis.plot(grid, middle, color=colour, linewidth=1.6, label=loop)
        axis.set(title=robot, xlabel="interaction, s", ylim=(0, None))
    axes[0].set_ylabel("cost per second of the episode")
    axes[0].legend(frameon=False)
    figure.savefig(path, dpi=150)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", nargs="?", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--build", type=Path, default=ROOT / ".build/release")
    options = parser.parse_args()
    results = {}
    print("| robot | loop | succeeded | s to the first success: median (least to most) | episodes that "
          "succeeded | distance of states | error on base data | error on last episode |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        for robot in ROBOTS:
            for loop in LOOPS:
                results[robot, loop] = [
                    study(options.build / "replan", robot, loop, seed, options.seconds, Path(name))
                    for seed in range(1, options.seeds + 1)]
                print(line(robot, loop, results[robot, loop]), flush=True)
    if options.picture:
        draw(results, options.seconds, options.picture)


main()
