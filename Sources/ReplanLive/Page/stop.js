// The emergency stop: no question, one request, and the plain truth about what came of it.
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

// The first answer to any of the requests.
function first() {
  const requests = [];
  return new Promise((resolve, reject) => {
    const next = () => {
      const request = ask();
      requests.push(request);
      request.then(resolve, () => {
        if (requests.length === attempts) Promise.any(requests).catch(reject);
      });
      if (requests.length < attempts) setTimeout(next, patience);
    };
    next();
    setTimeout(() => reject(new Error("no answer")), longest);
  });
}

export function installStop(button, show) {
  const pull = async () => {
    if (isUnderway) return;
    isUnderway = true;
    show("Stopping…", "stop");
    try {
      show(...await first());
    } catch {
      show("NOT STOPPED: the page's server does not answer. USE THE STOP OF THE MACHINE.", "stop");
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
