"""The record that both sides train on: a cart-pole under smooth noise, and how a fit is judged."""

import csv
import math
import random

import numpy as np

RATE = 50
CHANNELS = ["x", "v", "angle", "w"]


def write(path, seed, count):
    """A cart-pole (1 kg, 0.3 kg, 0.5 m) pushed at random, with noise of the measurement."""
    draw = random.Random(seed)
    state, force, tick = [0.0, 0.0, math.pi, 0.0], 0.0, 1 / RATE

    def slope(s, u):
        _, v, angle, w = s
        sine, cosine = math.sin(angle), math.cos(angle)
        total, moment = 1.3, 0.3 * 0.25
        part = (u + moment * w * w * sine - 0.1 * v) / total
        turn = (9.81 * sine - cosine * part - 0.05 * w) / (0.25 * (4 / 3 - 0.3 * cosine**2 / total))
        return [v, part - moment * turn * cosine / total, w, turn]

    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["time", *CHANNELS, "force"])
        for k in range(count):
            force = 0.9 * force + draw.gauss(0, 2)
            # A spring keeps the cart near the middle.
            push = max(-10.0, min(10.0, force - 2 * state[0]))
            noisy = [s + draw.gauss(0, d) for s, d in zip(state, (0.001, 0.01, 0.002, 0.03))]
            table.writerow([f"{k * tick:.6f}", *(f"{s:.7g}" for s in noisy), f"{push:.7g}"])
            for _ in range(4):
                a = slope(state, push)
                middle = [s + 0.5 * tick / 4 * d for s, d in zip(state, a)]
                b = slope(middle, push)
                state = [s + tick / 4 * d for s, d in zip(state, b)]


def transitions(path):
    """Encoded inputs [transition, 6], changes [transition, 4]."""
    with open(path) as file:
        rows = list(csv.DictReader(file))
    states = np.array([[float(r[c]) for c in CHANNELS] for r in rows])
    actions = np.array([[float(r["force"])] for r in rows])
    change = np.diff(states, axis=0)
    change[:, 2] = (change[:, 2] + np.pi) % (2 * np.pi) - np.pi
    s = states[:-1]
    inputs = np.c_[s[:, :2], np.sin(s[:, 2]), np.cos(s[:, 2]), s[:, 3], actions[:-1]]
    return inputs, change


def normalised(path, normal=None):
    inputs, change = transitions(path)
    if normal is None:
        mean, scale = inputs.mean(0), inputs.std(0)
        mean[2:4], scale[2:4] = 0, 1
        normal = (mean, scale, change.mean(0), change.std(0))
    return (inputs - normal[0]) / normal[1], (change - normal[2]) / normal[3], normal


def mixture(mean, log_variance, wanted):
    """Negative log-likelihood of an equal mixture of the members, a mean over transitions."""
    each = -0.5 * ((mean - wanted) ** 2 * np.exp(-log_variance) + log_variance + np.log(2 * np.pi))
    each = each.sum(-1)
    top = each.max(0)
    return float(-(top + np.log(np.exp(each - top).mean(0))).mean())
