// The options of workers, checked and with their defaults. Complaints name the kind of a thing, never the thing.

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AppClientOptions } from "../app-client.js";
import { optionError } from "../core/errors.js";
import { AppClient } from "../index.js";
import { kindOf, misfit } from "../stores/checks.js";
import { checkNames } from "../stores/option-names.js";
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

const KNOWN = [
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
] satisfies (keyof WorkersOptions)[];

export function checked<Tx>(options: WorkersOptions<Tx>): Settings {
  checkNames("options", options, KNOWN);
  const { app, apply, onEvent, database, folder } = options;
  if (typeof app !== "object" || app === null) throw misfit("app", "an object, the options of an AppClient", kindOf(app));
  if (typeof apply !== "function") throw misfit("apply", "a function that takes a delta and a transaction", kindOf(apply));
  if (onEvent !== undefined && typeof onEvent !== "function") throw misfit("onEvent", "a function", kindOf(onEvent));
  // A variable of the environment that is not set must not have everything written into memory.
  for (const [name, value] of Object.entries({ database, folder })) if (name in options && (value === undefined || value === null)) throw isMissing(name, value);
  if (database !== undefined && folder !== undefined) throw optionError("folder", "`folder` is only for PGlite, and there is a `database`: leave out one of them");
  const types = checkedTypes(options.types ?? (Object.keys(TYPES) as BatchType[]));
  checkByCore(app, options.since, types);
  return {
    database: database === undefined ? undefined : checkedDatabase(database),
    folder: folder === undefined ? undefined : checkedFolder(folder),
    schema: checkedSchema(options.schema ?? "humansync"),
    app,
    types,
    since: checkedSince(options.since),
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
        // An async listener fails by a promise.
        (onEvent?.(event) as PromiseLike<void> | undefined)?.then?.(undefined, () => {});
      } catch {
        // A listener cannot disturb the work.
      }
    },
  };
}

function isMissing(name: string, value: unknown) {
  const otherwise = name === "database" ? "PGlite" : "memory";
  return optionError(name, `\`${name}\` is ${value}: is the environment variable set? Leave \`${name}\` out for ${otherwise}`);
}

/** The client's options, and `since` by the rule of `AppClient.sync`, which sends nothing before it is iterated. */
function checkByCore(app: AppClientOptions, since: Instant, types: readonly BatchType[]): void {
  if (since === undefined) throw misfit("since", "a Date, a text like \"2024-01-31T12:00:00Z\", or milliseconds since 1970", kindOf(since));
  const client = new AppClient(app);
  try {
    client.sync({ from: {}, since, types });
  } finally {
    client.close();
  }
}

/**
 * What `pg` takes for an address: a URL, or a socket. It would take any other text for the name of a database on a
 * host called "base".
 */
const ADDRESS = /^(postgres(ql)?:\/\/|socket:|\/)/i;
export const ADDRESSES = "a connection string like postgres://user@host/name, or a pool of `pg`";

function checkedDatabase(database: unknown): string | DatabasePool {
  if (typeof database === "string" && ADDRESS.test(database)) return database;
  const pool = database as Partial<DatabasePool> | null;
  if (typeof database === "object" && typeof pool?.query === "function" && typeof pool.connect === "function") return pool as DatabasePool;
  throw misfit("database", ADDRESSES, database === "" ? "empty" : typeof database === "string" ? "a text that is neither" : kindOf(database));
}

function checkedFolder(folder: unknown): string {
  if (typeof folder === "string" && folder !== "") return resolve(folder);
  if (folder instanceof URL && folder.protocol === "file:") return fileURLToPath(folder);
  throw misfit("folder", "a path or a file: URL", folder === "" ? "empty" : kindOf(folder));
}

/** It is put into statements as it is. Words of SQL are refused by `migrate`: the database knows them. */
function checkedSchema(schema: unknown): string {
  if (typeof schema === "string" && /^(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,39}$/.test(schema)) return schema;
  throw misfit("schema", "a name of lower case letters, digits and _, of at most 40, that is not one of PostgreSQL's own (pg_…)", typeof schema === "string" ? "another text" : kindOf(schema));
}

function checkedTypes(types: unknown): readonly BatchType[] {
  if (!Array.isArray(types) || types.length === 0) throw misfit("types", "a list of types that is not empty", Array.isArray(types) ? "empty" : kindOf(types));
  const index = types.findIndex((type) => typeof type !== "string" || !Object.hasOwn(TYPES, type));
  if (index >= 0) throw misfit(`types[${index}]`, "a type of batch queries, such as \"heart_rates\"", typeof types[index] === "string" ? "another text" : kindOf(types[index]));
  return [...new Set(types as BatchType[])];
}

const DAY = 86_400_000;
/** PostgreSQL has no year 0. */
const YEAR_1 = Date.parse("0001-01-01T00:00:00Z");

/** One that the core has taken. */
function checkedSince(since: Instant): Date {
  const at = new Date(since);
  if (Number.isNaN(at.getTime()) || at.getTime() < YEAR_1) throw misfit("since", "a point in time from the year 1 on", "another one");
  if (at.getTime() > Date.now() + DAY) throw misfit("since", "a point in time that has been", "more than a day ahead of the clock of this machine");
  return at;
}

function checkedNumber(option: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw misfit(option, `a whole number from ${least} to ${most}`, typeof value === "number" ? "another number" : kindOf(value));
}

function wholeSeconds(option: string, milliseconds: number): number {
  if (milliseconds % 1000 === 0) return milliseconds;
  throw misfit(option, "whole seconds, in milliseconds", "another number");
}
