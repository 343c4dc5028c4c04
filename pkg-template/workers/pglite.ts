// The database of workers without a server: PGlite, in memory or in a folder of this process.

import { join } from "node:path";
import { optionError } from "../core/errors.js";
import { acquire } from "../stores/file-lock.js";
import { mkdir } from "../stores/file-system.js";
import type { Database } from "./database.js";
import { codeOf, databaseError } from "./database-errors.js";
import { pgBoss, pglite } from "./optional-peers.js";

/** How long to wait for a process that is about to end. Milliseconds. */
const PATIENCE = 2_000;

/** Opens the one in `folder`, a path. */
export async function embedded(folder: string | undefined): Promise<Database> {
  const [{ PGlite }, { fromPglite }] = [await pglite(), await pgBoss()];
  const release = folder === undefined ? undefined : await lock(folder);
  try {
    const database = await PGlite.create(folder === undefined ? {} : { dataDir: join(folder, "database") });
    return {
      backend: "pglite",
      jobs: fromPglite(database),
      query: (text, values) => database.query(text, values),
      transaction: (work) => database.transaction((tx) => work(tx)),
      async close() {
        await database.close();
        await release?.();
      },
    };
  } catch (error) {
    await release?.();
    throw error;
  }
}

/** PGlite itself lets two processes open a folder at once, and they spoil it for each other. */
async function lock(folder: string): Promise<() => Promise<void>> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (!["EEXIST", "ENOTDIR"].includes(codeOf(error) ?? "")) throw error;
    throw optionError("folder", "`folder` must be a folder, or not be there yet; there is a file in its place");
  }
  try {
    return await acquire(folder, "workers", AbortSignal.timeout(PATIENCE));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  throw databaseError("locked", "The folder of the workers is in use already, by other workers of this or another process: PGlite is for one at a time; stop the others, or give a `database` for several");
}
