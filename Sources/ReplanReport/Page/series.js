/** Horizontal dashed lines of a plot: [value, colour, pattern]. */
const drawLines = (lines) => (context, area, graph) => {
  for (const [value, name, pattern] of lines) {
    const y = graph.toDomYCoord(value);
    if (!(y >= area.y && y <= area.y + area.h)) continue;
    dash(context, [area.x, y], [area.x + area.w, y], colour(name), pattern);
  }
};

/** Draws all series of an episode, one plot below the other. */
function drawSeries(group, body, episode, tables) {
  const robot = robotOf(episode);
  const { observation, action, tick } = tables;
  if (observation) {
    for (const name of observation.columns.keys()) {
      drawObservation(group, body, episode, robot, tables, name);
    }
  }
  if (action) {
    for (const name of action.columns.keys()) drawAction(group, body, episode, robot, action, name);
  }
  if (tick) drawTicks(group, body, episode, tick);
  if (!observation && !action && !tick) body.append(hint("No samples were recorded."));
}

/** Samples may be missing for so long before a line is broken. */
const gapOf = (episode, table) => 3.5 * Math.max(1, 2 * (table.perPoint - 1)) / episode.rate;

/** A sentence on a plot for those who do not see it. */
function spoken(name, unit, column) {
  const [low, high] = valueExtent(column);
  return `${name} over the episode's time, ${number(low)} to ${withUnit(number(high), unit)}`;
}

function valueExtent(column) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of column) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function drawObservation(group, body, episode, robot, tables, name) {
  const table = tables.observation;
  const channel = robot?.observation.find((entry) => entry.name === name);
  const unit = channel?.unit ?? "";
  const envelope = channel?.envelope ?? [];
  const lines = envelope.map((value) => [value, "limit", [6, 4]]);
  for (const { of, within } of channel?.targets ?? []) {
    lines.push([of - within, "success", [2, 3]], [of + within, "success", [2, 3]]);
  }
  const measured = { time: table.time, columns: [table.columns.get(name)] };
  const estimate = tables.state?.columns.get(name);
  const estimated = estimate && { time: tables.state.time, columns: [estimate] };
  new TimePlot(group, body, {
    // The estimate below, so that the measurement is not hidden where both are the same.
    title: name, unit, series: estimated ? ["estimated", "measured"] : [name],
    ...(estimated ?? measured), second: estimated && measured,
    paint: estimated ? ["series-2", "series"] : undefined,
    options: { connectSeparatedPoints: true, series: { estimated: { strokeWidth: 4 } } },
    note: envelope.length
      ? `envelope ${number(envelope[0])} to ${withUnit(number(envelope[1]), unit)}` : "",
    label: spoken(name, unit, measured.columns[0]),
    gap: gapOf(episode, table), isAngle: channel?.isAngle,
    near: lines.map(([value]) => value), underlay: drawLines(lines),
    readout: (row) =>
      row.slice(1).reverse().map((value) => withUnit(number(value, 5), unit))
        .join(", estimated "),
  });
}

function drawAction(group, body, episode, robot, table, name) {
  const channel = robot?.action.find((entry) => entry.name === name);
  const unit = channel?.unit ?? "";
  const limits = channel ? [channel.low, channel.high] : [];
  const column = table.columns.get(name);
  new TimePlot(group, body, {
    title: name, unit, series: [name], columns: [column],
    note: channel ? `limits ${number(channel.low)} to ${withUnit(number(channel.high), unit)}` : "",
    label: spoken(name, unit, column),
    time: table.time, gap: gapOf(episode, table), always: limits,
    options: { stepPlot: true },
    underlay: drawLines(limits.map((value) => [value, "limit", [6, 4]])),
    readout: (row) => withUnit(number(row[1], 5), unit),
  });
}

/** What the controller told of its ticks; columns without a value are not there. */
function drawTicks(group, body, episode, table) {
  const common = { time: table.time, gap: gapOf(episode, table) };
  const cost = table.columns.get("plan_cost");
  if (cost) {
    const obtained = table.columns.get("obtained_cost");
    new TimePlot(group, body, {
      ...common, title: "plan cost",
      series: obtained ? ["obtained", "promised"] : ["plan cost"],
      columns: obtained ? [obtained, cost] : [cost],
      paint: obtained ? ["series-2", "series"] : undefined,
      note: obtained ? "promised, and obtained over the same horizon" : "",
      label: spoken("plan cost", "", cost),
      readout: (row) => obtained
        ? `${number(row[2], 5)} promised`
          + (Number.isFinite(row[1]) ? `, ${number(row[1], 5)} obtained` : "")
        : number(row[1], 5),
    });
  }
  const disagreement = table.columns.get("disagreement");
  if (disagreement) {
    const lines = episode.gate == null ? [] : [[episode.gate, "gate", [6, 4]]];
    new TimePlot(group, body, {
      ...common, title: "disagreement", series: ["disagreement"], columns: [disagreement],
      isLog: true,
      note: "variance across members, of normalised outputs"
        + (episode.gate == null ? "" : `; gate ${number(episode.gate, 3)}`),
      label: spoken("disagreement", "", disagreement), near: lines.map(([value]) => value),
      underlay: drawLines(lines), readout: (row) => number(row[1], 3),
    });
  }
  const time = table.columns.get("tick_us");
  if (time) {
    const deadline = 1e3 / episode.rate;
    const column = time.map((value) => value / 1e3);
    new TimePlot(group, body, {
      ...common, title: "tick time", unit: "ms", series: ["tick time"], columns: [column],
      note: `deadline ${number(deadline)} ms`, near: [deadline],
      label: spoken("tick time", "ms", column), underlay: drawLines([[deadline, "limit", [6, 4]]]),
      readout: (row) => `${number(row[1], 4)} ms`,
    });
  }
}
