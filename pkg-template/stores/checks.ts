// What a store is given, checked. Complaints name the kind of thing that came, never the thing: it may be health data.

import { type OptionError, optionError } from "../core/errors.js";
import type { Lease } from "../types/store.js";

/** A key, or the name of a lock or a database. */
export function checkedName(option: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw misfit(option, "a text that is not empty", value === "" ? "empty" : kindOf(value));
}

export function checkedPrefix(value: unknown): string {
  if (typeof value === "string") return value;
  throw misfit("prefix", "a text", kindOf(value));
}

/** A copy of the bytes: the caller may go on writing into theirs, and a view may be of a much larger buffer. */
export function copyOf(value: unknown): Uint8Array<ArrayBuffer> {
  if (!isBytes(value)) throw misfit("value", "a Uint8Array", kindOf(value));
  return new Uint8Array(value);
}

/** Also of another realm; a Buffer of Node is one as well. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === "Uint8Array";
}

export function checkedWork<T>(value: (lease: Lease) => Promise<T>): (lease: Lease) => Promise<T> {
  if (typeof value === "function") return value;
  throw misfit("work", "a function that gives a promise", kindOf(value));
}

export function misfit(option: string, expected: string, given: string): OptionError {
  return optionError(option, `\`${option}\` must be ${expected}; it is ${given}`);
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const tag = tagOf(value);
  return /^[AEIO]/.test(tag) ? `an ${tag}` : `a ${tag}`;
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}
