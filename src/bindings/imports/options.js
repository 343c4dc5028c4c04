// Checks the type of every value that a caller gives. What does not fit is thrown as an OptionError that says what was expected, what
// came, and what to do about it.

import { optionError } from "./errors.js";
import { onAbort } from "./signal.js";

/**
 * Takes the value of the option called `name`.
 * @template T
 * @typedef {(name: string, value: any) => T} Reader
 */
/** @typedef {[given: string, advice?: string | undefined]} Description */

/** The types as they are named in a complaint. */
const TEXT = "a text";
const NUMBER = "a number";
const FLAG = "true or false";
const LIST = "an array";

/** The names in `value`, an argument which must be an object of options. @type {Reader<string[]>} */
export function namesOf(argument, value) {
  // What can be iterated (a Map, Headers) keeps its values elsewhere than in properties.
  if (typeof value !== "object" || value === null || Symbol.iterator in value) refuse(argument, "an object of options", value);
  const names = [];
  for (const name in value) if (isOption(value, name)) names.push(name);
  return names;
}

/** The value of an option; it is read once, as it may be a getter. @type {(options: any, name: string) => unknown} */
export function valueOf(options, name) {
  return isOption(options, name) ? options[name] : undefined;
}

/** Options may be inherited, but not from `Object.prototype`: what other code has put there was not chosen by the caller. @type {(options: object, name: string) => boolean} */
function isOption(options, name) {
  return !(name in Object.prototype) || Object.hasOwn(options, name);
}

/** @type {Reader<string>} */
export function readText(name, value) {
  return isText(value) ? value : refuse(name, TEXT, value);
}

/** @type {Reader<number>} */
export function readNumber(name, value) {
  return typeof value === "number" ? value : refuse(name, NUMBER, value);
}

/** @type {Reader<boolean>} */
export function readFlag(name, value) {
  return typeof value === "boolean" ? value : refuse(name, FLAG, value);
}

/** @type {Reader<Function>} */
export function readFunction(name, value) {
  return typeof value === "function" ? value : refuse(name, "a function", value);
}

/** @type {Reader<string | Function>} */
export function readSecret(name, value) {
  return typeof value === "function" || isText(value) ? value : refuse(name, "a text or a function that yields one", value);
}

/** @type {Reader<string | number>} */
export function readInstant(name, value) {
  return instant(value) ?? refuse(name, 'a Date, a text like "2024-01-31T12:00:00Z", or milliseconds since 1970', value);
}

/** @type {Reader<unknown[]>} */
export function readList(name, value) {
  return Array.isArray(value) ? Array.from(value) : refuse(name, LIST, value);
}

/** Names and their values in turn. @type {Reader<unknown[]>} */
export function readPairs(name, value) {
  return pairs(value)?.flat() ?? refuse(name, "an object of texts", value);
}

/** A store of the package, or the caller's own. @type {Reader<object>} */
export function readStore(name, value) {
  if (["get", "set", "delete", "keys", "lock"].every((method) => typeof value?.[method] === "function")) return value;
  return refuse(name, "a store, with get, set, delete, keys and lock (wait for what createStore gives)", value);
}

/** @type {Reader<object>} */
export function readLimiter(name, value) {
  if (["enter", "pause"].every((method) => typeof value?.[method] === "function")) return value;
  return refuse(name, "a limiter, with enter and pause", value);
}

/** Known by what it can do: other realms and polyfills have classes of their own. @type {Reader<AbortSignal>} */
export function readSignal(name, value) {
  const isSignal = typeof value?.aborted === "boolean" && typeof value.addEventListener === "function";
  if (!isSignal) refuse(name, "an AbortSignal", value);
  try {
    // A signal that cannot be listened to would never abort anything.
    onAbort(value, () => {})();
  } catch {
    throw optionError(name, `\`${name}\` must be an AbortSignal; this one takes no listeners`);
  }
  return value;
}

/**
 * Says what kind of value came, but not which: it may be a secret or a health value.
 * @type {(name: string, expected: string, value: unknown) => never}
 */
function refuse(name, expected, value) {
  const [given, advice] = described(value, expected);
  throw optionError(name, `\`${name}\` must be ${expected}; it is ${given}${advice === undefined ? "" : `: ${advice}`}`);
}

/** What a value is, and what to do about it where that is plain. @type {(value: unknown, expected: string) => Description} */
function described(value, expected) {
  switch (typeof value) {
    case "string":
      if (!isText(value)) return ["a text with half of a surrogate pair", "it was cut inside a character"];
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

/** @type {(value: object | null, expected?: string) => Description} */
function ofObject(value, expected) {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["an array"];
  if ("then" in value && typeof value.then === "function") return ["a promise", "wait for it with `await`"];
  if (instant(value) !== undefined) return ["a Date", expected === TEXT ? 'write it as a text, such as "2024-01-31"' : undefined];
  // Holds for objects of another realm, too. Any other name that a class gives itself is not repeated.
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (["Number", "String", "Boolean"].includes(tag)) return [`a ${tag}`, "give the value itself, without `new`"];
  return [["Map", "Set"].includes(tag) ? `a ${tag}` : "an object"];
}

/** Whether `value` is a text that can be written in UTF-8: halves of surrogate pairs cannot. @type {(value: unknown) => value is string} */
export function isText(value) {
  return typeof value === "string" && !/\p{Surrogate}/u.test(value);
}

/** @type {(value: unknown) => string | number | undefined} */
function instant(value) {
  return typeof value === "number" || isText(value) ? value : millisOf(value);
}

/** Of a Date, also of another realm; `undefined` for everything else. @type {(value: any) => number | undefined} */
export function millisOf(value) {
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return undefined;
  }
}

/** Pairs of a name and its value; `undefined` where `value` is no object of such. @param {any} value */
function pairs(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  // Headers, URLSearchParams and Maps give pairs; a Date or a promise has no properties, and is a mistake.
  const isIterable = typeof value[Symbol.iterator] === "function";
  const entries = isIterable ? [...value] : Object.entries(value);
  if (entries.length === 0 && !isIterable && ofObject(value)[0] !== "an object") return undefined;
  return entries.every((pair) => Array.isArray(pair) && pair.length === 2) ? entries : undefined;
}
