// The program that every tool builds: a real read, and what became of it.

import { HumanClient, HumansyncError, NotFoundError } from "humansync";

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
