// A SQLite database in a file, by whichever library this runtime has. Their programming interfaces are the same, as far as they are used here.

import { UsageError } from "../arguments.mjs";

/**
 * Opens `file`, and makes it where it is missing. Node has a library of its own from 22.13 on. For others it is better-sqlite3
 * from npm, or libsql, which is used like it; its programs come as packages of npm, and are fetched from nowhere else.
 */
export async function openSqlite(file) {
  const Database = await firstOf([
    async () => (await quietly(() => import("node:sqlite"))).DatabaseSync,
    async () => (await import("better-sqlite3")).default,
    async () => (await import("libsql")).default,
  ]);
  let database;
  try {
    database = new Database(file);
    // Readers do not wait for the writer, and a transaction that was committed survives the process.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000");
  } catch (error) {
    throw new UsageError(`${file} cannot be opened as a database: ${error.message}`);
  }
  return database;
}

async function firstOf(libraries) {
  for (const library of libraries) {
    try {
      return await library();
    } catch (error) {
      if (!["ERR_UNKNOWN_BUILTIN_MODULE", "ERR_MODULE_NOT_FOUND"].includes(error.code)) throw error;
    }
  }
  throw new UsageError("There is no library for SQLite here: take Node 22.13 or newer, or run `npm install better-sqlite3` in this folder.");
}

/** Loads what some versions of Node call an experiment, and lets every other warning through. */
async function quietly(load) {
  const { emitWarning } = process;
  process.emitWarning = (warning, ...more) => {
    if (more[0] !== "ExperimentalWarning") Reflect.apply(emitWarning, process, [warning, ...more]);
  };
  try {
    return await load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
