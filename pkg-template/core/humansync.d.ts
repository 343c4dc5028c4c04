// The glue of the whole library, which wasm-bindgen makes of `src/bindings`, as the classes of the package use it. wasm-bindgen's own
// declarations say `any` for whatever a caller gives or gets: it goes through as it was given, and the core checks it.

import type { AppUser, BatchQuery, BatchType } from "../types/batch.js";
import type { CallOptions } from "../types/client-options.js";
import type { LinkEntry } from "../formats.js";
import type { Page } from "../types/pages.js";
import type { QueryInit } from "../types/queries.js";
import type { DataType, SampleSource } from "../types/samples.js";
import type { Store } from "../types/store.js";
import type {
  KnownRecord,
  MissingOptions,
  PersonSyncOptions,
  SyncOptionsOf,
  SyncReport,
  SyncRunOptions,
  SyncWindow,
  SyncWindowOptions,
  WindowPlanOptions,
} from "../types/sync.js";
import type { Instant } from "../types/time.js";
import type { PlanOptions, UploadOptions, UploadPlan, UploadReport, Watermark } from "../types/uploads.js";

/** Makes the instance of a WebAssembly. */
export default function instantiate(source: { module_or_path: WebAssembly.Module }): Promise<unknown>;
/** The same at once. */
export function initSync(source: { module: WebAssembly.Module }): unknown;

export function queryString(query: QueryInit): string;
export function parseLinkHeader(value: string, base: string | undefined): LinkEntry[];
export function parseRetryAfter(value: string, now: Instant | undefined): number | undefined;

/** Where a name is looked up; one of `path` is a path of the caller's own. */
export type Area = "human" | "medical" | "path";
export type Operation = "whole" | "latest" | "list" | "get" | "readings" | "reading" | "daily" | "summaries" | "summary" | "raw";

/** Resources go by their names in the core's catalogue. */
export class HumanClient {
  constructor(options: object);
  one(area: Area, name: string, operation: Operation, argument: string | undefined, options: CallOptions | undefined): Promise<unknown>;
  pages(area: Area, name: string, operation: Operation, argument: string | undefined, query: QueryInit | undefined): Pages;
  /** Not in what only reads. */
  sync(options: PersonSyncOptions): Sync;
  close(): void;
}

export class AppClient {
  constructor(options: object);
  users(options: CallOptions | undefined): Pages;
  user(humanId: string, options: CallOptions | undefined): Promise<AppUser>;
  deleteUser(humanId: string, options: CallOptions | undefined): Promise<void>;
  batch(type: BatchType, query: BatchQuery): Pages;
  sync(options: SyncOptionsOf<BatchType>): Sync;
  plan(type: BatchType, options: WindowPlanOptions): Promise<SyncWindow[]>;
  missing(type: BatchType, known: Iterable<KnownRecord> | AsyncIterable<KnownRecord>, options: MissingOptions): Promise<KnownRecord[]>;
  window(window: SyncWindow, options: SyncWindowOptions | undefined): Sync;
  close(): void;
}

export class SampleUploader {
  /** `memory` is the store where the options have none. */
  constructor(options: object, memory: Store);
  plan(type: DataType, source: SampleSource, options: PlanOptions | undefined): Promise<UploadPlan>;
  upload(type: DataType, source: SampleSource, options: UploadOptions | undefined): Promise<UploadReport>;
  watermarks(type: DataType): Promise<Watermark[]>;
  forget(type: DataType, deviceName: string | undefined): Promise<void>;
  close(): void;
}

/** A list, to be walked as often as one likes. */
export interface Pages {
  walk(options?: { limit?: number | undefined }): Walk;
}

/** One pass over a list. */
export interface Walk {
  next(): Promise<Page<unknown> | undefined>;
  stop(): void;
}

export interface Sync {
  start(options?: SyncRunOptions<never>): SyncRun;
}

/** One run of a sync. */
export interface SyncRun {
  next(): Promise<Delta | undefined>;
  /** Stores the position after the delta with this number. */
  commit(number: number): Promise<void>;
  /** Resolves when others may run. */
  stop(): Promise<void>;
  report(): SyncReport<string>;
}

export type Delta = readonly [type: string, since: string, before: string, records: unknown[], number: number, checkpoint: string];
