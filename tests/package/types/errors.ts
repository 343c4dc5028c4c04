// Errors: their classes, how they narrow, and that users cannot construct them.

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

// Each class extends its base.
const kinds: [ApiError[], ConnectionError[], HumansyncError[]] = [
  [{} as AuthenticationError, {} as PermissionError, {} as NotFoundError, {} as RateLimitError, {} as ServerError],
  [{} as TimeoutError],
  [{} as OptionError, {} as ApiError, {} as ConnectionError, {} as ProtocolError, {} as StoreError],
];
void kinds;

// @ts-expect-error: only the library constructs errors
new HumansyncError("mine");
// @ts-expect-error: only the library constructs errors, of derived classes too
new NotFoundError("mine");
