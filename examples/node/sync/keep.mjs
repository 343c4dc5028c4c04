// Syncs all users of an app with a database: the part that does not depend on the kind of database.

import { AppClient } from "humansync";
import { countCost, waiting } from "../cost.mjs";
import { run } from "../run.mjs";
import { screenOn } from "../terminal/screen.mjs";
import { readSyncArguments } from "./arguments.mjs";
import { linesOf, showReport } from "./show.mjs";
import { APP_TYPES } from "./types.mjs";

/**
 * Runs a script. `own` is the option that names the database; `open(database)` returns its tables, as sqlite-tables.mjs
 * does.
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
    const tables = await open(given.database);
    try {
      await synced({ client, tables, cost, signal, given });
    } finally {
      client[Symbol.dispose]?.();
      await tables.close();
    }
  }

  async function synced({ client, tables, cost, signal, given: { client: { clientId }, options } }) {
    screen.heading(`All users of ${clientId}`);
    const from = await tables.from();
    const changes = {};
    const note = () => (signal.aborted ? "stopping …" : waiting(cost.pause));
    const lines = linesOf(screen, process.stdout, options.types ?? APP_TYPES, { note });
    const began = performance.now();
    let report;
    try {
      report = await client.sync({ ...options, from, signal }).run(
        async (delta) => {
          // One transaction stores the records and the checkpoint, so that the script may be killed at any moment.
          const changed = await tables.store(delta, from);
          changes[delta.type] = (changes[delta.type] ?? 0) + changed;
        },
        { onProgress: lines.reach },
      );
    } finally {
      lines.end();
    }
    showReport(screen, report, { changes, took: performance.now() - began, warnings: cost.warnings });
  }
}
