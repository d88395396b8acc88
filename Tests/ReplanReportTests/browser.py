"""Opens pages in Debian's Chromium, without a window, at a given width and colour scheme."""

import shutil
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

PROBES = Path(__file__).with_name("probes.js").read_text()
MISSING = "is not installed: run `make browser`, or apt install chromium chromium-driver"


def program(name):
    path = shutil.which(name)
    if path is None:
        raise SystemExit(f"{name} {MISSING}")
    return path


@contextmanager
def browser(width=1280, height=900, dark=False):
    """A Selenium driver of a browser that keeps what its console says."""
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium")
    for option in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        f"--window-size={max(width, 500)},{height}",
    ):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(program("chromedriver")))
    try:
        show(driver, width, height, dark)
        yield driver
    finally:
        driver.quit()


def show(driver, width, height=900, dark=False):
    """Another size and colour scheme, as a phone or a desktop would have them."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]},
    )


def probe(driver, call, *values):
    """What a function of probes.js returns, in the page."""
    return driver.execute_script(f"{PROBES}\nreturn {call}(...arguments)", *values)


def console(driver):
    """What the console has said since it was asked last."""
    return [f"{entry['level']}: {entry['message']}" for entry in driver.get_log("browser")]
