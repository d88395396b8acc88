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
    if (prediction.whole) {
      this.drawSimulation(episode, prediction);
      this.drawResiduals(prediction);
    }
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

  /** The episode as its first model simulates it from the beginning on, and as it came. */
  drawSimulation(episode, { channels, units, period, whole: { start, steps } }) {
    const data = new Float32Array(bytesOf(`simulation-${episode.index}`));
    const grid = element("div", { class: "grid" });
    this.content.append(
      element("h3", {}, "Free simulation"),
      hint("From the first state on with the actions alone, by the model that the episode began "
        + "with. A plant that is unstable, or tips over, leaves any model behind in time."), grid);
    channels.forEach((name, c) => {
      const rows = Array.from({ length: steps + 1 }, (_, step) => {
        const at = (step * channels.length + c) * 2;
        return [start + step * period, data[at], data[at + 1]];
      });
      this.plots.push(new Plot(grid, {
        title: name, unit: units[c], series: ["simulated", "came"],
        label: `${name} simulated over ${steps} steps and as it came`,
        options: {
          rows, dateWindow: [start, start + steps * period],
          axes: { x: { axisLabelFormatter: (value) => `${number(value)} s` } },
        },
        readout: ([x, simulated, came]) =>
          `${fixed(x, 3)} s: simulated ${number(simulated)}, came `
          + withUnit(number(came), units[c]),
      }));
    });
  }

  /** Correlations of one-step residuals with their past and with the actions. */
  drawResiduals({ channels, actions, whole: { residuals } }) {
    const grid = element("div", { class: "grid" });
    this.content.append(
      element("h3", {}, "Correlations of one-step residuals"),
      hint("With their own past, and with the actions of so many ticks before. 99 % of those of a "
        + "model that misses nothing lie between the dashed lines; with many samples even small "
        + "misses leave them, so that the size says more than the count."), grid);
    channels.forEach((name, c) => {
      const told = residuals.filter(({ channel }) => channel === c);
      const last = Math.max(...told.map(({ firstLag, values }) => firstLag + values.length - 1));
      const rows = Array.from({ length: last + 1 }, (_, lag) =>
        [lag, ...told.map(({ firstLag, values }) => values[lag - firstLag] ?? NaN)]);
      const bounds = told.map(({ bound }) => bound);
      this.plots.push(new Plot(grid, {
        title: name, series: told.map(({ action }) => (action == null ? "past" : actions[action])),
        label: `Correlations of the residuals of ${name} over ${last} lags`,
        options: {
          rows, dateWindow: [-0.5, last + 0.5], drawPoints: true, pointSize: 2,
          valueRange: valueRange(rows, { always: [0, ...bounds, ...bounds.map((b) => -b)] }),
          axes: { x: { axisLabelFormatter: (value) => number(value) } },
        },
        underlay: (context, area, graph) => bounds.forEach((bound) => [bound, -bound].forEach(
          (value) => dash(
            context, graph.toDomCoords(-0.5, value), graph.toDomCoords(last + 0.5, value),
            colour("limit")))),
        readout: ([lag, ...values]) =>
          `lag ${lag}: `
          + values.map((value, i) => `${told[i].action == null ? "past" : actions[told[i].action]} `
            + number(value, 2)).join(", "),
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
