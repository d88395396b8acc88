// The plant drawn from its geometry, with the poses that each member foresees under the plan.
import { begin, palette, stroke } from "./canvas.js";
import { number } from "./words.js";

// state: the newest observation. rollouts: by member, states along the plan; empty without a plan.
export function drawPicture(canvas, robot, state, rollouts) {
  const surface = begin(canvas);
  if (!state) return;
  const draw = { "cart-pole": cartPole, pendulum, arm, bars }[robot.picture.kind] || bars;
  draw(surface, palette(), robot, state, rollouts);
  canvas.setAttribute("aria-label", robot.observation.map((channel, i) =>
    `${channel.name} ${number(state[i], 2)} ${channel.unit}`).join(", "));
}

function cartPole({ context, width, height }, colours, robot, state, rollouts) {
  const { position, angles: [angle], track: [low, high], lengths: [length], turn } = robot.picture;
  const scale = Math.min((width - 40) / (high - low + 0.8), (height - 30) / (2.3 * length));
  const x0 = width / 2 - scale * (low + high) / 2, y0 = height / 2;
  const cart = (s) => [x0 + scale * s[position], y0];
  const tip = (s) => {
    const [x, y] = cart(s);
    const a = s[angle] + turn;
    return [x + scale * length * Math.sin(a), y - scale * length * Math.cos(a)];
  };
  stroke(context, [[x0 + scale * low, y0], [x0 + scale * high, y0]], colours.line, 3);
  for (const end of [low, high]) {
    stroke(context, [[x0 + scale * end, y0 - 9], [x0 + scale * end, y0 + 9]], colours.warn, 3);
  }
  fan(context, colours, rollouts, (s) => [cart(s), tip(s)]);
  const [x, y] = cart(state);
  const w = Math.max(26, scale * 0.36), h = w * 0.5;
  context.fillStyle = colours.body;
  context.beginPath();
  context.roundRect(x - w / 2, y - h / 2, w, h, 4);
  context.fill();
  stroke(context, [[x, y], tip(state)], colours.body, 7);
  disc(context, [x, y], 4, colours.card);
  disc(context, tip(state), 8, colours.body);
}

function pendulum({ context, width, height }, colours, robot, state, rollouts) {
  const { angles: [angle], turn } = robot.picture;
  const length = Math.min(width, height) / 2 - 18;
  const centre = [width / 2, height / 2];
  const tip = (s) => [
    centre[0] + length * Math.sin(s[angle] + turn), centre[1] - length * Math.cos(s[angle] + turn),
  ];
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.beginPath();
  context.arc(...centre, length, 0, 2 * Math.PI);
  context.stroke();
  fan(context, colours, rollouts, (s) => [centre, tip(s)]);
  stroke(context, [centre, tip(state)], colours.body, 8);
  disc(context, centre, 6, colours.quiet);
  disc(context, tip(state), 11, colours.body);
}

// Angle 0 of the first link points right; the second angle is relative to the first.
function arm({ context, width, height }, colours, robot, state, rollouts) {
  const { angles: [first, second], lengths: [l1, l2] } = robot.picture;
  const scale = (Math.min(width, height) / 2 - 14) / (l1 + l2);
  const base = [width / 2, height / 2];
  const joints = (s) => {
    const elbow = [
      base[0] + scale * l1 * Math.cos(s[first]), base[1] - scale * l1 * Math.sin(s[first]),
    ];
    const sum = s[first] + s[second];
    return [base, elbow, [
      elbow[0] + scale * l2 * Math.cos(sum), elbow[1] - scale * l2 * Math.sin(sum),
    ]];
  };
  fan(context, colours, rollouts, joints);
  const points = joints(state);
  stroke(context, points, colours.body, 8);
  for (const point of points) disc(context, point, 6, colours.quiet);
}

// Any other plant: a bar for each channel, the foreseen end of each member as a mark beside it.
function bars({ context, width, height }, colours, robot, state, rollouts) {
  const channels = robot.observation;
  const top = 8, step = (height - 2 * top) / channels.length;
  const left = Math.min(150, width * 0.35), span = width - left - 20;
  channels.forEach((channel, i) => {
    const largest = Math.max(...[channel.low, channel.high, channel.envelopeLow,
      channel.envelopeHigh].filter(Number.isFinite).map(Math.abs), 0);
    const range = channel.isAngle ? Math.PI : largest || Math.max(1, 2 * Math.abs(state[i]));
    const value = channel.isAngle ? wrapped(state[i]) : state[i];
    const x = (v) => left + span * (0.5 + 0.5 * Math.max(-1, Math.min(1, v / range)));
    const y = top + step * i + step * 0.2, h = step * 0.6;
    context.fillStyle = colours.soft;
    context.fillRect(left, y, span, h);
    context.fillStyle = colours.accent;
    context.fillRect(Math.min(x(0), x(value)), y, Math.max(2, Math.abs(x(value) - x(0))), h);
    rollouts.forEach((states, m) => {
      const last = states[states.length - 1][i];
      const end = x(channel.isAngle ? wrapped(last) : last);
      stroke(context, [[end, y - 2], [end, y + h + 2]], colours.members[m % 8], 2);
    });
    context.fillStyle = colours.quiet;
    context.textAlign = "right";
    context.fillText(channel.name, left - 8, y + h / 2 + 4);
  });
}

// Poses as thin limbs and the way of the last joint, for each member.
function fan(context, colours, rollouts, joints) {
  rollouts.forEach((states, m) => {
    const style = colours.members[m % 8];
    const step = Math.max(1, Math.floor(states.length / 10));
    states.forEach((state, k) => {
      if (k % step === 0) stroke(context, joints(state), style, 2, 0.28);
    });
    stroke(context, states.map((state) => joints(state).at(-1)), style, 2.5, 0.9);
  });
}

function disc(context, [x, y], radius, style) {
  context.fillStyle = style;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

export function wrapped(angle) {
  return angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
}
