// Reads an answer of any fetch-compatible function, real or mocked, in one call from Rust. The engine's own parser makes objects of JSON, and
// these stay in JavaScript.

/**
 * An answer of any fetch-compatible function.
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} [type]
 * @property {import("./bounded.js").Body | null} [body]
 * @property {Headers | Record<string, unknown>} [headers]
 * @property {() => Promise<unknown>} [json]
 * @property {() => Promise<string>} [text]
 */
/** @typedef {RequestInit & { headers: Headers }} Init */
/** @typedef {import("./bounded.js").BoundedText} BoundedText */
/** @typedef {Promise<[kind: number, content?: unknown]>} Content */

const FIELDS = ["link", "x-total-count", "retry-after", "date"];
/** The kinds of content, as `transport.rs` knows them. */
const EMPTY = 0;
const DOCUMENT = 1;
const NOT_JSON = 2;
const TOO_LARGE = 3;

/** The most that is read of an error's content, which is short; beyond this only the status is reported. */
const ERROR_BYTES = 1 << 20;

/**
 * Sends the request and reads the whole answer: `[status, ...FIELDS, request id, kind of content, content]`.
 * `forms` are those of the secret, separated by spaces; `boundedText` reads content up to the client's limit.
 * Rejects with `{ sent, cause }` where there was no answer.
 *
 * @param {(url: string, init: Init) => Promise<Answer>} fetch
 * @param {string} url
 * @param {Init} init
 * @param {"json" | "json-or-empty" | "text"} read
 * @param {string} forms
 * @param {BoundedText} boundedText
 */
export async function exchange(fetch, url, init, read, forms, boundedText) {
  const secrets = [...forms.split(" "), ...ownFields(init)];
  try {
    const response = await fetch(url, init);
    if (typeof response?.status !== "number") throw new TypeError("`fetch` did not give a Response: it has no status");
    const { status } = response;
    const fields = FIELDS.map((name) => field(response, name));
    const requestId = field(response, "x-request-id") ?? field(response, "x-humanapi-request-id");
    // A redirect that is not followed: browsers hide all of it.
    if (response.type === "opaqueredirect") return [0, ...fields, undefined, EMPTY, undefined];
    const [kind, content] = await contentOf(response, status, read, boundedText, secrets);
    const acknowledged = kind === EMPTY && isEmptyPage(response, status, init) ? NOT_JSON : kind;
    return [status, ...fields, requestId && redacted(requestId, secrets), acknowledged, content];
  } catch (cause) {
    throw { sent: !wasNeverSent(cause), cause: isClean(cause, secrets) ? cause : retold(cause, secrets) };
  }
}

/** The codes with which hosts report that there was no connection to send anything over. */
const NOT_CONNECTED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ConnectionRefused"];

/** Whether a failed request has certainly not reached the server. Most hosts do not tell: then it may have. @param {any} cause */
function wasNeverSent(cause) {
  try {
    // Where several addresses were tried, all of them must have failed like that.
    const inner = cause?.cause ?? cause;
    const tried = Array.isArray(inner?.errors) && inner.errors.length > 0 ? inner.errors : [inner];
    return tried.every((/** @type {any} */ error) => NOT_CONNECTED.includes(error?.code));
  } catch {
    return false;
  }
}

/** Values of the caller's own header fields, which may be secrets as well. Short ones are not, and would match everywhere. @param {Init} init */
function ownFields({ headers }) {
  return [...headers].filter(([name, value]) => name !== "accept" && value.length >= 8).map(([, value]) => value);
}

/** A mock may have no fields at all. @type {(answer: Answer, name: string) => string | undefined} */
function field({ headers }, name) {
  const value = typeof headers?.get === "function" ? headers.get(name) : /** @type {any} */ (headers)?.[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * To a reader such a page means that there is nothing. But it acknowledges nothing: it comes from a proxy or from another server.
 * @type {(response: Answer, status: number, init: Init) => boolean}
 */
function isEmptyPage(response, status, { method }) {
  return method !== "GET" && status === 200 && /^\s*(?:text\/html|application\/xhtml\+xml)\b/iu.test(field(response, "content-type") ?? "");
}

/**
 * `value` without the secrets. A server may repeat the request in its answer, and the secret with it: as it is, or encoded for a URL, with
 * digits in either case and more than once.
 * @type {(value: any, secrets: string[]) => any}
 */
function redacted(value, secrets) {
  if (typeof value === "string") return secrets.reduce(withoutSecret, value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => redacted(member, secrets));
  return Object.fromEntries(Object.entries(value).map((entry) => redacted(entry, secrets)));
}

/** @type {(text: string, secret: string) => string} */
function withoutSecret(text, secret) {
  // A text that was read as a form has blanks in place of `+`.
  const plain = text.replaceAll(secret, "[secret]").replaceAll(secret.replaceAll("+", " "), "[secret]");
  return plain.includes("%") ? plain.replace(new RegExp(Array.from(secret, written).join(""), "g"), "[secret]") : plain;
}

/** Matches a character of a secret, percent-encoded any number of times. Secrets and header fields are ASCII. @param {string} character */
function written(character) {
  const same = character === "+" ? "+ " : character;
  const digits = Array.from(same, (one) => one.charCodeAt(0).toString(16).padStart(2, "0"));
  const anyCase = digits.join("|").replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  return `(?:[${same.replace(/[^\w ]/, "\\$&")}]|%(?:25)*(?:${anyCase}))`;
}

/** @type {(response: Answer, status: number, read: string, boundedText: BoundedText, secrets: string[]) => Content} */
async function contentOf(response, status, read, boundedText, secrets) {
  if (status === 204 || status === 205 || status === 304) return [EMPTY];
  if (status < 200 || status > 299) return errorContent(response, boundedText, secrets);
  let text = await boundedText(response);
  if (text === undefined) {
    if (read === "json" && typeof response.json === "function") return documentOf(response.json());
    text = await wholeText(response);
  }
  if (text === null) return [TOO_LARGE];
  if (read === "text") return [DOCUMENT, text];
  if (read === "json-or-empty" && text.trim() === "") return [EMPTY];
  try {
    return [DOCUMENT, JSON.parse(text)];
  } catch {
    // A parser's complaint quotes what it read, and a health value with it: it is not passed on.
    return [NOT_JSON];
  }
}

/** Of a mock that may have no other method than `json`. @type {(json: Promise<unknown>) => Content} */
async function documentOf(json) {
  try {
    return [DOCUMENT, await json];
  } catch (/** @type {any} */ error) {
    // node-fetch has an error class of its own for it.
    if (error?.name === "SyntaxError" || error?.type === "invalid-json") return [NOT_JSON];
    throw error;
  }
}

/**
 * The content of an error: JSON, or text. The status is reported also where the content breaks off or has no end.
 * @type {(response: Answer, boundedText: BoundedText, secrets: string[]) => Content}
 */
async function errorContent(response, boundedText, secrets) {
  let text;
  try {
    text = await boundedText(response, ERROR_BYTES);
    if (text === undefined) text = await wholeText(response);
  } catch {
    return [EMPTY];
  }
  if (text === null || text.trim() === "") return [EMPTY];
  try {
    return [DOCUMENT, redacted(JSON.parse(text), secrets)];
  } catch {
    return [DOCUMENT, redacted(text, secrets)];
  }
}

/** Of a mock without a stream, which may have only one of the two methods. @param {Answer} response */
async function wholeText(response) {
  if (typeof response.text === "function") return response.text();
  return typeof response.json === "function" ? (JSON.stringify(await response.json()) ?? "") : "";
}

/** Errors of the language and the platform; others may print anything. @type {unknown[]} */
const PLAIN = [Error, TypeError, RangeError, SyntaxError, globalThis.DOMException, Object, Array].map((known) => known?.prototype);

/** Whether nothing in `value` can show a secret when it is printed. @type {(value: unknown, secrets: string[], depth?: number) => boolean} */
function isClean(value, secrets, depth = 0) {
  if (typeof value === "string") return redacted(value, secrets) === value;
  if (typeof value !== "object" || value === null) return typeof value !== "function" && typeof value !== "symbol";
  if (depth > 8 || !PLAIN.includes(Object.getPrototypeOf(value))) return false;
  return Reflect.ownKeys(value).every((key) => {
    // An accessor in newer engines, and what a log prints: the message may have been another when it was made.
    if (key === "stack") return isClean(/** @type {Error} */ (value).stack, secrets, depth + 1);
    const member = /** @type {PropertyDescriptor} */ (Reflect.getOwnPropertyDescriptor(value, key));
    return typeof key === "string" && "value" in member && isClean(key, secrets) && isClean(member.value, secrets, depth + 1);
  });
}

/** A new error with the redacted name, code, message and cause of `cause`. @type {(cause: any, secrets: string[], depth?: number) => Error} */
function retold(cause, secrets, depth = 0) {
  const text = (/** @type {string} */ key) => {
    try {
      return typeof cause?.[key] === "string" ? redacted(cause[key], secrets) : undefined;
    } catch {
      return undefined;
    }
  };
  const inner = depth < 4 && cause instanceof Error && typeof cause.cause === "object" && cause.cause !== null;
  const error = new Error(text("message") ?? "the request failed", inner ? { cause: retold(cause.cause, secrets, depth + 1) } : undefined);
  const [name, code] = [text("name"), text("code")];
  if (name !== undefined) Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  if (code !== undefined) Object.assign(error, { code });
  return error;
}
