/** A wide table that scrolls in itself. */
const scrolled = (label, table) =>
  element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, table);

/** What was configured: models, runs and the robot file, word for word. */
function drawConfiguration() {
  const body = document.querySelector("#configuration .body");
  body.append(element("h3", {}, "Models"));
  body.append(
    report.models.length
      ? scrolled("Table of models", modelTable())
      : hint("The workspace holds no models."));
  if (report.runs.length) {
    body.append(element("h3", {}, "Runs"), scrolled(
      "Table of runs", tableOf(report.runs, [
        ["Command", ({ command }) => command, true],
        ["Seed", ({ seed }) => String(seed ?? "–")],
        ["Clock", ({ isLockstep }) => (isLockstep ? "lockstep" : "real time"), true],
        ["Plant", ({ plant }) => plant ?? "–", true],
        ["Ended by", ({ end }) => end ?? "–", true],
      ])));
  }
  report.robots.forEach((robot, i) => {
    const isOwn = i === report.robot;
    const title = isOwn ? "Robot file" : `Robot file of earlier episodes (${robot.name})`;
    body.append(element(
      "details", { open: isOwn }, element("summary", {}, title), element("pre", {}, robot.text)));
  });
}

function modelTable() {
  const errors = ({ rmse, states, units }) =>
    (rmse ?? []).map((value, i) => `${states[i]} ${withUnit(number(value, 3), units[i])}`)
      .join(", ");
  return tableOf(report.models, [
    ["Model", ({ file }) => file, true],
    ["Kind", ({ kind }) => kind ?? "–", true],
    ["Network", ({ network }) => network ?? "–", true],
    ["Posterior", ({ posterior }) => posterior ?? "–", true],
    ["Transitions", ({ transitions }) => String(transitions ?? "–")],
    ["Steps", ({ steps }) => String(steps ?? "–")],
    ["One-step error (held out)", errors, true],
    ["Hash", ({ hash }) => hash?.slice(0, 12) ?? "–", true],
  ]);
}
