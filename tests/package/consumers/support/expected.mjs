// The outcome that the app must have, according to the sandbox itself.

import assert from "node:assert/strict";

export async function assertRead(outcome, sandbox) {
  const { ids } = await sandbox.control("dump/activities");
  const { lists } = await sandbox.control("app");
  assert.deepEqual(outcome, {
    isPage: outcome.isPage,
    // A page would show its App Key to every visitor, so that an AppClient refuses to be built there.
    synced: outcome.isPage ? "dangerouslyAllowBrowser" : lists.heights,
    unit: "kg",
    ids: ids.slice(0, 120),
    totalCount: 8490,
    error: { name: "NotFoundError", status: 404, isNotFound: true, isHumansync: true },
  });
}

/** The same of the app's program of the entries by job. */
export function assertJobs(outcome) {
  assert.deepEqual(outcome, { unit: "kg", isNotFound: true, areOfOneClass: true, sent: 4 });
}
