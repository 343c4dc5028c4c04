// Keeps a SQLite file in sync with an app, and prints each step on a line of its own, so that a test can end it at any of
// them. It kills itself at the step `dieAt`.

import { writeSync } from "node:fs";
import { argv, kill, pid } from "node:process";
import { AppClient } from "humansync";
import { createStore } from "humansync/stores/file";
import { tablesIn } from "./tables.js";

const { database, folder, baseUrl, since, dieAt, concurrency, overlap, types } = JSON.parse(argv[2]);

let steps = 0;
function tell(step) {
  writeSync(1, `${JSON.stringify(step)}\n`);
  if (++steps === dieAt) kill(pid, "SIGKILL");
}

/** The store, printing each call before it begins and after it is done. */
function watched(store) {
  const other =
    (method) =>
    async (...parameters) => {
      tell({ step: method });
      const value = await store[method](...parameters);
      tell({ step: `${method} done` });
      return value;
    };
  return { get: other("get"), set: other("set"), delete: other("delete"), keys: other("keys"), lock: (name, work) => store.lock(name, work) };
}

const tables = await tablesIn(database);
const client = new AppClient({
  clientId: "demo-app",
  appKey: "demo-app-key",
  baseUrl,
  concurrency,
  onEvent: ({ type }) => tell({ step: type }),
});
const sync = client.sync({ store: watched(await createStore(folder)), since, overlap, types });
const report = await sync.run(({ type, records }) => {
  tell({ step: "delta", type, records: records.length });
  tables.upsert(type, records);
  tell({ step: "kept", type });
});
tell({ step: "report", report });
tables.close();
