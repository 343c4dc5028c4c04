// The choice of the types to send from a file. An export of the Health app has both types; another file has one, and
// often does not name it.

import type { DataType } from "humansync/slim/send";
import { byId } from "../ui/dom.ts";

/** The number of bytes at the beginning of a file that are examined. */
const PEEK = 65_536;
const TYPES: readonly DataType[] = ["steps", "bpm"];

const box = (type: DataType): HTMLInputElement => byId<HTMLInputElement>(`take-${type}`);

/** Whether a file may have both types, as an export of the Health app does. */
export const hasBoth = (file: File): boolean => /\.(zip|xml)$/i.test(file.name);

export class Choice {
  /** The choice for files that may have both types. */
  #ofBoth: readonly DataType[] = TYPES;
  #file: File | undefined;

  constructor(onChange: () => void) {
    for (const type of TYPES) {
      box(type).addEventListener("change", () => {
        this.#onBox(type);
        onChange();
      });
    }
  }

  get types(): readonly DataType[] {
    return TYPES.filter((type) => box(type).checked);
  }

  show(types: readonly DataType[], file = this.#file): void {
    this.#file = file;
    for (const type of TYPES) box(type).checked = types.includes(type);
  }

  /** Preselects the types that fit a file. */
  async propose(file: File): Promise<void> {
    this.#file = file;
    const types: readonly DataType[] = hasBoth(file) ? this.#ofBoth : [(await unitsOf(file)) === "rates" ? "bpm" : "steps"];
    if (this.#file === file) this.show(types);
  }

  #onBox(changed: DataType): void {
    const other = changed === "steps" ? "bpm" : "steps";
    const one = this.#file !== undefined && !hasBoth(this.#file);
    if (one && box(changed).checked) box(other).checked = false;
    if (this.types.length === 0) box(other).checked = true;
    if (!one) this.#ofBoth = this.types;
  }
}

/** A message if the chosen types do not seem to fit the file, or "". */
export async function doubtOf(file: File, types: readonly DataType[]): Promise<string> {
  if (hasBoth(file)) return "";
  const units = await unitsOf(file);
  const [type] = types;
  if (units === "mixed") return "This file has both counts and rates in it. All of its samples are sent as the one type that you choose above.";
  if (units === "rates" && type === "steps") return "The units in this file are rates, as heart rate has them, and it would be sent as steps.";
  if (units === "counts" && type === "bpm") return "The unit in this file is a count, as steps have it, and it would be sent as heart rate.";
  return "";
}

/** The units in the beginning of a file. */
async function unitsOf(file: File): Promise<"counts" | "rates" | "mixed" | undefined> {
  const text = await file.slice(0, PEEK).text().catch(() => "");
  const rates = /\bcount\/(min|s)\b/.test(text);
  const counts = /["',;\t ]count["',;\t \r\n]/.test(text);
  if (rates && counts) return "mixed";
  if (rates) return "rates";
  return counts ? "counts" : undefined;
}
