// The emergency stop: no question, one stop, and the plain truth about what came of it.
import { token } from "./stream.js";

// A request that hangs, on a connection that died unnoticed, is repeated on another one; the server
// takes them for one. Together with the stream they are as many as browsers open to one server.
const patience = 1000, attempts = 5, longest = 15000;

let isUnderway = false;

async function ask() {
  const answer = await fetch("stop", {
    method: "POST", headers: { "X-Replan-Token": token }, keepalive: true, cache: "no-store",
  });
  if (!answer.ok) return [`NOT STOPPED: ${await answer.text()} USE THE STOP OF THE MACHINE.`, "stop"];
  const outcome = await answer.json();
  return [outcome.message, outcome.kind === "nobody" ? "calm" : "stop"];
}

// The first answer to any of the requests, of which there are no more once it has come.
function first(onFailure) {
  return new Promise((resolve, reject) => {
    let sent = 0, failed = 0, isSettled = false, repetition = 0;
    const settle = (how, value) => {
      isSettled = true;
      clearTimeout(repetition);
      clearTimeout(limit);
      how(value);
    };
    const limit = setTimeout(() => settle(reject, new Error("no answer")), longest);
    const next = () => {
      sent += 1;
      if (sent < attempts) repetition = setTimeout(next, patience);
      ask().then((answer) => { if (!isSettled) settle(resolve, answer); }, () => {
        if (isSettled) return;
        failed += 1;
        if (failed === attempts) settle(reject, new Error("no connection"));
        else onFailure();
      });
    };
    next();
  });
}

export function installStop(button, show) {
  const noAnswer = () => show(
    "NO ANSWER: it is not known whether anything was stopped. USE THE STOP OF THE MACHINE.", "stop");
  const pull = async () => {
    if (isUnderway) return;
    isUnderway = true;
    show("Stopping…", "stop");
    try {
      show(...await first(noAnswer));
    } catch {
      noAnswer();
    } finally {
      isUnderway = false;
    }
  };
  // When it is pressed, not when it is let go; a click without pressing comes from a keyboard.
  button.addEventListener("pointerdown", (event) => { event.preventDefault(); pull(); });
  button.addEventListener("click", pull);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.repeat) pull();
  });
}
