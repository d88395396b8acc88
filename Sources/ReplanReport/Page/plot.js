/** Makes a drag zoom in time only; with shift or alt it pans. A finger scrolls the page instead. */
const interaction = {
  willDestroyContextMyself: true,
  mousedown(event, graph, context) {
    if (event.button === 2) return;
    context.initializeMouseDown(event, graph, context);
    const isPan = event.altKey || event.shiftKey;
    (isPan ? Dygraph.startPan : Dygraph.startZoom)(event, graph, context);
    const move = (event) => {
      if (context.isPanning) return Dygraph.movePan(event, graph, context);
      // Without a vertical distance the drag cannot become a zoom of values.
      context.dragStartY = event.pageY - context.py;
      Dygraph.moveZoom(event, graph, context);
    };
    const up = (event) => {
      document.removeEventListener("mousemove", move);
      document.removeEventListener("mouseup", up);
      if (context.isPanning) Dygraph.endPan(event, graph, context);
      else if (context.dragEndX != null) Dygraph.endZoom(event, graph, context);
      context.destroy();
    };
    document.addEventListener("mousemove", move);
    document.addEventListener("mouseup", up);
  },
};

/** A dashed line across the plot at a value, or from top to bottom if it is a place. */
function dash(context, from, to, style, pattern = [6, 4]) {
  context.save();
  context.strokeStyle = style;
  context.lineWidth = 1.25;
  context.setLineDash(pattern);
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
  context.restore();
}

/**
 * A figure with a caption, a readout and a dygraph.
 *
 * `options` are dygraph's; `series` names the lines, `underlay` draws below them and `readout`
 * makes the caption's text of the row under the pointer.
 */
class Plot {
  constructor(parent, description) {
    const { title, note, label, series, unit = "", options = {}, underlay, readout } = description;
    this.series = series;
    this.paint = description.paint ?? SERIES;
    this.output = element("output", {});
    this.surface = element("div", { class: "plot", role: "img", "aria-label": label ?? title });
    const caption = element(
      "figcaption", {}, element("b", {}, title), note ? element("span", {}, note) : null,
      ...(series.length > 1 ? series.map((name, i) => this.lineName(name, i)) : []), this.output);
    this.figure = element("figure", {}, caption, this.surface);
    parent.append(this.figure);
    this.readout = readout ?? (() => "");
    this.rows = options.rows ?? [];
    const { rows, axes, ...rest } = options;
    this.graph = new Dygraph(this.surface, this.shown(), {
      labels: ["x", ...series],
      legend: "never",
      ylabel: unit || undefined,
      yLabelWidth: 16,
      strokeWidth: 1.4,
      highlightCircleSize: 3.5,
      resizable: "passive",
      interactionModel: interaction,
      colors: this.colours(),
      gridLineColor: colour("rule"),
      axisLineColor: colour("rule"),
      axisLabelFontSize: 12,
      axes: {
        x: { pixelsPerLabel: 80, ...axes?.x },
        y: {
          axisLabelWidth: 54, pixelsPerLabel: 26, axisLabelFormatter: (value) => number(value),
          ...axes?.y,
        },
      },
      underlayCallback: (context, area, graph) => underlay?.(context, area, graph),
      highlightCallback: (event, x, points, row) => this.point(row),
      unhighlightCallback: () => this.point(-1),
      ...rest,
    });
    // For whoever looks into the page from outside.
    this.surface.dygraph = this.graph;
    themed.add(this);
  }

  /** Dygraph wants one row at least. */
  shown() {
    return this.rows.length ? this.rows : [[0, ...this.series.map(() => NaN)]];
  }

  colours() {
    return this.series.map((_, i) => colour(this.paint[i % this.paint.length]));
  }

  /** A line's colour and name, for the caption of a plot with several. */
  lineName(name, i) {
    const sample = lineSwatch(this.paint[i % this.paint.length], "");
    return element("span", { class: "line" }, sample, name);
  }

  /** Says what the row is; -1 for none. */
  point(row) {
    this.output.textContent = row >= 0 && this.rows[row] ? this.readout(this.rows[row]) : "";
  }

  recolour() {
    this.graph.updateOptions({
      colors: this.colours(), gridLineColor: colour("rule"), axisLineColor: colour("rule"),
    });
  }

  remove() {
    themed.delete(this);
    this.graph.destroy();
    this.figure.remove();
  }
}

/** dygraph's options for a histogram: rows are the lower edge of a bin and its height. */
const BARS = {
  stepPlot: true, fillGraph: true, fillAlpha: 0.35, strokeWidth: 1, highlightCircleSize: 0,
};

/** Marks of a logarithmic axis: powers of ten, and 2 and 5 between them where there are few. */
function powersOfTen(low, high) {
  const marks = [];
  const few = Math.log10(high / low) < 2;
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const step of few ? [1, 2, 5] : [1]) {
      const v = step * 10 ** power;
      if (v >= low && v <= high) marks.push({ v, label: number(v) });
    }
  }
  return marks;
}

/** Round values between two ends, about `count` of them. */
function roundMarks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
  const marks = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) marks.push(k * step);
  return marks;
}

/** A range that shows all values with some air around them, and those lines that are near. */
function valueRange(rows, { always = [], near = [], isLog = false } = {}) {
  let low = Infinity;
  let high = -Infinity;
  for (const row of rows) {
    for (let i = 1; i < row.length; i++) {
      if (!Number.isFinite(row[i]) || (isLog && row[i] <= 0)) continue;
      low = Math.min(low, row[i]);
      high = Math.max(high, row[i]);
    }
  }
  for (const value of always) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return isLog ? [0.1, 1] : [0, 1];
  if (isLog) {
    for (const value of near) {
      if (value > 0 && value < high * 1e3 && value > low / 1e3) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    return [low / 1.6, high * 1.6];
  }
  const span = high - low;
  for (const value of near) {
    if (value > high && value <= high + 0.6 * span) high = value;
    if (value < low && value >= low - 0.6 * span) low = value;
  }
  const air = 0.07 * (high - low) || 0.1 * Math.abs(high) || 1;
  return [low - air, high + air];
}
