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

export async function keep(file: File, job: Job): Promise<void> {
  await set("file", file, place);
  await set("job", job, place);
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

export async function forget(): Promise<void> {
  // In this order: a job without a file is none.
  await del("job", place);
  await del("file", place);
}
