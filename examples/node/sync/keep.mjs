// Syncs all users of an app with a database: the part that does not depend on the kind of database.

import { AppClient } from "humansync";
import { createStore } from "humansync/stores/file";
import { countCost, waiting } from "../cost.mjs";
import { run } from "../run.mjs";
import { screenOn } from "../terminal/screen.mjs";
import { readSyncArguments } from "./arguments.mjs";
import { ALL_TYPES, linesOf, showReport } from "./show.mjs";

/**
 * Runs a script. `own` is the option that names the database; `open(database)` returns an object with
 * `upsert(type, records)`, which stores all records or none, and `close()`.
 */
export async function keepInSync({ help, own, open }) {
  const screen = screenOn(process.stdout);
  const stopped = () => "Stopped; what has come is kept. The same command goes on from there.";
  await run(screen, main, { stopped, credential: "App Key: --app-key, or HUMANSYNC_APP_KEY", address: "--base-url and --client-id" });

  async function main(signal) {
    const given = readSyncArguments(own);
    if (given.help) return screen.line(help);
    const { cost, onEvent } = countCost();
    const client = new AppClient({ ...given.client, onEvent });
    const target = await open(given.database);
    try {
      const store = await createStore(given.folder);
      await synced(client.sync({ ...given.options, store, signal }), { target, cost, signal, ...given });
    } finally {
      client[Symbol.dispose]?.();
      await target.close();
    }
  }

  async function synced(sync, { target, cost, signal, client, options }) {
    screen.heading(`All users of ${client.clientId}`);
    const note = () => (signal.aborted ? "stopping …" : waiting(cost.pause));
    const lines = linesOf(screen, process.stdout, options.types ?? ALL_TYPES, { note });
    const began = performance.now();
    let report;
    try {
      // A delta's position is stored only after the handler has stored the records, so that the script may be killed at
      // any moment.
      report = await sync.run(({ type, records }) => target.upsert(type, records), { onProgress: lines.reach });
    } finally {
      lines.end();
    }
    showReport(screen, report, { took: performance.now() - began, warnings: cost.warnings });
  }
}
