#!/usr/bin/env python3
"""Looks at the live page in Chromium, and presses its stop.

Usage: watch_browser.py URL look|stop|key [--pictures FOLDER]

`look` waits until the page shows a plant that moves and the members' rollouts, in light and dark, on a
desktop and on a phone, and prints what it saw as JSON; `stop` and `key` also stop the session, by the
button and by the keyboard. The console must stay clean.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Browser"))
from browser import Browser  # noqa: E402

RUNNING = "document.getElementById('phase')?.textContent === 'running, armed'"
MEMBERS = "document.querySelectorAll('#members i').length"

# How many points of a canvas have a colour, within a little.
COUNT = """
(() => {
  const canvas = document.getElementById(%r), style = getComputedStyle(document.documentElement);
  const wanted = document.createElement('canvas').getContext('2d');
  wanted.fillStyle = style.getPropertyValue(%r).trim();
  wanted.fillRect(0, 0, 1, 1);
  const [r, g, b] = wanted.getImageData(0, 0, 1, 1).data;
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] > 200 && Math.abs(data[i] - r) < 12 && Math.abs(data[i + 1] - g) < 12
        && Math.abs(data[i + 2] - b) < 12) count++;
  }
  return count;
})()
"""


def channel(name):
    return f"document.querySelector('[data-channel={name}]')?.textContent"


def look(page):
    page.wait_for(f"{RUNNING} && {MEMBERS} > 0", 120)
    seen = {"members": page.evaluate(MEMBERS)}
    # The pole moves, and the picture with it.
    first = page.evaluate(channel("pole_angle"))
    page.wait_for(f"{channel('pole_angle')} !== {json.dumps(first)}")
    image = "document.getElementById('picture').toDataURL()"
    before = page.evaluate(image)
    page.wait_for(f"{image} !== {json.dumps(before)}")
    for member in range(seen["members"]):
        for canvas in ("picture", "fan"):
            page.wait_for(COUNT % (canvas, f"--member-{member}") + " > 20")
    page.wait_for(COUNT % ("picture", "--body") + " > 100")
    page.wait_for(COUNT % ("action", "--accent") + " > 20")
    page.wait_for(COUNT % ("histogram", "--accent") + " > 20")
    page.wait_for(COUNT % ("disagreement", "--good") + " > 20")
    seen["verdict"] = page.evaluate("document.getElementById('verdict').textContent")
    return seen


def shapes(page, folder):
    """The page at every size and scheme: nothing is wider than the screen, the button is on it."""
    for width, height in ((1280, 900), (390, 844)):
        for dark in (False, True):
            page.resize(width, height, dark)
            page.wait_for("document.documentElement.clientWidth <= %d" % width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            box = page.evaluate(
                "(() => { const b = document.getElementById('stop').getBoundingClientRect();"
                "return [b.left, b.top, b.right, b.bottom]; })()")
            assert box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height, box
            if folder:
                page.wait_for(f"{RUNNING} && {MEMBERS} > 0", 120)
                page.picture(folder / f"{width}-{'dark' if dark else 'light'}.png")
    page.resize(1280, 900)


def stop(page, by_key):
    page.wait_for(RUNNING, 120)
    if by_key:
        page.key("Escape")
    else:
        x, y = page.evaluate(
            "(() => { const b = document.getElementById('stop').getBoundingClientRect();"
            "return [(b.left + b.right) / 2, (b.top + b.bottom) / 2]; })()")
        page.press(x, y)
    # Whatever the answer says; "Stopping…" is none. It stays when the server has ended.
    notice = ("(() => { const text = document.getElementById('notice').textContent;"
              "return /^$|Stopping/.test(text) ? null : text; })()")
    page.wait_for(notice)
    page.wait_for("document.body.classList.contains('stale')")
    return page.wait_for(notice)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("what", choices=["look", "stop", "key"])
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    with Browser() as page:
        page.open(options.url)
        seen = look(page)
        if options.what == "look":
            shapes(page, options.pictures)
        else:
            seen["notice"] = stop(page, options.what == "key")
        # The server ends with the run, which the browser remarks; nothing else is to be said.
        lost = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE",
                "ERR_CONNECTION_RESET")
        # Counting points as this program does is slow, says the browser.
        problems = [
            p for p in page.problems
            if "willReadFrequently" not in p and not (
                seen.get("notice") and any(e in p for e in lost))]
        seen["problems"] = problems
    print(json.dumps(seen))
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
