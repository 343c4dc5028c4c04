// SampleUploader: sends samples.

/// <reference lib="esnext.disposable" preserve="true" />
import { Calls, constructing, disposable } from "./calls.js";
import type { SampleUploader as CoreSampleUploader } from "./core/humansync.js";
import { loadedFor, sending } from "./loading.js";
import { createStore } from "./stores/memory.js";
import type { ClientOptions, Secret } from "./types/client-options.js";
import type { DataType, SampleSource } from "./types/samples.js";
import type { Store } from "./types/store.js";
import type { PlanOptions, UploadOptions, UploadPlan, UploadReport, Watermark } from "./types/uploads.js";

export interface SampleUploaderOptions extends ClientOptions {
  /** Origin, and optional path prefix, of the API. */
  baseUrl: string;
  /** Opens the endpoint; sent as a Bearer token, to `baseUrl` only. */
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
  static readonly #calls = new Calls(this, "SampleUploader", (uploader: SampleUploader) => uploader.#core);
  readonly #core: CoreSampleUploader;

  constructor(options: SampleUploaderOptions) {
    const { SampleUploader: Core } = loadedFor("SampleUploader", sending);
    this.#core = constructing(new.target, () => new Core(options, createStore()));
  }

  /** What `upload` would do, without sending or keeping anything. */
  plan(type: DataType, source: SampleSource, options?: PlanOptions): Promise<UploadPlan> {
    return SampleUploader.#calls.promise(this, "plan", (core) => core.plan(type, source, options));
  }

  /**
   * Sends what is new. Uploads of one account and type run one after another, whichever tab or process they are in. A bad
   * sample does not keep the others. An aborted upload rejects with the signal's reason once what was acknowledged until
   * then is written down; the next one goes on from there.
   */
  upload(type: DataType, source: SampleSource, options?: UploadOptions): Promise<UploadReport> {
    return SampleUploader.#calls.promise(this, "upload", (core) => core.upload(type, source, options));
  }

  /** Per device: up to when everything known was accepted. */
  watermarks(type: DataType): Promise<Watermark[]> {
    return SampleUploader.#calls.promise(this, "watermarks", (core) => core.watermarks(type));
  }

  /** Forgets what was sent, of one device or of all: the next upload sends it again. Samples that are held stay, unless their own value in the
   *  store is damaged: then forgetting all devices drops them. */
  forget(type: DataType, deviceName?: string): Promise<void> {
    return SampleUploader.#calls.promise(this, "forget", (core) => core.forget(type, deviceName));
  }

  /** Ends what is in flight, and refuses all that follows. */
  close(): void {
    SampleUploader.#calls.direct(this, "close", (core) => core.close());
  }
}

export interface SampleUploader {
  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void;
}
disposable(SampleUploader);
