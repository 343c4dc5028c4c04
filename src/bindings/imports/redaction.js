// Takes secrets out of what is shown of an answer: the content of an error, and the error of a request without an answer. What a secret looks
// like in a text, Rust knows.

/** The text without the secrets in it. @typedef {(text: string) => string} Redact */

/**
 * The content of an error without the secrets, `undefined` where it cannot be gone through; or the cause of a failure, as it is where nothing
 * in it shows a secret when it is printed, or else what can be told of it.
 * @type {(value: unknown, isCause: boolean, redact: Redact) => unknown}
 */
export function withoutSecrets(value, isCause, redact) {
  try {
    if (isCause) return isClean(value, redact) ? value : retold(value, redact);
    return redacted(value, redact);
  } catch {
    return isCause ? new Error("the request failed") : undefined;
  }
}

/** The characters that HTML has names for. @type {Record<string, string>} */
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"' };

/**
 * A text may hold JSON or HTML, in which characters are escaped.
 * @type {(text: string, redact: Redact) => string}
 */
function redactedText(text, redact) {
  const plain = text.replace(
    /(?:\\u00|&#x)([2-7][\da-f]);?|\\(["\\/])|&#(\d\d\d?);|&(amp|lt|gt|quot);/giu,
    (_, hex, character, decimal, name) => character ?? NAMED[name?.toLowerCase()] ?? String.fromCharCode(Number(decimal ?? `0x${hex}`)),
  );
  const shown = shownOf(plain, redact);
  return shown === plain ? shownOf(text, redact) : shown;
}

/** Halves of characters do not survive the way to Rust and back: a text without secrets stays as it is. @type {(text: string, redact: Redact) => string} */
function shownOf(text, redact) {
  const shown = redact(text);
  return shown === text.replace(/\p{Surrogate}/gu, "\ufffd") ? text : shown;
}

/** Of what is nested deeper than this, only the text is looked through. */
const DEPTH = 500;

/** @type {(value: any, redact: Redact, depth?: number) => any} */
function redacted(value, redact, depth = 0) {
  if (typeof value === "string") return redactedText(value, redact);
  // A secret may be all digits.
  const digits = typeof value === "number" ? redact(String(value)) : undefined;
  if (digits !== undefined) return digits === String(value) ? value : digits;
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEPTH) return redactedText(JSON.stringify(value), redact);
  if (Array.isArray(value)) return value.map((member) => redacted(member, redact, depth + 1));
  return Object.fromEntries(Object.entries(value).map((entry) => redacted(entry, redact, depth + 1)));
}

/** Errors of the language and the platform; others may print anything. @type {unknown[]} */
const PLAIN = [Error, TypeError, RangeError, SyntaxError, globalThis.DOMException, Object, Array].map((known) => known?.prototype);

/** Whether nothing in `value` can show a secret when it is printed. @type {(value: unknown, redact: Redact, depth?: number) => boolean} */
function isClean(value, redact, depth = 0) {
  if (typeof value === "string") return redactedText(value, redact) === value;
  if (typeof value !== "object" || value === null) return typeof value !== "function" && typeof value !== "symbol";
  if (depth > 8 || !PLAIN.includes(Object.getPrototypeOf(value))) return false;
  return Reflect.ownKeys(value).every((key) => {
    // An accessor in newer engines, and what a log prints: the message may have been another when it was made.
    if (key === "stack") return isClean(/** @type {Error} */ (value).stack, redact, depth + 1);
    const member = /** @type {PropertyDescriptor} */ (Reflect.getOwnPropertyDescriptor(value, key));
    return typeof key === "string" && "value" in member && isClean(key, redact) && isClean(member.value, redact, depth + 1);
  });
}

/** A new error with the redacted name, code, message and cause of `cause`. @type {(cause: any, redact: Redact, depth?: number) => Error} */
function retold(cause, redact, depth = 0) {
  const text = (/** @type {string} */ key) => {
    try {
      return typeof cause?.[key] === "string" ? redactedText(cause[key], redact) : undefined;
    } catch {
      return undefined;
    }
  };
  const inner = depth < 4 && cause instanceof Error && typeof cause.cause === "object" && cause.cause !== null;
  const error = new Error(text("message") ?? "the request failed", inner ? { cause: retold(cause.cause, redact, depth + 1) } : undefined);
  const [name, code] = [text("name"), text("code")];
  if (name !== undefined) Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  if (code !== undefined) Object.assign(error, { code });
  return error;
}
