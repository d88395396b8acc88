/** What a reader wants first: which robot, how much interaction, did it work. */
function drawSummary() {
  const robot = report.robots[report.robot ?? report.episodes.at(-1)?.robot];
  document.querySelector("h1").textContent = robot?.name ?? report.workspace;
  document.getElementById("description").textContent = robot?.description ?? "";
  const { episodes } = report;
  const last = episodes.at(-1);
  const successes = episodes.filter(({ success }) => success);
  const plants = [...new Set(episodes.map(({ plant }) => plant).filter(Boolean))];
  const first = successes[0];
  const whole = [
    ["Interaction", last ? `${number(last.experience, 4)} s` : "none yet"],
    ["Episodes", String(episodes.length)],
    ["Successes", first
      ? `${successes.length}, the first after ${number(first.experience)} s` : "none"],
  ];
  fillFacts(document.getElementById("facts"), [
    ...(report.isExcerpt ? [["Episode", String(last.index)]] : whole),
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
