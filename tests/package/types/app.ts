// AppClient: its options, the records of batch queries, and the deltas of a sync.

import { type Answer, type Same, holds } from "./equal.js";
import {
  AppClient,
  type Activity,
  type AnyDelta,
  type AppUser,
  type BatchRecord,
  type BatchType,
  type Delta,
  type Pages,
  type Reading,
  type Store,
  type Sync,
  type SyncOptions,
  type SyncOptionsOf,
  type SyncProgress,
  type SyncReport,
  type SyncWindow,
} from "humansync";

declare const store: Store;
declare const one: Delta<"sleeps">;

// Every option may be set, and each optional one may be undefined.
const client = new AppClient({
  clientId: "app",
  appKey: async () => "key",
  version: "v1",
  dangerouslyAllowBrowser: true,
  baseUrl: "https://api.humanapi.co",
  fetch: globalThis.fetch,
  headers: { "x-study": "7" },
  timeout: 1000,
  maxResponseBytes: 1_000_000,
  maxRetries: 0,
  maxRetryDelay: 1,
  concurrency: 1,
  allowHttp: true,
  onEvent: (event) => void event.type,
});
new AppClient({ clientId: "app", appKey: "key", version: undefined, dangerouslyAllowBrowser: undefined, fetch: undefined });
// @ts-expect-error: the App Key is required
new AppClient({ clientId: "app" });
// @ts-expect-error: so is the app
new AppClient({ appKey: "key" });

holds<Same<ReturnType<AppClient["users"]>, Pages<AppUser>>>();
holds<Same<Answer<AppClient["user"]>, AppUser>>();
holds<Same<Answer<AppClient["deleteUser"]>, void>>();
client.users({ signal: AbortSignal.timeout(1) });
client.close();

export async function uses(): Promise<void> {
  // A batch delivers the records of its type.
  const weights = client.batch("weights", { updatedSince: new Date(), limit: 50, source: "withings", cursor: undefined as never });
  holds<Same<typeof weights, Pages<BatchRecord<"weights">>>>();
  for await (const weight of weights) {
    holds<Same<typeof weight.value, number>>();
    const reading: Reading = weight;
    void reading;
  }
  const activities: Activity[] = await client.batch("activities", { updatedSince: 0 }).toArray();
  void activities;
  // @ts-expect-error: updatedSince is required
  client.batch("weights", { limit: 50 });
  // @ts-expect-error: there is no such type
  client.batch("weight", { updatedSince: 0 });

  // A sync with every option, and with the required ones only.
  const sync: Sync = client.sync({ store, types: ["weights", "food/meals"], since: "2024-01-01T00:00:00Z", until: 0, overlap: 0, signal: AbortSignal.timeout(1) });
  client.sync({ store, types: undefined, since: undefined, until: undefined, overlap: undefined, signal: undefined });
  // @ts-expect-error: positions have to be kept somewhere
  client.sync({});
  // @ts-expect-error: but not in two places
  client.sync({ store, from: {} });
  const options: SyncOptions = { store };
  client.sync(options);
  const kept: Store = options.store;
  const checkpoints: Partial<Record<BatchType, string>> = {};
  client.sync({ from: checkpoints, limit: 100, source: "fitbit", params: { time_series: "true" }, windowRecords: 10_000 });
  client.sync({ from: { weights: "…", sleeps: undefined }, limit: undefined, source: undefined, params: undefined, windowRecords: undefined });
  // @ts-expect-error: a misspelt name
  client.sync({ from: { weight: "…" } });
  // @ts-expect-error: an app has no account
  client.sync({ store, account: "one" });
  const either: SyncOptionsOf<BatchType> = Math.random() < 0.5 ? { store } : { from: checkpoints };
  client.sync(either);
  void kept;

  // A delta's type narrows its records.
  for await (const delta of sync) {
    holds<Same<typeof delta, AnyDelta>>();
    holds<Same<typeof delta.type, BatchType>>();
    if (delta.type === "weights") holds<Same<(typeof delta.records)[number]["value"], number>>();
    for (const record of delta.records) {
      holds<Same<typeof record.humanId, string>>();
      // Traits have no id.
      holds<Same<typeof record.id, string | undefined>>();
    }
    const window: { readonly since: string; readonly before: string } = delta.window;
    void window;
    holds<Same<Answer<typeof delta.commit>, void>>();
    for (const [humanId, records] of delta.byUser()) void [humanId.length, records.length];
  }
  const report: SyncReport = await sync.run(async (delta) => void delta.records.length, {
    onProgress: (progress: SyncProgress) => void [progress.type, progress.records, progress.expected, progress.windowsDone, progress.windows],
  });
  holds<Same<(typeof report.types)["weights"], { records: number; until: string | undefined; pages: number } | undefined>>();
  // A window is plain JSON, and its deltas have its type.
  const planned: SyncWindow = JSON.parse("{}");
  for await (const delta of client.window(planned)) holds<Same<typeof delta.type, BatchType>>();
  for await (const delta of client.window({ type: "sleeps", since: "2024-01-01T00:00:00Z", before: "2024-01-02T00:00:00Z" }, { checkpoint: "…", signal: AbortSignal.timeout(1) })) {
    holds<Same<typeof delta, Delta<"sleeps">>>();
    holds<Same<typeof delta.checkpoint, string>>();
    // @ts-expect-error: a checkpoint is read-only
    delta.checkpoint = "";
  }
  client.window({ type: "sleeps", since: "", before: "", expected: undefined }, { checkpoint: undefined, signal: undefined });
  // @ts-expect-error: it has no overlap
  client.window(planned, { overlap: 5 });
  // The deltas of one type can be declared by its name.
  holds<Same<(typeof one.records)[number]["timeAsleep"], number>>();
}
