"""Looks at a report in a real browser and compares it with what the episodes' files hold.

Usage: referee_page.py WORKSPACE PAGE EPISODE

The page is opened at desktop and phone width, light and dark. Its plots are asked for their data,
which numpy reads from the episode by PyPI's mcap; their pixels are looked at; the mouse zooms and
points. Prints one JSON object of what was found, and exits with 1 and a sentence at the first fault.
"""

import json
import sys
from pathlib import Path

import numpy
from browser import browser, console, show
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

# Titles of the tick's plots, and the field and factor behind them.
TICKS = {"plan cost": ("plan_cost", 1), "disagreement": ("disagreement", 1), "tick time": ("tick_us", 1e-3)}
MOST_POINTS = 2000

PLOTS = """
return [...document.querySelectorAll(arguments[0] + ' .plot')].map((surface) => {
  const graph = surface.dygraph;
  const rows = [];
  for (let r = 0; r < graph.numRows(); r++) {
    const row = [];
    for (let c = 0; c < graph.numColumns(); c++) row.push(graph.getValue(r, c));
    rows.push(row);
  }
  return {
    title: surface.parentElement.querySelector('b').textContent, rows,
    x: graph.xAxisRange(), y: graph.yAxisRange(), label: surface.getAttribute('aria-label'),
    note: surface.parentElement.querySelector('figcaption span')?.textContent ?? '',
  };
})
"""

# Shares of points of a curve with the curve's colour within two pixels, and of the plot with it.
PIXELS = """
const surface = [...document.querySelectorAll('#plots .plot')]
  .find((surface) => surface.parentElement.querySelector('b').textContent === arguments[0]);
const graph = surface.dygraph;
const wanted = graph.getColors()[0].match(/\\w\\w/g).map((part) => parseInt(part, 16));
const canvases = [...surface.querySelectorAll('canvas')];
const ratio = canvases[0].width / canvases[0].getBoundingClientRect().width;
const isCurve = (data, i) => data[i + 3] > 80 && wanted.every((part, c) => Math.abs(part - data[i + c]) < 60);
const images = canvases.map((canvas) =>
  canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height));
const near = (x, y) => images.some(({ data, width }) => {
  for (let dx = -2; dx <= 2; dx++) for (let dy = -2; dy <= 2; dy++) {
    if (isCurve(data, 4 * ((Math.round(y * ratio) + dy) * width + Math.round(x * ratio) + dx))) return true;
  }
  return false;
});
const points = arguments[1].map(([x, y]) => graph.toDomCoords(x, y));
let painted = 0;
for (const { data } of images) for (let i = 0; i < data.length; i += 4) painted += isCurve(data, i);
return [points.filter(([x, y]) => near(x, y)).length / points.length,
        painted / (images[0].data.length / 4)];
"""

# What a page without faults has none of.
FAULTS = """
const unnamed = [...document.querySelectorAll('button, select, input, [role=img], [role=region]')]
  .filter((node) => node.checkVisibility() && !(node.getAttribute('aria-label') || node.textContent.trim()));
const style = (node) => getComputedStyle(node);
const luminance = (paint) => {
  const [r, g, b] = paint.match(/[\\d.]+/g).map(Number).map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [high, low] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (high + 0.05) / (low + 0.05);
};
const panel = style(document.querySelector('section')).backgroundColor;
return {
  unnamed: unnamed.map((node) => node.outerHTML.slice(0, 80)),
  wide: document.documentElement.scrollWidth - innerWidth,
  requests: performance.getEntriesByType('resource').map(({ name }) => name),
  faint: ['h1', '.hint', 'figcaption span', 'th', 'nav a']
    .map((selector) => [selector, document.querySelector(selector)])
    .filter(([, node]) => node && contrast(style(node).color, panel) < 4.5).map(([selector]) => selector),
  background: luminance(style(document.body).backgroundColor),
};
"""


def fail(reason):
    raise SystemExit(f"referee_page: {reason}")


def require(condition, reason):
    if not condition:
        fail(reason)


def read(path):
    """Columns of each topic over the seconds since the episode began."""
    topics = {}
    with path.open("rb") as file:
        reader = make_reader(file, decoder_factories=[DecoderFactory()])
        for record in reader.iter_metadata():
            if record.name == "replan":
                start = int(record.metadata["start_ns"])
        for _, channel, message, decoded in reader.iter_decoded_messages():
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
    everything = numpy.array([[numpy.nan if cell is None else cell for cell in row] for row in plot["rows"]])
    if everything.shape[1] > 2:
        compare_series(plot, everything[:, [0, 2]], column(topics, "/state", title), is_thinned)
    return compare_series(plot, everything[:, :2], expected(topics, title), is_thinned)


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
        require(numpy.isin(rows[:, 1], values).all(), f"{title}: a value that no sample has")
        require(numpy.allclose(time[numpy.clip(places, 0, len(time) - 1)], rows[:, 0], atol=1e-6),
                f"{title}: a time that no sample has")
    for name, extreme in (("least", numpy.min), ("greatest", numpy.max)):
        require(numpy.isclose(extreme(rows[:, 1]), extreme(values), rtol=1e-6, atol=0),
                f"{title}: its {name} value is lost")
    require(plot["y"][0] <= rows[:, 1].min() and plot["y"][1] >= rows[:, 1].max(),
            f"{title}: values outside of its axis")
    return rows


def drag(driver, element, start, end):
    """From one share of an element's width to another."""
    width = element.size["width"]
    offset = lambda share: int(width * share - width / 2)
    ActionChains(driver, duration=20).move_to_element_with_offset(element, offset(start), 0).click_and_hold() \
        .move_to_element_with_offset(element, offset((start + end) / 2), 4) \
        .move_to_element_with_offset(element, offset(end), 8).release().perform()


def check_zoom(driver, before):
    """A drag in one plot moves all of them, and a double click shows all again."""
    surface = driver.find_elements(By.CSS_SELECTOR, "#plots .plot")[1]
    drag(driver, surface, 0.4, 0.6)
    zoomed = driver.execute_script(PLOTS, "#plots")
    length = before[0]["x"][1]
    low, high = zoomed[0]["x"]
    require(0.1 * length < high - low < 0.4 * length, f"a drag zoomed to {low} … {high} of {length} s")
    for plot in zoomed:
        require(numpy.allclose(plot["x"], [low, high]), f"{plot['title']} was not zoomed with the others")
    ActionChains(driver).double_click(surface).perform()
    for plot in driver.execute_script(PLOTS, "#plots"):
        require(numpy.allclose(plot["x"], before[0]["x"]), f"{plot['title']}: a double click does not reset")
    return zoomed


def check_hover(driver, topics):
    """The pointer over one plot shows in all of them the values at its time."""
    surface = driver.find_elements(By.CSS_SELECTOR, "#plots .plot")[0]
    ActionChains(driver, duration=20).move_to_element(surface).perform()
    shown = driver.execute_script("""
      return [...document.querySelectorAll('#plots figure')].map((figure) => {
        const graph = figure.querySelector('.plot').dygraph;
        return [figure.querySelector('b').textContent, figure.querySelector('output').textContent,
                graph.getSelection()];
      })""")
    moment = driver.execute_script(
        "const g = document.querySelector('#plots .plot').dygraph; return g.getValue(g.getSelection(), 0)")
    for title, text, row in shown:
        require(row >= 0, f"{title}: nothing is marked under the pointer")
        time, values = expected(topics, title)
        value = values[numpy.argmin(numpy.abs(time - moment))]
        told = float(text.split()[0].replace("−", "-"))
        require(numpy.isclose(told, value, rtol=2e-3, atol=1e-6), f"{title}: shows {text}, the sample is {value}")
    return moment


def check_bands(driver, topics):
    """A verdict of the guard colours the background while it lasts."""
    listed = driver.find_elements(By.CSS_SELECTOR, "#verdicts li")
    wanted = driver.execute_script("return JSON.parse(document.getElementById('report').textContent)")
    names = [entry["name"] for entry in wanted["verdicts"]]
    verdicts = [names[fields["verdict"]] for _, fields in topics["/tick"]]
    odd = [verdict for verdict in verdicts if verdict not in ("planned", "explored")]
    runs = sum(a != b and b in odd for a, b in zip(["planned"] + verdicts, verdicts))
    require(len(listed) == min(runs, 200), f"{len(listed)} intervals are listed, {runs} are in the file")
    return sorted(set(odd))


def look(driver, topics, is_thinned, is_phone, is_dark):
    plots = driver.execute_script(PLOTS, "#plots")
    require(len(plots) >= 3, f"only {len(plots)} plots")
    coverage = {}
    for plot in plots:
        rows = compare(plot, topics, is_thinned)
        inner = rows[len(rows) // 20:-len(rows) // 20 or None]
        probes = inner[:: max(1, len(inner) // 60)].tolist()
        hit, share = driver.execute_script(PIXELS, plot["title"], probes)
        require(hit > 0.95, f"{plot['title']}: {hit:.0%} of its points are drawn")
        require(share < 0.5, f"{plot['title']}: {share:.0%} of it is painted")
        coverage[plot["title"]] = round(share, 4)
    faults = driver.execute_script(FAULTS)
    require(not faults["unnamed"], f"without an accessible name: {faults['unnamed']}")
    require(faults["wide"] <= 0, f"{faults['wide']} pixels wider than the window")
    require(not faults["requests"], f"the page loads {faults['requests']}")
    require(not faults["faint"], f"too little contrast: {faults['faint']}")
    require((faults["background"] < 0.2) == is_dark, "the colour scheme is not followed")
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
                content = driver.execute_script("return JSON.parse(document.getElementById('report').textContent)")
                episode = next(e for e in content["episodes"] if e["index"] == int(index))
                is_thinned = any(table["perPoint"] > 1 for table in episode["tables"])
                found[f"{width} {'dark' if dark else 'light'}"] = look(
                    driver, topics, is_thinned, width < 600, dark)
                said = console(driver)
                require(not said, f"the console says {said}")
        found["verdicts"] = check_bands(driver, topics)
    json.dump(found, sys.stdout)


main(*sys.argv[1:])
