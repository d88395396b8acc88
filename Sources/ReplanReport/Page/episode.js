/** The plots of one episode; only those of the episode that is looked at exist. */
class EpisodeView {
  constructor() {
    this.controls = document.getElementById("episode-controls");
    this.select = element(
      "select", { "aria-label": "Episode", onchange: () => go(Number(this.select.value)) },
      ...report.episodes.map((episode) =>
        element(
          "option", { value: episode.index },
          `Episode ${episode.index}, ${summaryOf(episode)}`)));
    const button = (text, label, onclick) =>
      element("button", { type: "button", "aria-label": label, title: label, onclick }, text);
    this.previous = button("‹", "Previous episode", () => this.step(-1));
    this.next = button("›", "Next episode", () => this.step(1));
    this.time = element("output", {});
    this.controls.append(
      this.previous, this.select, this.next,
      button("+", "Zoom in", () => this.group?.zoom(0.5)),
      button("−", "Zoom out", () => this.group?.zoom(2)),
      button("◂", "Earlier", () => this.group?.pan(-0.5)),
      button("▸", "Later", () => this.group?.pan(0.5)),
      button("All", "The whole episode", () => this.group?.reset()),
      this.time);
  }

  step(by) {
    const at = report.episodes.indexOf(this.episode) + by;
    if (report.episodes[at]) go(report.episodes[at].index);
  }

  show(episode) {
    this.group?.remove();
    this.group = null;
    this.episode = episode;
    const at = report.episodes.indexOf(episode);
    this.select.value = String(episode.index);
    this.previous.disabled = at === 0;
    this.next.disabled = at === report.episodes.length - 1;
    document.querySelector("#episode h2").textContent = `Episode ${episode.index}`;
    fillFacts(document.getElementById("episode-facts"), episodeFacts(episode));
    const body = document.getElementById("plots");
    this.tables = tablesOf(episode);
    const notes = [...(episode.notes ?? []), thinningNote(episode, this.tables)];
    body.replaceChildren(...notes.filter(Boolean).map(hint));
    const bands = bandsOf(episode);
    this.listVerdicts(bands);
    this.group = new LinkedPlots(episode.length ?? 0, {
      bands, marks: episode.refits ?? [], onPoint: (x) => this.tell(x, bands),
    });
    drawSeries(this.group, body, episode, this.tables);
    document.getElementById("legend")
      .replaceChildren(...legendOf(bands, linesOf(episode, this.tables)));
  }

  /** Time and verdict under the pointer. */
  tell(x, bands) {
    const band = x == null ? null : bands.find(({ start, end }) => x >= start && x <= end);
    const verdict = band ? ` · ${words(band.name)}` : "";
    this.time.textContent = x == null ? "" : `${fixed(x, 3)} s${verdict}`;
  }

  listVerdicts(bands) {
    const list = document.getElementById("verdicts");
    list.hidden = bands.length === 0;
    const shown = bands.slice(0, 200);
    list.querySelector("summary").textContent =
      `${counted(bands.length, "interval")} in which the guard stepped in`
      + (shown.length < bands.length ? ` (the first ${shown.length} are listed)` : "");
    list.querySelector("ul").replaceChildren(
      ...shown.map(({ start, end, name }) =>
        element("li", {}, `${fixed(start, 3)} to ${fixed(end, 3)} s: ${words(name)}`)));
  }
}

/** How coarse the plots are at their finest; nothing where every sample is there. */
function thinningNote(episode, tables) {
  const most = Math.max(1, ...Object.values(tables).map(({ perPoint }) => perPoint));
  return most > 1
    ? `About ${number(most, 2)} samples are behind each point, their extremes kept. `
      + `A page with all of them: replan report ${report.workspace} --episode ${episode.index}`
    : null;
}

const summaryOf = (episode) =>
  [
    episode.kind, episode.seconds == null ? null : `${number(episode.seconds)} s`,
    episode.success ? "success" : episode.end,
  ].filter(Boolean).join(", ");

function episodeFacts(episode) {
  const model = report.models.find(({ hash }) => hash === episode.model)?.file
    ?? `${episode.model.slice(0, 12)}…, not in this workspace`;
  return [
    ["Kind", episode.kind],
    ["Began", episode.created],
    ["Length", episode.seconds == null ? null : `${number(episode.seconds)} s`],
    ["Return", number(episode.return)],
    ["Plans", episode.promise
      ? `promised a cost of ${number(episode.promise.promised)}, `
        + `obtained ${number(episode.promise.obtained)} (medians of ${episode.promise.plans})`
      : null],
    ["Ended by", episode.end],
    ["Success", episode.success == null ? null : episode.success ? "yes" : "no"],
    ["Model", episode.model ? model : "none"],
    ["Plant", episode.plant],
    ["Seed", episode.seed],
    ["Clock", episode.isLockstep == null ? null : episode.isLockstep ? "lockstep" : "real time"],
    ["Overruns", episode.overruns],
    ["Fallbacks", episode.fallbacks],
    ["File", episode.file],
  ];
}

/** Which lines the plots of an episode have, as the legend tells. */
function linesOf(episode, tables) {
  const robot = robotOf(episode);
  const lines = [];
  if (robot) lines.push(["limit", "6 4", "limits of actions, envelope of states"]);
  if (robot?.observation.some(({ targets }) => targets.length)) {
    lines.push(["success", "2 3", "success"]);
  }
  if (episode.gate != null) {
    lines.push(["gate", "6 4", episode.isGated ? "gate" : "gate, not in force in this episode"]);
  }
  if (tables.tick?.columns.has("tick_us")) lines.push(["limit", "6 4", "deadline"]);
  if (episode.refits?.length) lines.push(["gate", "mark", "refitted model adopted"]);
  return lines;
}
