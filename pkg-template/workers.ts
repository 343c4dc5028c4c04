// `humansync/workers`: all users' data in a database, brought by any number of processes.

import { HumansyncError } from "./core/errors.js";
import { AppClient } from "./index.js";
import type { Database } from "./workers/database.js";
import { databaseFailure } from "./workers/database-errors.js";
import { checkTables } from "./workers/jobs.js";
import { checked, type Settings } from "./workers/options.js";
import { checkNode, pgBoss } from "./workers/optional-peers.js";
import { embedded } from "./workers/pglite.js";
import { postgres } from "./workers/postgres.js";
import { migrate } from "./workers/schema.js";
import { Telemetry } from "./workers/telemetry.js";
import { troubleTo, WorkerGroup } from "./workers/worker-group.js";
import type { ClientEvent } from "./types/client-options.js";
import type { Transaction, WorkerEvent, Workers, WorkersOptions } from "./types/workers.js";

export * from "./errors.js";
export type * from "./types/workers.js";

/**
 * Makes workers, which bring everything that is updated from `since` on into your tables, and keep it up to date: any
 * number of them, in any number of processes on any number of machines, which share a schema of a PostgreSQL database.
 * Without a `database`, PGlite takes its place, in this one process.
 *
 * ```js
 * import { createWorkers } from "humansync/workers";
 *
 * const workers = await createWorkers({
 *   database: process.env.DATABASE_URL,
 *   app: { clientId, appKey: process.env.APP_KEY },
 *   since: "2024-01-01T00:00:00Z",
 *   async apply({ type, records }, tx) {
 *     for (const record of records) await tx.query(UPSERT[type], [record.humanId, record.id, record.updatedAt, record]);
 *   },
 * });
 * await workers.start();
 * ```
 *
 * **`apply` must write by id, and only what is newer** (`updatedAt`): a delta may come twice, and an older version of a
 * record may come after a newer one.
 *
 * Needs Node 22.12 and the package `pg-boss`, and `pg` for a connection string or `@electric-sql/pglite` without a
 * `database`. Tables that are missing are made.
 * @throws {OptionError} where an option is not valid, and where the schema is another app's. Rejects with a StoreError
 *   where the database cannot be reached (`unreachable`), does not let this user in (`denied`), or has tables of a newer
 *   version (`newer`), where another process has the folder (`locked`), and with a HumansyncError where a package is not
 *   installed (`peer-missing`) or Node is too old (`unsupported`). Nothing is written then.
 */
export async function createWorkers<Tx = Transaction>(options: WorkersOptions<Tx>): Promise<Workers> {
  checkNode();
  const settings = checked(options);
  await pgBoss();
  const telemetry = await Telemetry.open();
  const tell = (event: ClientEvent | WorkerEvent) => {
    telemetry.event(event);
    settings.onEvent(event as never);
  };
  const trouble = troubleTo(tell);
  const database = await opened(settings, trouble);
  try {
    await checkTables(database, settings);
    await migrate(database, settings.schema, settings.app);
    return new WorkerGroup({
      settings,
      database,
      telemetry,
      trouble,
      tell,
      clientWith: (limiter, told) => {
        const { onEvent } = settings.app;
        return new AppClient({
          ...settings.app,
          limiter: settings.app.limiter ?? limiter,
          onEvent(event) {
            told(event);
            // An async listener fails by a promise, which the client takes care of.
            return onEvent?.(event);
          },
        });
      },
    });
  } catch (error) {
    await database.close().catch(() => {});
    throw error;
  }
}

async function opened({ database, folder, concurrency, leaseDuration }: Settings, trouble: (error: unknown) => void): Promise<Database> {
  try {
    return database === undefined ? await embedded(folder) : await postgres({ database, concurrency, leaseDuration }, trouble);
  } catch (error) {
    throw error instanceof HumansyncError ? error : databaseFailure("The database of the workers could not be opened", error);
  }
}
