#!/usr/bin/env python3
"""What the records of the torque-limited pendulum hold that no rigid pendulum does.

For each record: how much of the velocity is faster than the pendulum can swing, at which frequency,
and the half seconds in which its energy changes otherwise than by the work of the motor. Then for the
swings up, cut into seconds as the models are judged on them: what the best curve reaches that has nothing
of physics in it and is fitted to each second by itself, and what the pendulum's equation reaches when it
is fitted to these very seconds. Name the folder of the records; docs/IDENTIFY.md tells what came out.
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


def seconds(record, until, length=1.0, every=0.2):
    """Index ranges that last so long, one begun each `every`, as Tests/identify-figures.py cuts them."""
    time = record["time"]
    for count in range(int((until - length) / every + 1)):
        start = time[0] + every * count
        inside = [k for k, t in enumerate(time) if 0 <= t - start < length]
        yield range(inside[0], inside[-1] + 1)


def polynomial_errors(values, degree):
    """What the polynomial that fits best leaves; by orthonormal polynomials over the samples."""
    count = len(values)
    places = [2 * k / (count - 1) - 1 for k in range(count)]
    basis = []
    for power in range(degree + 1):
        column = [p * b for p, b in zip(places, basis[-1])] if basis else [1.0] * count
        for _ in range(2):
            for other in basis:
                share = sum(a * b for a, b in zip(column, other))
                column = [a - share * b for a, b in zip(column, other)]
        norm = math.sqrt(sum(a * a for a in column))
        basis.append([a / norm for a in column])
    left = list(values)
    for column in basis:
        share = sum(a * b for a, b in zip(left, column))
        left = [a - share * b for a, b in zip(left, column)]
    return left


def fit(errors, values):
    """1 - rms error / deviation."""
    scatter = deviation(values)
    return 1 - math.sqrt(sum(e * e for e in errors) / len(errors)) / scatter


def acceleration(angle, rate, torque, parameters):
    gravity, gain, viscous, coulomb = parameters
    return -gravity * math.sin(angle) + gain * torque - viscous * rate - coulomb * math.tanh(rate / 0.05)


def simulated_errors(record, part, parameters, interval):
    """Errors of the velocity from the recorded state at the start of the part on."""
    angle, rate = record["position"][part[0]], record["velocity"][part[0]]
    errors = [0.0]
    steps = max(1, round(interval / 0.005))
    h = interval / steps
    for k in part[:-1]:
        torque = record["torque"][k]
        for _ in range(steps):
            a1 = acceleration(angle, rate, torque, parameters)
            r2 = rate + h / 2 * a1
            a2 = acceleration(angle + h / 2 * rate, r2, torque, parameters)
            r3 = rate + h / 2 * a2
            a3 = acceleration(angle + h / 2 * r2, r3, torque, parameters)
            r4 = rate + h * a3
            a4 = acceleration(angle + h * r3, r4, torque, parameters)
            angle += h / 6 * (rate + 2 * r2 + 2 * r3 + r4)
            rate += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        errors.append(rate - record["velocity"][k + 1])
    return errors


def solved(matrix, right):
    """Gaussian elimination with pivots."""
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    count = len(rows)
    for i in range(count):
        pivot = max(range(i, count), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, count):
            ratio = rows[k][i] / rows[i][i]
            rows[k] = [a - ratio * b for a, b in zip(rows[k], rows[i])]
    result = [0.0] * count
    for i in reversed(range(count)):
        known = sum(rows[i][j] * result[j] for j in range(i + 1, count))
        result[i] = (rows[i][count] - known) / rows[i][i]
    return result


def fitted_physics(record, parts, interval):
    """The parameters with the least errors on these very parts, by Levenberg-Marquardt."""
    def errors(parameters):
        return [e for part in parts for e in simulated_errors(record, part, parameters, interval)]

    parameters, damping = [GRAVITY, GAIN, 0.1, 0.3], 1e-3
    best = errors(parameters)
    for _ in range(30):
        columns = []
        for i, value in enumerate(parameters):
            small = 1e-5 * max(1, abs(value))
            other = errors(parameters[:i] + [value + small] + parameters[i + 1:])
            columns.append([(b - a) / small for a, b in zip(best, other)])
        matrix = [[sum(a * b for a, b in zip(x, y)) for y in columns] for x in columns]
        slopes = [-sum(a * b for a, b in zip(x, best)) for x in columns]
        for i, row in enumerate(matrix):
            row[i] *= 1 + damping
        moved = [p + change for p, change in zip(parameters, solved(matrix, slopes))]
        trial = errors(moved)
        if sum(e * e for e in trial) < sum(e * e for e in best):
            parameters, best, damping = moved, trial, damping / 5
        else:
            damping *= 5
    return parameters, best


def torque_errors(record, parts, before, after, degree=8):
    """What polynomials and a linear filter of the torque leave, corrected for the filter's coefficients.

    Both are less their polynomials, so that the filter is told by what is faster.
    """
    count = before + after + 1
    matrix = [[0.0] * count for _ in range(count)]
    right, rows = [0.0] * count, []
    for part in parts:
        speeds, torques = (
            polynomial_errors([record[name][k] for k in part], degree)
            for name in ("velocity", "torque"))
        for k in range(before, len(part) - after):
            taps = torques[k - before:k + after + 1]
            rows.append((taps, speeds[k]))
            for i, a in enumerate(taps):
                right[i] += a * speeds[k]
                for j, b in enumerate(taps):
                    matrix[i][j] += a * b
    weights = solved(matrix, right)
    freedom = math.sqrt(len(rows) / (len(rows) - count))
    return [freedom * (y - sum(w * a for w, a in zip(weights, taps))) for taps, y in rows]


def ceilings(record, interval, until):
    """How well anything fits seconds of the swings up, and of the whole run.

    Returns the equation's parameters, and a function that tells how well others fit.
    """
    record = record | {"position": unwrapped(record["position"])}
    for end in (until, record["time"][-1]):
        parts = list(seconds(record, end))
        values = [[record["velocity"][k] for k in part] for part in parts]
        whole = [value for part in values for value in part]
        print(f"  seconds up to {end:.1f} s, a polynomial of its own for each:")
        for degree in (6, 8, 12, 20):
            left = [polynomial_errors(part, degree) for part in values]
            flat = [e for part in left for e in part]
            # Of white noise the polynomial takes a share, of which it foresees nothing.
            freedom = math.sqrt(len(flat) / sum(len(part) - degree - 1 for part in values))
            print(
                f"    degree {degree:2}: fit {100 * fit(flat, whole):.1f} %, corrected for its "
                f"coefficients {100 * fit([freedom * e for e in flat], whole):.1f} %")
        if end == until:
            for before, after in ((12, 0), (12, 6)):
                left = torque_errors(record, parts, before, after)
                print(
                    f"    degree 8 and the torque of {before} samples before to {after} after: fit "
                    f"{100 * fit(left, whole):.1f} %")
            swings, measured = parts, whole
            parameters, errors = fitted_physics(record, parts, interval)
            names = ("gravity", "gain", "viscous", "coulomb")
            print(
                f"    the equation, fitted to them: {100 * fit(errors, whole):.1f} %, "
                + ", ".join(f"{name} {value:.3f}" for name, value in zip(names, parameters)))

    def judged(others):
        errors = [e for part in swings for e in simulated_errors(record, part, others, interval)]
        return fit(errors, measured)

    return parameters, judged


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    runs = {}
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
        for name, until in (("energy_shaping", 4), ("ilqr", 2.4)):
            if path.name.startswith(name):
                runs[name] = ceilings(record, interval, until)
    for name, (parameters, _) in runs.items():
        for other, (_, judged) in runs.items():
            if other != name:
                print(f"the equation fitted to {name}, on {other}: {100 * judged(parameters):.1f} %")


if __name__ == "__main__":
    main()
