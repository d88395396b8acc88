"""Simulated plants to identify, and the cascaded tanks, as tables with a row each tick."""

import csv
import random

RATE = 50


def write(path, names, rows):
    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["time", *names])
        for k, row in enumerate(rows):
            table.writerow([f"{k / RATE:.6f}", *(f"{value:.9g}" for value in row)])


def swinging(seed, count, noise=0.2):
    """Two poles that swing, noise of the measurement; one output, one input."""
    draw = random.Random(seed)
    x, u, held, rows = [0.0, 0.0], 0.0, 0, []
    for _ in range(count):
        if held == 0:
            u, held = draw.uniform(-1, 1), draw.randint(1, 10)
        held -= 1
        y = 2 + x[0] + 0.5 * x[1] + draw.gauss(0, noise)
        rows.append([y, u])
        x = [1.5 * x[0] - 0.7 * x[1] + u, x[0]]
    return ["y0", "u0"], rows


def coupled(seed, count):
    """Three states, two inputs, two outputs, disturbed at each sample and measured with noise."""
    draw = random.Random(seed)
    x, rows = [0.0] * 3, []
    for _ in range(count):
        u = [draw.gauss(0, 1), draw.gauss(0, 1)]
        y = [x[0] + draw.gauss(0, 0.2), x[1] + x[2] + draw.gauss(0, 0.2)]
        rows.append([*y, *u])
        x = [
            0.9 * x[0] + 0.2 * x[1] + 0.3 * u[1] + draw.gauss(0, 0.05),
            -0.2 * x[0] + 0.9 * x[1] + 0.1 * x[2] + u[0] + draw.gauss(0, 0.05),
            0.6 * x[2] + 0.5 * u[0] + u[1] + draw.gauss(0, 0.05),
        ]
    return ["y0", "y1", "u0", "u1"], rows


def regressive(seed, count):
    """What least squares assumes: a disturbance that enters the difference equation."""
    draw = random.Random(seed)
    y, before, used, rows = 0.0, 0.0, 0.0, []
    for _ in range(count):
        u = draw.gauss(0, 1)
        rows.append([y, u])
        y, before = 1.2 * y - 0.5 * before + 0.8 * u + 0.2 * used + draw.gauss(0, 0.1), y
        used = u
    return ["y0", "u0"], rows


def quadratic(seed, count):
    """A polynomial of past samples: what a polynomial NARX model has in its very terms."""
    draw = random.Random(seed)
    y, before, used, rows = 0.0, 0.0, 0.0, []
    for _ in range(count):
        u = draw.uniform(-1, 1)
        rows.append([y, u])
        y, before = (
            0.2 * y + 0.1 * y * used + 0.9 * u + 0.3 * u * u - 0.2 * before + draw.gauss(0, 0.02), y)
        used = u
    return ["y0", "u0"], rows


def tanks(path, part):
    """The measured tanks: part Est to fit, Val to judge on."""
    with open(path) as file:
        rows = [
            [float(row["y" + part]), float(row["u" + part])]
            for row in csv.DictReader(file)
            if row["y" + part].strip()
        ]
    return ["y0", "u0"], rows
