#!/usr/bin/env python3
"""Measures how fast a robot learns, and how punctually; prints rows of the README's table.

Usage: measure.py [--seeds N] [--build FOLDER] [ROBOT.yaml ...]
Each seed draws another plant. Run it on an otherwise idle machine: half of the runs are in real
time.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ["cart-pole", "pendulum", "furuta", "reacher", "motor"]
COLUMNS = [
    "robot", "plant's clock", "succeeded", "s of interaction: median (least to most)",
    "tick p50 / p99 / max, ms", "overruns"]


def learn(program, robot, seed, is_lockstep, folder):
    """One run: its events, and the time in µs of every tick that planned."""
    workspace = folder / f"{robot.stem}-{seed}-{is_lockstep}"
    call = [program, "learn", robot, "--seed", str(seed), "--workspace", workspace, "--json"]
    result = subprocess.run(
        call + ["--lockstep"] * is_lockstep, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True)
    events = [json.loads(line) for line in result.stdout.splitlines()]
    if not events or events[-1]["event"] != "end":
        sys.exit(f"seed {seed} of {robot} broke off: {events[-1:]}")
    rate = events[0]["rate"]
    times = []
    for event in events:
        if event["event"] == "episode":
            samples, ticks = read(workspace / event["file"])
            # The seconds claimed are the samples recorded and those lost on the line.
            claimed = round(event["seconds"] * rate)
            if claimed != samples + event["lost_samples"]:
                sys.exit(f"{event['file']} of seed {seed} holds {samples} samples, not {claimed}")
            times += ticks if event["kind"] == "mpc" else []
    return events, times


def read(path):
    samples, times = 0, []
    with path.open("rb") as file:
        reader = make_reader(file, decoder_factories=[DecoderFactory()])
        for _, channel, _, message in reader.iter_decoded_messages():
            samples += channel.topic == "/observation"
            if channel.topic == "/tick":
                times.append(message.tick_us)
    return samples, times


def row(name, is_lockstep, runs):
    """One line of the table."""
    ends = [events[-1] for events, _ in runs]
    seconds = [end["experience_s"] for end in ends if end["success"]]
    times = sorted(time for _, ticks in runs for time in ticks)
    p50, p99 = (times[min(len(times) - 1, int(len(times) * part))] / 1000 for part in (0.5, 0.99))
    ticks = sum(e["ticks"] for events, _ in runs for e in events if e["event"] == "episode")
    overruns = sum(e["overruns"] for events, _ in runs for e in events if e["event"] == "episode")
    return table_line([
        name, "lockstep" if is_lockstep else "real time", f"{len(seconds)} of {len(ends)}",
        f"{statistics.median(seconds):.1f} ({min(seconds):.1f} to {max(seconds):.1f})"
        if seconds else "none",
        f"{p50:.2f} / {p99:.2f} / {times[-1] / 1000:.2f}",
        "" if is_lockstep else f"{overruns} of {ticks}"])


def table_line(cells):
    return "| " + " | ".join(cells) + " |"


def machine():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")),
                 platform.machine())
    release = platform.release().split("-")[0]
    return f"{model}, {os.cpu_count()} processors, Linux {release}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--build", type=Path, default=ROOT / ".build" / "release")
    parser.add_argument("robots", nargs="*", type=Path, metavar="ROBOT.yaml")
    options = parser.parse_args()
    robots = options.robots or [ROOT / "robots" / f"{n}.yaml" for n in NAMES]
    print(f"{machine()}; {datetime.date.today()}; load {os.getloadavg()[0]:.1f} at the start\n")
    print(table_line(COLUMNS), table_line(["---"] * len(COLUMNS)), sep="\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for robot in robots:
            for is_lockstep in (True, False):
                runs = [
                    learn(options.build / "replan", robot, seed, is_lockstep, Path(folder))
                    for seed in range(1, options.seeds + 1)]
                print(row(robot.stem, is_lockstep, runs), flush=True)


main()
