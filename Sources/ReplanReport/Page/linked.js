/** A plot over the time of an episode; its window and its pointer are those of its group. */
class TimePlot extends Plot {
  constructor(group, parent, description) {
    const { time, columns, second, always, near, isLog = false, gap, isAngle } = description;
    super(parent, {
      ...description,
      options: {
        dateWindow: group.window,
        valueRange: [0.1, 1],
        ...description.options,
        axes: {
          x: { axisLabelFormatter: (value) => `${number(value)} s` },
          y: isLog ? { logscale: true, ticker: powersOfTen } : {},
        },
        drawCallback: (graph, isInitial) => isInitial || group.follow(graph),
        highlightCallback: (event, x) => group.point(x),
        unhighlightCallback: () => group.point(null),
        underlayCallback: (context, area, graph) => {
          group.drawBands(context, area, graph);
          description.underlay?.(context, area, graph);
        },
      },
    });
    Object.assign(this, { group, time, columns, second, always, near, isLog, gap, isAngle });
    group.add(this);
  }

  /** Shows a part of the episode. */
  show(window) {
    const { gap, isAngle } = this;
    this.rows = rowsBetween(this.time, this.columns, ...window, { gap, isAngle });
    if (this.second) {
      const { time, columns } = this.second;
      this.rows = mergedRows(this.rows, rowsBetween(time, columns, ...window, { gap, isAngle }));
    }
    const inside = this.rows.filter((row) => row[0] >= window[0] && row[0] <= window[1]);
    this.graph.updateOptions({
      file: this.shown(), dateWindow: window, valueRange: valueRange(inside, this),
    });
  }

  /** Marks the row that is nearest to a time. */
  mark(x) {
    if (x == null || this.rows.length === 0) {
      this.graph.clearSelection();
      return this.point(-1);
    }
    const times = this.rows.map((entry) => entry[0]);
    let row = lowerBound(times, x);
    if (row > 0 && (row === times.length || x - times[row - 1] < times[row] - x)) row--;
    this.graph.setSelection(row);
    this.point(row);
  }
}

/**
 * Plots that are zoomed and pointed at together.
 *
 * dygraphs' own synchronizer marks equal times only; these plots have samples at different ones,
 * and take finer rows when they are zoomed.
 */
class LinkedPlots {
  constructor(length, { bands = [], marks = [], onPoint } = {}) {
    this.full = [0, Math.max(length, 1e-6)];
    this.window = this.full;
    this.bands = bands;
    this.marks = marks;
    this.onPoint = onPoint ?? (() => {});
    this.plots = [];
    this.isBusy = false;
  }

  add(plot) {
    this.plots.push(plot);
    this.busy(() => plot.show(this.window));
    plot.surface.addEventListener("dblclick", () => this.reset());
  }

  busy(body) {
    this.isBusy = true;
    try {
      body();
    } finally {
      this.isBusy = false;
    }
  }

  /** Takes over the window that a plot was given by the pointer. */
  follow(graph) {
    if (this.isBusy) return;
    const [low, high] = graph.xAxisRange();
    if (low === this.window[0] && high === this.window[1]) return;
    // Not from within its drawing.
    queueMicrotask(() => this.show(low, high));
  }

  /** Shows a window, kept inside the episode. */
  show(low, high) {
    const width = Math.min(Math.max(high - low, 1e-6), this.full[1]);
    const start = Math.min(Math.max(low, 0), this.full[1] - width);
    this.window = [start, start + width];
    this.busy(() => this.plots.forEach((plot) => plot.show(this.window)));
  }

  zoom(factor) {
    const [low, high] = this.window;
    const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
    this.show(middle - half, middle + half);
  }

  pan(share) {
    const step = (this.window[1] - this.window[0]) * share;
    this.show(this.window[0] + step, this.window[1] + step);
  }

  reset() {
    this.show(...this.full);
  }

  point(x) {
    this.plots.forEach((plot) => plot.mark(x));
    this.onPoint(x);
  }

  /** The verdicts as coloured backgrounds, below everything else. */
  drawBands(context, area, graph) {
    const [low, high] = graph.xAxisRange();
    for (const { start, end, paint, isFallback } of this.bands) {
      if (end < low || start > high) continue;
      const from = Math.max(graph.toDomXCoord(start), area.x);
      const to = Math.min(graph.toDomXCoord(end), area.x + area.w);
      const width = Math.max(to - from, 1);
      context.save();
      context.fillStyle = colour(paint);
      context.globalAlpha = isFallback ? 0.3 : 0.14;
      context.fillRect(from, area.y, width, area.h);
      context.globalAlpha = 1;
      if (isFallback) context.fillRect(from, area.y, width, 4);
      context.restore();
    }
    for (const time of this.marks) {
      if (time < low || time > high) continue;
      const x = graph.toDomXCoord(time);
      dash(context, [x, area.y + area.h - 7], [x, area.y + area.h], colour("gate"), []);
    }
  }

  remove() {
    this.plots.forEach((plot) => plot.remove());
    this.plots = [];
  }
}
