#!/usr/bin/env python3
"""What the records of the torque-limited pendulum hold that no rigid pendulum does.

For each record: how much of the velocity is faster than the pendulum can swing, at which frequency,
and the half seconds in which its energy changes otherwise than by the work of the motor. Name the
folder of the records; docs/IDENTIFY.md tells what came out.
"""

import argparse
import csv
import math
import pathlib

# Gravity over length, 1/s², and acceleration by torque, 1/(kg·m²), as the swings of all runs have it.
GRAVITY, GAIN = 19.6, 5.0


def columns(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def unwrapped(angles):
    result = angles[:1]
    for angle in angles[1:]:
        result.append(result[-1] + math.remainder(angle - result[-1], 2 * math.pi))
    return result


def smoothed(values, interval, seconds=0.1):
    """Value and slope of a parabola through the samples of so many seconds around each."""
    half = max(2, round(seconds / interval / 2))
    offsets = range(-half, half + 1)
    count, second = len(offsets), sum(k * k for k in offsets)
    fourth = sum(k**4 for k in offsets)
    scale = count * fourth - second * second
    level = [(fourth - second * k * k) / scale for k in offsets]
    slope = [k / second / interval for k in offsets]
    middle, rate = [], []
    for i in range(half, len(values) - half):
        part = values[i - half:i + half + 1]
        middle.append(sum(w * v for w, v in zip(level, part)))
        rate.append(sum(w * v for w, v in zip(slope, part)))
    return middle, rate, half


def deviation(values):
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def strongest(values, interval, lowest=5):
    """The frequency above `lowest` with the most power, Hz."""
    count = len(values)
    best = (0, 0)
    for k in range(int(lowest * count * interval), count // 2):
        turn = 2 * math.pi * k / count
        real = sum(v * math.cos(turn * i) for i, v in enumerate(values))
        imaginary = sum(v * math.sin(turn * i) for i, v in enumerate(values))
        best = max(best, (real * real + imaginary * imaginary, k / (count * interval)))
    return best[1]


def balances(record, interval, seconds=0.5):
    """Beginning of each part, change of energy in it, and work of the motor; per kg·m²."""
    angle, rate, half = smoothed(unwrapped(record["position"]), interval)
    torque = record["torque"][half:-half]
    time = record["time"][half:-half]
    step = round(seconds / interval)
    for i in range(0, len(angle) - step, step):
        first, last = (
            0.5 * rate[k] ** 2 - GRAVITY * math.cos(angle[k]) for k in (i, i + step))
        work = sum(GAIN * torque[k] * rate[k] * interval for k in range(i, i + step))
        yield time[i], last - first, work


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    for path in sorted(parser.parse_args().folder.glob("*_measured.csv")):
        record = columns(path)
        time, velocity = record["time"], record["velocity"]
        interval = (time[-1] - time[0]) / (len(time) - 1)
        slow, _, half = smoothed(velocity, interval)
        fast = [v - s for v, s in zip(velocity[half:], slow)]
        share = deviation(fast) / deviation(velocity)
        print(
            f"{path.name}: {1 / interval:.0f} Hz; velocity {deviation(velocity):.2f} rad/s, of it "
            f"faster than the swing {deviation(fast):.2f} ({100 * share:.1f} %), most at "
            f"{strongest(fast[:1024], interval):.1f} Hz")
        for start, change, work in balances(record, interval):
            if abs(change - work) > 5 and "sysid" not in path.name:
                print(
                    f"  {start:5.1f} s: energy {change:+6.1f}, work of the motor {work:+6.1f} s⁻²")


if __name__ == "__main__":
    main()
