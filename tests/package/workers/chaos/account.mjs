// The account of workers under trouble, and the verdict.

import { count, counted, duration } from "../../../../examples/node/terminal/quantities.mjs";
import { wrapped } from "../../../../examples/node/terminal/wrap.mjs";

/** What is not as it should be. */
export function troubleIn({ endings, stopped, pace, journal, sharedConcurrency, differences }) {
  return [
    ...differences,
    ...(pace.maxInFlight > sharedConcurrency ? [`${pace.maxInFlight} requests were in flight at once, of ${sharedConcurrency}`] : []),
    ...(journal.twice > 0 ? [`${counted(journal.twice, "delta was", "deltas were")} stored twice`] : []),
    ...(stopped?.late > 0 ? [`a worker that had been stopped stored ${counted(stopped.late, "delta")} when it went on`] : []),
    // One that has just been started ends by the signal itself.
    ...endings.filter(({ code, signal }) => code !== 0 && signal !== "SIGTERM").map(({ code, signal }) => `a worker that was asked to end ended with ${signal ?? code}`),
  ];
}

/** Prints the account, and the `trouble` in it. */
export function showAccount(screen, account, trouble) {
  const { took, crew, windows, happened, pace, journal, rows, sharedConcurrency } = account;
  screen.heading("The account");
  const lines = [
    ["time", `${duration(took)}, ${count(Math.round(journal.records / (took / 1000)))} records a second`],
    ["records", `${count(journal.records)} in ${counted(journal.deltas, "delta")}; ${count(journal.records - rows)} of them came again, or in a newer state`],
    ["killed", `${counted(crew.killed, "worker")} by SIGKILL, each replaced${crew.failed > 0 ? `; ${count(crew.failed)} more found no database, and ended` : ""}`],
    ["windows", windowsOf(windows)],
    ["lost", lostOf(windows)],
    ...(account.stopped === undefined ? [] : [["stopped", stoppedOf(account.stopped)]]),
    ["deltas delivered twice", count(journal.twice)],
    ["the database", happened.restarts > 0 ? `was restarted with immediate, in the middle of it` : "was killed with each worker"],
    ["requests", `${count(pace.requests)}, of which the server refused ${count(pace.refused)} with 429`],
    ["in flight", `${count(pace.maxInFlight)} at most, of ${count(sharedConcurrency)} that all workers share`],
    ["in the pause", pauseOf(pace)],
    ["meanwhile", `${counted(happened.changes, "record")} came or changed at the server`],
  ];
  const names = Math.max(...lines.map(([name]) => name.length));
  for (const [name, text] of lines) {
    const [first, ...more] = wrapped(text, screen.width - names - 6);
    screen.line(`  ${screen.paint("faint", name.padEnd(names))}   ${first}`);
    for (const line of more) screen.line(`  ${" ".repeat(names)}   ${line}`);
  }
  screen.line();
  if (trouble.length > 0) {
    const more = trouble.length > 1 ? `, and ${counted(trouble.length - 1, "more thing")}` : "";
    screen.line(`  ${screen.paint("red", "✘")} ${counted(rows, "row")} compared: ${trouble[0]}${more}`);
    return;
  }
  screen.line(`  ${screen.paint("green", "✔")} ${screen.paint("bold", `${counted(rows, "row")} in 16 tables, equal to the server's one by one`)}`);
}

function windowsOf({ begun, done, lostByWorkers }) {
  const others = lostByWorkers > 0 ? `; ${count(lostByWorkers)} lost by a worker that lived` : "";
  return `${count(done)} done, begun ${count(begun)} times${others}`;
}

/**
 * A worker that is killed between its last transaction and its word for it has finished its window: nobody takes that
 * over.
 */
function lostOf({ lostWithWorkers, takenOver, waits }) {
  const finished = lostWithWorkers - takenOver;
  const sorted = waits.toSorted((one, other) => one - other);
  const after = sorted.length > 0 ? `, half of them within ${duration(sorted[sorted.length >> 1])}` : "";
  const rest = finished > 0 ? `; ${count(finished)} had been finished` : "";
  return `${counted(lostWithWorkers, "window")} with their workers; ${count(takenOver)} taken over${after}${rest}`;
}

function stoppedOf({ milliseconds, lost, late }) {
  const stored = late > 0 ? `and stored ${counted(late, "delta")} in them` : "and stored nothing more in them";
  return `one worker by SIGSTOP for ${duration(milliseconds)}, longer than its lease; it went on, had lost ${counted(lost, "window")}, ${stored}`;
}

function pauseOf({ early, lastEarlyAfter }) {
  if (early === 0) return "no request came";
  return `${counted(early, "request")} came, the last ${duration(lastEarlyAfter)} after the server had first answered 429`;
}
