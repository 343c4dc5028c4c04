// What every entry exports, besides its own `init`.

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
export { AppClient, HumanClient, parseLinkHeader, parseRetryAfter, queryString, SampleUploader } from "./surface.js";
