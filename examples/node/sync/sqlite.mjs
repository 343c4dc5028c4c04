// Opens SQLite databases with the library that this runtime has. The libraries have the same interface as far as it is
// used here.

import { UsageError } from "../arguments.mjs";

/**
 * Opens `file`, and creates it if it is missing. Node has its own library from 22.13 on. Otherwise it is better-sqlite3
 * from npm or libsql, which has the same interface and whose binaries are npm packages.
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
    // With these settings readers do not wait for the writer, and committed transactions survive a crash of the
    // process.
    // The wait comes first: what a killed process has left is put right by the next one that opens the file.
    database.exec("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
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

/** Hides the warning of some versions of Node that the module is experimental, and no other warning. */
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
