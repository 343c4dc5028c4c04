// Workers that are killed, a database that crashes and a server that asks for a pause, while all records of an app are
// read; then the tables are compared with the server's records.

import { startSandbox } from "../../node/support/sandbox.mjs";
import { comparedAll } from "./compare.mjs";
import { crewOf } from "./crew.mjs";
import { onPglite, onPostgres } from "./grounds.mjs";
import { afterStop, journal } from "./journal.mjs";
import { killing, killingTheOnlyOne } from "./kills.mjs";
import { mishaps } from "./mishaps.mjs";
import { paceOf } from "./pace.mjs";
import { untilDone } from "./progress.mjs";
import { accountOfWindows } from "./windows.mjs";

/** A year before the sandbox's clock. */
const SINCE = "2024-06-30T12:00:00Z";
const APP = { clientId: "demo-app", appKey: "demo-app-key" };
/** Plans are made at the beginning and at the end: what has not changed is not planned again in between. */
const EVERY = 3_600_000;

/**
 * Does it all, and returns the account. `place` is the folder with workers.mjs. With `here` there is one worker, on
 * PGlite. `show` is told what happens: `begins`, with whom to ask how far the workers are, `log`, `ends` and
 * `compares`. `atEnd` takes what stops things, in reverse.
 */
export async function chaos({ place, here, records, workers, killEvery, concurrency, sharedConcurrency, latency, seed, atEnd, show }) {
  const sandbox = await startSandbox("--app-records", String(records), "--latency", latency);
  atEnd(() => sandbox.stop());
  const types = Object.keys((await sandbox.control("app")).lists);
  const options = { app: { ...APP, baseUrl: sandbox.url }, types, since: SINCE, every: EVERY, sharedConcurrency };
  const ground = await (here ? onPglite : onPostgres)({ place, options, atEnd });

  const windows = accountOfWindows();
  const crewWith = (...more) => crewFor({ place, sandbox, ground, windows, args: ["--shared-concurrency", sharedConcurrency, ...more], atEnd });
  const crew = crewWith("--concurrency", concurrency);
  const began = performance.now();
  for (let number = 0; number < workers; number++) crew.hire();
  atEnd(() => show.ends());
  await show.begins({ watch: ground.watch, types, crew, windows });
  const happened = await throughTrouble({ sandbox, ground, crew, windows, types, killEvery, seed, atEnd, log: show.log });
  const endings = await crew.dismiss();
  await catchUp(crewWith("--drain"), sandbox);
  const took = performance.now() - began;
  await show.ends();

  const database = await ground.opened();
  const { lists } = await sandbox.control("app");
  return {
    took,
    endings,
    crew: crew.counts,
    complaints: crew.complaints,
    windows: windows.account,
    happened,
    stopped: await afterStop(database, happened.stopped, windows),
    pace: paceOf(await sandbox.control("log")),
    sharedConcurrency,
    journal: await journal(database),
    ...(await comparedAll(database, sandbox.url, lists, show.compares)),
  };
}

/** Lets workers be killed, and everything else go wrong, until all is done. Returns what has happened. */
async function throughTrouble({ sandbox, ground, crew, windows, types, killEvery, seed, atEnd, log }) {
  const ending = new AbortController();
  const { signal } = ending;
  atEnd(() => ending.abort());
  const app = await sandbox.control("app");
  const expected = Object.values(app.lists).reduce((sum, size) => sum + size, 0);
  const trouble = mishaps({ sandbox, ground, crew, windows, log, signal });
  const kills = ground.isShared ? killing(crew, killEvery, seed, signal) : killingTheOnlyOne(crew, killEvery, seed, signal);
  const done = untilDone(ground.watch, types, app, { reached: (records) => trouble.reached(records / expected), signal });
  // Kills only end with a failure, until they are asked to.
  await Promise.race([done, kills]);
  await trouble.ended();
  ending.abort();
  await kills;
  return trouble.happened;
}

function crewFor({ place, sandbox, ground, windows, args, atEnd }) {
  const app = ["--client-id", APP.clientId, "--app-key", APP.appKey, "--base-url", sandbox.url, "--since", SINCE, "--every", EVERY];
  const crew = crewOf(place, [...app, ...ground.args, "--journal", ...args].map(String), {
    heard(worker, event) {
      if (event.type === "window") windows.heard(worker, event);
      ground.heard(event);
    },
    killed: (worker) => windows.killed(worker, Date.now()),
  });
  atEnd(() => crew.dismiss("SIGKILL"));
  return crew;
}

/** Has one more worker do what came meanwhile: workers plan up to a minute before the server's clock, which stands. */
async function catchUp(crew, sandbox) {
  await sandbox.control("clock", { advanceSeconds: 120 });
  const { code } = await crew.hire();
  if (code !== 0) throw new Error(`the last worker ended with ${code}: ${crew.complaints.at(-1)}`);
}
