// The error classes, as every entry exports them: the same ones, whichever is imported.

import type { UploadReport } from "./types/uploads.js";

export {
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
} from "./core/errors.js";

// The members of the errors, which JavaScript cannot declare without giving them a value.
declare module "./core/errors.js" {
  interface HumansyncError {
    /** Of an upload that could not go on: what it came to. Not enumerable, so that no log takes it along. What a listener or a secret
     *  function threw gets one as well; where it can take none, it is the `cause` of an error with the code `"thrown"`. */
    readonly report?: UploadReport;
  }
  interface OptionError {
    /** Name of the option, as it is written in the call. */
    readonly option: string;
  }
  interface ApiError {
    readonly status: number;
    readonly method: string;
    readonly path: string;
    /** The server's name for this request, for its support. */
    readonly requestId?: string;
    /** What the server said; not enumerable, so that no log takes it along. */
    readonly body?: unknown;
  }
  interface RateLimitError {
    /** When the server takes requests again. */
    readonly retryAt?: Date;
  }
  interface ConnectionError {
    /** Whether the server may have seen the request; true wherever that cannot be known. */
    readonly sent: boolean;
  }
}
