// Types of the workers.

import type { AnyDelta, BatchType, ClientEvent, SyncReport, SyncWindow } from "humansync";
import { type ParkedWindow, type Transaction, type WorkerEvent, type WorkerFault, type Workers, type WorkersOptions, type WorkerStatus, OptionError, createWorkers } from "humansync/workers";
import { type Same, holds } from "./equal.js";

const app = { clientId: "demo-app", appKey: "demo-app-key" };
const since = "2025-01-01T00:00:00Z";

const workers: Workers = await createWorkers({
  app,
  since,
  async apply(delta, tx) {
    holds<Same<typeof delta, AnyDelta>>();
    holds<Same<typeof tx, Transaction>>();
    const { rows } = await tx.query("SELECT $1", [delta.records.length]);
    holds<Same<(typeof rows)[number], { [column: string]: unknown }>>();
    if (delta.type === "blood_pressures") holds<Same<(typeof delta.records)[number]["systolic"], number>>();
  },
});
await workers.start();
holds<Same<Awaited<ReturnType<Workers["drain"]>>, SyncReport>>();
const [status]: WorkerStatus[] = await workers.status();
holds<Same<NonNullable<typeof status>["type"], BatchType>>();
const parked: ParkedWindow[] = await workers.parked();
holds<Same<ParkedWindow["window"], SyncWindow>>();
holds<Same<ParkedWindow["error"], WorkerFault>>();
const given: number = (await workers.retry(parked)) + (await workers.retry()) + (await workers.retry([{ id: "1" }]));
const pause: Date | undefined = await workers.pausedUntil();
await workers.stop();
void [given, pause];

// A transaction of another kind: a pool's own client.
interface Client extends Transaction {
  copy(text: string): Promise<void>;
  release(): void;
}
declare const pool: { query: Transaction["query"]; connect(): Promise<Client> };
const options: WorkersOptions<Client> = {
  database: pool,
  app: { ...app, limiter: undefined },
  types: ["weights"],
  since: new Date(),
  schema: undefined,
  leaseDuration: 20_000,
  apply: (delta, tx) => tx.copy(delta.type),
  onEvent(event) {
    holds<Same<typeof event, ClientEvent | WorkerEvent>>();
    if (event.type === "window" && event.state === "failed") {
      const { window, fault, parked } = event;
      holds<Same<typeof window, SyncWindow>>();
      holds<Same<typeof fault, WorkerFault | undefined>>();
      holds<Same<typeof parked, boolean | undefined>>();
    }
  },
};
void createWorkers<Client>(options);
// Options that are written down before the call, and a variable of the environment.
const written = {
  app,
  types: ["weights", "sleeps"],
  since,
  async apply({ type, records }, tx) {
    holds<Same<typeof tx, Transaction>>();
    await tx.query("SELECT $1", [`${type} ${records.length}`]);
  },
} satisfies WorkersOptions;
void createWorkers(written);
void createWorkers<Client>({ ...written, database: process.env["DATABASE_URL"], apply: (delta, tx) => tx.copy(delta.type) });
void createWorkers({ app, since, folder: new URL("file:///data"), apply: async () => {} });

// @ts-expect-error: there is no such type
void createWorkers({ app, since, types: ["steps"], apply: async () => {} });
// @ts-expect-error: `apply` is needed
void createWorkers({ app, since });
// @ts-expect-error: `since` is needed
void createWorkers({ app, apply: async () => {} });
// @ts-expect-error: `apply` is awaited
void createWorkers({ app, since, apply: () => 1 });
// @ts-expect-error: a client is no pool
void createWorkers({ app, since, database: { query: pool.query }, apply: async () => {} });

try {
  await workers.drain();
} catch (error) {
  if (error instanceof OptionError) holds<Same<typeof error.option, string>>();
}
