/** What the plots below a section hold. */
function plotsOf(section) {
  return [...document.querySelectorAll(`${section} .plot`)].map((surface) => {
    const graph = surface.dygraph;
    const rows = [];
    for (let r = 0; r < graph.numRows(); r++) {
      const row = [];
      for (let c = 0; c < graph.numColumns(); c++) row.push(graph.getValue(r, c));
      rows.push(row);
    }
    const title = surface.parentElement.querySelector("b").textContent;
    return { title, rows, labels: graph.getLabels(), x: graph.xAxisRange(), y: graph.yAxisRange() };
  });
}

/**
 * Of points that a curve should go through, the share at which its colour is met within two pixels;
 * and the share of the plot's pixels that have it.
 */
function paintOf(title, points) {
  const surface = [...document.querySelectorAll("#plots .plot")]
    .find((surface) => surface.parentElement.querySelector("b").textContent === title);
  const graph = surface.dygraph;
  const wanted = graph.getColors().at(-1).match(/\w\w/g).map((part) => parseInt(part, 16));
  const images = [...surface.querySelectorAll("canvas")].map((canvas) =>
    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height));
  const ratio = images[0].width / surface.querySelector("canvas").getBoundingClientRect().width;
  const isCurve = (data, i) =>
    data[i + 3] > 80 && wanted.every((part, c) => Math.abs(part - data[i + c]) < 60);
  const isNear = ([x, y]) => images.some(({ data, width }) => {
    for (let dx = -2; dx <= 2; dx++) {
      for (let dy = -2; dy <= 2; dy++) {
        const pixel = (Math.round(y * ratio) + dy) * width + Math.round(x * ratio) + dx;
        if (isCurve(data, 4 * pixel)) return true;
      }
    }
    return false;
  });
  let painted = 0;
  for (const { data } of images) {
    for (let i = 0; i < data.length; i += 4) painted += isCurve(data, i);
  }
  const places = points.map(([x, y]) => graph.toDomCoords(x, y));
  return [places.filter(isNear).length / places.length, painted / (images[0].data.length / 4)];
}

/** Title, readout and marked row of each plot of the episode, and the time under the pointer. */
function pointedAt() {
  const figures = [...document.querySelectorAll("#plots figure")];
  const first = figures[0].querySelector(".plot").dygraph;
  return {
    time: first.getValue(first.getSelection(), 0),
    plots: figures.map((figure) => [
      figure.querySelector("b").textContent, figure.querySelector("output").textContent,
      figure.querySelector(".plot").dygraph.getSelection(),
    ]),
  };
}

/** What a page without faults has none of, and how bright it is. */
function faultsOf() {
  const style = (node) => getComputedStyle(node);
  const panel = style(document.querySelector("section")).backgroundColor;
  const operated =
    [...document.querySelectorAll("button, select, input, [role=img], [role=region]")];
  const isNamed = (node) => node.getAttribute("aria-label") || node.textContent.trim();
  const written = ["h1", ".hint", "figcaption span", "th", "nav a"]
    .map((selector) => document.querySelector(selector)).filter(Boolean);
  return {
    unnamed: operated.filter((node) => node.checkVisibility() && !isNamed(node))
      .map((node) => node.outerHTML.slice(0, 80)),
    wide: document.documentElement.scrollWidth - innerWidth,
    requests: performance.getEntriesByType("resource").map(({ name }) => name),
    faint: written.filter((node) => contrast(style(node).color, panel) < 4.5)
      .map((node) => node.outerHTML.slice(0, 80)),
    brightness: luminance(style(document.body).backgroundColor),
  };
}

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(paint) {
  const [r, g, b] = paint.match(/[\d.]+/g).map(Number).map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (high + 0.05) / (low + 0.05);
}

/** What the page tells, but for the series. */
const content = () => JSON.parse(document.getElementById("report").textContent);

/** Milliseconds from an act to the second frame after it, when its result is on the screen. */
function timed(act, value, done) {
  const acts = {
    step: () => { location.hash = `episode-${value}`; },
    zoom: () => document.querySelector('[aria-label="Zoom in"]').click(),
    all: () => document.querySelector('[aria-label="The whole episode"]').click(),
    point: () => {
      const canvas = document.querySelector("#plots .plot canvas:last-of-type");
      const box = canvas.getBoundingClientRect();
      canvas.dispatchEvent(new MouseEvent("mousemove", {
        bubbles: true, clientX: box.left + value * box.width, clientY: box.top + 50,
      }));
    },
  };
  const start = performance.now();
  const frames = () => requestAnimationFrame(() =>
    requestAnimationFrame(() => done(performance.now() - start)));
  if (act === "step") addEventListener("hashchange", frames, { once: true });
  acts[act]();
  if (act !== "step") frames();
}
