// Shows the outcome of all samples as sums that add up.

import { count, counted, day, timeOfDay } from "./terminal/quantities.mjs";
import { table } from "./terminal/table.mjs";
import { wallClock } from "./wall-clock.mjs";

/** The most rejections and failures that are shown. Of the others only the number is shown. */
const MOST = 20;

/** Two columns: where the samples came from, and where they went. */
export function account(screen, report) {
  const came = [
    ["read", report.read],
    ["carried over", report.carried],
  ];
  const went = [
    ["sent", report.sent, "green"],
    ["sent before", report.alreadySent],
    ["twice in the file", report.duplicates],
    ["rejected", report.rejectedCount, "yellow"],
    ["held for next time", report.held],
    ["outcome unknown", report.unknown, "yellow"],
    ["refused", report.failed, "red"],
  ];
  const left = column(screen, came, went.length);
  const right = column(screen, went, went.length);
  const balanced = left.sum === right.sum;
  const verdict = balanced ? screen.paint("green", "✔") : screen.paint("red", "✘ does not add up");
  const lines = left.lines.map((line, index) => {
    const sums = index === left.lines.length - 1;
    return `  ${line}   ${sums ? "=" : " "}   ${right.lines[index]}${sums ? `  ${verdict}` : ""}`.trimEnd();
  });
  return { lines, balanced };
}

/** A column of `height` lines with names and numbers, a rule, and the sum. */
function column(screen, entries, height) {
  const sum = entries.reduce((all, [, number]) => all + number, 0);
  const names = Math.max(...entries.map(([name]) => name.length));
  const digits = Math.max(count(sum).length, ...entries.map(([, number]) => count(number).length));
  const lines = entries.map(([name, number, style = "bold"]) => {
    const figure = count(number).padStart(digits);
    return `${screen.paint("faint", name.padEnd(names))}   ${screen.paint(number === 0 ? "faint" : style, figure)}`;
  });
  const width = names + 3 + digits;
  while (lines.length < height) lines.push(" ".repeat(width));
  lines.push(" ".repeat(names + 3) + screen.paint("faint", "─".repeat(digits)));
  lines.push(" ".repeat(names + 3) + screen.paint("bold", count(sum).padStart(digits)));
  return { lines, sum };
}

/** The first rejections as a table, and the number of the others. */
export function rejections(screen, { rejected, rejectedCount }) {
  const shown = rejected.slice(0, MOST);
  const columns = [
    { align: "right" },
    { align: "right", style: "faint" },
    { style: "bold" },
    { style: "yellow" },
    { cut: true },
  ];
  const rows = shown.map(({ index, line, path, code, message }) => [
    count(index),
    line === undefined ? "" : count(line),
    path.slice(1) || "all of it",
    code,
    message,
  ]);
  const lines = table(screen, columns, rows, ["sample", "line", "field", "code", "why"]);
  return [...lines, ...more(screen, rejectedCount - shown.length)];
}

/** The batches that the server refused for good. */
export function failures(screen, { failures: all }) {
  const shown = all.slice(0, MOST);
  const columns = [{ style: "red" }, { align: "right" }, { align: "right", style: "faint" }, { cut: true }];
  const rows = shown.map(({ status, message, first, count: samples }) => [status, count(samples), count(first), message]);
  return [...table(screen, columns, rows, ["status", "samples", "from sample", "why"]), ...more(screen, all.length - shown.length)];
}

/** The time up to which all samples of each device have arrived. */
export function watermarks(screen, marks) {
  const columns = [{ style: "bold" }, {}, { style: "faint" }];
  return table(screen, columns, marks.map(({ device, until, samples }) => [device, until === undefined ? "with a gap at its start" : `up to ${moment(until)}`, counted(samples, "sample")]));
}

/** A time by the wearer's clock: `16 Jun 2025, 01:17`. */
export function moment(instant) {
  const at = wallClock(instant, /[+-]\d\d:\d\d$/.exec(instant)?.[0]);
  return `${day(at)}, ${timeOfDay(at)}`;
}

function more(screen, number) {
  return number > 0 ? [`  ${screen.paint("faint", `and ${count(number)} more`)}`] : [];
}
