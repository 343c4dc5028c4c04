// The table of how far workers are: a line for each type, one for all of them, and what holds them up.

import { count, duration } from "../terminal/quantities.mjs";
import { plain } from "../terminal/screen.mjs";
import { table } from "../terminal/table.mjs";

const HEADS = ["type", "all there until", "waiting", "running", "failed", "records", "a second"];
const BARS = "▁▂▃▄▅▆▇█";
const NOTHING = "·";
/** A type of which nothing is known yet. */
const UNKNOWN = { until: undefined, windows: { waiting: 0, running: 0, failed: 0 }, records: 0, rate: 0 };

/**
 * The lines of the table: the heads, one for each of `types`, one for all, and what is below them, which may be empty,
 * or several lines in one. `seen` is from `looksAt`; `trouble` is why there is nothing newer.
 */
export function statusTable(screen, types, seen, { trouble, now = new Date() } = {}) {
  const known = new Map(seen.rows.map((row) => [row.type, row]));
  const rows = types.map((type) => cells(type, known.get(type)));
  const all = cells("all", total(seen));
  const columns = [{ cut: true }, { style: "faint" }, right(), right("cyan"), right("red"), right("bold"), right("faint")];
  return [...table(screen, columns, [...rows, all], HEADS), foot(screen, seen, { trouble, now })];
}

/** A column of figures. Nothing is faint, so that the eye finds what is there. */
function right(style) {
  return { align: "right", style: (text) => (text === NOTHING ? "faint" : style) };
}

function cells(type, row) {
  const { until, windows, records, rate, planError } = row ?? UNKNOWN;
  const { waiting, running, failed } = windows;
  const isPlanned = until !== undefined || waiting + running + failed > 0;
  return [type, isPlanned ? instant(until) : planError ? "cannot be planned" : "not planned yet", figure(waiting), figure(running), figure(failed), figure(records), rate > 0 ? count(rate) : ""];
}

/** The sums of all types. All is there until the time until which all of each type is. */
function total({ rows, rate }) {
  const sum = (of) => rows.reduce((sum, row) => sum + of(row), 0);
  const untils = rows.map(({ until }) => until);
  return {
    until: untils.includes(undefined) ? undefined : untils.sort()[0],
    windows: Object.fromEntries(["waiting", "running", "failed"].map((state) => [state, sum(({ windows }) => windows[state])])),
    records: sum(({ records }) => records),
    rate,
  };
}

function figure(number) {
  return number > 0 ? count(number) : NOTHING;
}

/** `2025-06-30 11:59:00`, in UTC. */
function instant(text) {
  return text === undefined ? NOTHING : plain(text).replace("T", " ").replace(/(\.\d+)?Z$/, "");
}

function foot(screen, { rows, pausedUntil, rates }, { trouble, now }) {
  const holdUp = trouble ?? pause(pausedUntil, now);
  const holdUps = [...(holdUp === undefined ? [] : [holdUp]), ...planErrors(rows)];
  if (holdUps.length > 0) return holdUps.map((line) => `  ${screen.paint("yellow", screen.fitting(line, 2))}`).join("\n");
  if (!screen.live || rates.length < 2) return "";
  const most = Math.max(1, ...rates);
  const line = rates.map((rate) => BARS[Math.round((rate / most) * (BARS.length - 1))]).join("");
  return `  ${screen.paint("cyan", line)}  ${screen.paint("faint", screen.fitting(`up to ${count(most)} records a second in the last minute`, line.length + 4))}`;
}

function pause(until, now) {
  const left = (until ?? now) - now;
  return left > 0 ? `the server has asked for a pause: no worker sends anything for ${duration(left)}` : undefined;
}

/** Why types could not be planned: a line for each reason. */
export function planErrors(rows) {
  const reasons = new Map();
  for (const { type, planError } of rows) {
    if (planError === undefined) continue;
    // The address that was asked for ends with the type.
    const reason = planError.message.replaceAll(type, "");
    const { types, message } = reasons.get(reason) ?? { types: [], message: plain(planError.message).split("\n")[0] };
    reasons.set(reason, { types: [...types, type], message });
  }
  return [...reasons.values()].map(({ types, message }) => `${types.length > 3 ? `${types.length} types` : types.join(", ")} could not be planned: ${message}`);
}
