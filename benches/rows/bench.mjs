// What the benches have in common: options, the line of progress, and the storing of what they measured.

import { screenOn } from "../../examples/node/terminal/screen.mjs";
import { rowsById } from "./declared.mjs";
import { circumstances, store } from "./results.mjs";
import { printRows } from "./table.mjs";

export const screen = screenOn(process.stdout);

/** Ends the process with a message about an option. */
export function refuse(message) {
  console.error(`\n  ${message}`);
  process.exit(2);
}

/** The rows that `--only` names, of those that there are. */
export function wantedOf(only, known) {
  const wanted = only?.split(",") ?? known;
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) refuse(`there is no row ${unknown}; there are: ${known.join(", ")}`);
  return wanted;
}

/** A whole number that an option has. */
export function wholeNumber(option, text, least = 1) {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) refuse(`--${option} takes a whole number from ${least} on; given: ${text}`);
  return Number(text);
}

/** Shows what is measured now, on terminals where the line can be removed again. */
export function teller(title) {
  return (text) => screen.live && screen.draft(screen.fitting(`  ${title}  ${text}`));
}

/** Where and with what is measured, as a line; a busy machine is said. */
export function printMachine() {
  const { node, cpu, cores, load } = circumstances();
  screen.line(`  ${screen.paint("faint", `Node ${node} · ${cpu} · ${cores} cores`)}`);
  if (load > cores / 2) screen.line(`  ${screen.paint("yellow", `The machine is busy with something else (load ${load.toFixed(1)}): take the results for a hint.`)}`);
}

/**
 * Measures a row of declared.mjs, prints its figures, and stores them if `write`. `measure(tell)` returns the details.
 * Returns them.
 */
export async function measureRow(id, size, write, measure) {
  const row = rowsById.get(id);
  const measured = circumstances();
  const details = await measure(teller(row.what ?? id));
  screen.clear();
  printRows(screen, [row], { rows: { [id]: { measured, size, details } } });
  if (write) store(id, { measured, size, details });
  return details;
}

