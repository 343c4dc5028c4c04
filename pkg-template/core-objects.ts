// What wasm-bindgen makes of `src/bindings`, as the classes of the package use it. Options go through as they were given: the core checks them.

import type { AppUser, BatchQuery, BatchType } from "./types/batch.js";
import type { CallOptions } from "./types/client-options.js";
import type { LinkEntry } from "./types/links.js";
import type { Page } from "./types/pages.js";
import type { QueryInit } from "./types/queries.js";
import type { DataType, SampleSource } from "./types/samples.js";
import type { Store } from "./types/store.js";
import type { SyncOptions, SyncReport, SyncRunOptions } from "./types/sync.js";
import type { Instant } from "./types/time.js";
import type { PlanOptions, UploadOptions, UploadPlan, UploadReport, Watermark } from "./types/uploads.js";

/** How a WebAssembly is made an instance of: at once, or by the promise of one. */
export interface Glue {
  initSync(source: { module: WebAssembly.Module }): unknown;
  instantiate(source: { module_or_path: WebAssembly.Module }): Promise<unknown>;
}

/** What reads one person's data. */
export interface ReadingCore {
  readonly HumanClient: new (options: object) => CoreHumanClient;
  queryString(query: QueryInit): string;
  parseLinkHeader(value: string, base: string | undefined): LinkEntry[];
  parseRetryAfter(value: string, now: Instant | undefined): number | undefined;
}

/** What reads the data of all users of an app. */
export interface AppCore {
  readonly AppClient: new (options: object) => CoreAppClient;
}

/** What sends samples; `memory` is the store where the options have none. */
export interface SendingCore {
  readonly SampleUploader: new (options: object, memory: Store) => CoreSampleUploader;
}

/** Resources go by their names in the core's catalogue. */
export interface CoreHumanClient {
  one(area: Area, name: string, operation: Operation, argument: string | undefined, options: CallOptions | undefined): Promise<unknown>;
  pages(area: Area, name: string, operation: Operation, argument: string | undefined, query: QueryInit | undefined): CorePages;
  close(): void;
}

/** Where a name is looked up; one of `path` is a path of the caller's own. */
export type Area = "human" | "medical" | "path";
export type Operation = "whole" | "latest" | "list" | "get" | "readings" | "reading" | "daily" | "summaries" | "summary" | "raw";

export interface CoreAppClient {
  users(options: CallOptions | undefined): CorePages;
  user(humanId: string, options: CallOptions | undefined): Promise<AppUser>;
  deleteUser(humanId: string, options: CallOptions | undefined): Promise<void>;
  batch(type: BatchType, query: BatchQuery): CorePages;
  sync(options: SyncOptions): CoreSync;
  close(): void;
}

export interface CoreSampleUploader {
  plan(type: DataType, source: SampleSource, options: PlanOptions | undefined): Promise<UploadPlan>;
  upload(type: DataType, source: SampleSource, options: UploadOptions | undefined): Promise<UploadReport>;
  watermarks(type: DataType): Promise<Watermark[]>;
  forget(type: DataType, deviceName: string | undefined): Promise<void>;
  close(): void;
}

/** A list, to be walked as often as one likes. */
export interface CorePages {
  walk(options?: { limit?: number | undefined }): CoreWalk;
}

/** One pass over a list. */
export interface CoreWalk {
  next(): Promise<Page<unknown> | undefined>;
  stop(): void;
}

export interface CoreSync {
  start(options?: SyncRunOptions): CoreSyncRun;
}

/** One run of a sync. */
export interface CoreSyncRun {
  next(): Promise<CoreDelta | undefined>;
  /** Stores what the delta of this number has come to. */
  commit(number: number): Promise<void>;
  /** Resolves when others may run. */
  stop(): Promise<void>;
  report(): SyncReport;
}

export type CoreDelta = readonly [type: BatchType, since: string, before: string, records: unknown[], number: number];
