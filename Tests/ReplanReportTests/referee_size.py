"""How a page of many long episodes feels in a real browser.

Usage: referee_size.py PAGE

Prints one JSON object: seconds until the page is drawn; milliseconds until the picture follows a step to
another episode, a zoom and the pointer, the slowest of several; points that are drawn. Exits with 1
if the page does not draw what it should, whatever the times.
"""

import json
import sys
import time
from pathlib import Path

from browser import browser, console
from selenium.webdriver.support.ui import WebDriverWait

# Milliseconds from an act to the second frame after it, when its result is on the screen.
TIMED = """
const done = arguments[arguments.length - 1];
const acts = {
  step: () => { location.hash = `episode-${arguments[1]}`; },
  zoom: () => document.querySelector('[aria-label="Zoom in"]').click(),
  all: () => document.querySelector('[aria-label="The whole episode"]').click(),
  point: () => {
    const canvas = document.querySelector('#plots .plot canvas:last-of-type');
    const box = canvas.getBoundingClientRect();
    canvas.dispatchEvent(new MouseEvent('mousemove', {
      bubbles: true, clientX: box.left + arguments[1] * box.width, clientY: box.top + 50}));
  },
};
const start = performance.now();
const frames = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
if (arguments[0] === 'step') addEventListener('hashchange', frames, { once: true });
acts[arguments[0]]();
if (arguments[0] !== 'step') frames();
"""

ROWS = "return [...document.querySelectorAll('#plots .plot')].map((plot) => plot.dygraph.numRows())"


def main(page):
    with browser() as driver:
        driver.set_script_timeout(60)
        start = time.monotonic()
        driver.get(Path(page).absolute().as_uri())
        WebDriverWait(driver, 120).until(
            lambda driver: driver.execute_script("return document.documentElement.dataset.height"))
        loaded = time.monotonic() - start
        episodes = driver.execute_script(
            "return JSON.parse(document.getElementById('report').textContent).episodes.map((e) => e.index)")
        timed = lambda *act: driver.execute_async_script(TIMED, *act)
        chosen = [episode for episode in episodes[:: max(1, len(episodes) // 8)] if episode != episodes[-1]]
        steps = [timed("step", episode) for episode in chosen]
        before = driver.execute_script(ROWS)
        zooms = [timed("zoom") for _ in range(5)]
        zooms.append(timed("all"))
        points = [timed("point", share) for share in (0.2, 0.4, 0.6, 0.8)]
        said = console(driver)
        heap = driver.execute_script("return performance.memory.usedJSHeapSize")
    if said:
        sys.exit(f"referee_size: the console says {said}")
    if driver_rows := [rows for rows in before if not 100 < rows <= 2100]:
        sys.exit(f"referee_size: plots of {driver_rows} points")
    json.dump({
        "megabytes": Path(page).stat().st_size / 1e6, "episodes": len(episodes), "load_s": loaded,
        "step_ms": max(steps), "zoom_ms": max(zooms), "point_ms": max(points), "points": max(before),
        "heap_megabytes": heap / 1e6}, sys.stdout)


main(*sys.argv[1:])
