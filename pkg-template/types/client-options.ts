// What all clients are made with, and tell.

/**
 * A secret, or a function that yields one. The function's answer is kept until a 401; then it is asked once more, once for
 * all requests in flight, and a second 401 is final. `timeout` does not hold for it, as it may ask a person; a signal and
 * `close()` end the wait. What it throws, calls reject with as it is.
 */
export type Secret = string | (() => string | Promise<string>);

export interface ClientOptions {
  /** Origin, and optional path prefix, of the API. Default `"https://api.humanapi.co"`. */
  baseUrl?: string | undefined;
  /** Any fetch-compatible function; the global one by default. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Sent with every request, besides the library's own. */
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
  /** Requests in flight at once, over everything this client does. Default 6. */
  concurrency?: number | undefined;
  /** Plain http: is refused but for `localhost`, 127.0.0.0/8 and [::1], unless this is true. */
  allowHttp?: boolean | undefined;
  /** Told of requests, answers, retries and warnings. Carries no secret and no health value. */
  onEvent?: ((event: ClientEvent) => void) | undefined;
}

/** What a client does, as it does it. `id` is the same for all attempts of one request; times are in milliseconds. */
export type ClientEvent =
  | { type: "request"; id: number; method: string; path: string; attempt: number }
  | { type: "response"; id: number; status: number; durationMs: number; requestId?: string }
  | { type: "retry"; id: number; attempt: number; delayMs: number; reason: string }
  | { type: "warning"; code: string; message: string };

/** Options of a call for one object. */
export interface CallOptions {
  /** Ends what is under way; it then rejects with the signal's own reason. */
  signal?: AbortSignal | undefined;
}
