// The names of options: one that is not known is refused, in the words of the core (src/options/complaint.rs), which
// also knows what it was meant to be.

import { optionError } from "../core/errors.js";
import { kindOf, misfit } from "./checks.js";

/** The most characters of a name that a complaint repeats. */
const SHOWN = 40;

/** Refuses what is no object of options, and one with a name that is not among `known`. */
export function checkNames(argument: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) throw misfit(argument, "an object of options", kindOf(options));
  for (const given of Object.keys(options)) if (!known.includes(given)) throw unknownOption(given, known);
}

function unknownOption(given: string, known: readonly string[]) {
  const shown = shownName(given);
  const nearest = nearestName(given, known);
  const advice = nearest === undefined ? `; the options are ${known.join(", ")}` : `: did you mean "${nearest}"?`;
  return optionError(shown, `there is no option "${shown}"${advice}`);
}

/** Without characters that would make a log look like another one. */
function shownName(name: string): string {
  const characters = Array.from(name, (one) => (/[\p{C}\p{Zl}\p{Zp}]/u.test(one) ? `\\u{${one.codePointAt(0)!.toString(16)}}` : one));
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN - 1).join("")}…` : characters.join("");
}

/** The name that was probably meant. A third of it may be mistyped; capitals, `_` and `-` do not count. */
function nearestName(given: string, known: readonly string[]): string | undefined {
  // A longer text is no mistyped name, and comparing it would take long.
  if (given.length > SHOWN) return undefined;
  const name = folded(given);
  let [best, fewest] = [undefined as string | undefined, Infinity];
  for (const one of known) {
    const candidate = folded(one);
    const mistakes = distance(name, candidate);
    const allowed = Math.floor(Math.max(name.length, candidate.length, 3) / 3);
    if (mistakes <= allowed && mistakes < name.length && mistakes < fewest) [best, fewest] = [one, mistakes];
  }
  return best;
}

function folded(name: string): string {
  return name.replace(/[_-]/g, "").toLowerCase();
}

/** How many letters are wrong, missing, too many, or swapped with their neighbour (optimal string alignment). */
function distance(one: string, other: string): number {
  const rows: number[][] = [];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let row = 0; row <= one.length; row++) {
    rows.push([]);
    for (let column = 0; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = row > 1 && column > 1 && one[row - 2] === other[column - 1] && one[row - 1] === other[column - 2];
      rows[row]![column] =
        row === 0 || column === 0
          ? row + column
          : Math.min(at(row - 1, column - 1) + (isSame ? 0 : 1), at(row - 1, column) + 1, at(row, column - 1) + 1, isSwapped ? at(row - 2, column - 2) + 1 : Infinity);
    }
  }
  return at(one.length, other.length);
}
