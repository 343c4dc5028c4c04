// Uploads a file with the file store, and writes a line for each step. It kills itself at step `dieAt`. With `waits`,
// it begins when it gets a line of input.

import { openAsBlob, writeSync } from "node:fs";
import { argv, kill, pid, stdin } from "node:process";
import { SampleUploader } from "humansync";
import { createStore } from "humansync/stores/file";
import { numberOf } from "./samples.js";
import { watched } from "./watched.js";

const { folder, file, baseUrl, batchSize, concurrency, dieAt, waits, type = "steps" } = JSON.parse(argv[2]);

let steps = 0;
const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`);
function tell({ body, ...step }) {
  if (body !== undefined)
    step.samples = JSON.parse(new TextDecoder().decode(body)).data.map(({ start_date }) => numberOf(start_date));
  say(step);
  if (++steps === dieAt) kill(pid, "SIGKILL");
}

const { store, fetch } = watched(await createStore(folder), globalThis.fetch, tell);
const uploader = new SampleUploader({ baseUrl, token: "demo", store, fetch, batchSize, concurrency });
if (waits) {
  say({ step: "ready" });
  await new Promise((resolve) => stdin.once("data", resolve));
  stdin.destroy();
}
say({ step: "report", report: await uploader.upload(type, await openAsBlob(file)) });
