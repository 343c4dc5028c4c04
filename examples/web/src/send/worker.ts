// Reads, plans and sends in a Worker, so that the page stays responsive however large the file is.

import type { DataType, SampleUploader, Store, UploadPlan, UploadProgress, UploadReport } from "humansync/slim/send";
import type { Session } from "../session.ts";
import { type Failure, failureOf } from "../failures.ts";
import { forget, keep, kept, outcomeOf, setPaused } from "./stored-files.ts";
import { linesOf } from "./lines.ts";
import type { Ask, Tell, Then } from "./protocol.ts";
import { sender } from "./sender.ts";

type Send = Extract<Ask, { do: "send" }>;
type Plan = Extract<Ask, { do: "plan" }>;

/** One tab sends at a time. The library ensures that too, but with its own lock the page can say that it waits. */
const LOCK = "humansync-web sends";
/** The lock of a file, held while the file is sent, during which no other tab may remove it. */
const lockOf = (id: string): string => `${LOCK} ${id}`;
/** The shortest time between two messages about progress, in milliseconds. */
const OFTEN = 100;

/** The current work, and what to do with the stored file when it is stopped. */
interface Run {
  readonly number: number;
  readonly abort: AbortController;
  then: Then | undefined;
  /** Whether that has been done. */
  settled: boolean;
}

/** The current work. New work ends it. */
let current: Run | undefined;

addEventListener("message", ({ data }: MessageEvent<Ask>) => {
  switch (data.do) {
    case "plan":
      return void begin(data, plan);
    case "send":
      return void begin(data, send);
    case "stop":
      return void stop(data.run, data.then, data.id);
    case "lines":
      return void linesOf(data.file, data.lines).then(
        (lines) => tell({ is: "lines", run: data.run, lines }),
        () => tell({ is: "lines", run: data.run, lines: undefined }),
      );
  }
});

async function begin<A extends Send | Plan>(ask: A, work: (ask: A, run: Run) => Promise<void>): Promise<void> {
  current?.abort.abort();
  const run: Run = { number: ask.run, abort: new AbortController(), then: undefined, settled: false };
  current = run;
  try {
    await work(ask, run);
  } catch (error) {
    const failure = await failureWith(ask.file, error);
    if (!run.abort.signal.aborted) tell({ is: "failed", run: ask.run, failure });
    else if (run.then !== undefined) {
      // The work may have ended before it got the lock, with the file stored.
      if (ask.do === "send" && !run.settled) await settleIfFree(run.then, ask.job.id);
      tellStopped(run.number, run.then);
    }
  }
  if (current === run) current = undefined;
}

/** Ends the current work or, without any, handles the stored file that earlier work has left. */
async function stop(number: number, then: Then, id: string | undefined): Promise<void> {
  if (current?.number === number) {
    current.then = then;
    current.abort.abort();
    return;
  }
  if (id !== undefined) await settleIfFree(then, id);
  tellStopped(number, then);
}

/** Handles the stored file unless another tab is sending it. */
async function settleIfFree(then: Then, id: string): Promise<void> {
  await navigator.locks.request(lockOf(id), { ifAvailable: true }, async (lock) => lock && settle(then, id));
}

/** Pauses or removes the stored file. The caller must hold the file's lock. Without storage there is nothing to do. */
async function settle(then: Then, id: string): Promise<void> {
  await (then === "pause" ? setPaused(id, true) : forget(id, "stopped")).catch(() => {});
}

function tellStopped(run: number, then: Then): void {
  tell({ is: then === "pause" ? "paused" : "stopped", run });
}

async function plan({ run, file, types, session, person }: Plan, { abort: { signal } }: Run): Promise<void> {
  await using(session, person, signal, async (uploader) => {
    const planOf = async (type: DataType): Promise<UploadPlan | undefined> => {
      const onProgress = often((progress) => tell({ is: "reading", run, type, progress }));
      return uploader.plan(type, file, { signal, onProgress }).catch((error: unknown) => {
        if (saysOtherType(error)) return undefined;
        throw error;
      });
    };
    const plans: [DataType, UploadPlan | undefined][] = [];
    for (const type of types) plans.push([type, await planOf(type)]);
    const [only] = plans;
    // The type that a file states takes precedence over the chosen one.
    if (plans.length === 1 && only !== undefined && only[1] === undefined) {
      const other = only[0] === "steps" ? "bpm" : "steps";
      plans.push([other, await planOf(other)]);
    }
    tell({ is: "planned", run, plans });
  });
}

async function send(ask: Send, run: Run): Promise<void> {
  const { id } = ask.job;
  // The file is stored at once, also while this tab waits, so that sending can continue after the tab is closed.
  // Storing a large file takes a while.
  const keepIt = (): Promise<void> =>
    keep({ job: ask.job, file: ask.file }).then(
      () => tell({ is: "kept", run: ask.run, kept: true }),
      () => tell({ is: "kept", run: ask.run, kept: false }),
    );
  let keeping = ask.resumes ? Promise.resolve() : keepIt();
  await alone(ask.run, id, run.abort.signal, async (waited) => {
    try {
      let { file } = ask;
      // The other tab may have had the same file, and may have finished or paused it.
      if (waited && !ask.resumes) keeping = keeping.then(keepIt);
      if (ask.resumes) {
        const found = await kept(id);
        run.abort.signal.throwIfAborted();
        if (found === undefined) return tell({ is: "elsewhere", run: ask.run, outcome: await outcomeOf(id) });
        if (found.job.paused) return tell({ is: "paused", run: ask.run });
        ({ file } = found);
      }
      const reports = await uploaded({ ...ask, file }, run.abort.signal);
      await keeping;
      await forget(id, "sent").catch(() => {});
      tell({ is: "sent", run: ask.run, reports });
    } catch (error) {
      await keeping;
      // This happens before the lock is released, because a waiting tab acts on the stored state. The loop repeats it
      // if the person has chosen differently in the meantime.
      for (let done: Then | undefined; run.then !== undefined && done !== run.then; ) await settle((done = run.then), id);
      run.settled = run.then !== undefined;
      throw error;
    }
  }).finally(() => keeping);
}

async function uploaded({ run, file, job, session }: Send, signal: AbortSignal): Promise<[DataType, UploadReport][]> {
  const reports: [DataType, UploadReport][] = [];
  await using(session, job.person, signal, async (uploader) => {
    for (const type of job.types) {
      const onProgress = often((progress) => {
        tell({ is: progress.total === undefined ? "reading" : "sending", run, type, progress });
      });
      reports.push([type, await uploader.upload(type, file, { signal, onProgress })]);
    }
  });
  return reports;
}

/** Runs `work` while no other tab sends, and reports if it has to wait. */
async function alone(run: number, id: string, signal: AbortSignal, work: (waited: boolean) => Promise<void>): Promise<void> {
  const turn = (waited: boolean): Promise<void> => navigator.locks.request(lockOf(id), () => work(waited));
  const gone = await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock === null) return false;
    await turn(false);
    return true;
  });
  if (gone) return;
  tell({ is: "waiting", run });
  await navigator.locks.request(LOCK, { signal }, () => turn(true));
}

/** Runs `work` with an uploader, and closes it. */
async function using({ server, token }: Session, person: string, signal: AbortSignal, work: (uploader: SampleUploader) => Promise<void>): Promise<void> {
  const { SampleUploader } = await unlessEnded(signal, sender());
  const uploader = new SampleUploader({
    baseUrl: server,
    token,
    // There is a store for each server, with an account for each person, because one person's samples are new for
    // another. The account does not depend on the token, so that samples sent with one token are known with the next.
    store: await unlessEnded(signal, ledgers(server)),
    account: person,
    // A browser has six connections to a server. Two of them are left for reading, in this tab and others, even if the
    // server is slow.
    concurrency: 4,
    onEvent: (event) => tell({ is: "event", event }),
  });
  try {
    await work(uploader);
  } finally {
    uploader.close();
  }
}

/** Loading may take long on a slow connection, so that an abort does not wait for it. */
function unlessEnded<T>(signal: AbortSignal, loading: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    loading.then(resolve, reject);
  });
}

let stores: { server: string; store: Promise<Store> } | undefined;

/** The store of the ledgers for a server. In browsers without storage, as in some private windows, it is in memory. */
function ledgers(server: string): Promise<Store> {
  if (stores?.server !== server) stores = { server, store: openStore(`humansync-web ${server}`) };
  return stores.store;
}

async function openStore(name: string): Promise<Store> {
  try {
    const { createStore } = await import("humansync/stores/indexeddb");
    return await createStore(name);
  } catch {
    tell({ is: "forgetful" });
    const { createStore } = await import("humansync/stores/memory");
    return createStore();
  }
}

/**
 * Turns an error into a failure for the page. If the file can no longer be read, that is the failure, whatever the
 * error says.
 */
async function failureWith(file: File, error: unknown): Promise<Failure> {
  const failure = failureOf(error);
  if (failure.kind !== "other") return failure;
  const readable = await file.slice(0, 1).arrayBuffer().then(
    () => true,
    () => false,
  );
  return readable ? failure : { kind: "file", message: failure.message };
}

function saysOtherType(error: unknown): boolean {
  return error instanceof Error && error.name === "OptionError" && (error as { option?: unknown }).option === "type";
}

/** Passes on at most one progress per interval, and always the first. */
function often(act: (progress: UploadProgress) => void): (progress: UploadProgress) => void {
  let next = 0;
  return (progress) => {
    const now = performance.now();
    if (now < next) return;
    next = now + OFTEN;
    act(progress);
  };
}

function tell(what: Tell): void {
  postMessage(what);
}
