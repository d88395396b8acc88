#!/usr/bin/env python3
"""Measures the loop and writes docs/loop.json, of which Tests/Peers/report.py makes its section.

Usage: figures.py REPLAN LOOP_LATENCY LOOP_PEER [--output FILE] [--seconds S]
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Peers"))
import machine  # noqa: E402


def summary(event, *command):
    """The last object of that kind which a program prints."""
    print("running", " ".join(command), file=sys.stderr)
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = [json.loads(line) for line in run.stdout.splitlines()]
    return next(o for o in reversed(found) if o["event"] == event)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("replan")
    parser.add_argument("loop_latency")
    parser.add_argument("loop_peer")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "loop.json")
    parser.add_argument("--seconds", default="60", help="how long the loop runs, in all slices")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    figures = {
        "date": datetime.date.today().isoformat(),
        "machine": machine.describe(),
        "load_before": round(before, 2),
        "loop": summary(
            "loop", options.replan, "bench", "--loop", "--json", "--seconds", options.seconds),
        "watch": summary(
            "watch", options.replan, "bench", "--loop", "--watch", "--json", "--seconds",
            options.seconds),
        "latency": summary("latency", options.loop_latency, options.loop_peer, "--json"),
    }
    options.output.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
