/**
 * A store in a folder, for Node, Deno and Bun: one file for each key.
 *
 * - A value is replaced as a whole and is on the disk when `set` resolves. A crash leaves the old one or the new one.
 * - Files and folders are made for their owner alone (0600, 0700): what they hold is health data.
 * - A lock holds between all stores, processes and containers that use the folder on one machine (one kernel), and ends with
 *   the process that holds it, however that ends. It goes to those who wait in the order in which they came. A work must
 *   not ask for a lock that it runs under: it would wait for itself.
 * - The folder must be on a local file system. Machines that share one over a network are not kept apart.
 * - Deno needs `--allow-read` and `--allow-write`, and for locks, which are sockets in the folder, all three of them and
 *   `--allow-net` without lists.
 */

import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type StoreError, storeError } from "../core/errors.js";
import type { Store } from "../types/store.js";
import { acquire } from "./file-lock.js";
import { mkdir, open, patiently, readFile, readdir, realpath, rename, rm, stat, unlink } from "./file-system.js";
import { isHashed, keyOfLine, keyOfName, placeOf } from "./file-names.js";
import { checkedName, checkedPrefix, checkedWork, copyOf, kindOf, misfit } from "./checks.js";
import { serialQueue } from "./serial-queue.js";
import { codeOf, failure } from "./store-errors.js";

const LOCKS = "locks";
/** Values on their way; of a writer that died, they stay. */
const TEMPORARY = "t-";
/** When what is unfinished is taken for left over. A writer that is slower than that, asleep, say, writes anew. */
const LONGEST_WRITE = 60_000;
const ATTEMPTS = 5;

/** Over all stores of this program, by the folder: two of one folder take turns like the calls of one. */
const inTurn = serialQueue();

/** Opens the store in `folder`, a path or a file: URL; the folder is made where it is missing. */
export async function createStore(folder: string | URL): Promise<Store> {
  const wanted = checkedFolder(folder);
  try {
    await mkdir(join(wanted, LOCKS), { recursive: true, mode: 0o700 });
    // One folder has one name here, whatever links lead to it, and wherever the program goes later.
    const place = await realpath(wanted);
    await Promise.all([removeOld(place, TEMPORARY), removeOld(join(place, LOCKS), "new-")]);
    return storeIn(place);
  } catch (cause) {
    throw failure("The folder of the file store could not be opened", cause);
  }
}

function storeIn(folder: string): Store {
  return Object.freeze({
    async get(key: string) {
      const { name, line } = placeOf(checkedName("key", key));
      let bytes;
      try {
        bytes = await readFile(join(folder, name));
      } catch (cause) {
        if (codeOf(cause) === "ENOENT") return undefined;
        throw failure("A value could not be read from the file store", cause);
      }
      if (bytes.subarray(0, line.length).toString("latin1") !== line) throw damaged(name);
      return new Uint8Array(bytes.subarray(line.length));
    },

    async set(key: string, value: Uint8Array) {
      const { name, line } = placeOf(checkedName("key", key));
      const bytes = copyOf(value);
      return inTurn(join(folder, name), () =>
        replace(folder, name, line, bytes).catch((cause) => {
          throw failure("A value could not be written to the file store", cause);
        }),
      );
    },

    async delete(key: string) {
      const { name } = placeOf(checkedName("key", key));
      return inTurn(join(folder, name), async () => {
        try {
          await unlink(join(folder, name));
          await flush(folder);
        } catch (cause) {
          if (codeOf(cause) !== "ENOENT") throw failure("A value could not be deleted from the file store", cause);
        }
      });
    },

    async keys(prefix: string) {
      const start = checkedPrefix(prefix);
      try {
        const keys = await Promise.all((await readdir(folder)).map((name) => keyOf(folder, name)));
        return keys.filter((key) => key !== undefined).filter((key) => key.startsWith(start)).sort();
      } catch (cause) {
        throw failure("The keys of the file store could not be listed", cause);
      }
    },

    async lock<T>(name: string, work: () => Promise<T>) {
      const run = checkedWork(work);
      const lock = checkedName("name", name);
      return inTurn(join(folder, LOCKS, lock), async () => {
        const release = await acquire(join(folder, LOCKS), lock).catch((cause) => {
          throw NO_SOCKETS.has(codeOf(cause))
            ? storeError("unsupported", `The file store cannot lock here: its file system takes no sockets (${cause.code}); give a folder on a local disk`, cause)
            : failure("A lock of the file store could not be taken", cause);
        });
        try {
          return await run();
        } finally {
          await release();
        }
      });
    },
  });
}

/** What file systems without sockets answer to the wish for one; access is not denied, as the folder could be made. */
const NO_SOCKETS: ReadonlySet<unknown> = new Set(["ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EPERM"]);

function checkedFolder(folder: unknown): string {
  // A URL of another realm is one as well; `import.meta.resolve()` gives a text, which as a path would be another folder.
  const text = kindOf(folder) === "a URL" ? (folder as URL).href : folder;
  if (typeof text === "string" && /^file:\/\//i.test(text)) {
    try {
      return fileURLToPath(text);
    } catch {
      throw misfit("folder", "a path or a file: URL", "a URL that names no folder of this machine");
    }
  }
  if (typeof folder === "string" && folder !== "" && !folder.includes("\0")) return resolve(folder);
  throw misfit("folder", "a path or a file: URL", typeof folder === "string" ? "an unusable text" : kindOf(folder));
}

/** Writes beside and renames: at any moment, either the old value has the name or the whole new one. */
async function replace(folder: string, name: string, line: string, bytes: Uint8Array): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const temporary = join(folder, TEMPORARY + randomBytes(8).toString("hex"));
    try {
      const file = await open(temporary, "wx", 0o600);
      try {
        if (line !== "") await file.writeFile(line);
        await file.writeFile(bytes);
        await patiently(() => file.sync());
      } finally {
        await file.close();
      }
      await rename(temporary, join(folder, name));
      return await flush(folder);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      // Somebody took it for left over.
      if (codeOf(error) !== "ENOENT" || attempt === ATTEMPTS) throw error;
    }
  }
}

/** What a folder answers on platforms that cannot. */
const UNFLUSHABLE: ReadonlySet<unknown> = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "EBADF", "EISDIR"]);

/** Makes the names in a folder last, where the platform can. */
async function flush(folder: string): Promise<void> {
  if (globalThis.process?.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await patiently(() => handle.sync());
  } catch (error) {
    if (!UNFLUSHABLE.has(codeOf(error))) throw error;
  } finally {
    await handle.close();
  }
}

async function removeOld(folder: string, start: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(start)) continue;
    try {
      const { mtimeMs } = await stat(join(folder, name));
      if (Date.now() - mtimeMs > LONGEST_WRITE) await rm(join(folder, name), { force: true });
    } catch {
      // Gone by itself, or somebody else's: in neither case is it in the way.
    }
  }
}

/** The key that a file is of; undefined of files that are no values, or are gone by now. */
async function keyOf(folder: string, name: string): Promise<string | undefined> {
  if (!isHashed(name)) return keyOfName(name);
  let line;
  try {
    line = await firstLine(join(folder, name));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const key = keyOfLine(line, name);
  if (key === undefined) throw damaged(name);
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

function damaged(name: string): StoreError {
  return storeError("corrupt", `The file ${name} of the file store does not begin with its key: it is damaged, or not of this store; put a copy back, or remove it`);
}
