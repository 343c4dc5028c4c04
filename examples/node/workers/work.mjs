// A worker.

import { setInterval } from "node:timers/promises";
import { createWorkers } from "humansync/workers";
import { counted } from "../terminal/quantities.mjs";
import { plain } from "../terminal/screen.mjs";
import { table } from "../terminal/table.mjs";
import { inJson, inWords, withEachWarningOnce } from "./events.mjs";
import { aborted, statusBoard } from "./status.mjs";
import { applied, createTables } from "./tables.mjs";

/** Milliseconds between two lines of JSON with how far it is. */
const TELL_EVERY = 1000;

/** Works until `signal` aborts, or with `drain` until everything is done. */
export async function work(screen, signal, given) {
  const { types, drain, json, options } = given;
  const alone = options.database === undefined;
  // Not in `apply`: a table that is created in one transaction holds up all others that write to it.
  if (!alone) await createTables(options.database, types, given);
  const onEvent = withEachWarningOnce(json ? inJson(screen) : inWords(screen));
  const workers = await createWorkers({ ...options, apply: applied({ ...given, creates: alone }), onEvent });
  const shown = showing(screen, workers, { ...given, alone });
  try {
    if (drain) return showDrained(screen, await Promise.race([workers.drain(), aborted(signal)]), json);
    await workers.start();
    await Promise.race([aborted(signal), shown.failed]);
  } finally {
    await shown.end();
    if (signal.aborted && !json) screen.line("  stopping: what is under way is finished, and the rest given back …");
    await workers.stop();
  }
}

/** Nobody else can look into PGlite, so that a worker on it shows by itself how far it is. */
function showing(screen, workers, { alone, json, types, options }) {
  if (alone && json) return telling(screen, workers);
  if (alone && screen.live) return statusBoard(screen, process.stdout, workers, types);
  if (!json) screen.line(`  a worker for ${counted(types.length, "type")} of ${options.app.clientId}, in process ${process.pid}`);
  return { failed: new Promise(() => {}), async end() {} };
}

/** Prints how far `workers` are, as JSON, until `end()`. */
function telling(screen, workers) {
  const ending = new AbortController();
  const tell = async () => screen.line(JSON.stringify({ type: "status", rows: await workers.status(), pausedUntil: await workers.pausedUntil() }));
  const told = (async () => {
    for await (const _ of setInterval(TELL_EVERY, undefined, { signal: ending.signal })) await tell();
  })().catch((error) => {
    if (!ending.signal.aborted) throw error;
  });
  const failed = told.then(() => new Promise(() => {}));
  failed.catch(() => {});
  return {
    failed,
    async end() {
      ending.abort();
      await told;
      await tell();
    },
  };
}

/** The account of a worker that has done everything. */
function showDrained(screen, report, json) {
  if (json) return screen.line(JSON.stringify({ type: "report", report }));
  const rows = Object.entries(report.types).map(([type, { records, until }]) => [type, counted(records, "record"), plain(until ?? "nothing yet")]);
  screen.line();
  for (const line of table(screen, [{}, { align: "right", style: "bold" }, { style: "faint" }], rows)) screen.line(line);
  screen.line(`\n  ${screen.paint("green", "✔")} ${screen.paint("bold", `${counted(report.records, "record")}, and nothing is left to do`)}`);
}
