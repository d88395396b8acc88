// The emergency stop: no question, one request, and the plain truth about what came of it.
import { token } from "./stream.js";

let isUnderway = false;

export function installStop(button, show) {
  const pull = async () => {
    if (isUnderway) return;
    isUnderway = true;
    show("Stopping…", "stop");
    try {
      const answer = await fetch("stop", {
        method: "POST", headers: { "X-Replan-Token": token }, keepalive: true, cache: "no-store",
      });
      if (answer.ok) {
        const outcome = await answer.json();
        show(outcome.message, outcome.kind === "nobody" ? "calm" : "stop");
      } else {
        show(`NOT STOPPED: ${await answer.text()} USE THE STOP OF THE MACHINE.`, "stop");
      }
    } catch {
      show("NOT STOPPED: the page's server cannot be reached. USE THE STOP OF THE MACHINE.", "stop");
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
