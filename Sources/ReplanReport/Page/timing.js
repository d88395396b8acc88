const TIMES = [
  ["tick", "tick time", "the controller's work in a tick"],
  ["wake", "lateness of the wake-up", "from the tick's due time"],
  ["latency", "latency",
    "from the arrival of an observation to the sending of the action planned from it"],
  ["transport", "transport", "from the sending of an action to the first observation under it"],
];

/** Histograms of the times that ticks took, with the deadline. */
class TimingView {
  constructor() {
    this.body = document.querySelector("#timing .body");
    this.plots = [];
    if (!report.episodes.some(({ timing }) => timing)) {
      this.body.append(hint("No ticks were recorded."));
      return;
    }
    this.scope = new Scope(
      this.body, "Episodes whose times are shown", () => this.show(this.episode));
    this.grid = element("div", { class: "grid" });
    this.note = hint("");
    this.body.append(this.note, this.grid);
  }

  show(episode) {
    this.episode = episode;
    if (!this.scope) return;
    this.plots.forEach((plot) => plot.remove());
    const episodes = this.scope.of(episode).filter(({ timing }) => timing);
    const deadlines = new Set(episodes.map(({ rate }) => 1e6 / rate));
    this.plots = TIMES.flatMap(([key, title, meaning]) => {
      const told = episodes.map(({ timing }) => timing[key]).filter(Boolean);
      return told.length ? [this.histogram(title, meaning, told, [...deadlines])] : [];
    });
    this.note.textContent = this.plots.length
      ? `Dashed: the deadline, one period of ${[...deadlines].map(duration).join(", ")}.`
        + " Counts are on a logarithmic scale, so that single late ticks are seen."
        + (episodes.some(({ isLockstep }) => isLockstep)
          ? " In lockstep the plant waits for each action: that says nothing of real time." : "")
      : "These episodes tell no times.";
  }

  histogram(title, meaning, told, deadlines) {
    const edges = report.edges;
    const counts = edges.slice(1).map(
      (_, i) => told.reduce((sum, { counts }) => sum + (counts[i] ?? 0), 0));
    const total = told.reduce((sum, { count }) => sum + count, 0);
    const most = told.reduce((most, { max }) => Math.max(most, max), 0);
    const filled = counts.flatMap((count, i) => (count ? [i] : []));
    const x = (time) => Math.log10(time);
    const rows = counts.map((count, i) => [x(edges[i]), Math.log10(1 + count)]);
    const first = Math.min(x(edges[filled[0] ?? 0]), ...deadlines.map(x));
    const last = Math.max(x(edges[(filled.at(-1) ?? 0) + 1]), ...deadlines.map(x));
    const tail = told.length === 1
      ? `p50 ${duration(told[0].p50)}, p99 ${duration(told[0].p99)}, ` : "";
    return new Plot(this.grid, {
      title, note: `${meaning}; ${tail}max ${duration(most)}`, series: ["ticks"],
      label: `Histogram of ${title} over ${total} ticks, at most ${duration(most)}`,
      options: {
        rows, ...BARS,
        dateWindow: [first - 0.1, last + 0.1],
        valueRange: [0, Math.max(...rows.map(([, y]) => y)) * 1.08 || 1],
        axes: {
          x: { ticker: (low, high) => decades(low, high) },
          y: { ticker: (low, high) => counting(high) },
        },
      },
      underlay: (context, area, graph) => {
        for (const deadline of deadlines) {
          const at = graph.toDomXCoord(x(deadline));
          dash(context, [at, area.y], [at, area.y + area.h], colour("limit"));
        }
      },
      readout: ([low, y]) => {
        const i = edges.findIndex((edge) => Math.abs(x(edge) - low) < 1e-9);
        const count = Math.round(10 ** y - 1);
        return `${duration(edges[i])} to ${duration(edges[i + 1])}: ${counted(count, "tick")}`;
      },
    });
  }
}

/** Marks at whole powers of ten. */
function decades(low, high) {
  const marks = [];
  for (let power = Math.ceil(low); power <= high; power++) marks.push(power);
  const shown = marks.length > 1 ? marks : [low, (low + high) / 2];
  return shown.map((v) => ({ v, label: duration(10 ** v) }));
}

/** Marks of counts on the scale log(1 + count). */
function counting(high) {
  const marks = [{ v: 0, label: "0" }];
  for (let count = 1; Math.log10(1 + count) <= high; count *= 10) {
    marks.push({ v: Math.log10(1 + count), label: number(count) });
  }
  return marks;
}
