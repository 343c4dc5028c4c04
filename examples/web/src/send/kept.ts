// The file that is being sent, kept in this browser until it is through: so that a closed tab does not end the sending.

import { createStore, del, get, set } from "idb-keyval";
import type { DataType } from "humansync/slim/send";

export interface Job {
  readonly types: readonly DataType[];
  readonly paused: boolean;
  /** Whose samples they are: another person's token does not go on with them. */
  readonly person: string;
}

const place = createStore("humansync-web", "job");

/** Keeps a file, unless it is kept already: a large one takes a while. */
export async function keep(file: File, job: Job): Promise<void> {
  const before = await keptJob();
  if (before === undefined || !isSame(before.file, file)) {
    await del("job", place);
    await set("file", file, place);
  }
  await set("job", job, place);
}

function isSame(one: File, other: File): boolean {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

/** Whether a person wants it to stand still. The file itself is not written again. */
export async function setPaused(paused: boolean): Promise<void> {
  const job = await get<Job>("job", place);
  if (job !== undefined) await set("job", { ...job, paused }, place);
}

export async function keptJob(): Promise<{ file: File; job: Job } | undefined> {
  const job = await get<Job>("job", place);
  const file = await get<File>("file", place);
  return job === undefined || file === undefined ? undefined : { job, file };
}

/** What became of the last file: told to tabs that waited for it. */
export type Outcome = "sent" | "stopped";

export async function forget(outcome: Outcome): Promise<void> {
  // In this order: a job without a file is none.
  await set("outcome", outcome, place);
  await del("job", place);
  await del("file", place);
}

export const lastOutcome = (): Promise<Outcome | undefined> => get<Outcome>("outcome", place);
