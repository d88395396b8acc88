"""Looks at a report in a real browser and compares it with what the episodes' files hold.

Usage: referee_page.py WORKSPACE PAGE EPISODE

The page is opened at desktop and phone width, light and dark. Its plots are asked for their data,
which numpy reads from the episode by PyPI's mcap; their pixels are looked at; the mouse zooms and
points. Prints one JSON object of what was found; the first fault is told, with exit code 1.
"""

import json
import sys
from pathlib import Path

import numpy
from browser import browser, console, probe, show
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

# Titles of the tick's plots, and the field and factor behind them.
TICKS = {
    "plan cost": ("plan_cost", 1),
    "disagreement": ("disagreement", 1),
    "tick time": ("tick_us", 1e-3),
}
MOST_POINTS = 2000


def fail(reason):
    raise SystemExit(f"referee_page: {reason}")


def require(condition, reason):
    if not condition:
        fail(reason)


def read(path):
    """Columns of each topic over the seconds since the first message, the earliest coming first."""
    topics, start = {}, None
    with path.open("rb") as file:
        reader = make_reader(file, decoder_factories=[DecoderFactory()])
        for _, channel, message, decoded in reader.iter_decoded_messages():
            start = message.log_time if start is None else start
            fields = {field.name: value for field, value in decoded.ListFields()}
            topics.setdefault(channel.topic, []).append(((message.log_time - start) * 1e-9, fields))
    return topics


def column(topics, topic, field, factor=1.0):
    """Times and values; a value is rounded as the page holds it."""
    records = topics[topic]
    time = numpy.array([time for time, _ in records])
    values = numpy.array([fields[field] for _, fields in records], dtype=numpy.float32)
    return time, values * numpy.float32(factor)


def expected(topics, title):
    if title in TICKS:
        field, factor = TICKS[title]
        return column(topics, "/tick", field, factor)
    for topic in ("/observation", "/action"):
        if title in topics[topic][0][1]:
            return column(topics, topic, title)
    fail(f"a plot {title!r} of what the episode does not have")


def compare(plot, topics, is_thinned):
    """A plot holds the file's samples, of its states the estimates too."""
    title = plot["title"]
    everything = numpy.array(
        [[numpy.nan if cell is None else cell for cell in row] for row in plot["rows"]]
    )
    if "estimated" in plot["labels"]:
        compare_series(plot, everything[:, :2], column(topics, "/state", title), is_thinned)
    return compare_series(plot, everything[:, [0, -1]], expected(topics, title), is_thinned)


def compare_series(plot, rows, samples, is_thinned):
    """A line holds these samples; thinned, it holds their extremes and nothing else."""
    title = plot["title"]
    time, values = samples
    rows = rows[numpy.isfinite(rows[:, 1])]
    finite = numpy.isfinite(values)
    time, values = time[finite], values[finite].astype(float)
    if not is_thinned and len(time) <= MOST_POINTS:
        require(len(rows) == len(time), f"{title}: {len(rows)} points for {len(time)} samples")
        require(numpy.allclose(rows[:, 0], time, atol=1e-9), f"{title}: other times")
        require(numpy.allclose(rows[:, 1], values, rtol=1e-6, atol=0), f"{title}: other values")
    else:
        require(len(rows) <= MOST_POINTS + 8, f"{title}: {len(rows)} points are too many to draw")
        require(len(rows) >= MOST_POINTS / 4, f"{title}: {len(rows)} points are too few")
        places = numpy.searchsorted(time, rows[:, 0] - 1e-9)
        require(are_among(rows[:, 1], values), f"{title}: a value that no sample has")
        require(
            numpy.allclose(time[numpy.clip(places, 0, len(time) - 1)], rows[:, 0], atol=1e-6),
            f"{title}: a time that no sample has",
        )
    for name, extreme in (("least", numpy.min), ("greatest", numpy.max)):
        require(
            numpy.isclose(extreme(rows[:, 1]), extreme(values), rtol=1e-6, atol=0),
            f"{title}: its {name} value is lost",
        )
    require(
        plot["y"][0] <= rows[:, 1].min() and plot["y"][1] >= rows[:, 1].max(),
        f"{title}: values outside of its axis",
    )
    return rows


def are_among(found, values):
    """Whether each number is one of the values, in single precision."""
    values = numpy.sort(values)
    places = numpy.clip(numpy.searchsorted(values, found), 1, len(values) - 1)
    nearest = numpy.minimum(abs(values[places] - found), abs(values[places - 1] - found))
    return (nearest <= 1e-6 * abs(found)).all()


def drag(driver, element, start, end):
    """From one share of an element's width to another."""
    width = element.size["width"]
    offset = lambda share: int(width * share - width / 2)
    ActionChains(driver, duration=20).move_to_element_with_offset(
        element, offset(start), 0
    ).click_and_hold().move_to_element_with_offset(
        element, offset((start + end) / 2), 4
    ).move_to_element_with_offset(
        element, offset(end), 8
    ).release().perform()


def check_zoom(driver, before):
    """A drag in one plot moves all of them, and a double click shows all again."""
    surface = driver.find_elements(By.CSS_SELECTOR, "#plots .plot")[1]
    drag(driver, surface, 0.4, 0.6)
    zoomed = probe(driver, "plotsOf", "#plots")
    length = before[0]["x"][1]
    low, high = zoomed[0]["x"]
    require(
        0.1 * length < high - low < 0.4 * length, f"a drag zoomed to {low} … {high} of {length} s"
    )
    for plot in zoomed:
        require(
            numpy.allclose(plot["x"], [low, high]),
            f"{plot['title']} was not zoomed with the others",
        )
    ActionChains(driver).double_click(surface).perform()
    for plot in probe(driver, "plotsOf", "#plots"):
        require(
            numpy.allclose(plot["x"], before[0]["x"]),
            f"{plot['title']}: a double click does not reset",
        )


def check_hover(driver, topics):
    """The pointer over one plot shows in all of them the values at its time."""
    surface = driver.find_elements(By.CSS_SELECTOR, "#plots .plot")[0]
    ActionChains(driver, duration=20).move_to_element(surface).perform()
    shown = probe(driver, "pointedAt")
    for title, text, row in shown["plots"]:
        require(row >= 0, f"{title}: nothing is marked under the pointer")
        time, values = expected(topics, title)
        value = values[numpy.argmin(numpy.abs(time - shown["time"]))]
        told = float(text.split()[0].replace("−", "-"))
        require(
            numpy.isclose(told, value, rtol=2e-3, atol=1e-6),
            f"{title}: shows {text}, the sample is {value}",
        )


def check_bands(driver, topics):
    """A verdict of the guard colours the background while it lasts."""
    listed = driver.find_elements(By.CSS_SELECTOR, "#verdicts li")
    wanted = probe(driver, "content")
    names = [entry["name"] for entry in wanted["verdicts"]]
    verdicts = [names[fields["verdict"]] for _, fields in topics["/tick"]]
    odd = [verdict for verdict in verdicts if verdict not in ("planned", "explored")]
    runs = sum(a != b and b in odd for a, b in zip(["planned"] + verdicts, verdicts))
    require(
        len(listed) == min(runs, 200), f"{len(listed)} intervals are listed, {runs} are in the file"
    )
    return sorted(set(odd))


def check_learning(driver, workspace):
    """The learning curve has each episode's return at the seconds of interaction up to its end."""
    experience, wanted, lengths = 0, [], []
    for path in sorted((Path(workspace) / "episodes").glob("*.mcap")):
        with path.open("rb") as file:
            told = {record.name: record.metadata for record in make_reader(file).iter_metadata()}
        sequences = [fields["sequence"] for _, fields in read(path)["/observation"]]
        lengths.append((sequences[-1] - sequences[0] + 1) / float(told["replan"]["rate_hz"]))
        experience += lengths[-1]
        wanted.append((experience, float(told["outcome"]["return"])))
    plots = {plot["title"]: plot["rows"] for plot in probe(driver, "plotsOf", "#learning")}
    curves = {"return": wanted}
    if max(lengths) > 1.05 * min(lengths):
        curves["return per second"] = [
            (time, value / seconds) for (time, value), seconds in zip(wanted, lengths)
        ]
    for title, points in curves.items():
        rows = plots[title]
        require(numpy.allclose(rows, points), f"{title} is {rows}, the files say {points}")
    require(
        ("return per second" in plots) == ("return per second" in curves),
        "returns of one length are compared by the second",
    )


def check_timing(driver, topics):
    """The histogram of tick times counts every tick of the episode in its place."""
    driver.execute_script("""
      const select = document.querySelector('#timing select');
      select.value = 'one';
      select.dispatchEvent(new Event('change'));""")
    plot = next(p for p in probe(driver, "plotsOf", "#timing") if p["title"] == "tick time")
    edges = numpy.array([row[0] for row in plot["rows"]])
    counts = numpy.array([10 ** row[1] - 1 for row in plot["rows"]])
    _, times = column(topics, "/tick", "tick_us")
    wanted, _ = numpy.histogram(
        numpy.log10(times[times > 0]), bins=numpy.append(edges, edges[-1] + 0.05)
    )
    # A time on an edge may fall to either side.
    require(
        abs(counts.sum() - wanted.sum()) < 1e-6,
        f"{counts.sum()} ticks in the histogram, {wanted.sum()} in the file",
    )
    require(
        numpy.abs(numpy.cumsum(counts - wanted)).max() <= 0.01 * wanted.sum() + 1,
        "ticks in other bins",
    )


def check_fans(driver, topics):
    """What is drawn beside a prediction is what came, angles up to whole turns."""
    fans = [p for p in probe(driver, "plotsOf", "#prediction") if isinstance(p["rows"][0][1], list)]
    for fan in fans:
        time, values = column(topics, "/observation", fan["title"])
        for moment, (low, middle, high), (came, _, _) in fan["rows"]:
            require(low <= middle <= high, f"prediction of {fan['title']}: a band upside down")
            if came is None:
                continue
            distance = came - values[numpy.argmin(numpy.abs(time - moment))]
            turns = round(distance / (2 * numpy.pi)) if "angle" in fan["title"] else 0
            require(
                abs(distance - turns * 2 * numpy.pi) < 2e-3,
                f"prediction of {fan['title']}: {came} did not come",
            )
    return len(fans)


def look(driver, topics, is_thinned, is_phone, is_dark):
    plots = probe(driver, "plotsOf", "#plots")
    require(len(plots) >= 3, f"only {len(plots)} plots")
    coverage = {}
    for plot in plots:
        rows = compare(plot, topics, is_thinned)
        inner = rows[len(rows) // 20 : -len(rows) // 20 or None]
        probes = inner[:: max(1, len(inner) // 60)].tolist()
        hit, share = probe(driver, "paintOf", plot["title"], probes)
        require(hit > 0.95, f"{plot['title']}: {hit:.0%} of its points are drawn")
        require(share < 0.5, f"{plot['title']}: {share:.0%} of it is painted")
        coverage[plot["title"]] = round(share, 4)
    faults = probe(driver, "faultsOf")
    require(not faults["unnamed"], f"without an accessible name: {faults['unnamed']}")
    require(faults["wide"] <= 0, f"{faults['wide']} pixels wider than the window")
    require(not faults["requests"], f"the page loads {faults['requests']}")
    require(not faults["faint"], f"too little contrast: {faults['faint']}")
    require((faults["brightness"] < 0.2) == is_dark, "the colour scheme is not followed")
    if not is_phone:
        check_zoom(driver, plots)
        check_hover(driver, topics)
    return coverage


def main(workspace, page, index):
    topics = read(Path(workspace) / "episodes" / f"{int(index):04}.mcap")
    found = {}
    with browser() as driver:
        for width in (1280, 390):
            for dark in (False, True):
                show(driver, width, dark=dark)
                # A fragment alone would not load the page anew.
                driver.get("about:blank")
                driver.get(f"{Path(page).absolute().as_uri()}#episode-{index}")
                content = probe(driver, "content")
                episode = next(e for e in content["episodes"] if e["index"] == int(index))
                is_thinned = any(table["perPoint"] > 1 for table in episode["tables"])
                found[f"{width} {'dark' if dark else 'light'}"] = look(
                    driver, topics, is_thinned, width < 600, dark
                )
                said = console(driver)
                require(not said, f"the console says {said}")
        found["verdicts"] = check_bands(driver, topics)
        found["fans"] = check_fans(driver, topics)
        check_learning(driver, workspace)
        check_timing(driver, topics)
    json.dump(found, sys.stdout)


main(*sys.argv[1:])
