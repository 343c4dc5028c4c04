// Shows a sync: a line for each type while it runs, and a report at the end.

import { board } from "../terminal/board.mjs";
import { count, counted, duration } from "../terminal/quantities.mjs";
import { plain } from "../terminal/screen.mjs";
import { table } from "../terminal/table.mjs";

/** The shortest time, in milliseconds, from which a rate is calculated. */
const LONG_ENOUGH = 150;

/** A line for each of `types`. `reach` is for `onProgress`, and `note()` may say why nothing progresses. */
export function linesOf(screen, stream, types, { note = () => "" } = {}) {
  const began = performance.now();
  const states = new Map();
  const names = Math.max(...types.map((type) => type.length));

  const shown = board(
    screen,
    stream,
    types,
    (type) => lineOf(screen, type.padEnd(names), states.get(type)),
    () => {
      const pause = note();
      const done = [...states.values()].filter(isDone).length;
      const records = [...states.values()].reduce((sum, { records }) => sum + records, 0);
      const figures = `${counted(records, "record")} · ${done} of ${counted(types.length, "type")} · ${duration(performance.now() - began)}`;
      return `  ${" ".repeat(names)}  ${pause === "" ? screen.paint("faint", figures) : screen.paint("yellow", pause)}`;
    },
  );
  return {
    reach(progress) {
      const now = performance.now();
      // The duration of the first delta is unknown, so that rates are measured from its arrival on.
      const { first = { at: now, records: progress.records }, ended } = states.get(progress.type) ?? {};
      const state = { ...progress, first, at: now };
      states.set(progress.type, state);
      shown.changed(progress.type, { done: isDone(state) && !ended });
      state.ended = isDone(state);
    },
    end: () => shown.end(),
  };
}

function isDone({ windowsDone, windows }) {
  return windowsDone === windows;
}

function lineOf(screen, name, state) {
  if (state === undefined) return `  ${name}  ${screen.paint("faint", "·")}`;
  const done = isDone(state);
  const numbers = [
    counted(state.records, "record").padStart(15),
    `${String(state.windowsDone).padStart(3)} of ${counted(state.windows, "window").padEnd(10)}`,
    rateOf(state).padStart(9),
  ];
  if (!screen.live) return `  ${name}  ${numbers.join("  ")}`.trimEnd();

  // On a narrow terminal the rate is left out first, then the windows, then the bar.
  const roomFor = (parts) => screen.width - name.length - parts.join("  ").length - 9;
  while (numbers.length > 1 && roomFor(numbers) < 6) numbers.pop();
  const room = Math.max(0, Math.min(34, roomFor(numbers)));
  const full = Math.round(shareOf(state) * room);
  const bar = screen.paint(done ? "green" : "cyan", "█".repeat(full)) + screen.paint("faint", "·".repeat(room - full));
  return `  ${name}  ${bar}  ${numbers.join("  ")}${done ? ` ${screen.paint("green", "✔")}` : ""}`;
}

/** The share that is done, by windows, because the number of records in a window is unknown until it has begun. */
function shareOf({ windowsDone, windows }) {
  return windows > 0 ? windowsDone / windows : 1;
}

function rateOf({ records, first, at }) {
  const more = records - first.records;
  return more > 0 && at - first.at >= LONG_ENOUGH ? `${count(Math.round((more / (at - first.at)) * 1000))}/s` : "";
}

/**
 * The account of a run: a line for each type with something new, the cost, and the warnings. `changes` tells how many
 * rows of each type are new or changed. The other records had come before: an overlap reads them again.
 */
export function showReport(screen, report, { changes, took, warnings }) {
  screen.heading("The account");
  const rows = Object.entries(report.types).map(([type, { until }]) => [type, changes[type] ?? 0, plain(until ?? "nothing yet")]);
  const brought = rows.filter(([, changed]) => changed > 0).map(([type, changed, until]) => [type, count(changed), until]);
  const columns = [{}, { align: "right", style: "bold" }, { style: "faint" }];
  if (brought.length > 0) for (const line of table(screen, columns, brought, ["type", "records", "all there until"])) screen.line(line);
  const others = rows.filter(([, changed]) => changed === 0);
  if (others.length > 0) {
    const which = brought.length > 0 ? counted(others.length, "other type") : counted(others.length, "type");
    const untils = [...new Set(others.map(([, , until]) => until))].sort();
    screen.line(`  ${screen.paint("faint", `${which}: nothing new, all there until ${untils.join(" … ")}`)}`);
  }
  screen.line();
  showCost(screen, report, { took, warnings });
  showVerdict(screen, report, changes);
}

/** What a run has cost, and the warnings. */
export function showCost(screen, report, { took, warnings }) {
  const figures = [
    counted(report.requests, "request"),
    counted(report.retries, "retry", "retries"),
    duration(took),
    ...(report.records > 0 ? [`${counted(Math.round((report.records / took) * 1000), "record")} a second`] : []),
  ];
  screen.line(`  ${figures.join(" · ")}`);
  for (const warning of warnings) screen.line(`  ${screen.paint("yellow", `note: ${warning}`)}`);
  screen.line();
}

/** The last line: what is new, and what came again. */
export function showVerdict(screen, report, changes) {
  const changed = Object.values(changes).reduce((sum, rows) => sum + rows, 0);
  const words = changed > 0 ? `${counted(changed, "record")} new or changed, all of them kept` : "nothing new";
  const again = report.records - changed;
  const rest = again > 0 ? screen.paint("faint", ` (${count(again)} more came again, unchanged)`) : "";
  screen.line(`  ${screen.paint("green", "✔")} ${screen.paint("bold", words)}${rest}`);
}
