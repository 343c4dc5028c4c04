// Reading an answer of any fetch-compatible function, real or mocked, in one crossing. JSON becomes objects by the
// engine's own parser and stays on this side.

/**
 * An answer of any fetch-compatible function.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} [type]
 * @property {Headers | Record<string, unknown>} [headers]
 * @property {() => Promise<unknown>} [json]
 * @property {() => Promise<string>} [text]
 *
 * @typedef {RequestInit & { headers: Headers }} Init
 *
 * @typedef {(answer: Answer, lower?: number) => Promise<string | null | undefined>} BoundedText
 *
 * @typedef {[kind: number, content: unknown]} Content
 */

const FIELDS = ["link", "x-total-count", "retry-after", "date"];
/** Kinds of content, as Rust knows them. */
const EMPTY = 0;
const DOCUMENT = 1;
const NOT_JSON = 2;
const TOO_LARGE = 3;

/** What an error says is short. Of one that is not, the status is all that is told. */
const ERROR_BYTES = 1 << 20;

/**
 * Sends the request and reads the whole answer: `[status, ...FIELDS, request id, kind of content, content]`.
 * `read` is "json", "json-or-empty" or "text"; `forms` are the secret's, with a space in between;
 * `boundedText` reads content up to the client's bound. Rejects with `{ sent, cause }` where no answer came.
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
    const told = kind === EMPTY && isEmptyPage(response, status, init) ? NOT_JSON : kind;
    return [status, ...fields, requestId && redacted(requestId, secrets), told, content];
  } catch (cause) {
    throw { sent: !wasNeverSent(cause), cause: isClean(cause, secrets) ? cause : retold(cause, secrets) };
  }
}

/** What hosts say where there was no connection to send anything over. */
const NOT_CONNECTED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ConnectionRefused"];

/**
 * Whether a failed request has certainly not reached the server. Most hosts do not tell: then it may have.
 *
 * @param {any} cause
 */
function wasNeverSent(cause) {
  try {
    // Tried at several addresses, all of them must have failed like that.
    const inner = cause?.cause ?? cause;
    const tried = Array.isArray(inner?.errors) && inner.errors.length > 0 ? inner.errors : [inner];
    return tried.every((/** @type {any} */ error) => NOT_CONNECTED.includes(error?.code));
  } catch {
    return false;
  }
}

/**
 * Values of the caller's own header fields: they may be secrets as well. Short ones say nothing, and stand everywhere.
 *
 * @param {Init} init
 */
function ownFields({ headers }) {
  return [...headers].filter(([name, value]) => name !== "accept" && value.length >= 8).map(([, value]) => value);
}

/**
 * `undefined` where the field is missing, may not be read, or the mock has no fields at all.
 *
 * @param {Answer} answer
 * @param {string} name
 */
function field({ headers }, name) {
  const value = typeof headers?.get === "function" ? headers.get(name) : /** @type {Record<string, unknown> | undefined} */ (headers)?.[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * Whoever reads takes it for what is not there. But it acknowledges nothing: it is one of a proxy or of another server.
 *
 * @param {Answer} response
 * @param {number} status
 * @param {Init} init
 */
function isEmptyPage(response, status, { method }) {
  return method !== "GET" && status === 200 && /^\s*(?:text\/html|application\/xhtml\+xml)\b/iu.test(field(response, "content-type") ?? "");
}

/**
 * A server may repeat the request in what it says, and the secret with it: as it is, or encoded for a URL, in either case of the
 * digits and more than once.
 *
 * @param {any} value
 * @param {string[]} secrets
 * @returns {any} the same but for the secrets
 */
function redacted(value, secrets) {
  if (typeof value === "string") return secrets.reduce(withoutSecret, value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => redacted(member, secrets));
  return Object.fromEntries(Object.entries(value).map((entry) => redacted(entry, secrets)));
}

/**
 * @param {string} text
 * @param {string} secret
 */
function withoutSecret(text, secret) {
  // What was read as a form has blanks in place of `+`.
  const plain = text.replaceAll(secret, "[secret]").replaceAll(secret.replaceAll("+", " "), "[secret]");
  return plain.includes("%") ? plain.replace(new RegExp(Array.from(secret, written).join(""), "g"), "[secret]") : plain;
}

/**
 * A character of a secret, percent-encoded any number of times or not at all. Secrets are ASCII, and so is what header fields carry.
 *
 * @param {string} character
 */
function written(character) {
  const same = character === "+" ? "+ " : character;
  const digits = Array.from(same, (one) => one.charCodeAt(0).toString(16).padStart(2, "0"));
  const anyCase = digits.join("|").replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  return `(?:[${same.replace(/[^\w ]/, "\\$&")}]|%(?:25)*(?:${anyCase}))`;
}

/**
 * @param {Answer} response
 * @param {number} status
 * @param {string} read
 * @param {BoundedText} boundedText
 * @param {string[]} secrets
 * @returns {Promise<Content>}
 */
async function contentOf(response, status, read, boundedText, secrets) {
  if (status === 204 || status === 205 || status === 304) return [EMPTY, undefined];
  if (status < 200 || status > 299) return errorContent(response, boundedText, secrets);
  let text = await boundedText(response);
  if (text === undefined) {
    if (read === "json" && typeof response.json === "function") return documentOf(/** @type {Required<Answer>} */ (response));
    text = await wholeText(response);
  }
  if (text === null) return [TOO_LARGE, undefined];
  if (read === "text") return [DOCUMENT, text];
  if (read === "json-or-empty" && text.trim() === "") return [EMPTY, undefined];
  try {
    return [DOCUMENT, JSON.parse(text)];
  } catch {
    // A parser's complaint quotes what it read, and a health value with it: it goes no further.
    return [NOT_JSON, undefined];
  }
}

/**
 * Of a mock that may have nothing but this.
 *
 * @param {Required<Answer>} response
 * @returns {Promise<Content>}
 */
async function documentOf(response) {
  try {
    return [DOCUMENT, await response.json()];
  } catch (/** @type {any} */ error) {
    // node-fetch has an error class of its own for it.
    if (error?.name === "SyntaxError" || error?.type === "invalid-json") return [NOT_JSON, undefined];
    throw error;
  }
}

/**
 * What came with an error: JSON, or text. The status counts, also where the rest of it breaks off or has no end.
 *
 * @param {Answer} response
 * @param {BoundedText} boundedText
 * @param {string[]} secrets
 * @returns {Promise<Content>}
 */
async function errorContent(response, boundedText, secrets) {
  let text;
  try {
    text = (await textOf(response, boundedText, ERROR_BYTES)) ?? "";
  } catch {
    return [EMPTY, undefined];
  }
  if (text.trim() === "") return [EMPTY, undefined];
  try {
    return [DOCUMENT, redacted(JSON.parse(text), secrets)];
  } catch {
    return [DOCUMENT, redacted(text, secrets)];
  }
}

/**
 * `null` beyond the bound.
 *
 * @param {Answer} response
 * @param {BoundedText} boundedText
 * @param {number} lower
 */
async function textOf(response, boundedText, lower) {
  const text = await boundedText(response, lower);
  return text === undefined ? wholeText(response) : text;
}

/**
 * Of a mock without a stream, which may have only one of the two methods.
 *
 * @param {Answer} response
 */
async function wholeText(response) {
  if (typeof response.text === "function") return response.text();
  return typeof response.json === "function" ? (JSON.stringify(await response.json()) ?? "") : "";
}

/**
 * Errors that the language and the platform make; others may print whatever they like.
 *
 * @type {unknown[]}
 */
const PLAIN = [Error, TypeError, RangeError, SyntaxError, globalThis.DOMException, Object, Array].map((known) => known?.prototype);

/**
 * Whether nothing in `value` can show a secret when it is printed.
 *
 * @param {unknown} value
 * @param {string[]} secrets
 * @returns {boolean}
 */
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

/**
 * An error made anew from what may be told of one: its name, its code, its message and its cause.
 *
 * @param {any} cause
 * @param {string[]} secrets
 * @returns {Error}
 */
function retold(cause, secrets, depth = 0) {
  const told = (/** @type {string} */ key) => {
    try {
      return typeof cause?.[key] === "string" ? redacted(cause[key], secrets) : undefined;
    } catch {
      return undefined;
    }
  };
  const inner = depth < 4 && cause instanceof Error && typeof cause.cause === "object" && cause.cause !== null;
  const error = new Error(told("message") ?? "the request failed", inner ? { cause: retold(cause.cause, secrets, depth + 1) } : undefined);
  const [name, code] = [told("name"), told("code")];
  if (name !== undefined) Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  if (code !== undefined) /** @type {NodeJS.ErrnoException} */ (error).code = code;
  return error;
}
