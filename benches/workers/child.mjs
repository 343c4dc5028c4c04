// A worker in a process of its own, started by measure.mjs, which it tells how much it has done whenever that asks.

import pg from "pg";
import { createWorkers } from "humansync/workers";
import { upsert } from "../../examples/node/sync/postgres-upsert.mjs";

const { database, ...options } = JSON.parse(process.argv[2]);

let deltas = 0;
const pool = new pg.Pool({ connectionString: database, max: 8 });
const workers = await createWorkers({
  ...options,
  database: pool,
  async apply(delta, transaction) {
    await upsert(transaction, delta.type, delta.records);
    deltas++;
  },
});
// All is planned before anything is handed out: a plan asks with the lanes that are measured.
await pool.query(
  `INSERT INTO ${options.schema}.work_types (type, since, slice) SELECT type, $2::timestamptz, 400 * 86400 FROM unnest($1::text[]) AS given (type) ON CONFLICT DO NOTHING`,
  [options.types, options.since],
);
await workers.start();

process.on("message", async (question) => {
  if (question === "count") return process.send({ deltas, processor: process.cpuUsage() });
  await workers.stop();
  await pool.end();
  process.disconnect();
});
process.send("started");
