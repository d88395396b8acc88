/** A number in few digits; a dash where there is none. */
function number(value, digits = 4) {
  if (value == null || value == undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e6 || size < 1e-4
    ? value.toExponential(Math.max(0, digits - 2)) : String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", "−");
}

/** A number with so many digits after the point, for columns. */
function fixed(value, digits) {
  if (value == null || value == undefined || !Number.isFinite(value)) return "–";
  return value.toFixed(digits).replace("-", "−");
}

/** A time in the unit that keeps it short. */
function duration(microseconds) {
  if (microseconds == null || !Number.isFinite(microseconds)) return "–";
  if (Math.abs(microseconds) >= 1e6) return `${number(microseconds / 1e6, 3)} s`;
  if (Math.abs(microseconds) >= 1e3) return `${number(microseconds / 1e3, 3)} ms`;
  return `${number(microseconds, 3)} µs`;
}

const withUnit = (text, unit) => (unit ? `${text} ${unit}` : text);

const counted = (count, thing) => `${count} ${thing}${count === 1 ? "" : "s"}`;

/** outsideEnvelope → outside envelope. */
const words = (name) => name.replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase());

/** An element with attributes and children; texts are never markup. */
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value == null || value == undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null && child != undefined));
  return node;
}

const hint = (text) => element("p", { class: "hint" }, text);

/** Fills a description list with pairs of term and description; empty ones are left out. */
function fillFacts(list, facts) {
  list.replaceChildren(
    ...facts.filter(([, value]) => value != null && value != undefined && value !== "")
      .map(([term, value]) =>
        element("div", {}, element("dt", {}, term), element("dd", {}, String(value)))));
}

/** A table; a column is [head, cell, isText], and `cell` makes a text or an element of an item. */
function tableOf(items, columns, row = () => ({})) {
  const cells = (tag, values) =>
    values.map((value, i) => element(tag, columns[i][2] ? { class: "text" } : {}, value));
  return element(
    "table", {},
    element("thead", {}, element("tr", {}, ...cells("th", columns.map(([head]) => head)))),
    element(
      "tbody", {},
      ...items.map((item) =>
        element("tr", row(item), ...cells("td", columns.map(([, cell]) => cell(item)))))));
}
