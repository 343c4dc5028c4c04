/**
 * A store in a folder, for Node, Deno and Bun: one file for each key.
 *
 * - A file is a journal: `set` appends the value, which is on the disk when it resolves, and now and then replaces the
 *   file. A crash leaves the old value or the new one. A file of an earlier version, which is the value as it is, is
 *   read, and replaced by the next `set`.
 * - A value that is not what was written is an error (`corrupt`), as far as that can be told. It is never taken for one
 *   that was not stored.
 * - Files and folders are made for their owner alone (0600, 0700): what they hold is health data.
 * - A lock holds between all stores, processes and containers that use the folder on one machine (one kernel), and
 *   ends with the process that holds it, however that ends; its holder cannot lose it. It goes to those who wait in
 *   the order in which they came. A work must not ask for a lock that it runs under: it would wait for itself.
 * - The folder must be on a local file system. Machines that share one over a network are not kept apart.
 * - Deno needs `--allow-read`, `--allow-write` and, for locks, which are sockets in the folder, `--allow-net`, each
 *   without a list.
 */

import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Lease, Store } from "../types/store.js";
import { failing } from "./file-errors.js";
import { cleanLockFolders, locksOf, makeLockFolders } from "./file-leases.js";
import { ifThere, open, readdir, realpath, unlink } from "./file-system.js";
import { isHashed, keyOfLine, keyOfName, placeOf } from "./file-names.js";
import { foreign, readValue, writeValue } from "./file-values.js";
import { flush, removeOld } from "./file-writing.js";
import { checkedName, checkedPrefix, checkedWork, copyOf, kindOf, misfit } from "./checks.js";
import { serialQueue } from "./serial-queue.js";

/** Over all stores of this program, by the folder: two of one folder take turns like the calls of one. */
const inTurn = serialQueue();

/** Opens the store in `folder`, a path or a file: URL; the folder is made where it is missing. */
export async function createStore(folder: string | URL): Promise<Store> {
  const wanted = checkedFolder(folder);
  return openIn(wanted).catch(failing("open its folder"));
}

async function openIn(wanted: string): Promise<Store> {
  await makeLockFolders(wanted);
  // One folder has one name here, whatever links lead to it, and wherever the program goes later.
  const place = await realpath(wanted);
  await Promise.all([removeOld(place), cleanLockFolders(place)]);
  return storeIn(place);
}

function storeIn(folder: string): Store {
  const locks = locksOf(folder);
  return Object.freeze({
    async get(key: string) {
      const { name, line } = placeOf(checkedName("key", key));
      return readValue(folder, name, line).catch(failing("read a value"));
    },

    async set(key: string, value: Uint8Array, lease?: Lease) {
      const { name, line } = placeOf(checkedName("key", key));
      const bytes = copyOf(value);
      return locks.under(lease, () =>
        inTurn(join(folder, name), () =>
          writeValue(folder, name, line, bytes).catch(failing("write a value")),
        ),
      );
    },

    async delete(key: string, lease?: Lease) {
      const path = join(folder, placeOf(checkedName("key", key)).name);
      return locks.under(lease, () =>
        inTurn(path, () => ifThere(unlink(path).then(() => flush(folder))).catch(failing("delete a value"))),
      );
    },

    async keys(prefix: string) {
      const start = checkedPrefix(prefix);
      return keysIn(folder, start).catch(failing("list its keys"));
    },

    async lock<T>(name: string, work: (lease: Lease) => Promise<T>) {
      const run = checkedWork(work);
      return locks.lock(checkedName("name", name), run);
    },
  });
}

function checkedFolder(folder: unknown): string {
  // A URL of another realm is one as well; `import.meta.resolve()` gives a text, which as a path would be another
  // folder.
  const text = kindOf(folder) === "a URL" ? (folder as URL).href : folder;
  if (typeof text === "string" && /^file:\/\//i.test(text)) {
    try {
      return fileURLToPath(text);
    } catch {
      throw noFolder("a URL that names no folder of this machine");
    }
  }
  if (typeof folder === "string" && folder !== "" && !folder.includes("\0")) return resolve(folder);
  throw noFolder(typeof folder === "string" ? "an unusable text" : kindOf(folder));
}

function noFolder(given: string): Error {
  return misfit("folder", "a path or a file: URL", given);
}

async function keysIn(folder: string, start: string): Promise<string[]> {
  const keys = await Promise.all((await readdir(folder)).map((name) => keyOf(folder, name)));
  return keys.filter((key) => key?.startsWith(start)).sort() as string[];
}

/** The key that a file is of; undefined of files that are no values, or are gone by now. */
async function keyOf(folder: string, name: string): Promise<string | undefined> {
  if (!isHashed(name)) return keyOfName(name);
  const line = await ifThere(firstLine(join(folder, name)));
  if (line === undefined) return undefined;
  const key = keyOfLine(line, name);
  if (key === undefined) throw foreign(name);
  return key;
}

/** Without its end; of a value of many megabytes, no more than that is read. */
async function firstLine(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    let line = "";
    const piece = new Uint8Array(1024);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, line.length);
      const end = piece.subarray(0, bytesRead).indexOf(10);
      line += Buffer.from(piece.buffer, 0, end < 0 ? bytesRead : end).toString("latin1");
      if (end >= 0 || bytesRead === 0) return line;
    }
  } finally {
    await file.close();
  }
}
