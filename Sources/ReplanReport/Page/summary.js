/** What a reader wants first: which robot, how much interaction, did it work. */
function drawSummary() {
  const robot = report.robots[report.robot ?? report.episodes.at(-1)?.robot];
  document.querySelector("h1").textContent = robot?.name ?? report.workspace;
  document.getElementById("description").textContent = robot?.description ?? "";
  const { episodes } = report;
  const last = episodes.at(-1);
  const successes = episodes.filter(({ success }) => success);
  const plants = [...new Set(episodes.map(({ plant }) => plant).filter(Boolean))];
  fillFacts(document.getElementById("facts"), [
    ["Interaction", report.isExcerpt ? null : last ? `${number(last.experience, 4)} s` : "none yet"],
    ["Episodes", report.isExcerpt ? `${last.index} only` : String(episodes.length)],
    ["Successes", report.isExcerpt ? null : successes.length ? `${successes.length}, the first after ${number(successes[0].experience)} s` : "none"],
    ["Rate", robot ? `${number(robot.rate)} Hz` : null],
    ["Planner", robot ? `${robot.planner}, ${number(robot.horizon)} s ahead` : null],
    ["Models", String(report.models.length)],
    ["Plant", plants.join(", ")],
    ["Workspace", report.workspace],
  ]);
  const notes = document.getElementById("notes");
  notes.hidden = report.notes.length === 0;
  notes.replaceChildren(...report.notes.map((note) => element("li", {}, note)));
  document.querySelector("footer").append(`Written by ${report.build}.`);
}
