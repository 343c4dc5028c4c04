// A worker.

import { setInterval } from "node:timers/promises";
import { createWorkers } from "humansync/workers";
import { counted, duration } from "../terminal/quantities.mjs";
import { plain } from "../terminal/screen.mjs";
import { table } from "../terminal/table.mjs";
import { inJson, inWords, withEachWarningOnce } from "./events.mjs";
import { aborted, statusBoard } from "./status.mjs";
import { applied, createTables } from "./tables.mjs";

/** The library's own `every`. */
const EVERY = 300_000;
/** Milliseconds between two lines of JSON with how far it is. */
const TELL_EVERY = 1000;

/** Works until `signal` aborts, or with `drain` until everything is done. */
export async function work(screen, signal, given) {
  const { types, drain, json, options } = given;
  // Nobody else can look into PGlite, so that a worker on it shows by itself how far it is.
  const isAlone = options.database === undefined;
  const isBoard = isAlone && screen.live && !json;
  let latest = "";
  // What is printed while lines are drawn in place would come between them.
  const words = inWords(screen, isBoard ? (line) => (latest = `\n${line}`) : screen.line);
  const onEvent = withEachWarningOnce(json ? inJson(screen) : words);
  const workers = await createWorkers({ ...options, apply: applied({ ...given, creates: isAlone }), onEvent });
  const shown = isBoard
    ? statusBoard(screen, process.stdout, workers, types, (line) => `${line}${latest}`)
    : isAlone && json
      ? telling(screen, workers)
      : introduced(screen, given);
  let report;
  try {
    // Not in `apply`: a table that is created in one transaction holds up all others that write to it.
    if (!isAlone) await createTables(options.database, types, given);
    if (!drain) await workers.start();
    report = await Promise.race([aborted(signal), shown.failed, ...(drain ? [workers.drain()] : [])]);
  } finally {
    await shown.end();
    if (signal.aborted && !json) screen.line("  stopping: what is under way is finished, and the rest given back …");
    await workers.stop();
  }
  if (json) screen.line(JSON.stringify({ type: "report", report }));
  else showDrained(screen, report, isBoard);
}

function introduced(screen, { json, types, options }) {
  if (!json) screen.line(`  a worker for ${counted(types.length, "type")} of ${options.app.clientId}, in process ${process.pid}; looks for what is new every ${duration(options.every ?? EVERY)}`);
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

/** The account of a worker that has done everything; what the board has shown is not shown again. */
function showDrained(screen, report, isBoard) {
  const rows = Object.entries(report.types).map(([type, { records, until }]) => [type, counted(records, "record"), plain(until ?? "nothing yet")]);
  const lines = table(screen, [{}, { align: "right", style: "bold" }, { style: "faint" }], rows);
  for (const line of isBoard ? [] : ["", ...lines]) screen.line(line);
  screen.line(`\n  ${screen.paint("green", "✔")} ${screen.paint("bold", `${counted(report.records, "record")}, and nothing is left to do`)}`);
}
