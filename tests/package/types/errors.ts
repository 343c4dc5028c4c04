// Errors: their classes, what narrows to what, and that users do not make them.

import { type Same, holds } from "./equal.js";
import {
  ApiError,
  AuthenticationError,
  ConnectionError,
  HumansyncError,
  NotFoundError,
  OptionError,
  PermissionError,
  ProtocolError,
  RateLimitError,
  ServerError,
  StoreError,
  TimeoutError,
} from "humansync";

export function handled(error: unknown): void {
  if (error instanceof HumansyncError) {
    holds<Same<typeof error.code, string>>();
    const base: Error = error;
    void base;
    // @ts-expect-error: a code is read-only
    error.code = "other";
  }
  if (error instanceof OptionError) holds<Same<typeof error.option, string>>();
  if (error instanceof ApiError) {
    holds<Same<typeof error.status, number>>();
    holds<Same<typeof error.method, string>>();
    holds<Same<typeof error.path, string>>();
    holds<Same<typeof error.requestId, string | undefined>>();
    holds<Same<typeof error.body, unknown>>();
  }
  if (error instanceof RateLimitError) holds<Same<typeof error.retryAt, Date | undefined>>();
  if (error instanceof ConnectionError) holds<Same<typeof error.sent, boolean>>();
}

// Each is the kind that it says, and so is narrowed by its base.
const kinds: [ApiError[], ConnectionError[], HumansyncError[]] = [
  [{} as AuthenticationError, {} as PermissionError, {} as NotFoundError, {} as RateLimitError, {} as ServerError],
  [{} as TimeoutError],
  [{} as OptionError, {} as ApiError, {} as ConnectionError, {} as ProtocolError, {} as StoreError],
];
void kinds;

// @ts-expect-error: only the library makes errors
new HumansyncError("mine");
// @ts-expect-error: also the kinds of them
new NotFoundError("mine");
