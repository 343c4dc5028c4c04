// The error classes of the package, and `instanceof` that holds wherever an error comes from.
//
// A program may have the package more than once: as ESM and as CommonJS, bundled and not, in two versions. Each copy has classes of its own,
// and a store of one is given to a client of another. So the classes go by a mark that all copies know.

/** On each class's prototype: its name. It holds from version to version. */
const KIND = Symbol.for("humansync.error");

/**
 * Puts the class's name where Error.prototype has its own: on the prototype, not on each error. It is written out, for
 * bundlers rename classes.
 */
function named(name, constructor) {
  for (const object of [constructor, constructor.prototype]) {
    Object.defineProperty(object, "name", { value: name, configurable: true, writable: object !== constructor });
  }
  Object.defineProperty(constructor.prototype, KIND, { value: name });
  return constructor;
}

/** Whether this or a class above it is of that kind, in whatever copy. */
function isOfKind(object, kind) {
  while (object !== null) {
    if (Object.hasOwn(object, KIND) && object[KIND] === kind) return true;
    object = Object.getPrototypeOf(object);
  }
  return false;
}

/** What the server said may hold health values: it is there to be read, and no log takes it along. */
function hide(error, key, value) {
  if (value !== undefined) Object.defineProperty(error, key, { value, configurable: true, writable: true });
}

export const HumansyncError = named(
  "HumansyncError",
  class HumansyncError extends Error {
    constructor(message, { code, cause } = {}) {
      super(message, cause === undefined ? undefined : { cause });
      this.code = code ?? "humansync";
    }

    static [Symbol.hasInstance](value) {
      // What a user has derived from a class has no mark of its own, and is what it is.
      const own = Object.getOwnPropertyDescriptor(this.prototype ?? {}, KIND);
      if (own === undefined) return Function.prototype[Symbol.hasInstance].call(this, value);
      return typeof value === "object" && value !== null && isOfKind(value, own.value);
    }
  },
);

export const OptionError = named(
  "OptionError",
  class OptionError extends HumansyncError {
    constructor(option, message) {
      super(message, { code: "option" });
      this.option = option;
    }
  },
);

export const ApiError = named(
  "ApiError",
  class ApiError extends HumansyncError {
    constructor(message, { code, status, method, path, requestId, body }) {
      super(message, { code });
      this.status = status;
      this.method = method;
      this.path = path;
      if (requestId !== undefined) this.requestId = requestId;
      hide(this, "body", body);
    }
  },
);

export const AuthenticationError = named("AuthenticationError", class AuthenticationError extends ApiError {});
export const PermissionError = named("PermissionError", class PermissionError extends ApiError {});
export const NotFoundError = named("NotFoundError", class NotFoundError extends ApiError {});
export const ServerError = named("ServerError", class ServerError extends ApiError {});

export const RateLimitError = named(
  "RateLimitError",
  class RateLimitError extends ApiError {
    constructor(message, details) {
      super(message, details);
      // A Date ends in the year 275760.
      if (details.retryAt !== undefined) this.retryAt = new Date(Math.min(details.retryAt, 8.64e15));
    }
  },
);

export const ConnectionError = named(
  "ConnectionError",
  class ConnectionError extends HumansyncError {
    constructor(message, { code = "connection", sent, cause }) {
      super(message, { code, cause });
      this.sent = sent;
    }
  },
);

export const TimeoutError = named(
  "TimeoutError",
  class TimeoutError extends ConnectionError {
    constructor(message, details) {
      super(message, { ...details, code: "timeout" });
    }
  },
);

export const ProtocolError = named(
  "ProtocolError",
  class ProtocolError extends HumansyncError {
    constructor(code, message) {
      super(message, { code });
    }
  },
);

export const StoreError = named("StoreError", class StoreError extends HumansyncError {});

// What Rust calls: one function an error, with flat arguments.

export function optionError(option, message) {
  return new OptionError(option, message);
}

const BY_STATUS = {
  401: [AuthenticationError, "authentication", ": the secret was not accepted; check that it is valid and not expired"],
  403: [PermissionError, "permission", ": the secret does not open this; check what its user has shared"],
  404: [NotFoundError, "not-found", ": there is nothing at this path"],
};
const SERVER = [ServerError, "server", ": the server failed; the same request may succeed later"];

/** What asks for a pause, by its status. */
const PAUSED = {
  429: ": too many requests",
  503: ": the server cannot take requests for now",
};
/** A pause of more than this, in milliseconds, is mostly a mistake, and holds for an hour. */
const A_DAY = 86_400_000;

/** `pause`: 1 where the server wants a longer pause than the client sits out, 2 where nothing was sent because of one. */
export function apiError(status, method, path, requestId, retryAt, body, pause) {
  const isLimit = pause > 0 || status === 429 || (status === 503 && retryAt !== undefined);
  const [constructor, code, hint] = isLimit
    ? [RateLimitError, "rate-limit", (PAUSED[status] ?? ": the server asked for a pause") + askAgain(retryAt)]
    : (BY_STATUS[status] ?? (status >= 500 ? SERVER : [ApiError, "api", ""]));
  const message =
    pause === 2
      ? `${method} ${path} was not sent: the server asked for a pause (status ${status}) that is longer than \`maxRetryDelay\`${askAgain(retryAt)}`
      : `${method} ${path} was answered with status ${status}${hint}`;
  return new constructor(message, { code, status, method, path, requestId, retryAt, body });
}

function askAgain(retryAt) {
  if (retryAt === undefined) return "";
  const isFar = retryAt - Date.now() > A_DAY;
  return `; ask again at \`retryAt\`${isFar ? " (that is more than a day from now: a call after an hour asks again all the same)" : ""}`;
}

export function connectionError(method, path, timeout, sent, cause) {
  return timeout === undefined
    ? new ConnectionError(`${method} ${path} was not answered: the connection failed or broke`, { sent, cause })
    : new TimeoutError(`${method} ${path} was not answered in ${timeout} ms (option \`timeout\`)`, { sent });
}

export function protocolError(code, message) {
  return new ProtocolError(code, message);
}

export function storeError(code, message, cause) {
  return new StoreError(message, { code, cause });
}

/** What the library has put a report on, so that the next one may take its place. */
const reported = new WeakSet();

/**
 * `error` with the report: what a function of the caller threw stays what it is. What takes no property (a text, a frozen object), or has
 * a `report` of its own, becomes the `cause` of an error that does. What a source throws is about nothing that was sent, and is passed on. Watermarks tell of a person's days: they are there to be read,
 * and no log takes them along.
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
  const wrapper = new HumansyncError(message, { code: "thrown", cause: error });
  hide(wrapper, "report", report);
  return wrapper;
}

/** Behind dispose, or when it cuts a call short. */
export function closedError() {
  return new HumansyncError("the client is closed (it was disposed of); make a new one", { code: "closed" });
}

/** What an aborted call rejects with: the signal's reason; polyfills may have none. */
export function abortReason(signal) {
  try {
    const { reason } = signal;
    return reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
  } catch (error) {
    return error;
  }
}
