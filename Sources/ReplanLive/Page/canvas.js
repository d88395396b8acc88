// Drawing surfaces that are sharp on every screen, and the page's colours.

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// The colours are asked for once a drawing: asking is slow.
export function palette() {
  const names = ["ink", "quiet", "line", "body", "accent", "warn", "good", "soft", "card", "stop"];
  const colours = Object.fromEntries(names.map((name) => [name, colour(name)]));
  colours.members = Array.from({ length: 8 }, (_, i) => colour(`member-${i}`));
  return colours;
}

// The context of a cleared canvas, in pixels of the page.
export function begin(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  const w = Math.round(width * ratio), h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "11px system-ui, sans-serif";
  context.lineJoin = "round";
  context.lineCap = "round";
  return { context, width, height };
}

export function path(context, points) {
  context.beginPath();
  let isDown = false;
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) { isDown = false; continue; }
    if (isDown) context.lineTo(x, y); else context.moveTo(x, y);
    isDown = true;
  }
}

export function stroke(context, points, style, width = 1.5, alpha = 1) {
  context.globalAlpha = alpha;
  context.strokeStyle = style;
  context.lineWidth = width;
  path(context, points);
  context.stroke();
  context.globalAlpha = 1;
}

export function dashed(context, points, style) {
  context.setLineDash([4, 4]);
  stroke(context, points, style, 1);
  context.setLineDash([]);
}

// Round steps that divide a range into about so many parts.
export function ticks(low, high, count = 4) {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((f) => f * power).find((s) => s >= raw);
  const result = [];
  for (let t = Math.ceil(low / step) * step; t <= high + 1e-9 * span; t += step) {
    result.push(Math.abs(t) < step / 1e6 ? 0 : t);
  }
  return result;
}

export function label(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e5)) return value.toExponential(0).replace("-", "−");
  return String(+value.toPrecision(3)).replace("-", "−");
}
