// The error classes of the package. They are made here, once, so that `instanceof` holds wherever an error comes from.

/**
 * Puts the class's name where Error.prototype has its own: on the prototype, not on each error. It is written out, for
 * bundlers rename classes.
 */
function named(name, constructor) {
  for (const object of [constructor, constructor.prototype]) {
    Object.defineProperty(object, "name", { value: name, configurable: true, writable: object !== constructor });
  }
  return constructor;
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
      if (details.retryAt !== undefined) this.retryAt = new Date(details.retryAt);
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

const API_ERRORS = { ApiError, AuthenticationError, PermissionError, NotFoundError, RateLimitError, ServerError };

// What Rust calls: one function an error, with flat arguments.

export function optionError(option, message) {
  return new OptionError(option, message);
}

export function apiError(name, code, message, status, method, path, requestId, retryAt, body) {
  return new API_ERRORS[name](message, { code, status, method, path, requestId, retryAt, body });
}

export function connectionError(timedOut, message, sent, cause) {
  return timedOut ? new TimeoutError(message, { sent }) : new ConnectionError(message, { sent, cause });
}

export function protocolError(code, message) {
  return new ProtocolError(code, message);
}

/** Behind dispose, or when it cuts a call short. */
export function closedError() {
  return new HumansyncError("the client is closed (it was disposed of); make a new one", { code: "closed" });
}
