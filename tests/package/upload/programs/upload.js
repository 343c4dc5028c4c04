// Uploads a file with the file store, or with the store in the PostgreSQL of `database`, and writes a line for each step,
// and what it has come to. It kills itself at step `dieAt`. With `waits`, it begins when it gets a line of input.

import { openAsBlob, writeSync } from "node:fs";
import { argv, kill, pid, stdin } from "node:process";
import { SampleUploader } from "humansync";
import { numberOf } from "./samples.js";
import { watched } from "./watched.js";

const { folder, database, leaseDuration, file, baseUrl, batchSize, concurrency, dieAt, waits, type = "steps" } = JSON.parse(argv[2]);

let steps = 0;
const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`);
function tell({ body, ...step }) {
  if (body !== undefined)
    step.samples = JSON.parse(new TextDecoder().decode(body)).data.map(({ start_date }) => numberOf(start_date));
  say(step);
  if (++steps === dieAt) kill(pid, "SIGKILL");
}

const { store, fetch } = watched(await opened(), globalThis.fetch, tell);
const uploader = new SampleUploader({ baseUrl, token: "demo", store, fetch, batchSize, concurrency });
if (waits) {
  say({ step: "ready" });
  await new Promise((resolve) => stdin.once("data", resolve));
  stdin.destroy();
}
try {
  say({ step: "report", report: await uploader.upload(type, await openAsBlob(file)) });
} catch (error) {
  say({ step: "stopped", code: error.code, report: error.report });
  process.exitCode = 1;
}
// Connections of the pool would keep it alive for a while.
process.exit();

async function opened() {
  if (database === undefined) return (await import("humansync/stores/file")).createStore(folder);
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString: database });
  pool.on("error", () => {});
  return (await import("humansync/stores/postgres")).createStore({ pool, leaseDuration });
}
