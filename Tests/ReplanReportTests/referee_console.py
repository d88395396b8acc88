"""Opens pages about workspaces that lack something, and demands that they are drawn all the same.

Usage: referee_console.py PAGE…

Each is opened at desktop and phone width. Exits with 1 where the console says anything, the page is
wider than the window or was not drawn to its end. Prints the texts of the pages as a JSON list.
"""

import json
import sys
from pathlib import Path

from browser import browser, console, show

TOLD = """
return {
  isDrawn: document.documentElement.dataset.height !== undefined,
  wide: document.documentElement.scrollWidth - innerWidth,
  text: document.body.innerText,
};
"""


def main(*pages):
    told = []
    with browser() as driver:
        for page in pages:
            for width in (1280, 390):
                show(driver, width)
                driver.get(Path(page).absolute().as_uri())
                found = driver.execute_script(TOLD)
                said = console(driver)
                if said or not found["isDrawn"] or found["wide"] > 0:
                    sys.exit(f"referee_console: {page} at {width}: {said} {found}")
            told.append(found["text"])
    json.dump(told, sys.stdout)


main(*sys.argv[1:])
