// Reading an answer of any fetch-compatible function, real or mocked, in one crossing. JSON becomes objects by the
// engine's own parser and stays on this side.

const FIELDS = ["link", "x-total-count", "retry-after", "date"];
/** Kinds of content, as Rust knows them. */
const EMPTY = 0;
const DOCUMENT = 1;
const NOT_JSON = 2;

/**
 * Sends the request and reads the whole answer: `[status, ...FIELDS, request id, kind of content, content]`.
 * `read` is "json", "json-or-empty" or "text". Rejects with `{ sent, cause }` where no answer came.
 */
export async function exchange(fetch, url, init, read, secret) {
  let response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    throw broken(cause, secret);
  }
  if (typeof response?.status !== "number") {
    throw broken(new TypeError("`fetch` did not give a Response: it has no status"), secret);
  }
  const { status } = response;
  const fields = FIELDS.map((name) => field(response, name, secret));
  const requestId = field(response, "x-request-id", secret) ?? field(response, "x-humanapi-request-id", secret);
  // A redirect that is not followed: browsers hide all of it.
  if (response.type === "opaqueredirect") {
    return [0, ...fields, requestId, EMPTY, undefined];
  }
  let kind, content;
  try {
    [kind, content] = await contentOf(response, status, read, secret);
  } catch (cause) {
    throw broken(cause, secret);
  }
  return [status, ...fields, requestId, kind, content];
}

/** `undefined` where the field is missing, may not be read, or the mock has no fields at all. */
function field({ headers }, name, secret) {
  const value = typeof headers?.get === "function" ? headers.get(name) : headers?.[name];
  return typeof value === "string" ? without(value, secret) : undefined;
}

/** A server may repeat the request in what it says, and the secret with it. */
function without(text, secret) {
  return text.replaceAll(secret, "[secret]");
}

async function contentOf(response, status, read, secret) {
  if (status === 204 || status === 205 || status === 304) return [EMPTY, undefined];
  const good = status >= 200 && status <= 299;
  if (good && read === "json") {
    try {
      return [DOCUMENT, await response.json()];
    } catch (error) {
      // A parser's complaint quotes what it read, and a health value with it: it goes no further.
      if (error?.name === "SyntaxError") return [NOT_JSON, undefined];
      throw error;
    }
  }
  const text = await textOf(response);
  if (good && read === "text") return [DOCUMENT, text];
  if (text.trim() === "") return [EMPTY, undefined];
  const safe = good ? text : without(text, secret);
  try {
    return [DOCUMENT, JSON.parse(safe)];
  } catch {
    return good ? [NOT_JSON, undefined] : [DOCUMENT, safe];
  }
}

/** Mocks may have only one of the two. */
async function textOf(response) {
  if (typeof response.text === "function") return response.text();
  return typeof response.json === "function" ? (JSON.stringify(await response.json()) ?? "") : "";
}

/** Nothing tells whether a request that failed has reached the server: it may have. */
function broken(cause, secret) {
  return { sent: true, cause: isClean(cause, secret) ? cause : summary(cause, secret) };
}

/**
 * Whether nothing in `value` can show `secret` when it is printed: texts are looked into, and so are errors, arrays and
 * plain objects; anything else may hold whatever it likes, as a Request holds its headers.
 */
function isClean(value, secret, depth = 0) {
  if (typeof value === "string") return !value.includes(secret);
  if (typeof value !== "object" || value === null) return typeof value !== "function" && typeof value !== "symbol";
  const prototype = Object.getPrototypeOf(value);
  const known = value instanceof Error || Array.isArray(value) || prototype === null || prototype === Object.prototype;
  return known && depth < 8 && Reflect.ownKeys(value).every((key) => {
    const { value: member } = Reflect.getOwnPropertyDescriptor(value, key);
    return (typeof key === "symbol" || isClean(key, secret)) && isClean(member, secret, depth + 1);
  });
}

/** What may be told of an error that is not clean. */
function summary(cause, secret) {
  const said = ["name", "code", "message"].map((key) => cause?.[key]).filter((text) => typeof text === "string");
  return new Error(said.filter((text) => isClean(text, secret)).join(": ") || "the request failed");
}
