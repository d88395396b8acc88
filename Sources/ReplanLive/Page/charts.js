// Curves over the last seconds and the next, the histogram, and the learning curve.
import { begin, dashed, label, palette, stroke, ticks } from "./canvas.js";
import { verdictKind, verdicts } from "./words.js";
import { wrapped } from "./picture.js";

const margin = { left: 46, right: 10, top: 6, bottom: 18 };

// A frame of axes; returns the mapping of both.
function axes(
  { context, width, height }, colours, [x0, x1], [y0, y1], unit,
  { xUnit = "s", xTicks = null, yText = label } = {},
) {
  const w = width - margin.left - margin.right, h = height - margin.top - margin.bottom;
  const x = (v) => margin.left + w * (v - x0) / (x1 - x0);
  const y = (v) => margin.top + h * (1 - (v - y0) / (y1 - y0));
  context.fillStyle = colours.quiet;
  context.textAlign = "right";
  for (const t of ticks(y0, y1, 3)) {
    stroke(context, [[margin.left, y(t)], [margin.left + w, y(t)]], colours.soft, 1);
    context.fillText(yText(t), margin.left - 5, y(t) + 4);
  }
  context.textAlign = "center";
  const marks = xTicks || ticks(x0, x1, Math.max(3, Math.min(8, w / 80))).map((t) => [t, label(t)]);
  for (const [t, text] of marks) context.fillText(text, x(t), height - 5);
  context.textAlign = "right";
  context.fillText(xUnit, width - 2, height - 5);
  context.textAlign = "left";
  context.fillText(unit, 2, margin.top + 8);
  return { x, y, left: margin.left, right: margin.left + w, top: margin.top, bottom: margin.top + h };
}

function now(context, axis, colours) {
  stroke(context, [[axis.x(0), axis.top], [axis.x(0), axis.bottom]], colours.quiet, 1);
}

function span(values, least) {
  let low = Infinity, high = -Infinity;
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (!(low <= high)) return [-least, least];
  const pad = Math.max(0.08 * (high - low), (least - (high - low)) / 2, 1e-9);
  return [low - pad, high + pad];
}

// Angles jump by a turn; a curve must not.
function unwrap(values, from) {
  let last = from;
  return values.map((v) => {
    if (!Number.isFinite(v)) return v;
    last = Number.isFinite(last) ? last + wrapped(v - last) : v;
    return last;
  });
}

// The channel that success or the picture is about: what was, and what each member foresees.
export function drawFan(canvas, robot, channel, history, plan, past) {
  const surface = begin(canvas), colours = palette();
  const { context } = surface;
  const { isAngle, unit, envelopeLow, envelopeHigh } = robot.observation[channel];
  const newest = history.length ? history.at(-1).tick : 0;
  let was = history.map((s) => s.observation[channel]);
  if (isAngle) was = unwrap(was.reverse(), wrapped(was[0] ?? 0)).reverse();
  const last = was.at(-1);
  const members = (plan ? plan.rollouts : []).map((states) => {
    const values = states.map((s) => s[channel]);
    return isAngle ? unwrap(values, last) : values;
  });
  const ahead = plan ? (plan.stride * (plan.points - 1) + robot.lead) * robot.period : 0.5;
  const range = span([...was, ...members.flat()], isAngle ? 1 : 0.1);
  const axis = axes(surface, colours, [-past, Math.max(ahead, 0.2)], range, unit);
  for (const limit of [envelopeLow, envelopeHigh]) {
    if (limit > range[0] && limit < range[1]) {
      dashed(context, [[axis.left, axis.y(limit)], [axis.right, axis.y(limit)]], colours.warn);
    }
  }
  now(context, axis, colours);
  const time = (tick) => (tick - newest) * robot.period;
  stroke(context, history.map((s, k) => [axis.x(time(s.tick)), axis.y(was[k])]), colours.ink, 2);
  members.forEach((values, m) => stroke(context, values.map((v, k) => [
    axis.x(time(plan.tick + robot.lead + k * plan.stride)), axis.y(v),
  ]), colours.members[m % 8], 2));
}

// Each action with its limits: sent left of now, planned right of it.
export function drawAction(canvas, robot, history, plan, past) {
  const surface = begin(canvas), colours = palette();
  const { context } = surface;
  const lows = robot.action.map((a) => a.low), highs = robot.action.map((a) => a.high);
  const low = Math.min(...lows), high = Math.max(...highs);
  const pad = 0.08 * (high - low);
  const count = robot.action.length;
  const horizon = plan ? plan.actions.length : 0;
  const ahead = Math.max(0.2, (horizon + robot.lead) * robot.period);
  const units = [...new Set(robot.action.map((a) => a.unit))].join(", ");
  const axis = axes(surface, colours, [-past, ahead], [low - pad, high + pad], units);
  for (const limit of new Set([...lows, ...highs])) {
    dashed(context, [[axis.left, axis.y(limit)], [axis.right, axis.y(limit)]], colours.warn);
  }
  now(context, axis, colours);
  const newest = history.length ? history.at(-1).tick : 0;
  const x = (tick) => axis.x((tick - newest) * robot.period);
  for (let i = 0; i < count; i++) {
    const style = count === 1 ? colours.ink : colours.members[i % 8];
    stroke(context, steps(history.map((s) => [x(s.tick), x(s.tick + 1), axis.y(s.action[i])])),
      style, 2);
    if (!plan) continue;
    const first = plan.tick + robot.lead;
    stroke(context, steps(plan.actions.map((a, k) => [
      x(first + k), x(first + k + 1), axis.y(a[i]),
    ])), colours.accent, 2);
  }
}

// An action is held over its tick.
function steps(pieces) { return pieces.flatMap(([from, to, y]) => [[from, y], [to, y]]); }

export function drawDisagreement(canvas, robot, history, gate, past) {
  const surface = begin(canvas), colours = palette();
  const { context } = surface;
  const values = history.map((s) => s.disagreement).filter((v) => Number.isFinite(v) && v > 0);
  const largest = Math.max(...values, gate || 0, 1e-6), least = Math.min(...values, largest / 10);
  const range = [Math.log10(least) - 0.2, Math.log10(largest) + 0.3];
  const axis = axes(surface, colours, [-past, 0], range, "", { yText: (t) => label(10 ** t) });
  const newest = history.length ? history.at(-1).tick : 0;
  const x = (tick) => axis.x((tick - newest) * robot.period);
  const styles = verdictColours(colours);
  for (const s of history) {
    context.fillStyle = styles[verdictKind((verdicts[s.verdict] || [""])[0])];
    const width = Math.max(1, x(s.tick + 1) - x(s.tick) + 0.5);
    if (x(s.tick) >= axis.left) context.fillRect(x(s.tick), axis.bottom - 9, width, 9);
  }
  if (gate) {
    const y = axis.y(Math.log10(gate));
    dashed(context, [[axis.left, y], [axis.right, y]], colours.warn);
  }
  stroke(context, history.map((s) => [
    x(s.tick), s.disagreement > 0 ? axis.y(Math.log10(s.disagreement)) : NaN,
  ]), colours.ink, 2);
}

export function verdictColours(colours) {
  return {
    plan: colours.good, explore: colours.accent, amber: colours.members[1], fallback: colours.stop,
  };
}

// Tick times over a logarithmic axis, with the time that a plan may take.
export function drawHistogram(canvas, robot, counts) {
  const surface = begin(canvas), colours = palette();
  const { context } = surface;
  const edges = robot.tickEdges;
  const limit = robot.period * 1e6 * 0.7;
  const filled = counts.map((c, i) => (c > 0 ? i : -1)).filter((i) => i >= 0);
  const first = Math.max(0, (filled[0] ?? 20) - 2);
  const low = Math.log10(Math.max(edges[first], 1));
  const high = Math.log10(Math.max(edges[Math.min(63, (filled.at(-1) ?? 40) + 2)], limit * 1.3));
  const most = Math.max(...counts, 1);
  const decades = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000]
    .map((ms) => [Math.log10(ms), label(ms)]).filter(([t]) => t > low - 3 && t < high - 3.05);
  const axis = axes(surface, colours, [low - 3, high - 3], [0, most], "", { xUnit: "ms", xTicks: decades });
  const x = (us) => axis.x(Math.log10(Math.max(us, 1)) - 3);
  counts.forEach((count, i) => {
    if (!count) return;
    const from = x(edges[i]), to = x(edges[i + 1] ?? edges[i] * 1.2);
    context.fillStyle = edges[i] >= limit ? colours.stop : colours.accent;
    context.fillRect(from, axis.y(count), Math.max(1, to - from - 1), axis.bottom - axis.y(count));
  });
  dashed(context, [[x(limit), axis.top], [x(limit), axis.bottom]], colours.warn);
}

// Returns over the seconds of interaction; filled where the task was achieved.
export function drawLearning(canvas, told) {
  // What a reset costs says nothing of the task.
  const episodes = told.filter((e) => e.kind !== "reset");
  const surface = begin(canvas), colours = palette();
  const { context } = surface;
  if (!episodes.length) return;
  const longest = Math.max(...episodes.map((e) => e.experience_s), 1);
  const returns = episodes.map((e) => e.return);
  const axis = axes(surface, colours, [0, longest * 1.05], span(returns, 1), "return");
  const points = episodes.map((e) => [axis.x(e.experience_s), axis.y(e.return)]);
  stroke(context, points, colours.line, 1.5);
  episodes.forEach((e, i) => {
    context.beginPath();
    context.arc(...points[i], 4, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = e.success ? colours.good : e.kind === "base" ? colours.quiet : colours.accent;
    context.fillStyle = e.success ? colours.good : colours.card;
    context.fill();
    context.stroke();
  });
}
