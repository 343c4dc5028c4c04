// The locks of a folder, each holder with a lease whose token is greater than those of all earlier ones.
//
// A lock cannot be lost while its holder lives (file-lock.ts), so that a lease's signal never aborts, and a write
// during the work needs no check. What is left are writes that outlive their work. None of them slips in behind a
// later holder:
//
// - A write that the work has begun, and not waited for, is waited for before the lock is released.
// - A write that begins after the work has ended takes the lock again for as long as it takes, and looks at the
//   counter under it: either nobody has held the lock since, and nobody comes in between, or it is refused.
// - A process that is killed keeps its sockets, and with them the lock, until the system has ended the last call that
//   it was in. A worker thread that is terminated may end one rename a moment later.
//
// The token of the last holder of each lock is in a file of its own, `locks/tokens/<lock>`, which only the lock's
// holder writes, before its work runs; it is on the disk by then, so that no crash gives a token twice.

import { join } from "node:path";
import { storeError } from "../core/errors.js";
import type { Lease } from "../types/store.js";
import { FOREIGN, failing, failure } from "./file-errors.js";
import { acquire, fileOf } from "./file-lock.js";
import { ifThere, mkdir, readFile } from "./file-system.js";
import { removeOld, replace } from "./file-writing.js";
import { type Held, fenced, leasesOf } from "./leases.js";
import { serialQueue } from "./serial-queue.js";
import { codeOf } from "./store-errors.js";

const LOCKS = "locks";
const TOKENS = join(LOCKS, "tokens");

interface Holder extends Held {
  hasEnded: boolean;
  /** The writes of the work that are under way. */
  readonly writes: Set<Promise<unknown>>;
}

/** Over all stores of this program, by the folder: two of one folder take turns like the calls of one. */
const inTurn = serialQueue();

/** Of each lock, what refuses the writes that came after their work and wait for it. */
const late = new Map<string, Set<() => void>>();

/**
 * What `work` comes to, refused as soon as the lock has a later holder: that one may be waiting for this very write.
 */
async function unlessOvertaken(place: string, work: () => Promise<void>): Promise<void> {
  const waiting = late.get(place) ?? new Set();
  late.set(place, waiting);
  let refuse = () => {};
  const overtaken = new Promise<never>((_, reject) => (refuse = () => reject(fenced())));
  waiting.add(refuse);
  try {
    await Promise.race([work(), overtaken]);
  } finally {
    waiting.delete(refuse);
    if (waiting.size === 0) late.delete(place);
  }
}

/** Makes the folders that locks are in, below `folder`. */
export async function makeLockFolders(folder: string): Promise<void> {
  await mkdir(join(folder, TOKENS), { recursive: true, mode: 0o700 });
}

/** Removes what dead programs have left in them. */
export async function cleanLockFolders(folder: string): Promise<void> {
  await Promise.all([removeOld(join(folder, LOCKS), "new-"), removeOld(join(folder, TOKENS))]);
}

/** The locks of `folder`, for one store. */
export function locksOf(folder: string) {
  const leases = leasesOf<Holder>();

  const placeOf = (lock: string) => join(folder, LOCKS, fileOf(lock));

  /** Runs `work` under the lock, without a lease. */
  function locked<T>(lock: string, work: () => Promise<T>): Promise<T> {
    return inTurn(placeOf(lock), async () => {
      const release = await acquire(join(folder, LOCKS), lock).catch((cause) => {
        throw NO_SOCKETS.has(codeOf(cause))
          ? storeError("unsupported", `The file store cannot lock here: its file system takes no sockets (${cause.code}); give a folder on a local disk`, cause)
          : failure(NOT_TAKEN, cause);
      });
      try {
        return await work();
      } finally {
        await release();
      }
    });
  }

  return {
    lock<T>(lock: string, work: (lease: Lease) => Promise<T>): Promise<T> {
      return locked(lock, async () => {
        const token = await nextToken(folder, lock).catch(failing(NOT_TAKEN));
        for (const refuse of late.get(placeOf(lock)) ?? []) refuse();
        const holder: Holder = { lock, token, hasEnded: false, writes: new Set() };
        try {
          return await work(leases.give(holder));
        } finally {
          holder.hasEnded = true;
          await Promise.allSettled(holder.writes);
        }
      });
    },

    /** Runs `write` if no later holder of the lease's lock has been, nor comes until it is done. */
    async under(lease: Lease | undefined, write: () => Promise<void>): Promise<void> {
      const holder = leases.known(lease);
      if (holder === undefined) return write();
      if (!holder.hasEnded) return counted(holder, write());
      return unlessOvertaken(placeOf(holder.lock), async () => {
        await refuseOlder(folder, holder);
        await locked(holder.lock, async () => {
          await refuseOlder(folder, holder);
          await write();
        });
      });
    },
  };
}

const NOT_TAKEN = "take a lock";

/** What file systems without sockets answer to the wish for one; access is not denied, as the folder could be made. */
const NO_SOCKETS: ReadonlySet<unknown> = new Set(["ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EPERM"]);

async function counted(holder: Holder, writing: Promise<void>): Promise<void> {
  holder.writes.add(writing);
  try {
    await writing;
  } finally {
    holder.writes.delete(writing);
  }
}

async function refuseOlder(folder: string, { lock, token }: Holder): Promise<void> {
  const last = await lastToken(folder, lock).catch(failing("check a lease"));
  if (last !== token) throw fenced();
}

async function nextToken(folder: string, lock: string): Promise<number> {
  const token = (await lastToken(folder, lock)) + 1;
  await replace(join(folder, TOKENS), fileOf(lock), Buffer.from(String(token)));
  return token;
}

/** 0 of a lock that nobody has held. */
async function lastToken(folder: string, lock: string): Promise<number> {
  const text = await ifThere(readFile(join(folder, TOKENS, fileOf(lock)), "latin1"));
  if (text === undefined) return 0;
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw storeError("corrupt", `The file ${fileOf(lock)} in ${TOKENS} of the file store is not a number: ${FOREIGN}, while no program uses the store, remove it`);
}
