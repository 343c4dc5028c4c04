// Files that are on their way, kept in this browser until they are through: so that a closed tab does not end the sending.

import { createStore, delMany, entries, get, getMany, set, setMany } from "idb-keyval";
import type { DataType } from "humansync/slim/send";

export interface Job {
  readonly id: string;
  readonly types: readonly DataType[];
  readonly paused: boolean;
  /** Whose samples they are: another person's token does not go on with them. */
  readonly person: string;
  /** When it was first to be sent, milliseconds since the epoch. */
  readonly since: number;
}

export interface Kept {
  readonly job: Job;
  readonly file: File;
}

/** What became of a file: told to tabs that waited for it. */
export type Outcome = "sent" | "stopped";

const place = createStore("humansync-web", "job");
const jobKey = (id: string): string => `job ${id}`;
const fileKey = (id: string): string => `file ${id}`;

/** Keeps a file, unless it is there already: a large one takes a while. */
export async function keep({ job, file }: Kept): Promise<void> {
  const before = await get<Job>(jobKey(job.id), place);
  if (before === undefined) await setMany([[jobKey(job.id), job], [fileKey(job.id), file]], place);
  else await set(jobKey(job.id), job, place);
}

/** Whether a person wants it to stand still. */
export async function setPaused(id: string, paused: boolean): Promise<void> {
  const job = await get<Job>(jobKey(id), place);
  if (job !== undefined) await set(jobKey(id), { ...job, paused }, place);
}

export async function kept(id: string): Promise<Kept | undefined> {
  // Both at once: between two looks another tab might put something else there.
  const [job, file] = await getMany<Job | File | undefined>([jobKey(id), fileKey(id)], place);
  return job === undefined || file === undefined ? undefined : { job: job as Job, file: file as File };
}

/** All of them, the oldest first. */
export async function allKept(): Promise<Kept[]> {
  const found = new Map(await entries<string, Job | File>(place));
  const jobs = [...found].filter(([key]) => key.startsWith("job ")).map(([, job]) => job as Job);
  return jobs
    .sort((one, other) => one.since - other.since)
    .map((job) => ({ job, file: found.get(fileKey(job.id)) as File }))
    .filter(({ file }) => file !== undefined);
}

/** The one that is kept for this file and person, if there is one. */
export async function keptFor(file: File, person: string): Promise<Job | undefined> {
  const same = (one: File): boolean => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified;
  return (await allKept()).find((one) => one.job.person === person && same(one.file))?.job;
}

export async function forget(id: string, outcome: Outcome): Promise<void> {
  await set("outcome", { id, outcome }, place);
  await delMany([jobKey(id), fileKey(id)], place);
}

/** What became of this one, if it was the last. */
export async function outcomeOf(id: string): Promise<Outcome | undefined> {
  const last = await get<{ id: string; outcome: Outcome }>("outcome", place);
  return last?.id === id ? last.outcome : undefined;
}
