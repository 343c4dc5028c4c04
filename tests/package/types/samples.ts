// Sending samples: the options, the sources, and the results.

import { type Answer, type Same, holds } from "./equal.js";
import {
  SampleUploader,
  type ClientEvent,
  type ClientOptions,
  type DataType,
  type DevicePlan,
  HumansyncError,
  type Instant,
  type Lease,
  type PlanOptions,
  type Rejection,
  type Sample,
  type SampleFormat,
  type SampleInput,
  type SampleSource,
  type SampleUploaderOptions,
  type Secret,
  type Store,
  type Unit,
  type UploadFailure,
  type UploadOptions,
  type UploadPlan,
  type UploadProgress,
  type UploadReport,
  type Watermark,
} from "humansync";

const store: Store = {
  get: async (key: string) => (key === "" ? undefined : new Uint8Array(1)),
  set: async (_key, value, lease) => holds<Same<[typeof value, typeof lease], [Uint8Array, Lease | undefined]>>(),
  delete: async (_key, lease) => holds<Same<typeof lease, Lease | undefined>>(),
  keys: async (prefix) => [prefix],
  lock: (_name, work) => work({ signal: new AbortController().signal, token: 1 }),
};

// Every option may be set, and each optional one may be undefined.
const uploader = new SampleUploader({
  baseUrl: "https://samples.example",
  token: async () => "t",
  path: "/in",
  store,
  account: "a",
  batchSize: 1000,
  onUnknown: "hold",
  fetch: async () => new Response(),
  headers: { "x-study": "7" },
  timeout: 1000,
  maxResponseBytes: 1_000_000,
  maxRetries: 0,
  maxRetryDelay: 1,
  concurrency: 1,
  allowHttp: true,
  onEvent: (event: ClientEvent) => void event,
});
new SampleUploader({
  baseUrl: "https://samples.example",
  token: "t",
  path: undefined,
  store: undefined,
  account: undefined,
  batchSize: undefined,
  onUnknown: undefined,
  fetch: undefined,
  headers: undefined,
  timeout: undefined,
  maxResponseBytes: undefined,
  maxRetries: undefined,
  maxRetryDelay: undefined,
  concurrency: undefined,
  allowHttp: undefined,
  onEvent: undefined,
});
holds<Same<SampleUploaderOptions extends ClientOptions ? true : false, true>>();
holds<Same<SampleUploaderOptions["token"], Secret>>();
holds<Same<SampleUploaderOptions["baseUrl"], string>>();
holds<Same<Exclude<SampleUploaderOptions["onUnknown"], undefined>, "resend" | "hold">>();

// @ts-expect-error: the origin is required
new SampleUploader({ token: "t" });
// @ts-expect-error: the token is required
new SampleUploader({ baseUrl: "https://samples.example" });
// @ts-expect-error: the option's name is `token` here
new SampleUploader({ baseUrl: "https://samples.example", accessToken: "t" });
// @ts-expect-error: onUnknown has two values
new SampleUploader({ baseUrl: "https://samples.example", token: "t", onUnknown: "drop" });
// @ts-expect-error: a promise of a store is not a store
new SampleUploader({ baseUrl: "https://samples.example", token: "t", store: Promise.resolve(store) });
// @ts-expect-error: a store has locks
new SampleUploader({ baseUrl: "https://samples.example", token: "t", store: { ...store, lock: undefined } });

// Samples.
const sample: Sample = { device_name: "iPhone", start_date: "2023-11-01T08:04:51.000+04:00", unit: "count", value: 14 };
const samples: Sample[] = [
  sample,
  { ...sample, device_version: "17.0.3", end_date: new Date() },
  { ...sample, device_version: undefined, end_date: undefined },
  { ...sample, device_version: null, end_date: null, start_date: 0 },
];
holds<Same<Unit, "count" | "count/min" | "count/s">>();
holds<Same<DataType, "steps" | "bpm">>();
holds<Same<Sample["start_date"], Instant>>();
// @ts-expect-error: a sample has a value
const valueless: Sample = { device_name: "iPhone", start_date: 0, unit: "count" };
// @ts-expect-error: the API has no such unit
const unitless: Sample = { ...sample, unit: "steps" };
// @ts-expect-error: a start cannot be null
const startless: Sample = { ...sample, start_date: null };
// @ts-expect-error: the API knows no such field
const stray: Sample = { device_name: "iPhone", start_date: 0, unit: "count", value: 1, devicename: "iPhone" };
void [valueless, unitless, startless, stray];

// Sources.
async function* measured(): AsyncGenerator<Sample> {
  yield sample;
}
async function* measuredText(): AsyncGenerator<string> {
  yield "text";
}
function* pieces(): Generator<Uint8Array> {
  yield new Uint8Array(1);
}
declare const file: File;
declare const response: Response;
declare const stream: ReadableStream<Uint8Array>;
declare const readable: AsyncIterable<Uint8Array>;
const sources: SampleSource[] = [
  samples,
  new Set(samples),
  measured(),
  pieces(),
  "text",
  new Uint8Array(1),
  new ArrayBuffer(1),
  new DataView(new ArrayBuffer(1)),
  new Blob([]),
  file,
  response,
  stream,
  readable,
  samples as readonly Sample[],
  // Text in pieces, and objects as a stream.
  ["text", " in ", "pieces"],
  new Set(["text"]),
  measuredText(),
  new ReadableStream<string>(),
  new ReadableStream<Sample>(),
  [new ArrayBuffer(1), new DataView(new ArrayBuffer(1))],
  response.body!.pipeThrough(new TextDecoderStream()),
];
// A unit of the type `string` compiles, and is checked at run time.
const widened = [{ device_name: "iPhone", start_date: 0, unit: "count", value: 14 }];
holds<Same<(typeof widened)[0]["unit"], string>>();
void uploader.upload("steps", widened);
holds<Same<Sample extends SampleInput ? true : false, true>>();
// @ts-expect-error: a unit is a string
void uploader.upload("steps", [{ device_name: "iPhone", start_date: 0, unit: 1, value: 14 }]);
// @ts-expect-error: the API knows no such field
void uploader.upload("steps", [{ device_name: "iPhone", start_date: 0, unit: "count", value: 14, devicename: "iPhone" }]);
// @ts-expect-error: numbers are neither samples nor pieces of text
void uploader.upload("steps", [1, 2, 3]);
holds<Same<SampleFormat, "json" | "ndjson" | "csv" | "apple-health">>();
// @ts-expect-error: a promise is not a source; await it first
void uploader.upload("steps", fetch("https://files.example"));
// @ts-expect-error: a number is not a source
void uploader.upload("steps", 7);
// @ts-expect-error: only two types can be sent
void uploader.upload("sleep", samples);

// Calls.
const options: UploadOptions = {
  format: "csv",
  signal: AbortSignal.timeout(1),
  onProgress: (progress) => holds<Same<typeof progress, UploadProgress>>(),
  onRejected: (rejection) => holds<Same<typeof rejection, Rejection>>(),
};
declare const report: Answer<typeof uploader.upload>;
holds<Same<typeof report, UploadReport>>();
void uploader.upload("steps", sources[0]!, options);
void uploader.upload("bpm", measured(), { format: undefined, signal: undefined, onProgress: undefined, onRejected: undefined });
const planOptions: PlanOptions = { format: "json", signal: undefined, onProgress: undefined, onRejected: undefined };
holds<Same<Answer<typeof uploader.plan>, UploadPlan>>();
void uploader.plan("steps", samples, planOptions);
void uploader.plan("steps", samples, options);
holds<Same<UploadPlan["byDevice"], DevicePlan[]>>();
// @ts-expect-error: a plan sends nothing, so that it has no batch size
void uploader.plan("steps", samples, { batchSize: 10 });
holds<Same<Answer<typeof uploader.watermarks>, Watermark[]>>();
holds<Same<Answer<typeof uploader.forget>, void>>();
void uploader.forget("steps");
void uploader.forget("steps", "iPhone");
holds<Same<ReturnType<typeof uploader.close>, void>>();

// The results.
holds<Same<UploadReport["rejected"], Rejection[]>>();
holds<Same<UploadReport["failures"], UploadFailure[]>>();
holds<Same<UploadReport["watermarks"], Watermark[]>>();
holds<Same<UploadReport["warnings"], { code: string; message: string }[] | undefined>>();
holds<Same<{} extends Pick<UploadReport, "warnings"> ? true : false, true>>();
const {
  read,
  carried,
  sent,
  alreadySent,
  duplicates,
  rejectedCount,
  held,
  unknown,
  failed,
  batches,
  requests,
  retries,
  bytesSent,
} = report;
const counts: number[] = [
  read,
  carried,
  sent,
  alreadySent,
  duplicates,
  rejectedCount,
  held,
  unknown,
  failed,
  batches,
  requests,
  retries,
  bytesSent,
];
void counts;
holds<Same<UploadPlan["first"], string | undefined>>();
holds<Same<UploadPlan["devices"], string[]>>();
holds<Same<UploadProgress["total"], number | undefined>>();
holds<Same<UploadProgress["bytesTotal"], number | undefined>>();
holds<Same<Rejection["line"], number | undefined>>();
holds<
  Same<
    Rejection["code"],
    | "missing"
    | "type"
    | "unknown-field"
    | "empty"
    | "timestamp"
    | "end-before-start"
    | "not-positive"
    | "too-large"
    | "unit"
    | "syntax"
  >
>();
holds<Same<UploadFailure, { status: number; message: string; first: number; count: number }>>();
holds<Same<Watermark, { device: string; until: string | undefined; samples: number }>>();

export function handled(error: unknown): UploadReport | undefined {
  if (!(error instanceof HumansyncError)) return undefined;
  // @ts-expect-error: a report is read-only
  error.report = undefined;
  return error.report;
}

{
  using scoped = new SampleUploader({ baseUrl: "https://samples.example", token: "t" });
  void scoped;
}
