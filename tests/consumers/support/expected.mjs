// What the app must have read, according to the sandbox itself.

import assert from "node:assert/strict";

export async function assertRead(outcome, sandbox) {
  const { ids } = await sandbox.control("dump/activities");
  assert.deepEqual(outcome, {
    unit: "kg",
    ids: ids.slice(0, 120),
    totalCount: 8490,
    error: { name: "NotFoundError", status: 404, isNotFound: true, isHumansync: true },
  });
}
