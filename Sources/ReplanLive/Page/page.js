// Puts what the stream tells onto the page.
import { palette } from "./canvas.js";
import {
  drawAction, drawDisagreement, drawFan, drawHistogram, drawLearning, verdictColours,
} from "./charts.js";
import { drawPicture } from "./picture.js";
import { installStop } from "./stop.js";
import { listen, plan as decodePlan, samples as decodeSamples } from "./stream.js";
import { eventText, number, phaseText, verdictKind, verdictText } from "./words.js";

const $ = (id) => document.getElementById(id);
// Seconds of the past that the curves show.
const past = 2;

let robot = null, frame = null, plan = null, history = [], journal = [];
let isLost = false, isDirty = false, hasNews = false, stopText = null, cells = [];

function onSession(description) {
  robot = description;
  [history, journal, plan, frame] = [[], [], null, null];
  $("robot").textContent = robot.name;
  $("workspace").textContent = robot.workspace;
  document.title = `${robot.name} – replan watch`;
  makeChannels();
  const colours = verdictColours(palette());
  legend($("verdicts"), [["planned", colours.plan], ["exploring", colours.explore],
    ["bridged, shifted or restrained", colours.amber], ["fallback", colours.fallback]]);
  [isLost, hasNews, isDirty] = [false, true, true];
}

function onJournal(events) {
  journal.push(...events);
  [hasNews, isDirty] = [true, true];
}

function onFrame(next) {
  if (!robot) return;
  if (next.stop) stopText = null;
  if (!frame || next.episode !== frame.episode) history = [];
  frame = next;
  const fresh = decodeSamples(frame, robot);
  if (fresh.length && history.length && fresh[0].tick <= history.at(-1).tick) history = [];
  history.push(...fresh);
  const oldest = (history.at(-1)?.tick ?? 0) - past / robot.period;
  while (history.length && history[0].tick < oldest) history.shift();
  plan = decodePlan(frame, robot);
  [isLost, isDirty] = [false, true];
  document.documentElement.dataset.frames = frame.number;
}

function onLoss() { [isLost, isDirty] = [true, true]; }

function makeChannels() {
  const body = document.querySelector("#channels tbody");
  cells = [...robot.observation, ...robot.action].map((channel) => {
    const row = document.createElement("tr");
    const [name, value, bar] = ["th", "td", "td"].map((tag) => document.createElement(tag));
    name.textContent = channel.name.replaceAll("_", "_\u200b");
    name.scope = "row";
    value.dataset.channel = channel.name;
    const meter = document.createElement("meter");
    meter.setAttribute("aria-label", channel.name);
    const largest = channel.isAngle ? Math.PI : Math.max(
      ...[channel.low, channel.high].filter(Number.isFinite).map(Math.abs), 0);
    if (largest) {
      [meter.min, meter.max] = [-largest, largest];
      bar.append(meter);
    }
    row.append(name, value, bar);
    return { row, value, meter, unit: channel.unit, isAngle: channel.isAngle };
  });
  body.replaceChildren(...cells.map((cell) => cell.row));
}

function showChannels(sample) {
  const values = [...sample.observation, ...sample.action];
  cells.forEach((cell, i) => {
    cell.value.textContent = `${number(values[i])} ${cell.unit}`;
    cell.meter.value = cell.isAngle ? Math.atan2(Math.sin(values[i]), Math.cos(values[i])) : values[i];
  });
}

function legend(element, entries) {
  element.replaceChildren(...entries.flatMap(([text, style]) => {
    const mark = document.createElement("i");
    mark.style.background = style;
    return [mark, text];
  }));
}

function showState() {
  const phase = phaseText(frame);
  pill($("phase"), phase, phase.startsWith("running") ? "live"
    : phase === "stopped" || phase === "fallback" ? "warn" : "");
  const isRunning = frame.isAlive && frame.phase === "running" && frame.arming !== "stopped"
    && frame.verdict;
  $("verdict").hidden = !isRunning;
  if (isRunning) {
    pill($("verdict"), verdictText(frame.verdict),
      verdictKind(frame.verdict) === "fallback" ? "warn" : "");
  }
  $("episode").textContent = episodeText();
  const models = plan ? plan.rollouts.length : 0;
  if (models) {
    const { members } = palette();
    legend($("members"), plan.rollouts.map((_, m) => [`member ${m + 1}`, members[m % 8]]));
  } else {
    $("members").textContent = frame.phase === "running" && plan
      ? "no rollouts: the model in use is of another kind than the robot file says" : "no plan now";
  }
  const total = frame.tickTimes.reduce((sum, count) => sum + count, 0);
  $("times").textContent = total
    ? `${total} ticks, ${frame.overruns} overruns, ${frame.fallbacks} fallbacks; `
      + `dashed: 70 % of the period of ${number(robot.period * 1000, 1)} ms` : "no ticks yet";
}

function episodeText() {
  if (!frame.episode) return "";
  const text = `episode ${frame.episode}`;
  if (frame.phase === "fitting" && frame.fit) {
    const { step, steps, transitions } = frame.fit;
    return `${transitions} transitions, ${steps ? Math.round(100 * step / steps) : 0} %`;
  }
  return `${text}: ${number(frame.ticks * robot.period, 1)} of `
    + `${number(frame.maximumTicks * robot.period, 1)} s, return ${number(frame.episodeReturn, 1)}`
    + (frame.generation ? `, ${frame.generation} refits` : "");
}

function pill(element, text, kind) {
  element.textContent = text;
  element.className = `pill ${kind}`;
}

// The gravest of what there is to say.
function showNotice() {
  const say = (text, kind = "") => {
    $("notice").hidden = !text;
    $("notice").textContent = text || "";
    $("notice").className = `notice ${kind}`;
  };
  document.body.classList.toggle("stale", isLost || !frame || !frame.isAlive);
  const lost = "Connection lost: nothing here is current, and the button cannot reach the robot. "
    + "Trying again…";
  const stop = frame?.stop;
  // What became of a stop stays to be read when the server has ended with the session.
  const told = stopText
    ?? (stop ? [stop.message, stop.kind === "nobody" ? "calm" : "stop"] : null);
  if (told) return say(isLost ? `${told[0]} ${lost}` : told[0], told[1]);
  if (isLost) return say(lost);
  if (!frame) return say("");
  if (frame.problem) return say(frame.problem);
  if (!frame.isDisarmed) return say("THE PLANT DID NOT CONFIRM DISARMING: see to it that it is off.");
  if (frame.arming === "stopped") {
    const last = journal.findLast((event) => event.event === "end" || event.event === "episode");
    return say(`Stopped: ${last ? last.reason || last.end : "see the journal"}`, "stop");
  }
  if (!frame.phase) return say("No session has run in this workspace yet.", "calm");
  if (!frame.isAlive && frame.phase !== "ended") {
    return say("The session has ended without saying so; this is its last state.");
  }
  if (!frame.isAlive) return say("No session runs here now; this is the last state.", "calm");
  return say("");
}

function showNews() {
  const episodes = journal.filter((event) => event.event === "episode");
  drawLearning($("learning"), episodes);
  const last = episodes.at(-1);
  $("experience").textContent = last
    ? `${episodes.length} episodes, ${number(last.experience_s, 1)} s of interaction`
      + (episodes.some((e) => e.success) ? "; filled: success" : "") : "no episode yet";
  $("events").replaceChildren(...journal.slice(-60).reverse().map((event) => {
    const item = document.createElement("li");
    item.textContent = eventText(event);
    return item;
  }));
}

// The channel whose future is drawn: of success, else of the picture, else the first.
function channelOfInterest() {
  return robot.success[0]?.channel ?? robot.picture.angles[0] ?? 0;
}

function draw() {
  requestAnimationFrame(draw);
  if (!isDirty) return;
  isDirty = false;
  showNotice();
  if (!robot) {
    pill($("phase"), isLost ? "connection lost" : "connecting", isLost ? "warn" : "");
    return;
  }
  if (hasNews) showNews();
  hasNews = false;
  if (!frame) return;
  showState();
  if (isLost) pill($("phase"), "connection lost", "warn");
  const newest = history.findLast((sample) => sample.isObserved) ?? history.at(-1);
  if (newest) showChannels(newest);
  drawPicture($("picture"), robot, newest?.observation, plan ? plan.rollouts : []);
  const channel = channelOfInterest();
  $("fan-title").textContent = `Foreseen: ${robot.observation[channel].name}`;
  drawFan($("fan"), robot, channel, history, plan, past);
  drawAction($("action"), robot, history, plan, past);
  drawDisagreement($("disagreement"), robot, history, frame.gate, past);
  drawHistogram($("histogram"), robot, frame.tickTimes);
}

installStop($("stop"), (text, kind) => {
  stopText = [text, kind];
  isDirty = true;
});
addEventListener("resize", () => { [isDirty, hasNews] = [true, true]; });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  [isDirty, hasNews] = [true, true];
});
listen({ onSession, onJournal, onFrame, onLoss });
requestAnimationFrame(draw);
