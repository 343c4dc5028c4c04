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
    /** How far an upload got that this error has ended. Not enumerable, so that logs do not include it. What a listener or a secret
     *  function threw gets a report, too; if it cannot have one, it is the `cause` of an error with the code `"thrown"`. */
    readonly report?: UploadReport;
  }
  interface OptionError {
    /** Name of the option, as it is written in the call. */
    readonly option: string;
  }
  interface ApiError {
    /** HTTP status. */
    readonly status: number;
    /** HTTP method of the request. */
    readonly method: string;
    /** Path of the request, without its query. */
    readonly path: string;
    /** The server's name for this request, for its support. */
    readonly requestId?: string;
    /** What the server answered; not enumerable, so that logs do not include it. */
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
