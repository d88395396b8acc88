/** The table of all episodes; a row leads to its plots. */
class EpisodeTable {
  constructor() {
    const body = document.querySelector("#episodes .body");
    this.rows = new Map();
    if (report.episodes.length === 0) {
      body.append(hint("The workspace holds no episodes yet."));
      return;
    }
    const milliseconds = ({ timing }) =>
      ["p50", "p99", "max"].map((key) => fixed((timing?.tick?.[key] ?? NaN) / 1e3, 2)).join(" / ");
    const link = (episode) =>
      element("a", { href: `#episode-${episode.index}` }, String(episode.index));
    const model = ({ model }) =>
      report.models.find(({ hash }) => hash === model)?.index ?? (model ? "?" : "–");
    const table = tableOf(report.episodes, [
      ["Episode", link, true],
      ["Kind", ({ kind }) => kind ?? "–", true],
      ["Length, s", ({ seconds }) => fixed(seconds, 2)],
      ["So far, s", ({ experience }) => fixed(experience, 2)],
      ["Return", (episode) => fixed(episode.return, 1)],
      ["Success", ({ success }) => (success == null ? "–" : success ? "yes" : "no"), true],
      ["Ended by", ({ end }) => end ?? "–", true],
      ["Model", (episode) => String(model(episode))],
      ["Overruns", ({ overruns }) => String(overruns ?? "–")],
      ["Fallbacks", ({ fallbacks }) => String(fallbacks ?? "–")],
      ["Tick p50 / p99 / max, ms", milliseconds],
    ], (episode) => ({ "data-episode": episode.index }));
    for (const row of table.querySelectorAll("tbody tr")) {
      this.rows.set(Number(row.dataset.episode), row);
    }
    body.append(table);
  }

  mark(index) {
    for (const [own, row] of this.rows) {
      row.classList.toggle("current", own === index);
      if (own === index) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }
}
