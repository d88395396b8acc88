// What numbers and names mean, in words.

// In the order of the core's verdicts.
export const verdicts = [
  ["planned", "plan"], ["explored", "explore"], ["bridged", "amber"], ["shifted", "amber"],
  ["stale", "fallback"], ["notFinite", "fallback"], ["outOfRange", "fallback"],
  ["outsideEnvelope", "fallback"], ["noPlan", "fallback"], ["noModel", "fallback"],
  ["implausible", "fallback"], ["late", "fallback"], ["restrained", "amber"],
  ["leavingEnvelope", "fallback"], ["unknown", "fallback"], ["followed", "plan"],
  ["settled", "explore"],
];

const sentences = {
  planned: "planned", explored: "exploring", bridged: "bridged: no observation",
  shifted: "late: last plan followed", followed: "plan followed", settled: "brought to rest", restrained: "restrained: would leave the envelope",
  stale: "fallback: no observation", notFinite: "fallback: observation not finite",
  outOfRange: "fallback: observation out of range", outsideEnvelope: "fallback: outside the envelope",
  noPlan: "fallback: no plan", noModel: "fallback: no model",
  implausible: "fallback: observation implausible", late: "fallback: planner late",
  leavingEnvelope: "fallback: plans leave the envelope", unknown: "fallback: model does not know",
};

export function verdictKind(name) {
  const entry = verdicts.find((verdict) => verdict[0] === name);
  return entry ? entry[1] : "fallback";
}

export function verdictText(name) { return sentences[name] || name; }

export function phaseText(frame) {
  if (!frame.phase) return "no session";
  if (!frame.isAlive) return "no session";
  if (frame.arming === "stopped") return "stopped";
  switch (frame.phase) {
    case "running": return frame.arming === "fallback" ? "fallback" : "running, armed";
    case "resetting": return "resetting the plant";
    case "fitting": return "fitting";
    case "ended": return "ended";
    default: return "between episodes";
  }
}

export function number(value, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const places = size >= 100 ? 1 : size >= 10 ? Math.min(2, digits) : digits;
  return value.toFixed(places).replace("-", "−");
}

export function eventText(event) {
  switch (event.event) {
    case "start":
      return `${event.command} with ${event.plant}, seed ${event.seed}`
        + (event.lockstep ? ", lockstep" : "");
    case "fit":
      return `fit: ${event.members} members on ${event.transitions} transitions in `
        + `${number(event.seconds, 2)} s`;
    case "episode":
      return `episode ${event.index} (${event.kind}): ${number(event.seconds, 2)} s, return `
        + `${number(event.return, 1)}, ${event.end}` + (event.success ? " ✓" : "")
        + (event.fallbacks ? `, ${event.fallbacks} fallbacks` : "")
        + (event.disarmed ? "" : ", NOT CONFIRMED DISARMED");
    case "end": return `end: ${event.reason}`;
    default: return event.event || "";
  }
}
