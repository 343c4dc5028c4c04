// The package in a CommonJS program.

const assert = require("node:assert/strict");
const { test } = require("node:test");

test("require returns a client that reads", async () => {
  const { required } = await import("./support/installed.mjs");
  const { answering, paged, records } = await import("./support/answers.mjs");
  const { HumanClient, HumansyncError, queryString } = required("humansync");

  assert.equal(queryString({ limit: 50 }), "limit=50");
  const list = records(120);
  const client = new HumanClient({ accessToken: "demo", fetch: answering(paged(list)) });
  assert.deepEqual(await client.activities.list({ limit: 50 }).toArray(), list);
  assert.throws(() => queryString({ limit: 501 }), HumansyncError);
});
