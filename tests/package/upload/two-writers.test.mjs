// Several uploads with the same store at the same time send each sample once.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { answering } from "../node/support/answers.mjs";
import { imported, required } from "../node/support/installed.mjs";
import { startSandbox } from "../node/support/sandbox.mjs";
import { settled } from "../node/support/virtual-time.mjs";
import { NODE, folderFor, start } from "../stores/support/programs.mjs";
import { assertArrived } from "./support/arrived.mjs";
import { projectFor } from "./support/project.mjs";
import { assertReport } from "./support/reports.mjs";
import { appleExport, asExported, ndjson, samples } from "./support/samples.mjs";

const { SampleUploader } = await imported();
const memory = required("humansync/stores/memory");
const program = join(projectFor(after), "upload.js");

/** Starts programs together, and returns their reports. */
async function together(t, all) {
  const running = all.map((options) => start((stop) => t.after(stop), NODE, program, JSON.stringify({ ...options, waits: true })));
  for (const one of running) assert.equal(await one.line(), '{"step":"ready"}');
  for (const one of running) one.say("begin");
  return Promise.all(
    running.map(async ({ line, ended }) => {
      let last;
      for (let next = await line(); next !== undefined; next = await line()) last = next;
      assert.deepEqual(await ended, { code: 0, signal: null, said: "" });
      return JSON.parse(last).report;
    }),
  );
}

test("two processes, one store, the same export", async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.stop());
  const folder = folderFor((stop) => t.after(stop));
  const file = join(folder, "export.xml");
  const list = samples(5003);
  writeFileSync(file, appleExport(list));
  const options = { folder: join(folder, "store"), file, baseUrl: sandbox.url, batchSize: 100 };
  const reports = await together(t, [options, options]);
  for (const report of reports) assertReport(report, { read: 5003, sent: report.sent, alreadySent: 5003 - report.sent });
  assert.equal(
    reports.reduce((sum, { sent }) => sum + sent, 0),
    5003,
  );
  assert.equal(await assertArrived(sandbox, list.map(asExported)), 0);
});

test("four processes, one store, files that overlap", async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.stop());
  const folder = folderFor((stop) => t.after(stop));
  const list = samples(4000);
  const all = [0, 1, 2, 3].map((part) => {
    const file = join(folder, `${part}.ndjson`);
    writeFileSync(file, ndjson(list.slice(part * 800, part * 800 + 1600)));
    return { folder: join(folder, "store"), file, baseUrl: sandbox.url, batchSize: 100 };
  });
  const reports = await together(t, all);
  for (const report of reports) assertReport(report, { read: 1600, sent: report.sent, alreadySent: 1600 - report.sent });
  assert.equal(
    reports.reduce((sum, { sent }) => sum + sent, 0),
    4000,
  );
  assert.equal(await assertArrived(sandbox, list), 0);
});

test("two uploaders of one program, one store: the second knows what the first has sent", async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.stop());
  for (const store of [
    memory.createStore(),
    await required("humansync/stores/file").createStore(folderFor((stop) => t.after(stop))),
  ]) {
    await sandbox.control("reset", {});
    const list = samples(2500);
    const uploaders = [1, 2, 3].map(() => new SampleUploader({ baseUrl: sandbox.url, token: "demo", store, batchSize: 100 }));
    const reports = await Promise.all([...uploaders, uploaders[0]].map((uploader) => uploader.upload("steps", list)));
    assert.deepEqual(
      reports.map(({ sent }) => sent).sort((one, other) => one - other),
      [0, 0, 0, 2500],
    );
    for (const report of reports) assertReport(report, { read: 2500, sent: report.sent, alreadySent: 2500 - report.sent });
    assert.equal(await assertArrived(sandbox, list), 0);
  }
});

/** A fetch whose requests may have to wait until `open` is called; `requested` resolves at the first one. */
function gated(waits) {
  let open;
  let ask;
  const opened = new Promise((resolve) => (open = resolve));
  const requested = new Promise((resolve) => (ask = resolve));
  const fetch = answering(async () => {
    ask();
    if (waits) await opened;
    return new Response();
  });
  return { fetch, open, requested };
}

const counts = samples(10);
const rates = samples(10, { unit: "count/min" });
for (const [what, first, second] of [
  ["steps and heart rates", ["steps", counts, {}], ["bpm", rates, {}]],
  ["two accounts", ["steps", counts, { account: "a" }], ["steps", counts, { account: "b" }]],
]) {
  test(`${what} do not wait for each other`, async () => {
    const store = memory.createStore();
    const gate = gated(true);
    const upload = (fetch, [type, list, options]) =>
      new SampleUploader({ baseUrl: "https://samples.example", token: "t", store, fetch, ...options }).upload(type, list);
    const slow = upload(gate.fetch, first);
    await gate.requested;
    // If it waited, it would never end.
    assertReport(await upload(gated(false).fetch, second), { read: 10, sent: 10 });
    gate.open();
    assertReport(await slow, { read: 10, sent: 10 });
  });
}

test("an upload that waits for the lock sends nothing", async () => {
  const store = memory.createStore();
  const gate = gated(true);
  const upload = (fetch, number) =>
    new SampleUploader({ baseUrl: "https://samples.example", token: "t", store, fetch }).upload(
      "steps",
      samples(5, { first: number * 5 }),
    );
  const first = upload(gate.fetch, 0);
  await gate.requested;
  const others = [gated(false), gated(false)];
  const uploads = others.map(({ fetch }, index) => upload(fetch, index + 1));
  await settled();
  assert.deepEqual(
    others.map(({ fetch }) => fetch.requests.length),
    [0, 0],
  );
  gate.open();
  for (const report of await Promise.all([first, ...uploads])) assertReport(report, { read: 5, sent: 5 });
  assert.deepEqual(
    others.map(({ fetch }) => fetch.requests.length),
    [1, 1],
  );
});
