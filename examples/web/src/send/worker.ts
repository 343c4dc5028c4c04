// Reads, plans and sends, away from the page: however large the file is, the page never stands still.

import type { DataType, SampleUploader, UploadPlan, UploadProgress, UploadReport } from "humansync/slim/send";
import { sender } from "./sender.ts";
import type { Session } from "../session.ts";
import { failureOf } from "../trouble.ts";
import { forget, keep, keptJob, lastOutcome, setPaused } from "./kept.ts";
import { linesOf } from "./lines.ts";
import type { Ask, Tell } from "./protocol.ts";

type Send = Extract<Ask, { do: "send" }>;
type Plan = Extract<Ask, { do: "plan" }>;

/** One tab sends at a time. The library sees to that too; with a lock of its own the page can say that it waits. */
const LOCK = "humansync-web sends";
/** Progress is told at most so often, in milliseconds. */
const OFTEN = 100;

type Then = Extract<Ask, { do: "stop" }>["then"];

/** A piece of work under way, and what is to become of the kept file when it is ended. */
interface Run {
  readonly number: number;
  readonly abort: AbortController;
  then: Then | undefined;
}

/** A new piece of work ends the one before. */
let current: Run | undefined;

addEventListener("message", ({ data }: MessageEvent<Ask>) => {
  switch (data.do) {
    case "plan":
      return void begin(data, plan);
    case "send":
      return void begin(data, send);
    case "stop":
      return void stop(data.run, data.then);
    case "lines":
      return void linesOf(data.file, data.lines).then(
        (lines) => tell({ is: "lines", run: data.run, lines }),
        (error: unknown) => tell({ is: "failed", run: data.run, failure: failureOf(error) }),
      );
  }
});

async function begin<A extends Send | Plan>(ask: A, work: (ask: A, run: Run) => Promise<void>): Promise<void> {
  current?.abort.abort();
  const run: Run = { number: ask.run, abort: new AbortController(), then: undefined };
  current = run;
  try {
    await work(ask, run);
  } catch (error) {
    if (!run.abort.signal.aborted) tell({ is: "failed", run: ask.run, failure: failureOf(error) });
    else if (run.then !== undefined) tellStopped(run.number, run.then);
  }
  if (current === run) current = undefined;
}

/** Ends the work under way; where there is none, what an earlier one has left. */
async function stop(number: number, then: Then): Promise<void> {
  if (current?.number === number) {
    current.then = then;
    current.abort.abort();
    return;
  }
  // While another tab sends it, the file is that tab's.
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => lock && settle(then));
  tellStopped(number, then);
}

/** To be called by who has the lock. Where nothing could be kept, there is nothing to settle. */
async function settle(then: Then): Promise<void> {
  await (then === "pause" ? setPaused(true) : forget("stopped")).catch(() => {});
}

function tellStopped(run: number, then: Then): void {
  tell({ is: then === "pause" ? "paused" : "stopped", run });
}

async function plan({ run, file, types, session, person }: Plan, { abort: { signal } }: Run): Promise<void> {
  await using(session, person, async (uploader) => {
    const plans: [DataType, UploadPlan | undefined][] = [];
    for (const type of types) {
      const onProgress = often((progress) => tell({ is: "reading", run, type, progress }));
      const made = await uploader.plan(type, file, { signal, onProgress }).catch((error: unknown) => {
        if (types.length > 1 && saysOtherType(error)) return undefined;
        throw error;
      });
      plans.push([type, made]);
    }
    tell({ is: "planned", run, plans });
  });
}

async function send(ask: Send, run: Run): Promise<void> {
  await alone(ask.run, run.abort.signal, async () => {
    if (ask.resumes) {
      const kept = await keptJob();
      if (kept === undefined) return tell({ is: "elsewhere", run: ask.run, outcome: await lastOutcome() });
      if (kept.job.paused) return tell({ is: "paused", run: ask.run });
    }
    try {
      await upload(ask, run.abort.signal);
    } catch (error) {
      // Before the lock is given back: a tab that waits goes by what it then finds.
      if (run.then !== undefined) await settle(run.then);
      throw error;
    }
  });
}

async function upload({ run, file, types, session, person }: Send, signal: AbortSignal): Promise<void> {
  // Meanwhile it is sent: keeping a large file takes a while.
  const kept = keep(file, { types, paused: false, person }).then(
    () => tell({ is: "kept", run, kept: true }),
    () => tell({ is: "kept", run, kept: false }),
  );
  try {
    await using(session, person, async (uploader) => {
      const reports: [DataType, UploadReport][] = [];
      for (const type of types) {
        const onProgress = often((progress) => {
          tell({ is: progress.total === undefined ? "reading" : "sending", run, type, progress });
        });
        reports.push([type, await uploader.upload(type, file, { signal, onProgress })]);
      }
      await kept;
      await forget("sent").catch(() => {});
      tell({ is: "sent", run, reports });
    });
  } finally {
    await kept;
  }
}

/** Runs `work` while no other tab sends, and tells if it has to wait. */
async function alone(run: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const gone = await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock === null) return false;
    await work();
    return true;
  });
  if (gone) return;
  tell({ is: "waiting", run });
  await navigator.locks.request(LOCK, { signal }, work);
}

/** Runs `work` with an uploader, and closes it. */
async function using({ server, token }: Session, person: string, work: (uploader: SampleUploader) => Promise<void>): Promise<void> {
  const { SampleUploader } = await sender();
  const { createStore } = await import("humansync/stores/indexeddb");
  const uploader = new SampleUploader({
    baseUrl: server,
    token,
    // A store for each server, and in it an account for each person: what one has sent is new for another. Not for each token:
    // what was sent with one is known to the next.
    store: await createStore(`humansync-web ${server}`),
    account: person,
    onEvent: (event) => tell({ is: "event", event }),
  });
  try {
    await work(uploader);
  } finally {
    uploader.close();
  }
}

function saysOtherType(error: unknown): boolean {
  return error instanceof Error && error.name === "OptionError" && (error as { option?: unknown }).option === "type";
}

/** Passes on at most one progress in a while, and always the first. */
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
