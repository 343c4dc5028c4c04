// What went wrong in the file store.

import type { StoreError } from "../core/errors.js";
import { failureOf, type Failures } from "./store-errors.js";

const DENIED = ["denied", "access is denied; give a folder that this process may read and write"] as const;

const CROWDED = ["store", "too many files are open; let the process have more (ulimit -n), or do less at once"] as const;

const NO_FOLDER = ["store", "a file is where the folder should be; give another path"] as const;

const FAILURES: Failures = {
  ENOENT: ["store", "the folder is gone; put a copy back, or create the store again"],
  EEXIST: NO_FOLDER,
  ENOTDIR: NO_FOLDER,
  ENOSPC: ["quota", "the disk is full; make room and try again"],
  EDQUOT: ["quota", "the disk quota is used up; make room and try again"],
  EMFILE: CROWDED,
  ENFILE: CROWDED,
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: ["denied", "the file system is read-only; give a folder elsewhere"],
  NotCapable: ["denied", "Deno does not permit it; run it with --allow-read, --allow-write and, for locks, --allow-net"],
};

/** What a file has that this store would not have written so, and what to do. */
export const FOREIGN = "it is damaged, or not of this store; put a copy back, or";

/** What rejects with the failure of what was tried. */
export function failing(tried: string): (cause: unknown) => never {
  return (cause) => {
    throw failure(tried, cause);
  };
}

/** `tried` is what the store could not do, as in "read a value". Nothing of a value may be in it. */
export function failure(tried: string, cause: unknown): StoreError {
  return failureOf(FAILURES, `The file store could not ${tried}`, cause);
}
