"""How a page of many long episodes feels in a real browser.

Usage: referee_size.py PAGE

Prints one JSON object: seconds until the page is drawn; milliseconds until the picture follows a
step to another episode, a zoom and the pointer, the slowest of several; points that are drawn.
Exits with 1 if the page does not draw what it should, whatever the times.
"""

import json
import sys
import time
from pathlib import Path

from browser import PROBES, browser, console, probe
from selenium.webdriver.support.ui import WebDriverWait


def main(page):
    with browser() as driver:
        driver.set_script_timeout(60)
        start = time.monotonic()
        driver.get(Path(page).absolute().as_uri())
        WebDriverWait(driver, 120).until(
            lambda driver: driver.execute_script("return document.documentElement.dataset.height")
        )
        loaded = time.monotonic() - start
        episodes = [episode["index"] for episode in probe(driver, "content")["episodes"]]
        timed = lambda *act: driver.execute_async_script(f"{PROBES}\ntimed(...arguments)", *act)
        others = episodes[: -1 : max(1, len(episodes) // 8)]
        steps = [timed("step", episode) for episode in others]
        points_drawn = [len(plot["rows"]) for plot in probe(driver, "plotsOf", "#plots")]
        zooms = [timed("zoom", 0) for _ in range(5)]
        zooms.append(timed("all", 0))
        points = [timed("point", share) for share in (0.2, 0.4, 0.6, 0.8)]
        said = console(driver)
        heap = driver.execute_script("return performance.memory.usedJSHeapSize")
    if said:
        sys.exit(f"referee_size: the console says {said}")
    if odd := [points for points in points_drawn if not 100 < points <= 2100]:
        sys.exit(f"referee_size: plots of {odd} points")
    json.dump(
        {
            "megabytes": Path(page).stat().st_size / 1e6,
            "episodes": len(episodes),
            "load_s": loaded,
            "step_ms": max(steps),
            "zoom_ms": max(zooms),
            "point_ms": max(points),
            "points": max(points_drawn),
            "heap_megabytes": heap / 1e6,
        },
        sys.stdout,
    )


main(*sys.argv[1:])
