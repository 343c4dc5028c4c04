// What the tables of both databases have in common: when a run may use them, and when it may not.

import { UsageError } from "../arguments.mjs";
import { tableOf } from "./rows.mjs";
import { APP_TYPES } from "./types.mjs";

/**
 * Refuses a database in which there are records of an app, but no checkpoints. `names` are those of its tables. A run
 * from the beginning would be right only if it began early enough, which nobody can tell.
 */
export function refuseOld(names) {
  if (names.includes("checkpoints") || !APP_TYPES.some((type) => names.includes(tableOf(type)))) return;
  throw new UsageError(
    "This database has records but no checkpoints. An earlier version of this script made it, and kept its positions in a folder. " +
      "Name a new database. When that is complete, delete this one and the folder.",
  );
}

/** The error of a run whose checkpoint another run has moved. */
export function overtaken(type) {
  return new UsageError(`Another run has moved the checkpoint of ${type} in this database. Only one run at a time is possible: wait until it has ended.`);
}
