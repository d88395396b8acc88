/** Where in the space of states and actions the episodes have been. */
class CoverageView {
  constructor() {
    this.body = document.querySelector("#coverage .body");
    const samples = report.samples;
    if (!samples || samples.rows === 0) {
      this.body.append(hint("There are no transitions to show."));
      return;
    }
    const buffer = bytesOf("samples");
    this.columns = samples.columns.map(({ name, unit, low, high }, i) => ({
      name, unit, low, high, values: new Float32Array(buffer, 4 * i * samples.rows, samples.rows),
    }));
    const shown = samples.of > samples.rows
      ? `${samples.rows} of ${samples.of} samples, evenly taken,` : `All ${samples.of} samples`;
    this.body.append(hint(`${shown} with the action in force. A stronger colour is more often.`));
    const choice = (label, start) => {
      const select = element(
        "select", { "aria-label": label, onchange: () => this.draw() },
        ...this.columns.map(({ name }, i) => element("option", { value: i }, name)));
      select.value = String(start);
      return select;
    };
    const [x, y] = samples.pair;
    this.x = choice("Horizontal axis", x);
    this.y = choice("Vertical axis", y);
    this.canvas = element("canvas", { class: "square", role: "img" });
    this.body.append(
      element("div", { class: "controls" }, this.y, "over", this.x), this.canvas,
      element("h3", {}, "Each channel by itself"));
    const grid = element("div", { class: "grid" });
    this.body.append(grid);
    this.columns.forEach((column) => channelHistogram(grid, column));
    this.draw();
    themed.add({ recolour: () => this.draw() });
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  draw() {
    const [x, y] = [this.columns[this.x.value], this.columns[this.y.value]];
    const cells = new Grid(extentOf(x), extentOf(y), 48);
    for (let i = 0; i < x.values.length; i++) cells.add(x.values[i], y.values[i]);
    const label = ({ name, unit }) => withUnit(name, unit && `(${unit})`);
    cells.draw(this.canvas, label(x), label(y));
    this.canvas.setAttribute(
      "aria-label",
      `How often ${y.name} was met over ${x.name}: `
        + `${cells.filled} of ${cells.counts.length} cells hold samples`);
  }
}

/** Where the samples are; a declared range that they nearly fill counts as the range. */
function extentOf({ values, low, high }) {
  let [least, greatest] = valueExtent(values);
  const span = greatest - least;
  if (low != null && low > least - span) least = Math.min(low, least);
  if (high != null && high < greatest + span) greatest = Math.max(high, greatest);
  return greatest > least ? [least, greatest] : [least - 1, greatest + 1];
}

/** Counts in a square grid of cells. */
class Grid {
  constructor(x, y, size) {
    Object.assign(this, { x, y, size, counts: new Uint32Array(size * size), most: 0 });
  }

  get filled() {
    return this.counts.reduce((sum, count) => sum + (count > 0), 0);
  }

  add(x, y) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    const place = (value, [low, high]) =>
      Math.min(this.size - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * this.size)));
    const cell = place(y, this.y) * this.size + place(x, this.x);
    this.most = Math.max(this.most, ++this.counts[cell]);
  }

  draw(canvas, xLabel, yLabel) {
    const { width, height } = canvas.getBoundingClientRect();
    if (width === 0) return;
    const ratio = devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    const area = { x: 62, y: 8, w: width - 74, h: height - 52 };
    const [w, h] = [area.w / this.size, area.h / this.size];
    context.fillStyle = colour("series");
    this.counts.forEach((count, cell) => {
      if (count === 0) return;
      // The logarithm lets rare states be seen beside the one that is held.
      context.globalAlpha = 0.18 + 0.82 * (Math.log(1 + count) / Math.log(1 + this.most));
      const [column, row] = [cell % this.size, Math.floor(cell / this.size)];
      context.fillRect(area.x + column * w, area.y + area.h - (row + 1) * h, w + 0.4, h + 0.4);
    });
    context.globalAlpha = 1;
    this.axes(context, area, xLabel, yLabel);
  }

  axes(context, area, xLabel, yLabel) {
    context.strokeStyle = colour("rule");
    context.strokeRect(area.x, area.y, area.w, area.h);
    context.fillStyle = colour("muted");
    context.font = "12px system-ui, sans-serif";
    const marks = ([low, high]) =>
      roundMarks(low, high, 6).map((value) => [(value - low) / (high - low), value]);
    context.textBaseline = "top";
    for (const [share, value] of marks(this.x)) {
      context.textAlign = "center";
      context.fillText(number(value, 3), area.x + share * area.w, area.y + area.h + 5);
    }
    context.textAlign = "center";
    context.fillText(xLabel, area.x + area.w / 2, area.y + area.h + 24);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [share, value] of marks(this.y)) {
      context.fillText(number(value, 3), area.x - 6, area.y + (1 - share) * area.h);
    }
    context.save();
    context.translate(10, area.y + area.h / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText(yLabel, 0, 0);
    context.restore();
  }
}

/** How often each value of a channel was met, with its declared limits. */
function channelHistogram(parent, column) {
  const [low, high] = extentOf(column);
  const bins = 48;
  const counts = new Array(bins).fill(0);
  for (const value of column.values) {
    if (!Number.isFinite(value)) continue;
    counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]++;
  }
  const step = (high - low) / bins;
  const rows = [...counts.map((count, i) => [low + i * step, count]), [high, 0]];
  const limits = [column.low, column.high].filter((value) => value != null);
  new Plot(parent, {
    title: column.name, series: ["samples"], unit: "samples",
    note: column.unit,
    label: `Histogram of ${column.name}, ${number(low)} to ${withUnit(number(high), column.unit)}`,
    options: {
      rows, ...BARS,
      dateWindow: [low - step, high + step], valueRange: [0, Math.max(...counts) * 1.08 || 1],
      axes: { x: { axisLabelFormatter: (value) => number(value) } },
    },
    underlay: (context, area, graph) => {
      for (const value of limits) {
        const x = graph.toDomXCoord(value);
        const isInside = x >= area.x && x <= area.x + area.w;
        if (isInside) dash(context, [x, area.y], [x, area.y + area.h], colour("limit"));
      }
    },
    readout: ([x, count]) => `${number(x)} to ${withUnit(number(x + step), column.unit)}: ${count}`,
  });
}
