// The options of workers, checked and with their defaults. Complaints name the kind of a thing, never the thing.

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AppClientOptions } from "../app-client.js";
import { optionError } from "../core/errors.js";
import { kindOf, misfit } from "../stores/checks.js";
import type { BatchType } from "../types/batch.js";
import type { AnyDelta } from "../types/sync.js";
import type { Instant } from "../types/time.js";
import type { DatabasePool, Transaction, WorkersOptions } from "../types/workers.js";

const TYPES = {
  activities: true,
  "activities/summaries": true,
  sleeps: true,
  "sleeps/summaries": true,
  locations: true,
  heart_rates: true,
  "heart_rate/summaries": true,
  bmis: true,
  body_fats: true,
  heights: true,
  weights: true,
  blood_pressures: true,
  blood_glucoses: true,
  blood_oxygens: true,
  "food/meals": true,
  genetic_traits: true,
} as const satisfies Record<BatchType, true>;

export interface Settings {
  readonly database: string | DatabasePool | undefined;
  readonly folder: string | undefined;
  readonly schema: string;
  readonly app: AppClientOptions;
  readonly types: readonly BatchType[];
  readonly since: Date;
  readonly every: number;
  readonly overlap: number;
  readonly windowRecords: number;
  readonly concurrency: number;
  readonly sharedConcurrency: number;
  readonly leaseDuration: number;
  readonly attempts: number;
  readonly apply: (delta: AnyDelta, tx: Transaction) => Promise<void>;
  readonly onEvent: (event: never) => void;
}

const KNOWN = new Set<string>([
  "database",
  "folder",
  "schema",
  "app",
  "types",
  "since",
  "every",
  "overlap",
  "windowRecords",
  "concurrency",
  "sharedConcurrency",
  "leaseDuration",
  "attempts",
  "apply",
  "onEvent",
] satisfies (keyof WorkersOptions)[]);

export function checked<Tx>(options: WorkersOptions<Tx>): Settings {
  if (typeof options !== "object" || options === null) throw misfit("options", "an object", kindOf(options));
  const unknown = Object.keys(options).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw optionError(unknown, `unknown option: ${unknown}; there are ${[...KNOWN].join(", ")}`);
  const { app, apply, onEvent, database, folder } = options;
  if (typeof app !== "object" || app === null) throw misfit("app", "an object, the options of an AppClient", kindOf(app));
  if (typeof apply !== "function") throw misfit("apply", "a function that takes a delta and a transaction", kindOf(apply));
  if (onEvent !== undefined && typeof onEvent !== "function") throw misfit("onEvent", "a function", kindOf(onEvent));
  if (database !== undefined && folder !== undefined) throw optionError("folder", "`folder` is only for PGlite, and there is a `database`: leave out one of them");
  return {
    database: database === undefined ? undefined : checkedDatabase(database),
    folder: folder === undefined ? undefined : checkedFolder(folder),
    schema: checkedSchema(options.schema ?? "humansync"),
    app,
    types: checkedTypes(options.types ?? (Object.keys(TYPES) as BatchType[])),
    since: checkedInstant("since", options.since),
    every: checkedNumber("every", options.every ?? 300_000, 1000, 86_400_000),
    overlap: wholeSeconds("overlap", checkedNumber("overlap", options.overlap ?? 300_000, 0, 30 * 86_400_000)),
    windowRecords: checkedNumber("windowRecords", options.windowRecords ?? 50_000, 1, Number.MAX_SAFE_INTEGER),
    concurrency: checkedNumber("concurrency", options.concurrency ?? 2, 1, 64),
    sharedConcurrency: checkedNumber("sharedConcurrency", options.sharedConcurrency ?? 6, 1, 256),
    leaseDuration: wholeSeconds("leaseDuration", checkedNumber("leaseDuration", options.leaseDuration ?? 10_000, 10_000, 3_600_000)),
    attempts: checkedNumber("attempts", options.attempts ?? 8, 1, 100),
    apply: apply as unknown as Settings["apply"],
    onEvent: (event) => {
      try {
        onEvent?.(event);
      } catch {
        // A listener cannot disturb the work.
      }
    },
  };
}

function checkedDatabase(database: unknown): string | DatabasePool {
  if (typeof database === "string" && database !== "") return database;
  const pool = database as Partial<DatabasePool> | null;
  if (typeof database === "object" && typeof pool?.query === "function" && typeof pool.connect === "function") return pool as DatabasePool;
  throw misfit("database", "a connection string, or a pool of `pg`", database === "" ? "empty" : kindOf(database));
}

function checkedFolder(folder: unknown): string {
  if (typeof folder === "string" && folder !== "") return resolve(folder);
  if (folder instanceof URL && folder.protocol === "file:") return fileURLToPath(folder);
  throw misfit("folder", "a path or a file: URL", folder === "" ? "empty" : kindOf(folder));
}

/** It is put into statements as it is. */
function checkedSchema(schema: unknown): string {
  if (typeof schema === "string" && /^[a-z_][a-z0-9_]{0,39}$/.test(schema)) return schema;
  throw misfit("schema", "a name of lower case letters, digits and _, of at most 40", typeof schema === "string" ? "another text" : kindOf(schema));
}

function checkedTypes(types: unknown): readonly BatchType[] {
  if (!Array.isArray(types) || types.length === 0) throw misfit("types", "a list of types that is not empty", Array.isArray(types) ? "empty" : kindOf(types));
  const index = types.findIndex((type) => typeof type !== "string" || !Object.hasOwn(TYPES, type));
  if (index >= 0) throw misfit(`types[${index}]`, "a type of batch queries, such as \"heart_rates\"", typeof types[index] === "string" ? "another text" : kindOf(types[index]));
  return [...new Set(types as BatchType[])];
}

function checkedInstant(option: string, instant: Instant): Date {
  const at = new Date(typeof instant === "string" || typeof instant === "number" || instant instanceof Date ? instant : Number.NaN);
  if (!Number.isNaN(at.getTime())) return at;
  throw misfit(option, "a point in time: a Date, RFC 3339, or milliseconds", typeof instant === "string" ? "another text" : kindOf(instant));
}

function checkedNumber(option: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw misfit(option, `a whole number from ${least} to ${most}`, typeof value === "number" ? "another number" : kindOf(value));
}

function wholeSeconds(option: string, milliseconds: number): number {
  if (milliseconds % 1000 === 0) return milliseconds;
  throw misfit(option, "whole seconds, in milliseconds", "another number");
}
