// Files that are written as a whole, and are on the disk when that is done.

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { WINDOWS, open, patiently, readdir, rename, rm, stat } from "./file-system.js";
import { codeOf } from "./store-errors.js";

/** Values on their way; of a writer that died, they stay. */
const TEMPORARY = "t-";
/** When what is unfinished is taken for left over. A writer that is slower than that, asleep, say, writes anew. */
const LONGEST_WRITE = 60_000;
const ATTEMPTS = 5;

/** Writes beside and renames: at any moment, either the old value has the name or the whole new one. */
export async function replace(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const temporary = join(folder, TEMPORARY + randomBytes(8).toString("hex"));
    try {
      const file = await open(temporary, "wx", 0o600);
      try {
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
export async function flush(folder: string): Promise<void> {
  if (WINDOWS) return;
  const handle = await open(folder, "r");
  try {
    await patiently(() => handle.sync());
  } catch (error) {
    if (!UNFLUSHABLE.has(codeOf(error))) throw error;
  } finally {
    await handle.close();
  }
}

/** Removes what dead programs have left: what begins with `start` and is old. */
export async function removeOld(folder: string, start = TEMPORARY): Promise<void> {
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
