// Workers that do what they are told on stdin, a line of JSON each, and tell everything on stdout.

import { writeSync } from "node:fs";
import { argv } from "node:process";
import { createInterface } from "node:readline";
import { createWorkers } from "humansync/workers";
import { create, write } from "./tables.js";

const { baseUrl, appKey = "demo-app-key", clientId = "demo-app", app, behaviour = {}, telemetry, ...options } = JSON.parse(argv[2]);

const QUIET = new Set(["request", "response", "warning"]);
const tell = (event) => writeSync(1, `${JSON.stringify(event)}\n`);
// What JSON cannot say.
for (const name of behaviour.undefined ?? []) options[name] = undefined;
const failing = behaviour.rejects ? async () => Promise.reject(new Error("the log is full")) : undefined;
let hasTable = false;
let requests = 0;

async function apply(delta, tx) {
  if (!hasTable && options.database === undefined) await create(tx);
  hasTable = true;
  if (behaviour.fail?.type === delta.type && delta.window.since >= behaviour.fail.since && delta.window.since < behaviour.fail.before) {
    await write(delta, tx);
    throw Object.assign(new Error(`the value of ${JSON.stringify(delta.records[0])} is too high`), { code: behaviour.fail.code, detail: JSON.stringify(delta.records) });
  }
  if (behaviour.tellApply) tell({ type: "apply", of: delta.type, records: delta.records.length });
  if (behaviour.catches) await tx.query("SELECT 1 / 0").catch(() => {});
  await write(delta, tx);
  // Between the records and the checkpoint, inside the transaction.
  if (behaviour.slow) await new Promise((resolve) => setTimeout(resolve, behaviour.slow));
  if (behaviour.writeTwice) await write(delta, tx);
  if (behaviour.tellApply) tell({ type: "applied", of: delta.type, records: delta.records.length });
}

function errorOf(error) {
  const { name, code, message, option } = error ?? {};
  return { name, code, message, option, cause: error?.cause?.code };
}

/** A pool that delays the query with which a drain looks how far all types are, the first time. */
async function slowToLook(connectionString) {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString, max: 10 });
  const query = pool.query.bind(pool);
  let looked = false;
  pool.query = async (text, values) => {
    if (!looked && /^SELECT type, .*FROM \S+\.work_types LEFT JOIN/s.test(text)) {
      looked = true;
      await new Promise((resolve) => setTimeout(resolve, behaviour.slowToLook));
    }
    return query(text, values);
  };
  return pool;
}

const telemetered = telemetry === undefined ? undefined : await (await import("./telemetry.js")).collect();

try {
  const workers = await createWorkers({
    ...options,
    ...(behaviour.slowToLook && { database: await slowToLook(options.database) }),
    app: { clientId, appKey, baseUrl, ...app, ...(failing && { onEvent: failing }) },
    apply,
    onEvent(event) {
      if (event.type === "request") requests++;
      if (!QUIET.has(event.type)) tell(event);
      if (event.error !== undefined && behaviour.tellErrors) tell({ type: "error-object", message: event.error.message });
      return failing?.();
    },
  });
  tell({ type: "made" });
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, given } = JSON.parse(line);
    // Not awaited: one can stop while it drains.
    Promise.resolve()
      .then(() => workers[method](...given))
      .then(
        (value) => tell({ type: "answer", id, value }),
        (error) => tell({ type: "answer", id, error: errorOf(error) }),
      );
  }
  await workers.stop();
  if (telemetered !== undefined) tell({ type: "telemetry", requests, ...(await telemetered()) });
} catch (error) {
  tell({ type: "refused", error: errorOf(error) });
  process.exitCode = 3;
}
