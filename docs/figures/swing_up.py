#!/usr/bin/env python3
"""Draws a learned cart-pole swing-up and how it was learned.

Usage: swing_up.py WORKSPACE [PICTURE.png]
WORKSPACE is what `replan learn robots/cart-pole.yaml` leaves behind, a success at its end.
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch

from episodes import read_workspace

INK, FAINT, GRID = "#1f2933", "#7b8794", "#e4e7eb"
BLUE, ORANGE, RED = "#2166ac", "#d9730d", "#b2182b"
# Episodes do not record lengths: this is the middle of the simulated poles' range.
POLE_LENGTH = 0.5
CART = (0.24, 0.10)
FLASH_SECONDS = 0.08
ROW_SECONDS = 1.0


def style():
    plt.rcParams.update({
        "font.size": 9, "font.family": "DejaVu Sans", "text.color": INK,
        "axes.edgecolor": FAINT, "axes.labelcolor": INK, "axes.linewidth": 0.8,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
        "grid.color": GRID, "grid.linewidth": 0.8, "axes.axisbelow": True,
        "xtick.color": FAINT, "ytick.color": FAINT, "xtick.labelcolor": INK,
        "ytick.labelcolor": INK, "figure.facecolor": "white"})


def tip(x, angle):
    """Where the pole's end is; angle 0 is upright, positive leans to +x."""
    return x + POLE_LENGTH * np.sin(angle), POLE_LENGTH * np.cos(angle)


def draw_flash(axes, x, angle, alpha, is_last):
    width, height = CART
    axes.add_patch(FancyBboxPatch(
        (x - width / 2, -height / 2), width, height, boxstyle="round,pad=0,rounding_size=0.02",
        facecolor="white" if not is_last else INK, edgecolor=INK, linewidth=1.0, alpha=alpha,
        zorder=3))
    end = tip(x, angle)
    axes.plot([x, end[0]], [0, end[1]], color=BLUE, linewidth=3.2 if is_last else 2.2, alpha=alpha,
              solid_capstyle="round", zorder=4)
    axes.plot(*end, "o", color=BLUE, markersize=6 if is_last else 4.5, alpha=alpha, zorder=4)
    axes.plot(x, 0, "o", color=INK if not is_last else "white", markersize=2.5, alpha=alpha,
              zorder=5)


def draw_row(axes, pose, start, end):
    """The motion between two times, as flashes that fade into the past."""
    time, x, angle = pose
    inside = (time >= start - 1e-9) & (time <= end + 1e-9)
    axes.plot(*tip(x[inside], angle[inside]), color=ORANGE, linewidth=1.2, alpha=0.8, zorder=2)
    flashes = np.arange(end, start - 1e-9, -FLASH_SECONDS)[::-1]
    for moment in flashes:
        i = int(np.argmin(np.abs(time - moment)))
        age = (end - moment) / (end - start)
        is_last = moment == flashes[-1]
        draw_flash(axes, x[i], angle[i], 1.0 if is_last else 0.65 - 0.5 * age, is_last)
    axes.axhline(-CART[1] / 2, color=FAINT, linewidth=1.2, zorder=1)
    axes.text(0, 1, f"{start:.1f} to {end:.1f} s", transform=axes.transAxes, va="top", fontsize=9)


def draw_motion(figure, grid, episode, before):
    """About a second of motion in each row, all rows to one scale."""
    time = np.array(episode.time)
    x = np.array(episode.observation["cart_position"])
    angle = np.array(episode.observation["pole_angle"])
    edges = np.linspace(0, time[-1], max(1, round(time[-1] / ROW_SECONDS)) + 1)
    tips = tip(x, angle)
    left = min(x.min() - CART[0] / 2, tips[0].min()) - 0.1
    right = max(x.max() + CART[0] / 2, tips[0].max()) + 0.1
    heights = []
    for start, end in zip(edges, edges[1:]):
        ends = tips[1][(time >= start - 1e-9) & (time <= end + 1e-9)]
        heights.append((min(-0.2, ends.min() - 0.08), max(0.12, ends.max() + 0.08)))
    rows = grid.subgridspec(
        len(heights), 1, hspace=0.03, height_ratios=[high - low for low, high in heights])
    for i, (low, high) in enumerate(heights):
        axes = figure.add_subplot(rows[i])
        draw_row(axes, (time, x, angle), edges[i], edges[i + 1])
        axes.set(xlim=(left, right), ylim=(low, high), aspect="equal", anchor="W")
        axes.axis("off")
        if i == 0:
            title(axes, f"Episode {episode.index}, after {before:.1f} s of interaction")
    axes.plot([right - 0.5, right], [low + 0.02] * 2, color=INK, linewidth=1.5, clip_on=False)
    axes.text(right - 0.25, low + 0.03, "0.5 m", ha="center", va="bottom", fontsize=8)


def title(axes, text):
    axes.set_title(text, loc="left", fontsize=11, fontweight="bold", pad=9)


def limit(axes, value, text=None):
    axes.axhline(value, color=RED, linewidth=1, linestyle=(0, (4, 3)))
    if text:
        axes.text(1.0, value, text + " ", color=RED, fontsize=8, va="bottom", ha="right",
                  transform=axes.get_yaxis_transform())


def draw_angle(axes, robot, episode):
    time = np.array(episode.time)
    angle = np.unwrap(episode.observation["pole_angle"])
    # So that the upright that it ends at is 0.
    angle -= 2 * np.pi * round(angle[-1] / (2 * np.pi))
    held = time[-1] - robot["episode"]["hold"]
    axes.axvspan(held, time[-1], color=BLUE, alpha=0.09, linewidth=0)
    axes.plot(time, angle, color=BLUE, linewidth=1.8)
    turns = range(int(np.floor(angle.min() / np.pi)), int(np.ceil(angle.max() / np.pi)) + 1)
    axes.set_yticks(
        [turn * np.pi for turn in turns], ["hanging" if turn % 2 else "upright" for turn in turns])
    axes.set_ylim(angle.min() - 0.5, angle.max() + 0.5)
    axes.set_ylabel("pole angle")
    # Halfway to hanging, where no curve comes that is held upright.
    middle = (angle.min() + angle.max()) / 2
    axes.text((held + time[-1]) / 2, middle, "held: success", ha="center", color=BLUE, fontsize=9)


def draw_curves(figure, cells, robot, episode):
    """Angle, position and action over the time of the episode."""
    time = np.array(episode.time)
    within = {c["channel"]: c["within"] for c in robot["episode"]["success"]}
    force = robot["action"][0]
    first = figure.add_subplot(cells[0])
    draw_angle(first, robot, episode)
    title(first, "What the sensors saw and the motor got")

    second = figure.add_subplot(cells[1], sharex=first)
    second.plot(time, episode.observation["cart_position"], color=BLUE, linewidth=1.8)
    limit(second, within["cart_position"], "end of the track")
    limit(second, -within["cart_position"])
    second.set_yticks([-2, 0, 2])
    second.set_ylim(-2.9, 3.7)
    second.set_ylabel("cart\nm")

    third = figure.add_subplot(cells[2], sharex=first)
    third.step(time, episode.action[force["name"]][:len(time)], where="post", color=ORANGE,
               linewidth=1.1)
    limit(third, force["max"], "limit")
    limit(third, force["min"])
    third.set_ylim(1.25 * force["min"], 1.55 * force["max"])
    third.set_ylabel(f"{force['name']}\n{force['unit']}")
    third.set_xlabel("s of the episode")
    for axes in (first, second):
        axes.tick_params(labelbottom=False)
    first.set_xlim(0, time[-1])
    figure.align_ylabels([first, second, third])


def draw_learning(figure, cell, episodes):
    """The return over the seconds of interaction; per second, since episodes differ in length."""
    axes = figure.add_subplot(cell)
    start = 0.0
    rates = [episode.total_return / episode.seconds for episode in episodes]
    for episode, rate in zip(episodes, rates):
        end = start + episode.seconds
        colour = BLUE if episode.succeeded else FAINT
        axes.plot([start, end], [rate, rate], color=colour, linewidth=4, solid_capstyle="butt")
        words = {"base": "noise", "mpc": "planning"}[episode.kind]
        if episode.succeeded:
            words += ", success"
        axes.text(start + 0.04, rate - 0.06 * min(rates), f"{episode.index}: {words}", va="bottom",
                  fontsize=8, color=BLUE if episode.succeeded else INK)
        start = end
    axes.set_xlim(0, start)
    axes.set_ylim(1.15 * min(rates), 0)
    axes.set_ylabel("return\nper s")
    axes.set_xlabel("s of interaction, all episodes")
    title(axes, "How it learned")


def main():
    default = Path(__file__).resolve().parent.parent / "swing-up.png"
    robot, episodes = read_workspace(sys.argv[1])
    successes = [episode for episode in episodes if episode.succeeded]
    if not successes:
        sys.exit(f"{sys.argv[1]} holds no successful episode")
    shown = successes[0]
    before = sum(episode.seconds for episode in episodes if episode.index < shown.index)
    style()
    figure = plt.figure(figsize=(10, 6.2))
    halves = figure.add_gridspec(
        1, 2, left=0.03, right=0.985, top=0.945, bottom=0.085, wspace=0.22,
        width_ratios=[0.62, 1])
    draw_motion(figure, halves[0], shown, before)
    right = halves[1].subgridspec(2, 1, height_ratios=[3.3, 1], hspace=0.4)
    cells = right[0].subgridspec(3, 1, height_ratios=[1.4, 1, 1], hspace=0.14)
    draw_curves(figure, [cells[i] for i in range(3)], robot, shown)
    draw_learning(figure, right[1], episodes)
    figure.savefig(
        sys.argv[2] if len(sys.argv) > 2 else default, dpi=160, metadata={"Software": None})


if __name__ == "__main__":
    main()
