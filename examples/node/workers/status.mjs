// How far workers are, as a table that renews itself.

import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { createWorkers } from "humansync/workers";
import { board } from "../terminal/board.mjs";
import { plain } from "../terminal/screen.mjs";
import { looksAt } from "./looks.mjs";
import { arePresent } from "./present.mjs";
import { statusTable } from "./status-table.mjs";

/** Milliseconds between two looks. */
const EVERY = 1000;

/** Shows the table until `signal` aborts; in a pipe, or with `once`, it prints the table once. Nothing is created. */
export async function showStatus(screen, signal, { types, once: justOnce, options }) {
  if (!(await arePresent(screen, options))) return false;
  const workers = await watcher(options);
  try {
    if (justOnce || !screen.live) return await showOnce(screen, signal, workers, types);
    screen.heading(`Workers of ${options.app.clientId}`);
    const shown = statusBoard(screen, process.stdout, workers, types);
    try {
      await Promise.race([aborted(signal), shown.failed]);
    } finally {
      await shown.end();
    }
  } finally {
    await workers.stop();
  }
}

/** Whom to ask how far workers with these options are. */
export function watcher(options) {
  return createWorkers({ ...options, apply: onlyLooking });
}

/** Prints the table once. Returns whether no window has failed too often, and every type could be planned. */
async function showOnce(screen, signal, workers, types) {
  const look = looksAt(workers);
  await look();
  // Two looks tell how fast they are.
  await setTimeout(EVERY, undefined, { signal }).catch(() => signal.throwIfAborted());
  const seen = await look();
  for (const line of statusTable(screen, types, seen)) if (line !== "") screen.line(line);
  return seen.rows.every(({ windows, planError }) => windows.failed === 0 && planError === undefined);
}

/**
 * Shows the table of `workers`, and renews it in place until `end()`. `failed` rejects if the first look fails. When a
 * later one does, because the database is away, the table says so and keeps its figures. `below(line)` may replace the
 * last line.
 */
export function statusBoard(screen, stream, workers, types, below = (line) => line) {
  const look = looksAt(workers);
  const names = ["heads", ...types, "all"];
  let seen;
  let trouble;
  let lines = [];
  const shown = board(screen, stream, names, (name) => lines[names.indexOf(name)] ?? "", () => below(lines.at(-1) ?? ""));
  const renew = async () => {
    try {
      seen = await look();
      trouble = undefined;
    } catch (error) {
      if (seen === undefined) throw error;
      trouble = `nothing newer: ${plain(error.message)}`;
    }
    lines = statusTable(screen, types, seen, { trouble });
  };

  const ending = new AbortController();
  const renewed = (async () => {
    while (!ending.signal.aborted) {
      await renew();
      await setTimeout(EVERY, undefined, { signal: ending.signal }).catch(() => {});
    }
    await renew();
  })();
  const failed = renewed.then(() => new Promise(() => {}));
  // Whoever does not wait for it learns of it from `end()`.
  failed.catch(() => {});

  return {
    failed,
    async end() {
      ending.abort();
      try {
        await renewed;
      } finally {
        shown.end();
      }
    },
  };
}

/** Rejects when `signal` aborts. */
export async function aborted(signal) {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}

function onlyLooking() {
  throw new Error("This process looks at what workers do, and does no work.");
}
