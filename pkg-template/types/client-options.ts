// What all clients are made with, and tell.

/**
 * A secret, or a function that yields one. The function's answer is kept until a 401; then it is asked once more, once for
 * all requests in flight, and a second 401 is final. `timeout` does not hold for it, as it may ask a person; a signal and
 * `close()` end the wait. What it throws, calls reject with as it is. It must not call the client that it is for: that call would wait
 * for the function, and the function for that call.
 */
export type Secret = string | (() => string | Promise<string>);

/**
 * Shared by everything that uses one App Key or one token, in however many clients and processes: it says when a request may be sent. Each
 * client's own `concurrency` and pauses hold besides.
 */
export interface Limiter {
  /**
   * Waits for a place, and resolves with the function that gives it back, which is called once, when the answer is there or the request has
   * failed. Waits out a pause as well. Rejects with the signal's reason when that aborts. What else it rejects with, the call rejects with.
   */
  enter(signal: AbortSignal): Promise<() => void>;
  /** The server has asked for a pause (Retry-After), or has answered 429 without saying how long: then it is a second. A later call with an
   *  earlier time must not shorten it. It is awaited before the place is given back, so that nobody who waits for the place misses it. */
  pause(until: Date): void | Promise<void>;
}

export interface ClientOptions {
  /** Origin, and optional path prefix, of the API. Default `"https://api.humanapi.co"`. */
  baseUrl?: string | undefined;
  /** Any fetch-compatible function; the global one by default. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Sent with every request, besides the library's own; not `authorization`, `accept` or `content-type`. */
  headers?: Record<string, string> | undefined;
  /** Longest time for one attempt, body included, in milliseconds. Default 30 000. */
  timeout?: number | undefined;
  /** Most bytes of one answer, uncompressed: a larger one is cancelled while it comes in, and rejects with ProtocolError (`too-large`).
   *  `Infinity` is no bound. A list's answer of more than 100 000 records rejects with the same, whatever this says. Default 67 108 864 (64 MiB). */
  maxResponseBytes?: number | undefined;
  /** Attempts after the first. Default 4. */
  maxRetries?: number | undefined;
  /** Longest wait that the client sits out by itself, in milliseconds; a longer Retry-After rejects with RateLimitError
   *  carrying `retryAt`. It is never shortened. Default 120 000. */
  maxRetryDelay?: number | undefined;
  /** Requests in flight at once, over everything this client does. At most 256; default 6. */
  concurrency?: number | undefined;
  /** Shared with other clients, also in other processes. Default: each client has its own lanes. */
  limiter?: Limiter | undefined;
  /** Plain http: is refused but for `localhost`, 127.0.0.0/8 and [::1], unless this is true. */
  allowHttp?: boolean | undefined;
  /** Told of requests, answers, retries and warnings. Carries no secret and no health value. */
  onEvent?: ((event: ClientEvent) => void) | undefined;
}

/** What a client does, as it does it. `id` is the same for all attempts of one request; times are in milliseconds. */
export type ClientEvent =
  | {
      /** A request is about to be sent. */
      type: "request";
      id: number;
      method: string;
      /** Without the query. */
      path: string;
      /** From 1. */
      attempt: number;
    }
  | {
      /** An answer came, whatever its status. */
      type: "response";
      id: number;
      status: number;
      /** From the request to the end of the body. */
      durationMs: number;
      /** The server's name for the request, where it gives one. */
      requestId?: string;
    }
  | {
      /** An attempt failed, and another one will follow. */
      type: "retry";
      id: number;
      /** The attempt that failed. */
      attempt: number;
      /** The wait before the next one. */
      delayMs: number;
      /** `"status 503"` and the like, `"connection"`, `"timeout"`, `"size"` (the answer was too large) or `"secret"` (it was refused). */
      reason: string;
    }
  | {
      /** Something that you should know, and that is no error. */
      type: "warning";
      /** E.g. `"count-short"`. */
      code: string;
      /** What it means, and what to do. */
      message: string;
    };

/** Options of a call for one object. */
export interface CallOptions {
  /** Ends what is under way; it then rejects with the signal's own reason. */
  signal?: AbortSignal | undefined;
}
