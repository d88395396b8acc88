/** Predictions of 1 to H steps against what came, and whether their spread can be trusted. */
class PredictionView {
  constructor() {
    this.body = document.querySelector("#prediction .body");
    this.content = element("div", {});
    this.plots = [];
    if (!report.episodes.some(({ prediction }) => prediction)) {
      this.body.append(hint(
        report.episodes.map(({ predictionNote }) => predictionNote).find(Boolean)
          ?? "No episode has a model to predict with."));
      return;
    }
    this.body.append(hint(
      "From recorded states, under the actions in force, by the model that was in use at that tick, "
        + "which had not seen what came after it. Shaded: the central 90 % over members and noise."));
    this.body.append(this.content);
  }

  show(episode) {
    this.episode = episode;
    this.plots.forEach((plot) => plot.remove());
    this.plots = [];
    this.content.replaceChildren();
    if (!this.body.contains(this.content)) return;
    const { prediction } = episode;
    if (prediction) this.drawEpisode(episode, prediction);
    else {
      const reason = episode.predictionNote ?? "there is no model to predict with";
      this.content.append(hint(`Episode ${episode.index}: ${reason}.`));
    }
    this.drawCalibration();
  }

  drawEpisode(episode, prediction) {
    const count = prediction.fans.length;
    if (count) {
      this.data = new Float32Array(bytesOf(`fans-${episode.index}`));
      const slider = element("input", {
        type: "range", min: 0, max: count - 1, value: Math.floor(count / 2),
        "aria-label": "Start of the prediction",
        oninput: () => this.drawFan(prediction, Number(slider.value)),
      });
      this.start = element("output", {});
      this.fans = element("div", { class: "grid" });
      this.content.append(
        element("h3", {}, "One prediction"),
        element("div", { class: "controls" }, "starts at", slider, this.start), this.fans);
      this.fanPlots = [];
      this.drawFan(prediction, Number(slider.value));
    }
    this.drawErrors(prediction);
  }

  /** One prediction, channel by channel: the band, its middle, and what came. */
  drawFan(prediction, fan) {
    const { horizons, channels, units, period } = prediction;
    const steps = [0, ...horizons];
    const end = prediction.fans[fan] + horizons.at(-1) * period;
    const time = prediction.fans[fan];
    this.start.textContent = `${fixed(time, 3)} s`;
    channels.forEach((name, c) => {
      const rows = [];
      for (const [h, step] of steps.entries()) {
        const at = ((fan * steps.length + h) * channels.length + c) * 4;
        const [low, middle, high, came] = this.data.subarray(at, at + 4);
        rows.push([time + step * period, [low, middle, high], [came, came, came]]);
      }
      if (this.fanPlots[c]) {
        this.fanPlots[c].rows = rows;
        this.fanPlots[c].graph.updateOptions({ file: rows, dateWindow: [time, end] });
        return;
      }
      const plot = new Plot(this.fans, {
        title: name, unit: units[c], series: ["predicted", "came"],
        label: `${name} as predicted for ${horizons.at(-1)} steps and as it came`,
        options: {
          rows, customBars: true, fillAlpha: 0.25, dateWindow: [time, end],
          axes: { x: { axisLabelFormatter: (value) => `${number(value)} s` } },
        },
        readout: ([x, predicted, came]) =>
          `${fixed(x, 3)} s: predicted ${number(predicted[1])} (${number(predicted[0])} to `
          + `${number(predicted[2])}), came ${withUnit(number(came[1]), units[c])}`,
      });
      this.fanPlots[c] = plot;
      this.plots.push(plot);
    });
  }

  /** Error and predicted spread by the number of steps. */
  drawErrors(prediction) {
    const { channels, units, horizons, rmse, spread, period } = prediction;
    const grid = element("div", { class: "grid" });
    this.content.append(
      element("h3", {}, "Error (RMS) and predicted spread (standard deviation) by number of steps"),
      hint(`Over ${counted(prediction.starts, "prediction")}.`), grid);
    channels.forEach((name, c) => {
      const rows = horizons.map((steps, i) => [steps, rmse[c][i], spread[c][i]]);
      this.plots.push(new Plot(grid, {
        title: name, unit: units[c], series: ["error", "spread"],
        label: `Error of ${name} after ${horizons[0]} to ${horizons.at(-1)} steps`,
        options: {
          rows, dateWindow: [0, horizons.at(-1) * 1.02],
          valueRange: valueRange(rows, { always: [0] }),
          axes: { x: { axisLabelFormatter: (value) => number(value) } },
        },
        readout: ([steps, error, deviation]) =>
          `${steps} steps (${number(steps * period, 3)} s): error ${number(error, 3)}, `
          + `spread ${withUnit(number(deviation, 3), units[c])}`,
      }));
    });
  }

  drawCalibration() {
    this.content.append(element("h3", {}, "Calibration"));
    const holder = element("div", {});
    let plots = [];
    const draw = () => {
      plots.forEach((plot) => plot.remove());
      this.plots = this.plots.filter((plot) => !plots.includes(plot));
      plots = calibrationPlots(holder, scope.of(this.episode));
      this.plots.push(...plots);
    };
    const scope = new Scope(this.content, "Episodes whose calibration is shown", draw);
    this.content.append(
      hint("How often reality fell into the central interval of so many per cent. On the dashed "
        + "line the spread is right; below it the model is too sure of itself."),
      holder);
    draw();
  }
}

/** One plot a group of horizons, a line a channel. */
function calibrationPlots(holder, episodes) {
  holder.className = "grid tall";
  holder.replaceChildren();
  const predictions = episodes.map(({ prediction }) => prediction).filter(Boolean);
  if (predictions.length === 0) {
    holder.append(hint("No predictions here."));
    return [];
  }
  const { channels, calibration: { levels, steps } } = predictions.at(-1);
  // Only alike ones can be added up.
  const told = predictions
    .filter((other) => String(other.channels) === String(channels))
    .map(({ calibration }) => calibration)
    .filter((other) => String(other.steps) === String(steps));
  return steps.map((count, s) => {
    const total = told.reduce((sum, { samples }) => sum + samples[s], 0);
    const rows = levels.map((level, l) => [
      100 * level,
      ...channels.map((_, c) =>
        total ? (100 * told.reduce((sum, { inside }) => sum + inside[s][c][l], 0)) / total : NaN),
    ]);
    return new Plot(holder, {
      title: counted(count, "step"), note: counted(total, "prediction"), series: channels, unit: "%",
      label: `Calibration of predictions of ${count} steps over ${total} predictions`,
      options: {
        rows, dateWindow: [100 * levels[0] - 2, 100.5], valueRange: [0, 102],
        drawPoints: true, pointSize: 2.5,
        axes: { x: { axisLabelFormatter: (value) => `${number(value)} %` } },
      },
      underlay: (context, area, graph) => dash(
        context, graph.toDomCoords(0, 0), graph.toDomCoords(100, 100), colour("limit")),
      readout: ([level, ...values]) =>
        `${number(level)} %: `
        + values.map((value, c) => `${channels[c]} ${number(value, 3)}`).join(", "),
    });
  });
}
