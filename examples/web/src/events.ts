// Shows developers the latest events of the clients, and counts the waits.

import type { ClientEvent } from "humansync/slim/read";
import { byId, h, say, throttled } from "./ui/dom.ts";

const KEPT = 300;

interface Seen {
  readonly at: number;
  readonly by: "read" | "send";
  readonly event: ClientEvent;
}

const seen: Seen[] = [];
let count = 0;

/** Records an event of the reading or the sending client. */
export function record(by: "read" | "send", event: ClientEvent): void {
  count++;
  seen.push({ at: Date.now(), by, event });
  if (seen.length > KEPT) seen.shift();
  show();
}

const show = throttled(200, () => {
  const panel = byId<HTMLDetailsElement>("events");
  say(byId("events-count"), count === 0 ? "" : `(${count})`);
  if (!panel.open) return;
  const head = h("tr", {}, ...["Time", "Client", "Event", "Call", "What"].map((title) => h("th", { scope: "col" }, title)));
  const rows = seen.toReversed().map(({ at, by, event }) =>
    h(
      "tr",
      { class: tone(event) },
      h("td", {}, new Date(at).toISOString().slice(11, 23)),
      h("td", {}, by),
      h("td", {}, event.type),
      h("td", {}, "id" in event ? String(event.id) : ""),
      h("td", {}, what(event)),
    ),
  );
  byId("events-table").replaceChildren(h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows)));
});

export function startEvents(): void {
  byId("events").addEventListener("toggle", () => {
    show();
    show.flush();
  });
  byId("events-clear").addEventListener("click", () => {
    seen.length = 0;
    count = 0;
    show();
  });
}

function what(event: ClientEvent): string {
  switch (event.type) {
    case "request":
      return `${event.method} ${event.path}${event.attempt > 1 ? `, attempt ${event.attempt}` : ""}`;
    case "response":
      return `${event.status} in ${Math.round(event.durationMs)} ms`;
    case "retry":
      return `attempt ${event.attempt} failed (${event.reason}); the next one in ${Math.round(event.delayMs)} ms`;
    case "warning":
      return `${event.code}: ${event.message}`;
  }
}

function tone(event: ClientEvent): string {
  if (event.type === "retry" || event.type === "warning") return "odd";
  return event.type === "response" && event.status >= 400 ? "bad" : "";
}
