// What users give, each value checked for its type. Whatever is wrong with it is thrown as an OptionError that says what was expected, what
// came, and what to do about it.

import { optionError } from "./errors.js";

/** How each type is named in a complaint. */
const TEXT = "a text";
const NUMBER = "a number";
const FLAG = "true or false";
const LIST = "an array of texts";

/**
 * The names of what is in `value`, the argument called `what`, which must be an object of options.
 *
 * @param {string} what
 * @param {unknown} value
 */
export function namesOf(what, value) {
  // What can be iterated (a Map, Headers) keeps its values elsewhere than in properties.
  if (typeof value !== "object" || value === null || Symbol.iterator in value) throw misfit(what, "an object of options", value);
  return Object.keys(value);
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function readText(name, value) {
  return typeof value === "string" && isWhole(value) ? value : refuse(name, TEXT, value);
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function readNumber(name, value) {
  return typeof value === "number" ? value : refuse(name, NUMBER, value);
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function readFlag(name, value) {
  return typeof value === "boolean" ? value : refuse(name, FLAG, value);
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function readFunction(name, value) {
  return typeof value === "function" ? value : refuse(name, "a function", value);
}

/**
 * A text or a function.
 *
 * @param {string} name
 * @param {unknown} value
 */
export function readSecret(name, value) {
  if (typeof value === "function") return value;
  return typeof value === "string" && isWhole(value) ? value : refuse(name, "a text or a function that yields one", value);
}

/**
 * A text or milliseconds.
 *
 * @param {string} name
 * @param {unknown} value
 */
export function readInstant(name, value) {
  return instant(value) ?? refuse(name, 'a Date, a text like "2024-01-31T12:00:00Z", or milliseconds since 1970', value);
}

/**
 * What is in a list.
 *
 * @param {string} name
 * @param {unknown} value
 */
export function readList(name, value) {
  return Array.isArray(value) ? Array.from(value) : refuse(name, LIST, value);
}

/**
 * Names and what stands under them, in turn.
 *
 * @param {string} name
 * @param {unknown} value
 */
export function readPairs(name, value) {
  return pairs(value)?.flat() ?? refuse(name, "an object of texts", value);
}

/**
 * One of the package's, or of the caller's own.
 *
 * @param {string} name
 * @param {any} value
 */
export function readStore(name, value) {
  const has = (/** @type {string} */ method) => typeof value?.[method] === "function";
  if (["get", "set", "delete", "keys", "lock"].every(has)) return value;
  return refuse(name, "a store, with get, set, delete, keys and lock (wait for what createStore gives)", value);
}

/**
 * Other realms and polyfills have classes of their own, so it is asked what it can do, not what it is.
 *
 * @param {string} name
 * @param {any} value
 */
export function readSignal(name, value) {
  const isSignal = typeof value?.aborted === "boolean" && typeof value.addEventListener === "function";
  return isSignal ? value : refuse(name, "an AbortSignal", value);
}

/**
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 * @returns {never}
 */
function refuse(name, expected, value) {
  throw misfit(name, expected, value);
}

/**
 * Says what kind of value came, and not which: it may be a secret or a health value.
 *
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 */
function misfit(name, expected, value) {
  const [given, advice] = described(value, expected);
  return optionError(name, `\`${name}\` must be ${expected}; it is ${given}${advice === undefined ? "" : `: ${advice}`}`);
}

/**
 * What a value is, and what to do about it where that is plain.
 *
 * @param {unknown} value
 * @param {string} expected
 * @returns {[given: string, advice?: string | undefined]}
 */
function described(value, expected) {
  switch (typeof value) {
    case "string":
      if (!isWhole(value)) return ["a text with half of a surrogate pair", "it was cut inside a character"];
      if (value.trim() === "") return [value === "" ? "an empty text" : "a text of blanks"];
      if (expected === NUMBER && !Number.isNaN(Number(value))) return ["a text", "leave out the quotes"];
      if (expected === FLAG && ["true", "false"].includes(value)) return ["a text", "leave out the quotes"];
      return ["a text", expected === LIST ? "put it in brackets" : undefined];
    case "number":
      if (!Number.isFinite(value)) return [String(value)];
      return ["a number", expected === TEXT ? "put it in quotes" : undefined];
    case "boolean":
      return [String(value)];
    case "undefined":
      return ["undefined", "is a variable or an await missing?"];
    case "bigint":
      return ["a bigint", expected === NUMBER ? "give Number(…) of it" : undefined];
    case "object":
      return ofObject(value, expected);
    default:
      return [`a ${typeof value}`, typeof value === "function" ? "give what it returns" : undefined];
  }
}

/**
 * @param {object | null} value
 * @param {string} [expected]
 * @returns {[given: string, advice?: string | undefined]}
 */
function ofObject(value, expected) {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["an array"];
  if ("then" in value && typeof value.then === "function") return ["a promise", "wait for it with `await`"];
  if (instant(value) !== undefined) return ["a Date", expected === TEXT ? 'write it as a text, such as "2024-01-31"' : undefined];
  // Of another realm as well. What else a class calls itself is not repeated.
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (["Number", "String", "Boolean"].includes(tag)) return [`a ${tag}`, "give the value itself, without `new`"];
  return [["Map", "Set"].includes(tag) ? `a ${tag}` : "an object"];
}

/**
 * Two texts that differ in halves of characters would become the same in UTF-8.
 *
 * @param {string} text
 */
function isWhole(text) {
  return !/\p{Surrogate}/u.test(text);
}

/**
 * A text or milliseconds. A Date of another realm is one as well, and what only calls itself so is none.
 *
 * @param {any} value
 * @returns {string | number | undefined}
 */
function instant(value) {
  if (typeof value === "string") return isWhole(value) ? value : undefined;
  if (typeof value === "number") return value;
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return undefined;
  }
}

/**
 * Pairs of a name and what stands under it; `undefined` where there are none.
 *
 * @param {unknown} value
 * @returns {unknown[][] | undefined}
 */
function pairs(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  // Headers, URLSearchParams and Maps give pairs; a Date or a promise has no properties, and is a mistake.
  const isIterable = Symbol.iterator in value;
  const entries = isIterable ? [.../** @type {Iterable<any>} */ (value)] : Object.entries(value);
  if (entries.length === 0 && !isIterable && ofObject(value)[0] !== "an object") return undefined;
  return entries.every((pair) => Array.isArray(pair) && pair.length === 2) ? entries : undefined;
}
