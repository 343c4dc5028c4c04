// Stores the files that are being sent in this browser until they are done, so that sending can continue after a tab is
// closed.

import { createStore, delMany, entries, get, getMany, set } from "idb-keyval";
import type { DataType } from "humansync/slim/send";

export interface Job {
  readonly id: string;
  readonly types: readonly DataType[];
  readonly paused: boolean;
  /** The person whose samples they are. Sending does not continue with another person's token. */
  readonly person: string;
  /** When sending first began, in milliseconds since the epoch. */
  readonly since: number;
}

export interface Kept {
  readonly job: Job;
  readonly file: File;
}

/** The outcome of a file, for tabs that waited for it. */
export type Outcome = "sent" | "stopped";

const place = createStore("humansync-web", "job");
const jobKey = (id: string): string => `job ${id}`;
const fileKey = (id: string): string => `file ${id}`;

/** Stores a file unless it is stored already, because storing a large one takes a while. */
export function keep({ job, file }: Kept): Promise<void> {
  return changed(job.id, (before, files) => {
    if (before === undefined) files.put(file, fileKey(job.id));
    return job;
  });
}

/** Sets whether a file is paused. A file that is not stored is left out. */
export function setPaused(id: string, paused: boolean): Promise<void> {
  return changed(id, (job) => job && { ...job, paused });
}

/** Reads and writes in one transaction, because another tab could otherwise remove the file in between. */
async function changed(id: string, change: (before: Job | undefined, store: IDBObjectStore) => Job | undefined): Promise<void> {
  return place(
    "readwrite",
    (store) =>
      new Promise((resolve, reject) => {
        const { transaction } = store;
        transaction.oncomplete = () => resolve();
        transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("the transaction was ended"));
        const asked = store.get(jobKey(id)) as IDBRequest<Job | undefined>;
        asked.onsuccess = () => {
          const job = change(asked.result, store);
          if (job !== undefined) store.put(job, jobKey(id));
        };
      }),
  );
}

export async function kept(id: string): Promise<Kept | undefined> {
  // Both are read in one transaction, because another tab could otherwise replace the file in between.
  const [job, file] = await getMany<Job | File | undefined>([jobKey(id), fileKey(id)], place);
  return job === undefined || file === undefined ? undefined : { job: job as Job, file: file as File };
}

/** All stored files, the oldest first. */
export async function allKept(): Promise<Kept[]> {
  const found = new Map(await entries<string, Job | File>(place));
  const jobs = [...found].filter(([key]) => key.startsWith("job ")).map(([, job]) => job as Job);
  return jobs
    .sort((one, other) => one.since - other.since)
    .map((job) => ({ job, file: found.get(fileKey(job.id)) as File }))
    .filter(({ file }) => file !== undefined);
}

/** The stored job of this file and person, if there is one. */
export async function keptFor(file: File, person: string): Promise<Job | undefined> {
  const same = (one: File): boolean => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified;
  return (await allKept()).find((one) => one.job.person === person && same(one.file))?.job;
}

export async function forget(id: string, outcome: Outcome): Promise<void> {
  // The removal comes first because it needs no storage space.
  await delMany([jobKey(id), fileKey(id)], place);
  await set("outcome", { id, outcome }, place);
}

/** The outcome of this job, if it was the last one to end. */
export async function outcomeOf(id: string): Promise<Outcome | undefined> {
  const last = await get<{ id: string; outcome: Outcome }>("outcome", place);
  return last?.id === id ? last.outcome : undefined;
}
