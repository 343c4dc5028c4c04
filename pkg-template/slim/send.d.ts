/**
 * What of humansync sends samples, without its WebAssembly: call `init` once before anything else. It loads `send.wasm`, which
 * has this and nothing else.
 *
 * Everything used before gives a HumansyncError with the code "not-loaded".
 */
export type {
  CallOptions,
  ClientEvent,
  ClientOptions,
  CompiledModule,
  DataType,
  DevicePlan,
  Instant,
  PlanOptions,
  Rejection,
  Sample,
  SampleInput,
  SampleFormat,
  SampleSource,
  SampleUploaderOptions,
  Secret,
  Store,
  Unit,
  UploadFailure,
  UploadOptions,
  UploadPlan,
  UploadProgress,
  UploadReport,
  Watermark,
} from "../index.js";
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
  init,
  SampleUploader,
} from "../index.js";
