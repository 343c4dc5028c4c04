// HumanClient.sync: its options, and the deltas of one person.

import { type Answer, type Same, holds } from "./equal.js";
import {
  HumanClient,
  type AnyDelta,
  type GeneticTrait,
  type HeartRateSummary,
  type MedicalRecord,
  type PersonDelta,
  type PersonRecord,
  type PersonRecords,
  type PersonSyncOptions,
  type PersonType,
  type Reading,
  type Sleep,
  type Store,
  type Sync,
  type SyncReport,
} from "humansync";

declare const store: Store;
declare const client: HumanClient;
declare const one: PersonDelta<"medical/allergies">;

// Each list has the records that its resource has.
type ListOf<K extends PersonType> = PersonRecords[K];
holds<Same<ListOf<"heart_rate">, Reading>>();
holds<Same<ListOf<"heart_rate/summaries">, HeartRateSummary>>();
holds<Same<ListOf<"genetic/traits">, GeneticTrait>>();
holds<Same<ListOf<"medical/plans_of_care">, MedicalRecord>>();
holds<Same<PersonRecord<"sleeps">, Sleep & { timeSeries?: unknown }>>();

export async function uses(): Promise<void> {
  const sync = client.sync({
    store,
    account: "one",
    types: ["sleeps", "medical/allergies"],
    since: 0,
    until: new Date(),
    overlap: 0,
    limit: 100,
    source: "fitbit",
    params: { time_series: "true" },
    windowRecords: 1000,
    signal: AbortSignal.timeout(1),
  });
  holds<Same<typeof sync, Sync<PersonRecords>>>();
  const options: PersonSyncOptions = { from: { weight: "…" }, account: undefined };
  client.sync(options);
  // @ts-expect-error: positions have to be kept somewhere
  client.sync({ account: "one" });
  // @ts-expect-error: but not in two places
  client.sync({ store, from: {} });
  // @ts-expect-error: a type of an app
  client.sync({ store, types: ["weights"] });
  // @ts-expect-error: a checkpoint of a type of an app
  client.sync({ from: { weights: "…" } });

  const from: Partial<Record<PersonType, string>> = {};
  for await (const delta of sync) {
    holds<Same<typeof delta, AnyDelta<PersonRecords>>>();
    holds<Same<typeof delta.type, PersonType>>();
    from[delta.type] = delta.checkpoint;
    if (delta.type === "sleeps") holds<Same<(typeof delta.records)[number]["timeAsleep"], number>>();
    // @ts-expect-error: all records are of one person
    delta.byUser();
    holds<Same<Answer<typeof delta.commit>, void>>();
  }
  client.sync({ from });
  const report: SyncReport<PersonType> = await sync.run(async ({ records }) => void records.length, {
    onProgress: ({ type }) => holds<Same<typeof type, PersonType>>(),
  });
  holds<Same<(typeof report.types)["medical/vitals"], { records: number; until: string | undefined; pages: number } | undefined>>();
  const record: MedicalRecord | undefined = one.records[0];
  void record;
}
