#!/usr/bin/env python3
"""Compares the posteriors on held-out data, into docs/POSTERIORS.md and docs/posteriors.svg.

Simulated plants are learned and run by --program, each seed another plant; the records of the
measured one are no part of this repository: name their folder by --datasets, or it is left out.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "POSTERIORS.md"
PICTURE = ROOT / "docs" / "posteriors.svg"
BEGIN, END = "<!-- figures: written by make posteriors -->", "<!-- end of figures -->"
PLANTS = ["cart-pole", "pendulum"]
RIG = "measured cart-pole"
POSTERIORS = ["bootstrap", "shared", "bayesian", "last_layer"]


def run(program, *arguments, accepts=(0,)):
    result = subprocess.run(
        [program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if result.returncode not in accepts:
        sys.exit(f"{' '.join(map(str, arguments))} ended with {result.returncode}")
    return result.stdout


def findings(text):
    events = [json.loads(line) for line in text.splitlines()]
    return [event for event in events if event["event"] == "posterior"]


def simulated(program, plant, seed, folder):
    """Fitted to what learning and two episodes more have seen, judged on two other episodes."""
    robot = ROOT / "robots" / f"{plant}.yaml"
    work = folder / f"{plant}-{seed}"
    options = ["--lockstep", "--seed", seed, "--workspace", work, "--json"]
    # Without success the data are data all the same.
    run(program, "learn", robot, *options, accepts=(0, 1))
    run(program, "run", robot, *options, "--episodes", 4, "--reset", "random", "--duration", 4,
        accepts=(0, 1))
    episodes = sorted((work / "episodes").glob("*.mcap"))
    return findings(run(
        program, "posteriors", "--robot", robot, "--data", *episodes[:-2], "--validate",
        *episodes[-2:], "--seed", seed, "--members", 6, "--json"))


def measured(program, datasets, repetitions):
    data = datasets / "cart-pole-physical"
    return findings(run(
        program, "posteriors", "--robot", ROOT / "docs/identify/physical-cart-pole.yaml",
        "--map", "angleD=angle_velocity", "positionD=velocity", "Q=motor",
        "--data", data / "train", "--validate", data / "validate", "--members", 6,
        "--steps", 5000, "--repetitions", repetitions, "--json"))


def median(events, key):
    values = [event[key] for event in events if event.get(key) is not None]
    return statistics.median(values) if values else None


def table(results):
    yield ("| plant | posterior | nll | error | in 50 % | in 90 % | in 99 % | calibration error "
           "| AUROC, median (least) | at the edge | nll there | disagreement | noise | fit, s |")
    yield "|---" * 14 + "|"
    for plant, events in results.items():
        for posterior in POSTERIORS:
            own = [event for event in events if event["posterior"] == posterior]
            least = min(event["auroc"] for event in own)
            shares = [f"{100 * median(own, f'coverage{level}'):.1f} %" for level in (50, 90, 99)]
            yield "| " + " | ".join([
                plant, f"`{posterior}`", f"{median(own, 'nll'):.2f}", f"{median(own, 'error'):.4f}",
                *shares, f"{median(own, 'calibration_error'):.3f}",
                f"{median(own, 'auroc'):.3f} ({least:.3f})", f"{median(own, 'withheld_auroc'):.3f}",
                f"{median(own, 'withheld_nll'):.2f}", f"{median(own, 'epistemic'):.4f}",
                f"{median(own, 'aleatoric'):.4f}", f"{median(own, 'fit_s'):.2f}"]) + " |"


def picture(results):
    """Three panels side by side, a dot for each seed and a bar at the median."""
    panels = [
        ("nll above the best, nats", "nll"), ("calibration error", "calibration_error"),
        ("AUROC at the edge of the data", "withheld_auroc")]
    colours = dict(zip(POSTERIORS, ["#3b6ea8", "#c0752a", "#3c8d5a", "#8a5a9e"]))
    width, left, panel, gap, top, row = 860, 150, 200, 34, 56, 16
    rows = len(results) * (len(POSTERIORS) + 1)
    height = top + rows * row + 40
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>']
    for p, (title, key) in enumerate(panels):
        x0 = left + p * (panel + gap)
        values = {
            (plant, event["seed"], event["posterior"]): event[key]
            for plant, events in results.items() for event in events}
        if key == "nll":
            values = {
                k: v - min(values[k[0], k[1], other] for other in POSTERIORS)
                for k, v in values.items()}
        low = min(0.5, min(values.values())) if key == "withheld_auroc" else 0
        high = 1 if key == "withheld_auroc" else max(values.values()) * 1.05 or 1
        scale = panel / (high - low)
        out.append(f'<text x="{x0}" y="{top - 28}" font-weight="bold">{title}</text>')
        for k in range(5):
            tick = low + (high - low) * k / 4
            x = x0 + (tick - low) * scale
            out.append(
                f'<line x1="{x:.1f}" y1="{top - 6}" x2="{x:.1f}" y2="{height - 30}" stroke="#ddd"/>'
                f'<text x="{x:.1f}" y="{top - 10}" text-anchor="middle" fill="#666">{tick:.3g}</text>')
        y = top
        for plant in results:
            for posterior in POSTERIORS:
                y += row
                own = [v for k, v in values.items() if k[0] == plant and k[2] == posterior]
                colour = colours[posterior]
                for value in own:
                    out.append(
                        f'<circle cx="{x0 + (value - low) * scale:.1f}" cy="{y - 4}" r="3" '
                        f'fill="{colour}" fill-opacity="0.45"/>')
                x = x0 + (statistics.median(own) - low) * scale
                out.append(
                    f'<line x1="{x:.1f}" y1="{y - 10}" x2="{x:.1f}" y2="{y + 2}" '
                    f'stroke="{colour}" stroke-width="3"/>')
            y += row
    y = top
    for plant in results:
        out.append(f'<text x="8" y="{y + 2}" font-weight="bold">{plant}</text>')
        for posterior in POSTERIORS:
            y += row
            out.append(
                f'<text x="{left - 10}" y="{y}" text-anchor="end" '
                f'fill="{colours[posterior]}">{posterior}</text>')
        y += row
    out.append("</svg>")
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--datasets", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for plant in PLANTS:
            results[plant] = []
            for seed in range(1, options.seeds + 1):
                print(f"{plant}, seed {seed}", file=sys.stderr)
                results[plant] += simulated(options.program, plant, seed, Path(folder))
    if options.datasets and (options.datasets / "cart-pole-physical").is_dir():
        print(RIG, file=sys.stderr)
        results[RIG] = measured(options.program, options.datasets, 3)
    lines = list(table(results))
    print("\n".join(lines))
    counts = ", ".join(
        f"{plant} {median(events, 'transitions'):.0f} and {median(events, 'judged'):.0f}"
        for plant, events in results.items())
    lines += [
        "", f"Medians over {options.seeds} seeds (of the measured one over 3), 6 members each. "
        f"Transitions fitted to and judged on: {counts}."]
    page = PAGE.read_text()
    head, rest = page.split(BEGIN)
    _, tail = rest.split(END)
    PAGE.write_text(head + BEGIN + "\n" + "\n".join(lines) + "\n" + END + tail)
    PICTURE.write_text(picture(results))


if __name__ == "__main__":
    main()
