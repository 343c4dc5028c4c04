/// <reference lib="esnext.disposable" />
/**
 * humansync: reads people's health data from Human API, keeps it in sync, and sends samples.
 *
 * ```js
 * import { HumanClient } from "humansync";
 *
 * const client = new HumanClient({ accessToken: "demo" });
 * for await (const activity of client.activities.list()) console.log(activity.startTime, activity.type);
 * ```
 */

// ───────────────────────────── time ─────────────────────────────

/** A point in time: a Date, an RFC 3339 string with an offset or Z (`"2014-01-10T00:00:00Z"`), or milliseconds since the
 *  epoch. */
export type Instant = Date | string | number;

/** A calendar day without a zone, `"YYYY-MM-DD"`. */
export type CalendarDate = string;

// ───────────────────────────── clients ─────────────────────────────

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

export interface HumanClientOptions extends ClientOptions {
  /** The person's access token. `"demo"` is a valid one on the real server. */
  accessToken: Secret;
  /** Version of the API, a part of its path. Default `"v1"`. */
  version?: string | undefined;
}

/** What a client does, as it does it. `id` is the same for all attempts of one request; times are in milliseconds. */
export type ClientEvent =
  | { type: "request"; id: number; method: string; path: string; attempt: number }
  | { type: "response"; id: number; status: number; durationMs: number; requestId?: string }
  | { type: "retry"; id: number; attempt: number; delayMs: number; reason: string }
  | { type: "warning"; code: string; message: string };

// ───────────────────────────── queries ─────────────────────────────

/** Every standard query option of Human API. Unknown keys are refused with an OptionError that names the nearest known
 *  one. */
export interface QueryInit {
  /** Records per page, 1 to 500. Default 500, the most that the API gives. */
  limit?: number | undefined;
  /** Index of the first record, from 0. */
  offset?: number | undefined;
  /** Only records made at this time or later; sent in whole seconds, rounded down. */
  createdSince?: Instant | undefined;
  /** Only records made before this time; sent in whole seconds, rounded up. */
  createdBefore?: Instant | undefined;
  /** Only records changed at this time or later; sent in whole seconds, rounded down. */
  updatedSince?: Instant | undefined;
  /** Only records changed before this time; sent in whole seconds, rounded up. */
  updatedBefore?: Instant | undefined;
  /** Only records of this source; passed on as it is. */
  source?: string | undefined;
  /** Oldest day; must come with `endDate`. */
  startDate?: CalendarDate | undefined;
  /** Most recent day; must come with `startDate`. */
  endDate?: CalendarDate | undefined;
  /** Parameters that this library does not know, e.g. `{ time_series: "true" }`; none of the above may be named. */
  params?: Record<string, string> | undefined;
  /** Go on behind the page that gave this cursor (`Page.cursor`), with the same query. */
  cursor?: string | undefined;
  /** Ends what is under way; it then rejects with the signal's own reason. */
  signal?: AbortSignal | undefined;
}

/**
 * The query string alone, without "?", validated and in a stable order: for callers with a transport of their own.
 *
 * ```js
 * queryString({}); // "limit=500"
 * ```
 * @throws {OptionError} where an option is not valid.
 */
export function queryString(query: QueryInit): string;

/** Options of a call for one object. */
export interface CallOptions {
  /** Ends what is under way; it then rejects with the signal's own reason. */
  signal?: AbortSignal | undefined;
}

// ───────────────────────────── pages ─────────────────────────────

/**
 * A walk over all pages of a query. Nothing is sent before it is iterated or awaited, and each iteration is a new walk.
 * Leaving a loop early ends its requests.
 *
 * Every record that is in the list throughout is given once, however the list moves meanwhile.
 */
export interface Pages<T> extends AsyncIterable<T> {
  /** The same walk, page by page. */
  byPage(): AsyncIterable<Page<T>>;
  /** All records; with `limit`, at most so many, and no page more than they need. */
  toArray(options?: { limit?: number | undefined }): Promise<T[]>;
  /** The first page only. */
  first(): Promise<Page<T>>;
}

export interface Page<T> {
  readonly records: T[];
  /** Index of the first of these records in the list. */
  readonly offset: number;
  /** How many records the list has (X-Total-Count), where the server sends it and the browser may read it. */
  readonly totalCount: number | undefined;
  /** Targets of the Link header. */
  readonly links: Readonly<Partial<Record<"first" | "prev" | "next" | "last", string>>>;
  /** Position behind this page, at most 500 characters, without a secret: to be passed with the same query, also after a
   *  restart. */
  readonly cursor: string;
}

// ───────────────────────── one person's data ─────────────────────────

/**
 * Reads one person's data. Its promises reject with a HumansyncError, with a signal's own reason, or with what a Secret
 * function threw.
 *
 * ```js
 * const client = new HumanClient({ accessToken: "demo" });
 * const weight = await client.weight.latest(); // undefined where there is none
 * const week = await client.sleeps.list({ startDate: "2024-05-01", endDate: "2024-05-07" }).toArray();
 * ```
 * @throws {OptionError} where an option is not valid.
 */
export class HumanClient {
  constructor(options: HumanClientOptions);
  /** `GET /human`: one object with the latest of everything. */
  summary(options?: CallOptions): Promise<HumanSummary>;
  profile(options?: CallOptions): Promise<Profile>;
  sources(options?: CallOptions): Promise<Source[]>;

  /** In mg/dL. */
  readonly bloodGlucose: DiscreteResource<BloodGlucose>;
  /** In percent; the unit reads `SpO2` or `SpO2(%)`. */
  readonly bloodOxygen: DiscreteResource<Reading>;
  /** In mmHg. */
  readonly bloodPressure: DiscreteResource<BloodPressure>;
  /** In kg/m2. */
  readonly bmi: DiscreteResource<Reading>;
  /** In percent; the unit reads `percent` or `%`. */
  readonly bodyFat: DiscreteResource<Reading>;
  /** In bpm. */
  readonly heartRate: DiscreteResource<Reading> & SummaryResource<HeartRateSummary>;
  /** In mm. */
  readonly height: DiscreteResource<Reading>;
  /** In kg. */
  readonly weight: DiscreteResource<Reading>;

  readonly activities: PeriodicResource<Activity, ActivitySummary>;
  readonly sleeps: PeriodicResource<Sleep, SleepSummary>;
  readonly locations: PeriodicResource<Location, LocationSummary>;

  readonly meals: ListResource<Meal>;
  readonly geneticTraits: ListResource<GeneticTrait>;
  readonly medical: MedicalData;

  /** Any other path under `/human`, with the same auth, retries and paging. */
  resource<T = unknown>(path: string): ListResource<T>;
  /** Ends every request under way. The client cannot be used afterwards. */
  close(): void;
  /** The same as `close`, for `using client = new HumanClient(…)`. */
  [Symbol.dispose](): void;
}

/** Measurements at a point in time. */
export interface DiscreteResource<T> {
  /** `/{type}`: the latest reading; undefined where there is none. */
  latest(options?: CallOptions): Promise<T | undefined>;
  /** `/{type}/{id}` */
  get(id: string, options?: CallOptions): Promise<T>;
  /** `/{type}/readings` */
  readings(query?: QueryInit): Pages<T>;
  /** `/{type}/readings/{id}`: the newer servers' form of `get`. */
  reading(id: string, options?: CallOptions): Promise<T>;
  /** `/{type}/readings/daily/{date}` */
  daily(date: CalendarDate, query?: QueryInit): Pages<T>;
}

/** Sums over a day. */
export interface SummaryResource<S> {
  /** `/{type}/summaries` */
  summaries(query?: QueryInit): Pages<S>;
  /** `/{type}/summaries/{date or id}` */
  summary(dateOrId: string, options?: CallOptions): Promise<S>;
}

export interface ListResource<T> {
  /** `/{type}` */
  list(query?: QueryInit): Pages<T>;
  /** `/{type}/{id}` */
  get(id: string, options?: CallOptions): Promise<T>;
}

/** What lasts from a start to an end. */
export interface PeriodicResource<T, S> extends ListResource<T>, SummaryResource<S> {
  /** `/{type}/daily/{date}` */
  daily(date: CalendarDate, query?: QueryInit): Pages<T>;
}

/** Continuity of Care Documents. */
export interface CcdResource extends ListResource<MedicalRecord> {
  /** `/medical/ccds/{id}/raw`: the document itself, XML. */
  raw(id: string, options?: CallOptions): Promise<string>;
}

/** Under `/human/medical`: `list` and `get` for each; the profile is one object. */
export interface MedicalData {
  readonly allergies: ListResource<MedicalRecord>;
  readonly demographics: ListResource<MedicalRecord>;
  readonly encounters: ListResource<MedicalRecord>;
  readonly functionalStatuses: ListResource<MedicalRecord>;
  readonly immunizations: ListResource<MedicalRecord>;
  readonly instructions: ListResource<MedicalRecord>;
  readonly issues: ListResource<MedicalRecord>;
  readonly medications: ListResource<MedicalRecord>;
  readonly narratives: ListResource<MedicalRecord>;
  readonly organizations: ListResource<MedicalRecord>;
  readonly plansOfCare: ListResource<MedicalRecord>;
  readonly procedures: ListResource<MedicalRecord>;
  readonly socialHistory: ListResource<MedicalRecord>;
  readonly testResults: ListResource<MedicalRecord>;
  readonly timeline: ListResource<MedicalRecord>;
  /** Values may be numbers or strings, as their source writes them. */
  readonly vitals: ListResource<MedicalRecord>;
  readonly ccds: CcdResource;
  /** Rejects with NotFoundError where there is none. */
  profile(options?: CallOptions): Promise<MedicalRecord>;
}

// ───────────────────── all users of an app (batch queries) ─────────────────────

/** What batch queries give, by the name of their type: the same records as one person's, each with its `humanId`. */
export interface BatchRecords {
  activities: Activity;
  "activities/summaries": ActivitySummary;
  sleeps: Sleep;
  "sleeps/summaries": SleepSummary;
  locations: Location;
  heart_rates: Reading;
  "heart_rate/summaries": HeartRateSummary;
  bmis: Reading;
  body_fats: Reading;
  heights: Reading;
  weights: Reading;
  blood_pressures: BloodPressure;
  blood_glucoses: BloodGlucose;
  blood_oxygens: Reading;
  "food/meals": Meal;
  /** They have no id and no dates. */
  genetic_traits: Omit<GeneticTrait, "humanId"> & { humanId: string; id?: undefined; updatedAt?: undefined };
}
export type BatchType = keyof BatchRecords;
/** A record of a batch query. It may carry the person's zone, and a series, besides. */
export type BatchRecord<K extends BatchType = BatchType> = BatchRecords[K] & { timeZone?: string; timeSeries?: unknown };

export interface AppClientOptions extends ClientOptions {
  /** The app, as the developer portal names it. */
  clientId: string;
  /** The App Key: it opens every user's data, and is sent by HTTP Basic, to this client's server and below the app's path only. */
  appKey: Secret;
  /** Version of the API, a part of its path. Default `"v1"`. */
  version?: string | undefined;
  /** An AppClient refuses to be built where others can read its App Key: in a page, its Workers, an extension. Unless this is true. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

export type BatchQuery = QueryInit & {
  /** Only what was updated at this time or later; the API's own default are the last 24 hours. */
  updatedSince: Instant;
};

/**
 * Reads the data of all users of an app, on a server.
 *
 * ```js
 * import { AppClient } from "humansync";
 * import { createStore } from "humansync/stores/file";
 *
 * const client = new AppClient({ clientId, appKey: process.env.APP_KEY });
 * const sync = client.sync({ store: await createStore("positions"), since: "2024-01-01T00:00:00Z" });
 * await sync.run(async ({ type, records }) => database.upsert(type, records));
 * ```
 * @throws {OptionError} where an option is not valid, and in a browser: see `dangerouslyAllowBrowser`.
 */
export class AppClient {
  constructor(options: AppClientOptions);
  /** One request, however many users: the API does not page this list. */
  users(options?: CallOptions): Pages<AppUser>;
  user(humanId: string, options?: CallOptions): Promise<AppUser>;
  /** Deletes a user, and what the API has of them. One who is not there is a NotFoundError. */
  deleteUser(humanId: string, options?: CallOptions): Promise<void>;
  /**
   * One query over all users, from `updatedSince` to `updatedBefore`, or to now. More than 31 days, the most that the API takes,
   * become several requests, without a gap; a record that is in two of them comes once. `offset`, `totalCount` and `links` of a
   * page are those of its own request.
   */
  batch<K extends BatchType>(type: K, query: BatchQuery): Pages<BatchRecord<K>>;
  /** Keeps types up to date: each run goes on from where the store says that the last one ended. Nothing is sent before it is
   *  iterated or run. */
  sync(options: SyncOptions): Sync;
  /** Ends what is in flight, and refuses all that follows. */
  close(): void;
  [Symbol.dispose](): void;
}

export interface AppUser {
  /** 32 hexadecimal digits. */
  humanId: string;
  /** What the app calls them. */
  externalId: string;
  /** The client id. */
  appId: string;
  /** RFC 3339. */
  createdAt: string;
  /** RFC 3339. */
  updatedAt: string;
}

export interface SyncOptions extends CallOptions {
  /** Default: all types. */
  types?: readonly BatchType[] | undefined;
  /** Where positions are kept between runs. One store may serve several apps. */
  store: Store;
  /** Where the first run of a type begins; without it 31 days ago, by the server's clock. A later run with an earlier one
   *  delivers what lies between as well. */
  since?: Instant | undefined;
  /** Where the run ends: what was updated later is not asked for. Default: the server's clock at the start of the run. */
  until?: Instant | undefined;
  /** How far each run reaches back before the last one's end, for records that became visible late. Milliseconds, in whole
   *  seconds. Default 300 000. Records already delivered unchanged are not delivered again. */
  overlap?: number | undefined;
}

/**
 * Deltas in turn; of one type in the order of time, of several as they come. A delta's position is stored when the next one is asked for
 * (or `commit` is called): a consumer that dies in between gets it again, and nothing is skipped. So write what is in a delta
 * before asking for the next, by id and such that twice does no harm.
 *
 * Each iteration is a run. Runs of one app that share a store go one after the other, in whichever process: the next one waits.
 * An error of one type does not keep the others from coming to their end; it is thrown then.
 */
export interface Sync extends AsyncIterable<AnyDelta> {
  /** Runs to the end, with a handler that is awaited for every delta. */
  run(handler: (delta: AnyDelta) => void | Promise<void>, options?: SyncRunOptions): Promise<SyncReport>;
}

export interface SyncRunOptions {
  /** Told after each delta that is handled, and after each window. */
  onProgress?: ((progress: SyncProgress) => void) | undefined;
}

/** A page's worth of what is new: up to 500 records of one type. */
export interface Delta<K extends BatchType = BatchType> {
  readonly type: K;
  /** The stretch of update time that it is of, RFC 3339. Records updated behind the server's clock come as well, though `before` ends there. */
  readonly window: { readonly since: string; readonly before: string };
  readonly records: BatchRecord<K>[];
  /** The records by humanId, in the order they came. */
  byUser(): Map<string, BatchRecord<K>[]>;
  /** Stores its position now: for those who leave the loop after it. */
  commit(): Promise<void>;
}
/** A delta of any type: `type` tells which records it has. */
export type AnyDelta = { [K in BatchType]: Delta<K> }[BatchType];

export interface SyncProgress {
  type: BatchType;
  /** Records delivered in this run. */
  records: number;
  /** The same, and those that the window under way still has, where the server says how many (X-Total-Count). */
  expected: number | undefined;
  windowsDone: number;
  /** As far as can be told yet. */
  windows: number;
}

export interface SyncReport {
  /** Records delivered. */
  records: number;
  requests: number;
  /** Requests that were not a call's first. */
  retries: number;
  /** Per type, its records, and up to when everything is delivered (RFC 3339); undefined where no position is stored yet. */
  types: Partial<Record<BatchType, { records: number; until: string | undefined }>>;
}

// ───────────────────────────── sending samples ─────────────────────────────

export type DataType = "steps" | "bpm";
export type Unit = "count" | "count/min" | "count/s";

/**
 * As the API takes it, field for field; `null` in an optional field is as if it were absent. Instants are RFC 3339: no 24:00,
 * no leap second, no time without seconds, no missing offset. They are sent as they are given, with the offset, which is the
 * wearer's local time; Date and milliseconds are sent in UTC.
 */
export interface Sample {
  device_name: string;
  device_version?: string | null | undefined;
  start_date: Instant;
  /** Not before `start_date`. */
  end_date?: Instant | null | undefined;
  unit: Unit;
  /** More than 0; at most 30 000 for count, 300 for count/min. */
  value: number;
}

/** A sample in a source. Its unit is looked at when it is read, so that one that TypeScript has widened to `string` does as well. */
export interface SampleInput extends Omit<Sample, "unit"> {
  unit: Unit | (string & {});
}

/**
 * Objects, or bytes or text, whole or in pieces: JSON (an array, or `{ data: [...] }` with `data` or `data_type` first), NDJSON, CSV with a header row, or an
 * Apple Health export.xml; the export.zip that a phone makes, and gzip, are inflated; of one that is damaged nothing is sent. Bytes of a text are UTF-8.
 */
export type SampleSource =
  | Iterable<SampleInput> | AsyncIterable<SampleInput> | ReadableStream<SampleInput>
  | Iterable<ArrayBuffer | ArrayBufferView | string> | AsyncIterable<ArrayBuffer | ArrayBufferView | string>
  | ReadableStream<ArrayBuffer | ArrayBufferView | string>
  | Blob | Response | ArrayBuffer | ArrayBufferView | string;
export type SampleFormat = "json" | "ndjson" | "csv" | "apple-health";

export interface SampleUploaderOptions extends ClientOptions {
  /** Origin, and optional path prefix, of the API. */
  baseUrl: string;
  token: Secret;
  /** Path of the endpoint. Default `"/api/v1.1/samples"`. */
  path?: string | undefined;
  /** Keeps what was already sent, so that a second run sends only what is new. Default: memory, which is gone with the
   *  uploader. One store may serve several servers: each has a ledger of its own. */
  store?: Store | undefined;
  /** Separates people who share a store; a hash of it, never itself, is in the keys. */
  account?: string | undefined;
  /** Samples per batch, 3 to 1000. Default 1000. */
  batchSize?: number | undefined;
  /**
   * What to do with a batch whose outcome is not known: the connection broke or the time ran out after it was sent, the answer
   * was a 5xx other than 501, 503 and 505, or the process died meanwhile. `"resend"`, the default, sends it again, so that nothing is missing
   * and some samples may arrive twice. `"hold"` never sends it again, and reports it as `unknown`.
   */
  onUnknown?: "resend" | "hold" | undefined;
}

export interface PlanOptions extends CallOptions {
  /** Found from the content where it is not given. */
  format?: SampleFormat | undefined;
  /** Called while the source is read and, in an upload, after every batch. What it throws ends the call. */
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  /** Called for each sample that cannot be sent; plans and reports keep the first 1000. What it throws ends the call. */
  onRejected?: ((rejection: Rejection) => void) | undefined;
}
export interface UploadOptions extends PlanOptions {}

/**
 * Sends samples: checked, in order of their start, in batches of at most `batchSize`, in parallel, and none twice.
 *
 * ```js
 * import { SampleUploader } from "humansync";
 * import { createStore } from "humansync/stores/file";
 *
 * const uploader = new SampleUploader({ baseUrl: "https://samples.example", token, store: await createStore("sent") });
 * const report = await uploader.upload("steps", file, { onProgress: ({ sent, total }) => console.log(sent, total) });
 * ```
 *
 * Two samples are the same when device, version, unit, value and the instants of start and end are; the offsets that the
 * instants are written with do not count, as the same export written in another time zone is still the same samples.
 */
export class SampleUploader {
  constructor(options: SampleUploaderOptions);
  /** What `upload` would do, without sending or keeping anything. */
  plan(type: DataType, source: SampleSource, options?: PlanOptions): Promise<UploadPlan>;
  /**
   * Sends what is new. Uploads of one account and type run one after another, whichever tab or process they are in. A bad
   * sample does not keep the others. An aborted upload rejects with the signal's reason once what was acknowledged until
   * then is written down; the next one goes on from there.
   */
  upload(type: DataType, source: SampleSource, options?: UploadOptions): Promise<UploadReport>;
  /** Per device: up to when everything known was accepted. */
  watermarks(type: DataType): Promise<Watermark[]>;
  /** Forgets what was sent, of one device or of all: the next upload sends it again. Samples that are held stay, unless their own value in the
   *  store is damaged: then forgetting all devices drops them. */
  forget(type: DataType, deviceName?: string): Promise<void>;
  /** Ends what is in flight, and refuses all that follows. */
  close(): void;
  [Symbol.dispose](): void;
}

export interface UploadProgress {
  /** Samples found so far. */
  read: number;
  rejected: number;
  /** Known from the store, once the source is read. */
  alreadySent: number;
  /** Acknowledged in this run. */
  sent: number;
  /** Samples to be sent; known once the source is read. */
  total: number | undefined;
  /** Batches with an outcome. */
  batchesDone: number;
  /** Known once the source is read; grows where the server takes smaller batches only. */
  batches: number | undefined;
  bytesRead: number;
  bytesTotal: number | undefined;
}

/** `samples` and `batches`: what would be sent. */
export interface UploadPlan {
  samples: number;
  batches: number;
  alreadySent: number;
  /** The same sample twice in this source. */
  duplicates: number;
  /** Samples that would be kept in the store for the next upload, and those that `onUnknown: "hold"` holds back. */
  held: number;
  rejectedCount: number;
  /** The first 1000. */
  rejected: Rejection[];
  /** Start of the first sample that would be sent. */
  first?: string;
  /** Start of the last one. */
  last?: string;
  /** Names of the devices whose samples would be sent. */
  devices: string[];
  /** The same devices, with what each has. */
  byDevice: DevicePlan[];
}
/** What would be sent of one device. */
export interface DevicePlan {
  device: string;
  samples: number;
  /** Start of its first sample that would be sent, RFC 3339. */
  first: string;
  /** Start of its last one. */
  last: string;
}

/**
 * `read + carried = sent + alreadySent + duplicates + rejectedCount + held + unknown + failed`, always.
 *
 * An upload that cannot go on (a refused token, retries used up, a failing store) rejects with that error, whose `report` is
 * this one so far: what it did not come to is `failed`, what it was sending is `unknown`. The ledger keeps what was acknowledged. A batch that
 * the server refuses for good (4xx) is `failed`, and the others go on.
 */
export interface UploadReport {
  /** Samples found in the source, good or bad. */
  read: number;
  /** Held by earlier uploads, kept in the store, and taken up by this one. */
  carried: number;
  /** Acknowledged by the server in this run. */
  sent: number;
  /** Samples that were sent more than once in this upload, because an answer was lost or late: the server may have them twice. They are
   *  counted under `sent`, or wherever they ended, as well. */
  resent: number;
  /** Known from the store to be acknowledged before. */
  alreadySent: number;
  /** The same sample twice in this source. */
  duplicates: number;
  rejectedCount: number;
  /** The first 1000. */
  rejected: Rejection[];
  /** Too few for a batch: they are kept in the store and go with the next upload that has enough. */
  held: number;
  /** In batches whose outcome is not known. */
  unknown: number;
  /** In batches that the server refused; see `failures`. */
  failed: number;
  failures: UploadFailure[];
  /** Batches with an outcome. */
  batches: number;
  requests: number;
  /** Requests that were not a batch's first. */
  retries: number;
  /** Of all request bodies. */
  bytesSent: number;
  watermarks: Watermark[];
  /** Only where there are any: `"ledger-incomplete"`, a part of the ledger is missing in the store, so that samples may be sent again. */
  warnings?: { code: string; message: string }[];
}
export interface UploadFailure {
  /** HTTP status; 0 where there was none. */
  status: number;
  /** The library's, never the server's text. */
  message: string;
  /** The least position of its samples in the source. */
  first: number;
  /** How many samples. */
  count: number;
}
export interface Rejection {
  /** Position in the source, from 0. */
  index: number;
  /** For text the line, from 1. */
  line?: number;
  /** JSON pointer to the field, e.g. `"/value"`; `""` for the whole sample. */
  path: string;
  /** NaN, Infinity, null and other types in a required field are `"type"`; an empty string is `"empty"`. Input that breaks
   *  off is one `"syntax"`. */
  code:
    | "missing" | "type" | "unknown-field" | "empty" | "timestamp" | "end-before-start" | "not-positive" | "too-large"
    | "unit" | "syntax";
  /** What was expected; nothing of what was given. */
  message: string;
}
export interface Watermark {
  device: string;
  /** Start of an accepted sample before which none is known that was not accepted: the last such one, or, where something
   *  stands in the way, one of at most a day before. Undefined where the first accepted sample already stands behind one that is
   *  missing. */
  until: string | undefined;
  /** How many of the device's samples were accepted in all. */
  samples: number;
}

// ───────────────────────────── stores ─────────────────────────────

/**
 * Where ledgers are kept. Keys hold no personal data; values do. `humansync/stores/file`, `humansync/stores/indexeddb`
 * and `humansync/stores/memory` each export `createStore`; one of your own needs these five methods.
 */
export interface Store {
  get(key: string): Promise<Uint8Array | undefined>;
  /** Atomic: after a crash either the old or the new value is there. */
  set(key: string, value: Uint8Array): Promise<void>;
  delete(key: string): Promise<void>;
  keys(prefix: string): Promise<string[]>;
  /** Runs `work` while no other holder of `name` does: other tabs, other processes. */
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
}

// ───────────────────────────── errors ─────────────────────────────

/** Base of all errors. Messages carry no secret and no health value. An aborted call rejects with the signal's own reason
 *  instead. Only the library makes errors. */
export class HumansyncError extends Error {
  protected constructor(...internal: never[]);
  /** What happened, for programs: e.g. `"not-loaded"`. */
  readonly code: string;
  /** Of an upload that could not go on: what it came to. Not enumerable, so that no log takes it along. What a listener or a secret
   *  function threw gets one as well; where it can take none, it is the `cause` of an error with the code `"thrown"`. */
  readonly report?: UploadReport;
}
/** Something given to the library is wrong; nothing was sent. */
export class OptionError extends HumansyncError {
  /** Name of the option, as it is written in the call. */
  readonly option: string;
}
/** The server answered with a status outside 2xx. */
export class ApiError extends HumansyncError {
  readonly status: number;
  /** The server's name for this request, for its support. */
  readonly requestId?: string;
  readonly method: string;
  readonly path: string;
  /** What the server said; not enumerable, so that no log takes it along. */
  readonly body?: unknown;
}
/** 401: the access token is not, or no longer, valid. */
export class AuthenticationError extends ApiError {}
/** 403 */
export class PermissionError extends ApiError {}
/** 404 */
export class NotFoundError extends ApiError {}
/** 429, or 503 with Retry-After. */
export class RateLimitError extends ApiError {
  /** When the server takes requests again. */
  readonly retryAt?: Date;
}
/** Any other 5xx. */
export class ServerError extends ApiError {}
/** No answer. */
export class ConnectionError extends HumansyncError {
  /** Whether the server may have seen the request; true wherever that cannot be known. */
  readonly sent: boolean;
}
/** No answer in time. */
export class TimeoutError extends ConnectionError {}
/** The answer breaks the API's contract: not JSON, no acknowledgement of what was sent, a next link to another origin, a walk that turns in circles. */
export class ProtocolError extends HumansyncError {}
/** A store failed, or gave back something else than was put there (`code` `"damaged"`). */
export class StoreError extends HumansyncError {}

// ───────────────────────────── formats, on their own ─────────────────────────────

export interface LinkEntry {
  /** The target. */
  uri: string;
  /** Relation types, e.g. `["next"]`. */
  rel: string[];
  /** The other parameters, e.g. `title`. */
  params: Record<string, string>;
}

/**
 * RFC 8288; also takes the form without brackets that Human API's pages show. Relative targets are resolved against `base`.
 *
 * ```js
 * parseLinkHeader('</v1/human/sleeps?offset=50>; rel="next"', "https://api.humanapi.co/v1/human/sleeps");
 * // [{ uri: "https://api.humanapi.co/v1/human/sleeps?offset=50", rel: ["next"], params: {} }]
 * ```
 */
export function parseLinkHeader(value: string, base?: string): LinkEntry[];

/**
 * RFC 9110 §10.2.3: milliseconds to wait from `now` (default: the present), or undefined where the value is not valid.
 *
 * ```js
 * parseRetryAfter("120"); // 120000
 * parseRetryAfter("1.5"); // undefined
 * ```
 */
export function parseRetryAfter(value: string, now?: Instant): number | undefined;

// ───────────────────────────── loading ─────────────────────────────

/** `WebAssembly.Module`, where the project's `lib` or types know it. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object;

/**
 * Loads the WebAssembly; only `humansync/slim` needs it, every other entry loads by itself. Without an argument,
 * `humansync.wasm` is taken from beside the JavaScript. Calls at the same time share one load; after a failure it can be
 * called again; once it is loaded, further calls do nothing.
 *
 * @throws {HumansyncError} with the code "load-failed".
 */
export function init(
  module?: CompiledModule | ArrayBuffer | ArrayBufferView | Response | URL | string | Promise<Response>,
): Promise<void>;

// ───────────────────────────── records ─────────────────────────────
// Given as the server sends them: times are RFC 3339 strings, and nothing is converted.

/** What most wellness records have in common. */
export interface RecordBase {
  /** 24 hexadecimal digits. */
  id: string;
  /** The person: 32 hexadecimal digits. */
  humanId: string;
  /** @deprecated by the API; use `humanId`. */
  userId?: string;
  /** Where it comes from, e.g. `"fitbit"`. */
  source: string;
  /** RFC 3339, e.g. `"2015-08-30T22:04:01.355Z"`. */
  createdAt: string;
  /** RFC 3339. */
  updatedAt: string;
  /** The wearer's offset from UTC, e.g. `"-06:00"`; missing in old data. */
  tzOffset?: string;
  /** What the source said besides, as it said it. */
  sourceData?: Record<string, unknown>;
}

/** One measurement. */
export interface Reading extends RecordBase {
  /** RFC 3339. */
  timestamp: string;
  /** In `unit`. */
  value: number;
  /** E.g. `"bpm"`, `"kg"`, `"mm"`, `"kg/m2"`, `"mg/dL"`, `"percent"` or `"%"`, `"SpO2"` or `"SpO2(%)"`. */
  unit: string;
}

export interface BloodGlucose extends Reading {
  notes?: string;
  /** Relation to a meal. */
  mealTag?: string;
  medicationTag?: string;
}

export interface BloodPressure extends Omit<RecordBase, "sourceData"> {
  /** RFC 3339. */
  timestamp: string;
  /** In `unit`. */
  systolic: number;
  /** In `unit`. */
  diastolic: number;
  /** In bpm. */
  heartRate?: number;
  /** `"mmHg"` */
  unit: string;
}

/** A day's heart rate. Rates are in bpm. */
export interface HeartRateSummary extends RecordBase {
  date: CalendarDate;
  zones: HeartRateZone[];
  restingHR?: number;
  averageHR?: number;
  maxHR?: number;
  minHR?: number;
}

export interface HeartRateZone {
  name: string;
  /** Upper end, in bpm. */
  max: number;
  /** Lower end, in bpm. */
  min: number;
  /** Time spent in it. */
  duration: number;
  caloriesBurned: number;
}

export interface Activity extends RecordBase {
  /** RFC 3339. */
  startTime: string;
  /** RFC 3339. */
  endTime: string;
  /** E.g. `"walking"`. */
  type: string;
  /** In seconds. */
  duration: number;
  /** In metres. */
  distance: number;
  steps: number;
  /** In kcal. */
  calories: number;
}

/** A day's activity. */
export interface ActivitySummary extends RecordBase {
  date: CalendarDate;
  /** In seconds. */
  duration: number;
  /** In metres. */
  distance: number;
  steps: number;
  /** In kcal. */
  calories: number;
  /** In minutes. */
  vigorous: number;
  /** In minutes. */
  moderate: number;
  /** In minutes. */
  light: number;
  /** In minutes. */
  sedentary: number;
}

export interface Sleep extends RecordBase {
  day: CalendarDate;
  /** RFC 3339. */
  startTime: string;
  /** RFC 3339. */
  endTime: string;
  /** Whether it is the day's main one, not a nap. */
  mainSleep: boolean;
  /** In minutes. */
  timeAsleep: number;
  /** In minutes. */
  timeAwake: number;
  /** Share of the time in bed that was slept, in percent. */
  efficiency: number;
  /** In minutes. */
  timeToFallAsleep: number;
  /** In minutes. */
  timeAfterWakeup: number;
  /** In minutes. */
  timeInBed: number;
  numberOfWakeups?: number;
}

/** A day's sleep. */
export interface SleepSummary extends RecordBase {
  date: CalendarDate;
  /** In minutes; may be a fraction. */
  timeAsleep: number;
  /** In minutes. */
  timeAwake: number;
}

/** A stay at a place. */
export interface Location extends RecordBase {
  /** RFC 3339. */
  startTime: string;
  /** RFC 3339. */
  endTime: string;
  name: string;
  /** In degrees. */
  location: { lat: number; lon: number };
}

/** A day's places; the API does not say which further fields it has. */
export interface LocationSummary extends RecordBase {
  date: CalendarDate;
  [field: string]: unknown;
}

/** A meal; further fields are nutrients. */
export interface Meal extends RecordBase {
  /** RFC 3339. */
  timestamp: string;
  /** E.g. `"breakfast"`. */
  type: string;
  name: string;
  /** In kcal. */
  calories: number;
  [nutrient: string]: unknown;
}

/** It has no id and no dates. */
export interface GeneticTrait {
  trait: string;
  description: string;
  possibleTraits: string[];
  humanId?: string;
  userId?: string;
  source?: string;
}

export interface Profile {
  humanId: string;
  /** @deprecated by the API; use `humanId`. */
  userId?: string;
  /** RFC 3339. */
  createdAt: string;
  email?: string;
  /** An IANA zone, e.g. `{ name: "America/Denver" }`. */
  defaultTimeZone?: { name: string };
}

/** The latest of everything, by type; which fields there are depends on what the person has connected. */
export interface HumanSummary {
  humanId?: string;
  /** @deprecated by the API; use `humanId`. */
  userId?: string;
  [type: string]: unknown;
}

/** A connected source of data. */
export interface Source {
  /** Not unique: several sources may carry the same. */
  id: string;
  source: string;
  /** Its name, to be shown. */
  sourceName: string;
  /** RFC 3339. */
  connectedSince: string;
  historySync?: unknown;
  syncStatus?: unknown;
  resync?: unknown;
  /** The provider, of a medical source. */
  organization?: MedicalOrganization;
}

/**
 * What the medical lists have in common. It has no humanId. Each list has many optional fields of its own: narrow them
 * before use. Dates in old records are not RFC 3339, but what JavaScript's Date prints.
 */
export interface MedicalRecord {
  id: string;
  source?: string;
  createdAt?: string;
  updatedAt?: string;
  name?: string;
  codes?: MedicalCode[];
  organization?: MedicalOrganization;
  /** Who treated the person: a name, or an object with one. */
  provider?: { name?: string | Record<string, unknown>; [field: string]: unknown };
  /** The document that it was taken from. */
  ccd?: unknown;
  [field: string]: unknown;
}

export interface MedicalOrganization {
  id: string;
  name: string;
  href?: string;
}

/** An entry of a coding system such as SNOMED CT. */
export interface MedicalCode {
  code?: string;
  /** E.g. `"LOINC"`. */
  codeSystemName?: string;
  name?: string;
  [field: string]: unknown;
}
