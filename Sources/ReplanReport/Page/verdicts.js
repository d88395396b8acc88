/** Which colour a verdict has: one for each kind of cause, safe for the colour-blind. */
const PAINT = {
  bridged: "missing", stale: "missing",
  notFinite: "implausible", outOfRange: "implausible", implausible: "implausible",
  shifted: "late", late: "late",
  restrained: "envelope", leavingEnvelope: "envelope", outsideEnvelope: "envelope",
  unknown: "unknown",
};

const MEANING = {
  bridged: "no fresh observation: predicted",
  stale: "no observation for too long",
  notFinite: "observation not finite",
  outOfRange: "observation out of range",
  implausible: "observation jumped",
  shifted: "no plan in time: the last one followed",
  late: "no plan in time for too long",
  followed: "the plan executed further, as learning.loop says",
  settled: "the feedback that brings the plant to rest",
  restrained: "a more cautious plan",
  leavingEnvelope: "every plan leaves the envelope",
  outsideEnvelope: "outside the envelope",
  unknown: "the plan leaves what is known",
  noPlan: "no plan with a finite cost",
  noModel: "no model",
};

const paintOf = (verdict) => PAINT[verdict] ?? "other";

/** The bands of an episode: from when to when which verdict. */
function bandsOf(episode) {
  return (episode.bands ?? []).map(([start, end, raw]) => {
    const { name, isFallback } = report.verdicts[raw]
      ?? { name: `verdict ${raw}`, isFallback: true };
    return { start, end, name, isFallback, paint: paintOf(name) };
  });
}

const SVG = "http://www.w3.org/2000/svg";

/** A sample of a band or a line, for the legend. */
function swatch(children) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("width", 26);
  svg.setAttribute("height", 14);
  svg.setAttribute("aria-hidden", "true");
  for (const [name, attributes] of children) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    svg.append(node);
  }
  return svg;
}

const bandSwatch = ({ paint, isFallback }) =>
  swatch([
    ["rect", {
      width: 26, height: 14, fill: `var(--${paint})`, "fill-opacity": isFallback ? 0.3 : 0.14,
    }],
    ...(isFallback ? [["rect", { width: 26, height: 4, fill: `var(--${paint})` }]] : []),
  ]);

const markSwatch = (name) =>
  swatch([["rect", { x: 12, y: 5, width: 1.5, height: 9, fill: `var(--${name})` }]]);

const lineSwatch = (name, pattern) =>
  pattern === "mark" ? markSwatch(name) : swatch([
    ["line", {
      x1: 0, x2: 26, y1: 7, y2: 7, stroke: `var(--${name})`, "stroke-width": 1.5,
      "stroke-dasharray": pattern,
    }],
  ]);

/** The legend of an episode: the verdicts and lines that it has, no others. */
function legendOf(bands, lines) {
  const seen = new Map(bands.map((band) => [band.name, band]));
  return [
    ...lines.map(([name, pattern, text]) => element("li", {}, lineSwatch(name, pattern), text)),
    ...[...seen.values()].map((band) =>
      element(
        "li", {}, bandSwatch(band),
        `${words(band.name)}${band.isFallback ? " (fallback)" : ""}`
          + (MEANING[band.name] ? `: ${MEANING[band.name]}` : ""))),
  ];
}
