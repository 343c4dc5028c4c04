// Types of the stores on servers, with those of the clients that have some.

import type { Lease, Store } from "humansync";
import { type PostgresPool, type PostgresStoreOptions, createStore as createPostgres } from "humansync/stores/postgres";
import { type RedisStoreOptions, createStore as createRedis } from "humansync/stores/redis";
import { type TestStoreOptions, testStore } from "humansync/stores/testing";
import { Cluster, Redis } from "ioredis";
import { test } from "node:test";
import { createClient, createClientPool, createCluster } from "redis";
import { type Same, holds } from "./equal.js";

// Anything with `query` is a pool; what it gives besides is its own.
const pool: PostgresPool = { query: async (text: string, values: unknown[]) => ({ rows: [{ text, values }], rowCount: 1 }) };
const stores: Store[] = [
  await createPostgres({ pool }),
  await createPostgres({ pool, schema: "app", leaseDuration: 30_000 }),
  await createPostgres({ pool, schema: undefined, leaseDuration: undefined }),
  await createRedis({ client: createClient() }),
  await createRedis({ client: createClientPool(), prefix: "app:", leaseDuration: 30_000 }),
  await createRedis({ client: createCluster({ rootNodes: [] }) }),
  await createRedis({ client: new Redis(), prefix: undefined }),
  await createRedis({ client: new Cluster([]) }),
];
holds<Same<PostgresStoreOptions["schema"], string | undefined>>();
holds<Same<RedisStoreOptions["prefix"], string | undefined>>();

// @ts-expect-error: a connection string is no pool
void createPostgres({ pool: "postgres://localhost" });
// @ts-expect-error: a pool is needed
void createPostgres();
// @ts-expect-error: an address is no client
void createRedis({ client: "redis://localhost" });

for (const store of stores) {
  const answer: number = await store.lock("name", async (lease) => {
    holds<Same<typeof lease, Lease>>();
    holds<Same<typeof lease.signal, AbortSignal>>();
    await store.set("key", new Uint8Array(1), lease);
    await store.delete("key", lease);
    // @ts-expect-error: a lease cannot be changed
    lease.token = 2;
    return lease.token;
  });
  void answer;
  // @ts-expect-error: a token alone is no lease
  void store.set("key", new Uint8Array(1), 7);
}

testStore((place) => createPostgres({ pool, schema: place }), { test });
testStore(() => stores[0]!, { test: (name, run) => void [name.length, run()], remove: async (place) => place.length });
holds<Same<Parameters<TestStoreOptions["test"]>, [name: string, run: () => Promise<void>]>>();
