// What workers tell, as JSON, or in words: what somebody may want to know, and no more. What is done can be seen in the
// table of `status`.

import { counted, duration } from "../terminal/quantities.mjs";
import { plain } from "../terminal/screen.mjs";

/** A listener that prints lines of JSON: all but what the client tells of each request. */
export function inJson(screen) {
  return (event) => {
    if (!["request", "response", "retry"].includes(event.type)) screen.line(JSON.stringify({ at: new Date(), ...event }));
  };
}

/** The same without warnings that were given before: one that is of the server comes with every window. */
export function withEachWarningOnce(listener) {
  const known = new Set();
  return (event) => {
    if (event.type === "warning" && known.has(event.code)) return;
    if (event.type === "warning") known.add(event.code);
    listener(event);
  };
}

/** The same without plans that fail again for the same reason; of those that are made, only the first one after that. */
function withEachPlanErrorOnce(listener) {
  const reasons = new Map();
  return (event) => {
    if (event.type !== "plan") return listener(event);
    const before = reasons.get(event.of);
    reasons.set(event.of, event.fault?.message);
    if (event.state === "failed" ? before !== event.fault.message : before !== undefined) listener(event);
  };
}

/** A listener that gives `print` a line for what is worth one. */
export function inWords(screen, print) {
  return withEachPlanErrorOnce((event) => {
    const [style, text] = wordsOf(event) ?? [];
    if (text === undefined) return;
    const time = new Date().toISOString().slice(11, 19);
    print(`  ${screen.paint("faint", time)}  ${screen.paint(style, screen.fitting(plain(text), time.length + 4))}`);
  });
}

function wordsOf(event) {
  switch (event.type) {
    case "window":
      return windowWords(event);
    case "plan":
      return event.state === "failed" ? ["yellow", `${event.of} could not be planned, and is tried again: ${event.fault.message}`] : ["faint", `${event.of} could be planned`];
    case "hold":
      return ["yellow", `takes nothing until ${event.until.toISOString().slice(11, 19)}: ${event.fault.message}`];
    case "trouble":
      return ["faint", `tries again: ${event.fault.message}`];
    case "retry":
      return event.reason === "status 429" ? ["faint", `the server takes no requests for ${duration(event.delayMs)}`] : undefined;
    case "warning":
      return ["yellow", `note: ${event.message}`];
  }
}

function windowWords({ window: { type, since, before }, state, records, parked, fault }) {
  const which = `${type} from ${since} to ${before}`;
  if (state === "lost") return ["yellow", `lost ${which} to another worker, after ${counted(records, "record")}`];
  if (state === "failed") return parked ? ["red", `${which} has failed too often: ${fault.message}`] : ["yellow", `${which} has failed: ${fault.message}`];
  return undefined;
}
