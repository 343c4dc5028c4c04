// What users give, checked for its kind and brought into one form, so that Rust reads fields and nothing else.

import { optionError } from "./errors.js";

/**
 * How each kind of option is named in a complaint, and what becomes of its value; `undefined` where it does not fit.
 *
 * @typedef {"text" | "number" | "flag" | "function" | "secret" | "instant" | "texts" | "list" | "signal" | "store"} Kind
 * @type {Record<Kind, [expected: string, read: (value: unknown, name: string) => unknown]>}
 */
const KINDS = {
  text: ["a text", (value) => (typeof value === "string" && isWhole(value) ? value : undefined)],
  number: ["a number", (value) => (typeof value === "number" ? value : undefined)],
  flag: ["true or false", (value) => (typeof value === "boolean" ? value : undefined)],
  function: ["a function", (value) => (typeof value === "function" ? value : undefined)],
  secret: ["a text or a function that yields one", (value) => (typeof value === "function" ? value : KINDS.text[1](value, ""))],
  instant: ['a Date, a text like "2024-01-31T12:00:00Z", or milliseconds since 1970', instant],
  texts: ["an object of texts", texts],
  list: ["an array of texts", (value, name) => (Array.isArray(value) ? Array.from(value, (one, at) => readValue(`${name}[${at}]`, one, "text")) : undefined)],
  signal: ["an AbortSignal", signal],
  store: ["a store, with get, set, delete, keys and lock (wait for what createStore gives)", store],
};

/**
 * The options in `value`, the argument called `what`. `spec` has a line for each: its name and its kind. Gives an object
 * without a prototype, or the name of the first option that `spec` does not know.
 *
 * @param {string} what
 * @param {unknown} value
 * @param {string} spec
 */
export function readOptions(what, value, spec) {
  /** @type {Record<string, unknown>} */
  const options = Object.create(null);
  if (value === undefined) return options;
  // What can be iterated (a Map, Headers) keeps its values elsewhere than in properties.
  if (typeof value !== "object" || value === null || Symbol.iterator in value) throw misfit(what, "an object of options", value);
  const kinds = new Map(spec.split("\n").map((line) => /** @type {[string, Kind]} */ (line.split(" "))));
  const given = /** @type {Record<string, unknown>} */ (value);
  const unknown = Object.keys(value).find((key) => !kinds.has(key));
  if (unknown !== undefined) return unknown;
  for (const [name, kind] of kinds) {
    // A signal may be null, as it may for fetch.
    if (given[name] !== undefined && !(kind === "signal" && given[name] === null)) {
      options[name] = readValue(name, given[name], kind);
    }
  }
  return options;
}

/**
 * One value, called `name`, in the form of its kind.
 *
 * @param {string} name
 * @param {unknown} value
 * @param {Kind} kind
 */
export function readValue(name, value, kind) {
  const [expected, read] = KINDS[kind];
  const known = read(value, name);
  if (known === undefined) throw misfit(name, expected, value);
  return known;
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
      if (expected === KINDS.number[0] && !Number.isNaN(Number(value))) return ["a text", "leave out the quotes"];
      if (expected === KINDS.flag[0] && ["true", "false"].includes(value)) return ["a text", "leave out the quotes"];
      return ["a text", expected === KINDS.list[0] ? "put it in brackets" : undefined];
    case "number":
      if (!Number.isFinite(value)) return [String(value)];
      return ["a number", expected === KINDS.text[0] ? "put it in quotes" : undefined];
    case "boolean":
      return [String(value)];
    case "undefined":
      return ["undefined", "is a variable or an await missing?"];
    case "bigint":
      return ["a bigint", expected === KINDS.number[0] ? "give Number(…) of it" : undefined];
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
  if (instant(value) !== undefined) return ["a Date", expected === KINDS.text[0] ? 'write it as a text, such as "2024-01-31"' : undefined];
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
 * Names and texts in turn.
 *
 * @param {unknown} value
 * @param {string} name
 */
function texts(value, name) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  // Headers, URLSearchParams and Maps give pairs; a Date or a promise has no properties, and is a mistake.
  const pairs = Symbol.iterator in value ? [.../** @type {Iterable<any>} */ (value)] : Object.entries(value);
  if (pairs.length === 0 && ofObject(value)[0] !== "an object" && !(Symbol.iterator in value)) return undefined;
  if (!pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) return undefined;
  return pairs.flatMap(([key, text]) => [readValue(name, key, "text"), readValue(`${name}.${key}`, text, "text")]);
}

/**
 * One of the package's, or of the caller's own.
 *
 * @param {any} value
 */
function store(value) {
  const has = (/** @type {string} */ method) => typeof value?.[method] === "function";
  return ["get", "set", "delete", "keys", "lock"].every(has) ? value : undefined;
}

/**
 * Other realms and polyfills have classes of their own, so it is asked what it can do, not what it is.
 *
 * @param {any} value
 */
function signal(value) {
  return typeof value?.aborted === "boolean" && typeof value.addEventListener === "function" ? value : undefined;
}
