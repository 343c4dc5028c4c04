// The error classes of the package, and `instanceof` that holds wherever an error comes from.
//
// A program may contain the package more than once: as ESM and as CommonJS, bundled and not, in two versions. Each copy has its own classes,
// and a store of one copy is given to a client of another. So the classes are recognized by a mark that all copies know.

/** On the prototype of each class: its name. It is the same in all versions. */
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
    // A class that a user derives has no mark of its own, and is an ordinary class.
    const own = Object.getOwnPropertyDescriptor(this.prototype ?? {}, KIND);
    if (own === undefined) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && isOfKind(value, own.value);
  }
}

// Members of the classes below are declared in `pkg-template/errors.ts`; the functions below give them.

/** Something given to the library is wrong; nothing was sent. */
export class OptionError extends HumansyncError {}
/** The server answered with a status outside 2xx. */
export class ApiError extends HumansyncError {}
/** 401: the token or App Key is not, or no longer, valid. A secret function was called once more before. */
export class AuthenticationError extends ApiError {}
/** 403: the token or App Key is valid, but does not open this. */
export class PermissionError extends ApiError {}
/** 404: there is nothing at this path, e.g. no record with this id. */
export class NotFoundError extends ApiError {}
/** Any other 5xx: the server failed, and retries did not help. */
export class ServerError extends ApiError {}
/** 429, or 503 with Retry-After, when no retry is left or the wait is longer than `maxRetryDelay`. */
export class RateLimitError extends ApiError {}
/** No answer, and retries did not help. */
export class ConnectionError extends HumansyncError {}
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

/** Whether `object` is an instance of that kind, of whatever copy of the package. @type {(object: object | null, kind: unknown) => boolean} */
function isOfKind(object, kind) {
  try {
    for (; object !== null; object = Object.getPrototypeOf(object)) {
      if (Object.hasOwn(object, KIND) && Reflect.get(object, KIND) === kind) return true;
    }
  } catch {
    // A proxy that throws when it is inspected is not one of our errors.
  }
  return false;
}

/** Adds a member that may hold health values: it can be read, but no log takes it along. @type {(error: object, key: string, value: unknown) => void} */
function hide(error, key, value) {
  if (value !== undefined) Object.defineProperty(error, key, { value, configurable: true, writable: true });
}

/**
 * An error of one of the classes, whose constructors are for nobody else.
 *
 * @template {HumansyncError} E
 * @param {{ prototype: E }} kind
 * @param {string} code
 * @param {string} message
 * @param {unknown} [cause]
 * @param {object} [members]
 */
function create(kind, code, message, cause, members) {
  const Kind = /** @type {new (message: string, details: object) => E} */ (/** @type {unknown} */ (kind));
  return Object.assign(new Kind(message, { code, cause }), members);
}

// Rust and the package call these: a function for each error, with flat arguments.

/** @internal @type {(code: string, message: string, cause?: unknown) => HumansyncError} */
export function humansyncError(code, message, cause) {
  return create(HumansyncError, code, message, cause);
}

/** @internal @type {(option: string, message: string) => OptionError} */
export function optionError(option, message) {
  return create(OptionError, "option", message, undefined, { option });
}

/** @type {Partial<Record<number, readonly [kind: { prototype: ApiError }, code: string, hint: string]>>} */
const BY_STATUS = {
  401: [AuthenticationError, "authentication", ": the secret was not accepted; check that it is valid and not expired"],
  403: [PermissionError, "permission", ": the secret does not open this; check what its user has shared"],
  404: [NotFoundError, "not-found", ": there is nothing at this path"],
};

/** How a server asks for a pause, by its status. @type {Partial<Record<number, string>>} */
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
  const error = create(kind, code, message, undefined, { status, method, path });
  if (requestId !== undefined) Object.assign(error, { requestId });
  hide(error, "body", body);
  // A Date ends in the year 275760.
  if (isLimit && retryAt !== undefined) Object.assign(error, { retryAt: new Date(Math.min(retryAt, 8.64e15)) });
  return error;
}

/** @param {number | undefined} retryAt */
function askAgain(retryAt) {
  if (retryAt === undefined) return "";
  const isFar = retryAt - Date.now() > A_DAY;
  return `; ask again at \`retryAt\`${isFar ? " (that is more than a day from now: a call after an hour asks again all the same)" : ""}`;
}

/** @internal @type {(method: string, path: string, timeout: number | undefined, sent: boolean, cause: unknown) => ConnectionError} */
export function connectionError(method, path, timeout, sent, cause) {
  return timeout === undefined
    ? create(ConnectionError, "connection", `${method} ${path} was not answered: the connection failed or broke`, cause, { sent })
    : create(TimeoutError, "timeout", `${method} ${path} was not answered in ${timeout} ms (option \`timeout\`)`, undefined, { sent });
}

/** @internal @type {(code: string, message: string) => ProtocolError} */
export function protocolError(code, message) {
  return create(ProtocolError, code, message);
}

/** @internal @type {(code: string, message: string, cause?: unknown) => StoreError} */
export function storeError(code, message, cause) {
  return create(StoreError, code, message, cause);
}

/** What the library has put a report on, so that the next one may replace it. @type {WeakSet<object>} */
const reported = new WeakSet();

/**
 * `error` with the report: what a function of the caller threw stays what it is. A value that takes no property (a text, a frozen object),
 * or has a `report` of its own, becomes the `cause` of an error that does. What a source throws is passed on, as nothing was sent. The report
 * is hidden, as watermarks tell of a person's days.
 *
 * @internal
 * @type {(error: any, report: unknown, bySource: boolean) => unknown}
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
  const wrapper = humansyncError("thrown", "a function given to the library failed; what it threw is the `cause`", error);
  hide(wrapper, "report", report);
  return wrapper;
}

/** For calls after dispose, and for those that it ends. @internal */
export function closedError() {
  return humansyncError("closed", "the client is closed (it was disposed of); make a new one");
}
