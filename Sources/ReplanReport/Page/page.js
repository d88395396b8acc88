drawSummary();
// A page about one episode has no past to compare it with.
if (report.isExcerpt) hide("learning", "episodes");
else drawLearning();
drawConfiguration();
const table = new EpisodeTable();
const timing = new TimingView();
const prediction = new PredictionView();
const coverage = new CoverageView();
const view = report.episodes.length ? new EpisodeView() : null;
if (!view) hide("episode", "prediction", "timing");
for (const link of document.querySelectorAll("nav a")) {
  link.hidden = document.querySelector(link.getAttribute("href")).hidden;
}

function hide(...ids) {
  for (const id of ids) document.getElementById(id).hidden = true;
}

/** Leads to an episode; its number stays in the address, so that it can be passed on. */
function go(index) {
  location.hash = `episode-${index}`;
}

/** Shows the episode that the address names, otherwise the last. */
function follow(isFirst) {
  const match = /^#(episode|picture)-(\d+)$/.exec(location.hash);
  const wanted = match && report.episodes.find(({ index }) => index === Number(match[2]));
  if (!view || (!wanted && !isFirst)) return;
  const episode = wanted ?? report.episodes.at(-1);
  document.body.classList.toggle("picture", match?.[1] === "picture");
  if (view.episode !== episode) {
    view.show(episode);
    timing.show(episode);
    prediction.show(episode);
    table.mark(episode.index);
  }
  if (match?.[1] === "episode") document.getElementById("episode").scrollIntoView();
}

addEventListener("hashchange", () => follow(false));
follow(true);
// Tells whoever takes a picture how tall it has to be, and a test that the page is drawn.
document.documentElement.dataset.height = Math.ceil(document.body.getBoundingClientRect().height);
