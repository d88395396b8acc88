// The server's stream of events, decoded.

export const token = document.querySelector('meta[name="replan-token"]').content;

function floats(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

function rows(values, width) {
  const result = [];
  for (let i = 0; i + width <= values.length; i += width) result.push(values.subarray(i, i + width));
  return result;
}

const sampleHead = 7;

export function samples(frame, robot) {
  const states = robot.observation.length, actions = robot.action.length;
  return rows(floats(frame.samples), sampleHead + states + actions).map((row) => ({
    tick: row[0], verdict: row[1], isObserved: (row[3] & 1) !== 0, isOverrun: (row[3] & 2) !== 0,
    disagreement: row[4], planCost: row[5], milliseconds: row[6],
    observation: row.subarray(sampleHead, sampleHead + states),
    action: row.subarray(sampleHead + states),
  }));
}

export function plan(frame, robot) {
  if (!frame.plan) return null;
  const states = frame.plan.states
    ? rows(floats(frame.plan.states), robot.observation.length) : [];
  const { tick, points, stride, members } = frame.plan;
  return {
    tick, points, stride, actions: rows(floats(frame.plan.actions), robot.action.length),
    rollouts: Array.from({ length: members }, (_, m) => states.slice(m * points, (m + 1) * points)),
  };
}

// Calls the handlers with each event; reconnects by itself.
export function listen({ onSession, onJournal, onFrame, onLoss }) {
  const source = new EventSource(`stream?token=${encodeURIComponent(token)}`);
  source.addEventListener("session", (event) => onSession(JSON.parse(event.data)));
  source.addEventListener("journal", (event) => onJournal(JSON.parse(event.data)));
  source.addEventListener("frame", (event) => onFrame(JSON.parse(event.data)));
  source.onerror = () => {
    onLoss(source.readyState === EventSource.CLOSED);
    // The browser gives up on a refusal; a server that was started anew has another token.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => fetch("./", { method: "GET" })
        .then((answer) => { if (answer.ok) location.reload(); }).catch(() => {})
        .finally(() => listen({ onSession, onJournal, onFrame, onLoss })), 2000);
    }
  };
}
