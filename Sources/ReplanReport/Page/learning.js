/** Return over the seconds of interaction, an episode a point, and how the models' errors fell. */
function drawLearning() {
  const body = document.querySelector("#learning .body");
  // What a reset costs says nothing of the task.
  const told = report.episodes.filter(({ kind, return: sum }) => sum != null && kind !== "reset");
  if (told.length === 0) {
    body.append(hint("No episode has come to its end yet, so there is no return to plot."));
  } else {
    body.append(hint(
      "Return is minus the summed cost of an episode. Filled points are successes."));
    drawReturns(body, told);
  }
  drawErrors(body);
  drawPromises(body);
}

/** What plans promised and what came of them: where the planner exploits the model they part. */
function drawPromises(body) {
  const told = report.episodes.filter(({ promise, experience }) => promise && experience != null);
  if (told.length === 0) return;
  const rows = told.map(({ experience, promise }) =>
    [experience, promise.promised, promise.obtained]);
  new Plot(body, {
    title: "cost over the horizon",
    note: "medians over an episode's plans: promised, and obtained in the same ticks",
    series: ["promised", "obtained"], paint: ["series", "series-2"],
    label: `Promised and obtained cost of ${rows.length} episodes`,
    options: {
      rows, drawPoints: true, pointSize: 4, dateWindow: fromZero(rows),
      valueRange: valueRange(rows, { near: [0] }),
      axes: { x: { axisLabelFormatter: (value) => `${number(value)} s` } },
    },
    readout: ([x, promised, obtained]) =>
      `after ${number(x)} s: promised ${number(promised)}, obtained ${number(obtained)}`,
  });
}

/** A longer episode sums up more cost: returns of unlike lengths are joined to a curve by the second only. */
function drawReturns(body, episodes) {
  const timed = episodes.filter(({ seconds }) => seconds > 0);
  const lengths = timed.map(({ seconds }) => seconds);
  const isUnlike = Math.max(...lengths) > 1.05 * Math.min(...lengths);
  learningPlot(body, episodes, "return", (episode) => episode.return, isUnlike ? 0 : 1);
  if (!isUnlike) return;
  learningPlot(
    body, timed, "return per second", (episode) => episode.return / episode.seconds, 1,
    "of the episode: comparable where lengths differ");
}

function learningPlot(body, episodes, title, value, strokeWidth, note) {
  const rows = episodes.map((episode) => [episode.experience, value(episode)]);
  const circle = (graph, name, context, x, y, paint, size, row) => {
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    context.fillStyle = episodes[row].success ? paint : colour("panel");
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = paint;
    context.stroke();
  };
  const plot = new Plot(body, {
    title, note, series: [title],
    label: `${title} of ${episodes.length} episodes over seconds of interaction`,
    options: {
      rows, drawPoints: true, drawPointCallback: circle, pointSize: 4, strokeWidth,
      dateWindow: fromZero(rows),
      valueRange: valueRange(rows, { near: [0] }),
      clickCallback: (event, x, points) => points[0] && go(episodes[points[0].idx].index),
      axes: { x: { axisLabelFormatter: (value) => `${number(value)} s` } },
    },
    readout: ([x, value]) => {
      const episode = episodes.find((entry) => entry.experience === x);
      return `episode ${episode?.index}: ${number(value)} after ${number(x)} s`
        + (episode?.success ? ", success" : "");
    },
  });
  plot.surface.addEventListener(
    "dblclick", () => plot.graph.updateOptions({ dateWindow: fromZero(rows) }));
}

/** The window from 0 to a little beyond the last row. */
const fromZero = (rows) => [0, Math.max(...rows.map(([x]) => x)) * 1.04];

/** One-step errors of the models, each channel relative to the first model. */
function drawErrors(body) {
  const models = report.models.filter(({ seconds, rmse }) => seconds != null && rmse?.length);
  if (models.length < 2) return;
  const channels = models[0].states;
  const comparable = models.filter(({ states }) => String(states) === String(channels));
  const rows = comparable.map(({ seconds, rmse }) =>
    [seconds, ...rmse.map((value, i) => value / models[0].rmse[i])]);
  new Plot(body, {
    title: "one-step error of the models",
    note: "relative to the first one, over the seconds of data they were fitted on",
    series: channels, label: `One-step error of ${rows.length} models, relative to the first`,
    options: {
      rows, drawPoints: true, pointSize: 3, logscale: true, dateWindow: fromZero(rows),
      valueRange: valueRange(rows, { isLog: true }),
      axes: {
        x: { axisLabelFormatter: (value) => `${number(value)} s` }, y: { ticker: powersOfTen },
      },
    },
    readout: ([, ...values]) =>
      values.map((value, i) => `${channels[i]} ${number(value, 3)}`).join(", "),
  });
}
