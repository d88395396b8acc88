/** A colour of the style sheet, as the present theme has it. */
const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const SERIES = ["series", "series-2", "series-3", "series-4", "series-5"];

/** Canvases do not follow the style sheet by themselves. */
const themed = new Set();

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const plot of themed) plot.recolour();
});
