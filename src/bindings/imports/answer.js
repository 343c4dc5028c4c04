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
 * `boundedText` reads content up to the client's limit. Rejects with `{ unsent, cause }` where there was no answer.
 *
 * @param {(url: string, init: Init) => Promise<Answer>} fetch
 * @param {string} url
 * @param {Init} init
 * @param {"json" | "json-or-empty" | "text"} read
 * @param {BoundedText} boundedText
 */
export async function exchange(fetch, url, init, read, boundedText) {
  try {
    if (knows("credentials") && knows("cache")) {
      init.credentials = "omit";
      // Health data stays out of the browser's cache, and no answer comes out of it.
      init.cache = "no-store";
    }
    const response = await fetch(url, init);
    if (typeof response?.status !== "number") throw new TypeError("`fetch` did not give a Response: it has no status");
    const { status } = response;
    const fields = FIELDS.map((name) => field(response, name));
    const requestId = field(response, "x-request-id") ?? field(response, "x-humanapi-request-id");
    // A redirect that is not followed: browsers hide all of it.
    if (response.type === "opaqueredirect") return [0, ...fields, undefined, EMPTY, undefined];
    const [kind, content] = await contentOf(response, status, read, boundedText);
    const acknowledged = kind === EMPTY && isEmptyPage(response, status, init) ? NOT_JSON : kind;
    return [status, ...fields, requestId, acknowledged, content];
  } catch (cause) {
    throw { unsent: wasNeverSent(cause), cause };
  }
}

/** Workers that have no cookies and no cache throw where these are set. @param {string} name */
function knows(name) {
  try {
    return Reflect.has(Request.prototype, name);
  } catch {
    return true;
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

/** @type {(response: Answer, status: number, read: string, boundedText: BoundedText) => Content} */
async function contentOf(response, status, read, boundedText) {
  if (status === 204 || status === 205 || status === 304) return [EMPTY];
  if (status < 200 || status > 299) return errorContent(response, boundedText);
  let text = await boundedText(response);
  if (text === undefined) {
    if (read === "json" && typeof response.json === "function") return documentOf(response);
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

/** Of a mock that may have no other method than `json`. @param {Answer} response @returns {Content} */
async function documentOf(response) {
  try {
    const document = await response.json?.();
    // A copy, so that no later reading of the list runs code of the mock.
    return [DOCUMENT, Array.isArray(document) ? [...document] : document];
  } catch (/** @type {any} */ error) {
    // node-fetch has an error class of its own for it.
    if (error?.name === "SyntaxError" || error?.type === "invalid-json") return [NOT_JSON];
    throw error;
  }
}

/**
 * The content of an error: JSON, or text. The status is reported also where the content breaks off or has no end.
 * @type {(response: Answer, boundedText: BoundedText) => Content}
 */
async function errorContent(response, boundedText) {
  let text;
  try {
    text = await boundedText(response, ERROR_BYTES);
    if (text === undefined) text = await wholeText(response);
  } catch {
    return [EMPTY];
  }
  if (text === null || text.trim() === "") return [EMPTY];
  try {
    return [DOCUMENT, JSON.parse(text)];
  } catch {
    return [DOCUMENT, text];
  }
}

/** Of a mock without a stream, which may have only one of the two methods. @param {Answer} response */
async function wholeText(response) {
  if (typeof response.text === "function") return response.text();
  return typeof response.json === "function" ? (JSON.stringify(await response.json()) ?? "") : "";
}
