// The error classes of the package, and `instanceof` that holds wherever an error comes from.
//
// A program may have the package more than once: as ESM and as CommonJS, bundled and not, in two versions. Each copy has classes of its own,
// and a store of one is given to a client of another. So the classes go by a mark that all copies know.

/** On each class's prototype: its name. It holds from version to version. */
const KIND = Symbol.for("humansync.error");

/**
 * Base of all errors. Messages carry no secret and no health value. An aborted call rejects with the signal's own reason
 * instead. Only the library makes errors.
 */
export class HumansyncError extends Error {
  /**
   * What happened, for programs: e.g. `"not-loaded"`.
   * @readonly
   */
  code;

  /**
   * @protected
   * @param {string} message
   * @param {{ code?: string | undefined, cause?: unknown }} [details]
   */
  constructor(message, { code = "humansync", cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }

  /**
   * @internal
   * @override
   * @param {unknown} value
   */
  static [Symbol.hasInstance](value) {
    // What a user has derived from a class has no mark of its own, and is what it is.
    const own = Object.getOwnPropertyDescriptor(this.prototype ?? {}, KIND);
    if (own === undefined) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && isOfKind(value, own.value);
  }
}

/** Something given to the library is wrong; nothing was sent. */
export class OptionError extends HumansyncError {
  /**
   * Name of the option, as it is written in the call.
   * @readonly
   */
  option;

  /**
   * @internal
   * @protected
   * @param {string} message
   * @param {{ option: string }} details
   */
  constructor(message, { option }) {
    super(message, { code: "option" });
    this.option = option;
  }
}

/** The server answered with a status outside 2xx. */
export class ApiError extends HumansyncError {
  /**
   * HTTP status.
   * @readonly
   */
  status;
  /**
   * HTTP method of the request.
   * @readonly
   */
  method;
  /**
   * Path of the request, without its query.
   * @readonly
   */
  path;

  /**
   * @internal
   * @protected
   * @param {string} message
   * @param {{ code: string, status: number, method: string, path: string, requestId?: string | undefined, body?: unknown }} details
   */
  constructor(message, { code, status, method, path, requestId, body }) {
    super(message, { code });
    this.status = status;
    this.method = method;
    this.path = path;
    if (requestId !== undefined) Object.assign(this, { requestId });
    hide(this, "body", body);
  }
}

/** 401: the token or App Key is not, or no longer, valid. A secret function was called once more before. */
export class AuthenticationError extends ApiError {}
/** 403: the token or App Key is valid, but does not open this. */
export class PermissionError extends ApiError {}
/** 404: there is nothing at this path, e.g. no record with this id. */
export class NotFoundError extends ApiError {}
/** Any other 5xx: the server failed, and retries did not help. */
export class ServerError extends ApiError {}

/** 429, or 503 with Retry-After, when no retry is left or the wait is longer than `maxRetryDelay`. */
export class RateLimitError extends ApiError {
  /**
   * @internal
   * @protected
   * @param {string} message
   * @param {{ code: string, status: number, method: string, path: string, requestId?: string | undefined, body?: unknown, retryAt?: number | undefined }} details
   */
  constructor(message, details) {
    super(message, details);
    // A Date ends in the year 275760.
    if (details.retryAt !== undefined) Object.assign(this, { retryAt: new Date(Math.min(details.retryAt, 8.64e15)) });
  }
}

/** No answer, and retries did not help. */
export class ConnectionError extends HumansyncError {
  /**
   * Whether the server may have seen the request; true wherever that cannot be known.
   * @readonly
   */
  sent;

  /**
   * @internal
   * @protected
   * @param {string} message
   * @param {{ code: string, cause?: unknown, sent: boolean }} details
   */
  constructor(message, { code, cause, sent }) {
    super(message, { code, cause });
    this.sent = sent;
  }
}

/** No answer within `timeout`, and retries did not help. */
export class TimeoutError extends ConnectionError {}
/** The answer breaks the API's contract: not JSON, no acknowledgement of what was sent, a next link to another origin, a walk that turns in circles. */
export class ProtocolError extends HumansyncError {}
/** A store failed, or returned something other than what was stored (`code` `"damaged"`). */
export class StoreError extends HumansyncError {}

// Bundlers rename classes: each has its name on its prototype, where Error.prototype has its own, and not on each error.
for (const [name, kind] of Object.entries({
  HumansyncError,
  OptionError,
  ApiError,
  AuthenticationError,
  PermissionError,
  NotFoundError,
  ServerError,
  RateLimitError,
  ConnectionError,
  TimeoutError,
  ProtocolError,
  StoreError,
})) {
  Object.defineProperty(kind, "name", { value: name, configurable: true });
  Object.defineProperty(kind.prototype, "name", { value: name, configurable: true, writable: true });
  Object.defineProperty(kind.prototype, KIND, { value: name });
}

/**
 * Whether this or a class above it is of that kind, in whatever copy.
 *
 * @param {object | null} object
 * @param {unknown} kind
 */
function isOfKind(object, kind) {
  while (object !== null) {
    if (Object.hasOwn(object, KIND) && Reflect.get(object, KIND) === kind) return true;
    object = Object.getPrototypeOf(object);
  }
  return false;
}

/**
 * What the server said may hold health values: it is there to be read, and no log takes it along.
 *
 * @param {object} error
 * @param {string} key
 * @param {unknown} value
 */
function hide(error, key, value) {
  if (value !== undefined) Object.defineProperty(error, key, { value, configurable: true, writable: true });
}

/**
 * `new`, of classes whose constructors are for nobody else.
 *
 * @template {HumansyncError} E
 * @param {{ prototype: E }} kind
 * @param {string} message
 * @param {object} details
 */
function create(kind, message, details) {
  return new (/** @type {new (message: string, details: object) => E} */ (/** @type {unknown} */ (kind)))(message, details);
}

// What Rust and the package call: one function an error, with flat arguments.

/**
 * @internal
 * @param {string} code
 * @param {string} message
 * @param {unknown} [cause]
 */
export function humansyncError(code, message, cause) {
  return create(HumansyncError, message, { code, cause });
}

/**
 * @internal
 * @param {string} option
 * @param {string} message
 */
export function optionError(option, message) {
  return create(OptionError, message, { option });
}

/** @type {Partial<Record<number, readonly [kind: { prototype: ApiError }, code: string, hint: string]>>} */
const BY_STATUS = {
  401: [AuthenticationError, "authentication", ": the secret was not accepted; check that it is valid and not expired"],
  403: [PermissionError, "permission", ": the secret does not open this; check what its user has shared"],
  404: [NotFoundError, "not-found", ": there is nothing at this path"],
};

/**
 * What asks for a pause, by its status.
 *
 * @type {Partial<Record<number, string>>}
 */
const PAUSED = {
  429: ": too many requests",
  503: ": the server cannot take requests for now",
};
/** A pause of more than this, in milliseconds, is mostly a mistake, and holds for an hour. */
const A_DAY = 86_400_000;

/**
 * @internal
 * @param {number} status
 * @param {string} method
 * @param {string} path
 * @param {string | undefined} requestId
 * @param {number | undefined} retryAt
 * @param {unknown} body
 * @param {number} pause 1 where the server wants a longer pause than the client sits out, 2 where nothing was sent because of one
 */
export function apiError(status, method, path, requestId, retryAt, body, pause) {
  const isLimit = pause > 0 || status === 429 || (status === 503 && retryAt !== undefined);
  const [kind, code, hint] = isLimit
    ? [RateLimitError, "rate-limit", (PAUSED[status] ?? ": the server asked for a pause") + askAgain(retryAt)]
    : (BY_STATUS[status] ?? (status >= 500 ? [ServerError, "server", ": the server failed; the same request may succeed later"] : [ApiError, "api", ""]));
  const message =
    pause === 2
      ? `${method} ${path} was not sent: the server asked for a pause (status ${status}) that is longer than \`maxRetryDelay\`${askAgain(retryAt)}`
      : `${method} ${path} was answered with status ${status}${hint}`;
  return create(kind, message, { code, status, method, path, requestId, retryAt, body });
}

/** @param {number | undefined} retryAt */
function askAgain(retryAt) {
  if (retryAt === undefined) return "";
  const isFar = retryAt - Date.now() > A_DAY;
  return `; ask again at \`retryAt\`${isFar ? " (that is more than a day from now: a call after an hour asks again all the same)" : ""}`;
}

/**
 * @internal
 * @param {string} method
 * @param {string} path
 * @param {number | undefined} timeout
 * @param {boolean} sent
 * @param {unknown} cause
 */
export function connectionError(method, path, timeout, sent, cause) {
  return timeout === undefined
    ? create(ConnectionError, `${method} ${path} was not answered: the connection failed or broke`, { code: "connection", sent, cause })
    : create(TimeoutError, `${method} ${path} was not answered in ${timeout} ms (option \`timeout\`)`, { code: "timeout", sent });
}

/**
 * @internal
 * @param {string} code
 * @param {string} message
 */
export function protocolError(code, message) {
  return create(ProtocolError, message, { code });
}

/**
 * @internal
 * @param {string} code
 * @param {string} message
 * @param {unknown} [cause]
 */
export function storeError(code, message, cause) {
  return create(StoreError, message, { code, cause });
}

/**
 * What the library has put a report on, so that the next one may take its place.
 *
 * @type {WeakSet<object>}
 */
const reported = new WeakSet();

/**
 * `error` with the report: what a function of the caller threw stays what it is. What takes no property (a text, a frozen object), or has
 * a `report` of its own, becomes the `cause` of an error that does. What a source throws is about nothing that was sent, and is passed on. Watermarks tell of a person's days: they are there to be read,
 * and no log takes them along.
 *
 * @internal
 * @param {any} error
 * @param {unknown} report
 * @param {boolean} bySource
 */
export function withReport(error, report, bySource) {
  if (bySource && !(error instanceof HumansyncError)) return error;
  try {
    if (error instanceof HumansyncError || reported.has(error) || !("report" in error)) {
      hide(error, "report", report);
      reported.add(error);
      return error;
    }
  } catch {
    // A primitive, a frozen object, or a proxy that does not want it.
  }
  const message = "a function given to the library failed; what it threw is the `cause`";
  const wrapper = humansyncError("thrown", message, error);
  hide(wrapper, "report", report);
  return wrapper;
}

/**
 * For calls after dispose, and for those that it ends.
 *
 * @internal
 */
export function closedError() {
  return humansyncError("closed", "the client is closed (it was disposed of); make a new one");
}

/**
 * What an aborted call rejects with: the signal's reason; polyfills may have none.
 *
 * @internal
 * @param {AbortSignal} signal
 * @returns {unknown}
 */
export function abortReason(signal) {
  try {
    const { reason } = signal;
    return reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
  } catch (error) {
    return error;
  }
}
