#!/usr/bin/env python3
"""Identifies the measured plants and holds the figures against what is demanded of them.

The records are no part of this repository: name their folder by --datasets.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs/identify"))
import pendulum_records  # noqa: E402


def identify(replan, *arguments):
    """The events of a run and the seconds that it took."""
    start = time.monotonic()
    run = subprocess.run(
        [replan, "identify", "--json", *map(str, arguments)], stdout=subprocess.PIPE, check=True
    )
    events = [json.loads(line) for line in run.stdout.splitlines()]
    return events, time.monotonic() - start


def figure(events, channel, steps, key):
    return next(
        e[key]
        for e in events
        if e["event"] == "validation" and e["channel"] == channel and e["steps"] == steps
    )


def cart_pole(replan, folder, options):
    data = folder / "cart-pole-physical"
    events, _ = identify(
        replan,
        "--robot", ROOT / "docs/identify/physical-cart-pole.yaml",
        "--map", "angleD=angle_velocity", "positionD=velocity", "Q=motor",
        "--data", data / "train", "--validate", data / "validate",
        "--history", "2", *options,
    )
    seconds = next(e["seconds"] for e in events if e["event"] == "identified")
    yield "cart-pole: angle RMSE, 1 step, rad", figure(events, "angle", 1, "rmse"), 0, 0.0157
    yield "cart-pole: angle RMSE, 25 steps, rad", figure(events, "angle", 25, "rmse"), 0, 0.20
    for steps in (1, 10, 25):
        for channel in ("angle", "angle_velocity", "position", "velocity"):
            yield (
                f"cart-pole: {channel}, {steps} steps, in 90 %",
                figure(events, channel, steps, "coverage90"), 0.85, 0.95,
            )
    yield "cart-pole: fit, s", seconds, 0, 60


def tanks(replan, folder, options):
    record = folder / "cascaded-tanks" / "dataBenchmark.csv"
    model = folder_of_models() / "tanks.safetensors"
    robot = ["--robot", ROOT / "docs/identify/cascaded-tanks.yaml", "--rate", "1"]
    identify(
        replan, *robot, "--map", "uEst=pump", "yEst=level", "--data", record,
        # How far the memory reaches is chosen on held-out data; a level takes a minute to answer.
        "--unroll", "60", "--out", model, *options,
    )
    events, _ = identify(
        replan, *robot, "--map", "uVal=pump", "yVal=level", "--model", model, "--validate", record
    )
    yield "tanks: level RMSE, simulated, V", figure(events, "level", "simulation", "rmse"), 0, 0.45


def tanks_by_physics(replan, folder, options):
    record = folder / "cascaded-tanks" / "dataBenchmark.csv"
    model = folder_of_models() / "tanks-physics.safetensors"
    robot = ["--robot", ROOT / "docs/identify/cascaded-tanks-physics.yaml", "--rate", "1"]
    identify(
        replan, *robot, "--kind", "physics", "--map", "uEst=pump", "yEst=lower_level",
        "--data", record, "--out", model)
    events, _ = identify(
        replan, *robot, "--map", "uVal=pump", "yVal=lower_level", "--model", model,
        "--validate", record)
    yield (
        "tanks by physics: level RMSE, simulated, V",
        figure(events, "lower_level", "simulation", "rmse"), 0, 0.34,
    )


def rows_of(path):
    """Column names and rows of numbers of a table."""
    with open(path, newline="") as file:
        lines = csv.reader(line for line in file if not line.startswith("#"))
        names = next(lines)
        return names, [[float(value) for value in line] for line in lines]


def windows(path, seconds, until, folder):
    """The record up to a time as files that last so many seconds, one begun each 0.2 s."""
    names, rows = rows_of(path)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    time = names.index("time")
    for count in range(int((until - seconds) / 0.2 + 1)):
        start = rows[0][time] + 0.2 * count
        part = [row for row in rows if 0 <= row[time] - start < seconds]
        with open(folder / f"{count:04}.csv", "w", newline="") as file:
            csv.writer(file).writerows([names, *part])
    return folder


def curve_fit(path, until):
    """The fit of the best polynomial of degree 8 to each second: no smooth velocity comes closer."""
    record = pendulum_records.columns(path)
    parts = list(pendulum_records.seconds(record, until))
    values = [[record["velocity"][k] for k in part] for part in parts]
    errors = [e for part in values for e in pendulum_records.polynomial_errors(part, 8)]
    return pendulum_records.fit(errors, [value for part in values for value in part])


def pendulum(replan, folder, options):
    """On the swings up, before the pendulum balances or is pushed: docs/IDENTIFY.md tells why."""
    data = folder / "pendulum-torque-limited"
    model = folder_of_models() / "pendulum.safetensors"
    robot = ["--robot", ROOT / "docs/identify/torque-limited-pendulum.yaml"]
    identify(
        replan, *robot, "--kind", "physics", "--data", data / "sysid_measured.csv",
        # Its errors hang together: the start of each window would follow them. The run as a whole has one.
        "--window", "4", "--out", model, *options)
    for run, until, least in (("energy_shaping", 4, 0.9), ("ilqr", 2.4, 0.87)):
        record = data / f"{run}_measured.csv"
        yield f"pendulum, {run}: fit of any smooth velocity", curve_fit(record, until), 0, 1
        parts = windows(record, 1, until, folder_of_models() / run)
        events, _ = identify(replan, *robot, "--model", model, "--validate", parts)
        fit = figure(events, "velocity", "simulation", "nrmse_fit")
        yield f"pendulum, {run}: fit over 1 s", fit, least, 1


def folder_of_models():
    folder = ROOT / ".build" / "identify"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replan", default=ROOT / ".build/release/replan")
    parser.add_argument("--datasets", type=pathlib.Path, required=True)
    parser.add_argument("--only", choices=["cart-pole", "tanks", "tanks-physics", "pendulum"])
    arguments, options = parser.parse_known_args()
    if not arguments.datasets.is_dir():
        sys.exit(f"{arguments.datasets} is no folder: name that of the records by --datasets")
    missed = 0
    parts = (
        ("cart-pole", cart_pole), ("tanks", tanks), ("tanks-physics", tanks_by_physics),
        ("pendulum", pendulum))
    for name, part in parts:
        if arguments.only not in (None, name):
            continue
        for what, value, least, most in part(arguments.replan, arguments.datasets, options):
            holds = least <= value <= most
            missed += not holds
            print(f"{what:44} {value:8.4f}  {least:g} to {most:g}  {'' if holds else 'MISSED'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
