// The program that every bundler builds and every runtime runs: it reads a list and returns the outcome.

import { AppClient, HumanClient, HumansyncError, NotFoundError } from "humansync";
import { createStore } from "humansync/stores/memory";

export async function read(baseUrl) {
  const client = new HumanClient({ accessToken: "demo", baseUrl });
  const latest = await client.weight.latest();
  const pages = client.activities.list({ limit: 50 });
  const ids = [];
  for await (const { id } of pages) {
    ids.push(id);
    if (ids.length === 120) break;
  }
  const { totalCount } = await pages.first();
  const error = await client.activities.get("ffffffffffffffffffffffff").catch((error) => error);
  return {
    isPage: typeof document === "object",
    synced: await synced(baseUrl),
    unit: latest.unit,
    ids,
    totalCount,
    error: {
      name: error.name,
      status: error.status,
      isNotFound: error instanceof NotFoundError,
      isHumansync: error instanceof HumansyncError,
    },
  };
}

/** The number of records that a sync delivers or, where it is refused, the option that would allow it. */
async function synced(baseUrl) {
  try {
    const client = new AppClient({ clientId: "demo-app", appKey: "demo-app-key", baseUrl });
    const sync = client.sync({ store: createStore(), types: ["heights"], since: "2024-06-30T12:00:00Z" });
    return (await sync.run(() => {})).records;
  } catch ({ option, message }) {
    return option ?? message;
  }
}
