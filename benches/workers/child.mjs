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
await workers.start();

process.on("message", async (question) => {
  if (question === "count") return process.send({ deltas, processor: process.cpuUsage() });
  await workers.stop();
  await pool.end();
  process.disconnect();
});
process.send("started");
