// What users give, checked for its kind and brought into one form, so that Rust reads fields and nothing else.

import { OptionError } from "./errors.js";

/** How each kind of option is named in a complaint, and what becomes of its value; `undefined` where it does not fit. */
const KINDS = {
  text: ["a text", (value) => (typeof value === "string" && isWhole(value) ? value : undefined)],
  number: ["a number", (value) => (typeof value === "number" ? value : undefined)],
  flag: ["true or false", (value) => (typeof value === "boolean" ? value : undefined)],
  function: ["a function", (value) => (typeof value === "function" ? value : undefined)],
  secret: ["a text or a function that yields one", (value) => (["string", "function"].includes(typeof value) ? value : undefined)],
  instant: ['a Date, a text like "2024-01-31T12:00:00Z", or milliseconds since 1970', instant],
  texts: ["an object of texts", texts],
  list: ["an array of texts", (value) => (Array.isArray(value) && value.every((one) => typeof one === "string") ? [...value] : undefined)],
  signal: ["an AbortSignal", signal],
  store: ["a store, with get, set, delete, keys and lock (wait for what createStore gives)", store],
};

/**
 * The options in `value`, the argument called `what`. `spec` has a line for each: its name and its kind. Gives an object
 * without a prototype, or the name of the first option that `spec` does not know.
 */
export function readOptions(what, value, spec) {
  const options = Object.create(null);
  if (value === undefined) return options;
  // What can be iterated (a Map, Headers) keeps its values elsewhere than in properties.
  if (typeof value !== "object" || value === null || Symbol.iterator in value) throw misfit(what, "an object", value);
  const kinds = new Map(spec.split("\n").map((line) => line.split(" ")));
  const unknown = Object.keys(value).find((key) => !kinds.has(key));
  if (unknown !== undefined) return unknown;
  for (const [name, kind] of kinds) {
    // A signal may be null, as it may for fetch.
    if (value[name] !== undefined && !(kind === "signal" && value[name] === null)) {
      options[name] = readValue(name, value[name], kind);
    }
  }
  return options;
}

/** One value, called `name`, in the form of its kind. */
export function readValue(name, value, kind) {
  const [expected, read] = KINDS[kind];
  const known = read(value, name);
  if (known === undefined) throw misfit(name, expected, value);
  return known;
}

/** Says what kind of value came, and not which: it may be a secret. */
function misfit(name, expected, value) {
  const given =
    value === null ? "null" : Array.isArray(value) ? "an array" : typeof value === "string" ? "one with half of a surrogate pair" : typeof value;
  return new OptionError(name, `\`${name}\` must be ${expected}; it is ${given}`);
}

/** Two texts that differ in halves of characters would become the same in UTF-8. */
function isWhole(text) {
  return !/\p{Surrogate}/u.test(text);
}

/** A text or milliseconds. A Date of another realm is one as well. */
function instant(value) {
  if (typeof value === "string" || typeof value === "number") return value;
  return Object.prototype.toString.call(value) === "[object Date]" ? value.getTime() : undefined;
}

/** Names and texts in turn. */
function texts(value, name) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  // Headers, URLSearchParams and Maps give pairs.
  const pairs = Symbol.iterator in value ? [...value] : Object.entries(value);
  return pairs.flatMap(([key, text]) => [readValue(name, key, "text"), readValue(`${name}.${key}`, text, "text")]);
}

/** One of the package's, or of the caller's own. */
function store(value) {
  const has = (method) => typeof value?.[method] === "function";
  return ["get", "set", "delete", "keys", "lock"].every(has) ? value : undefined;
}

/** Other realms and polyfills have classes of their own, so it is asked what it can do, not what it is. */
function signal(value) {
  return typeof value?.aborted === "boolean" && typeof value.addEventListener === "function" ? value : undefined;
}
