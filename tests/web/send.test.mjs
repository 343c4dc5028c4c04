// Sending files: planning, sending, stopping and waiting, by one or several people, in one or several tabs.

import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { appleExport, ndjson, samples } from "../package/upload/support/samples.mjs";
import { arrived, batchesArrived, held, letGo, oddFile, planned, stateOf, stepsFile } from "./support/app.mjs";
import { boxes, passing, saved } from "./support/page-state.mjs";
import { staged } from "./support/shared-stage.mjs";

const there = staged();

test("samples that cannot be sent are shown by reason, with their lines from the file", async () => {
  const { path, list } = await oddFile(there.stage);
  const tab = await planned(there.engine, there.stage, path);
  assert.match(await tab.text("#plan-body"), /To be sent\s+1,996[\s\S]*Cannot be sent\s+4/);
  const groups = await tab.evaluate(() => [...document.querySelectorAll(".rejections summary")].map(({ textContent }) => textContent));
  assert.deepEqual(
    groups.map((text) => text.replace(/:.*$/, "")),
    ["2 samples value", "1 sample start_date", "1 sample device_name"],
  );
  await tab.click(".rejections summary");
  await tab.click(".rejections details[open] button");
  const shown = await tab.waitFor(".lines");
  const expected = [400, 500].map((index) => `${String(index + 1).padStart(9)}  ${JSON.stringify(list[index])}`).join("\n");
  assert.equal(shown.trim(), expected.trim());
  const table = (await saved(tab, ".rejections > .bar button")).trimEnd().split("\r\n");
  assert.equal(table[0], "index,line,path,code,message");
  assert.deepEqual(
    table.slice(1).map((row) => row.split(",").slice(0, 3).join(",")),
    ["400,401,/value", "500,501,/value", "600,601,/start_date", "700,701,/device_name"],
  );
  await tab.click("#start");
  await tab.waitFor("#job-state", { text: "1,996 samples sent." });
  assert.equal((await arrived(there.stage)).distinct, 1996);
});

test("a file can be dropped anywhere, but not while another one is being sent", async () => {
  const tab = await there.engine.open(there.stage.url);
  const text = ndjson(samples(10));
  const drop = (name, text) =>
    tab.evaluate(
      (name, text) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], name));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      },
      name,
      text,
    );
  await drop("small.ndjson", text);
  await tab.waitFor("#job-state", { text: "10 samples to send" });
  assert.equal(await tab.isVisible("#send"), true);
  await held(there.stage, 0);
  await tab.click("#start");
  await drop("other.ndjson", text);
  await tab.waitFor("[data-notice=busy]", { text: "One file at a time" });
  await letGo(there.stage);
  await tab.waitFor("#job-state", { text: "10 samples sent." });
});

test("after a stop nothing continues by itself, and the same file continues where it was stopped", async () => {
  await held(there.stage, 8);
  const { path } = await stepsFile(there.stage, 30_000);
  const tab = await planned(there.engine, there.stage, path);
  await tab.click("#start");
  await batchesArrived(tab, there.stage, 8);
  await tab.click("#stop");
  await tab.waitFor("#job-state", { text: "Stopped" });
  const { distinct } = await arrived(there.stage);
  assert.equal(distinct, 8000);
  await letGo(there.stage);
  await tab.reload();
  await tab.waitFor("#job-title", { text: "No file yet" });
  await tab.chooseFile("#file", path);
  await tab.waitFor("#job-state", { text: "to send" });
  assert.match(await tab.text("#plan-body"), /Sent before\s+[678],000/);
  await tab.click("#start");
  await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
  assert.equal((await arrived(there.stage)).distinct, 30_000);
});

test("stopping a waiting tab does not affect the sending one; when that one is stopped, waiting tabs say so", async () => {
  await held(there.stage, 3);
  const { path } = await stepsFile(there.stage, 60_000);
  const first = await planned(there.engine, there.stage, path);
  await first.click("#start");
  await batchesArrived(first, there.stage, 3);
  const second = await there.engine.open(there.stage.url);
  await second.waitFor("[data-notice=tabs]", { text: "Another tab is sending" });
  await second.click("#stop");
  await second.waitFor("#job-state", { text: "Stopped" });
  assert.equal(await second.isVisible("[data-notice=tabs]"), false);
  // The file is still kept, so that a third tab waits for it.
  const third = await there.engine.open(there.stage.url);
  await third.waitFor("[data-notice=tabs]", { text: "Another tab is sending" });
  await first.click("#stop");
  await first.waitFor("#job-state", { text: "Stopped" });
  await third.waitFor("#job-state", { text: "The other tab was told to stop." });
  const { distinct } = await arrived(there.stage);
  assert.equal(distinct, 3000);
  await letGo(there.stage);
  const fourth = await there.engine.open(`${there.stage.url}#/send`);
  await fourth.waitFor("#job-title", { text: "No file yet" });
  assert.equal((await arrived(there.stage)).distinct, distinct);
});

test("pausing in one tab also pauses a waiting tab, which can resume", async () => {
  await held(there.stage, 2);
  const { path } = await stepsFile(there.stage, 40_000);
  const first = await planned(there.engine, there.stage, path);
  await first.click("#start");
  await batchesArrived(first, there.stage, 2);
  const second = await there.engine.open(there.stage.url);
  await second.waitFor("[data-notice=tabs]", { text: "Another tab is sending" });
  await first.click("#pause");
  await second.waitFor("#job-state", { text: "Paused" });
  await letGo(there.stage);
  await second.click("#pause");
  await second.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
  assert.equal((await arrived(there.stage)).distinct, 40_000);
  await first.click("#pause");
  assert.equal(await first.waitFor("#job-state", { text: "Nothing is new" }), "Nothing is new: all 40,000 samples were sent before.");
});

test("a plan that is stopped leaves nothing to send", async () => {
  const { path } = await stepsFile(there.stage, 1000);
  const tab = await there.engine.open(`${there.stage.url}#/send`);
  await there.stage.sandbox.control("faults", { hold: { method: "GET", path: "/v1/human/profile", after: 0 } });
  await tab.chooseFile("#file", path);
  await tab.waitFor("#job-state", { text: "Reading" });
  await tab.click("#stop");
  await tab.waitFor("#job-state", { text: "Stopped" });
  assert.equal(await tab.evaluate(() => document.querySelector("#start").disabled), true);
});

test("work that is stopped before it could begin does not begin", async () => {
  const { path } = await stepsFile(there.stage, 3000);
  const tab = await there.engine.open(`${there.stage.url}#/send`);
  const gates = [];
  await tab.raw.route("**/v1/human/profile", (route) => new Promise((open) => gates.push(open)).then(() => route.continue()));
  await tab.chooseFile("#file", path);
  await tab.waitFor("#job-state", { text: "Reading" });
  await tab.click("#stop");
  await tab.waitFor("#job-state", { text: "Stopped." });
  for (const open of gates) open();
  await tab.raw.unrouteAll({ behavior: "wait" });
  await tab.chooseFile("#file", path);
  await tab.waitFor("#job-state", { text: "3,000 samples to send" });
  assert.equal((await arrived(there.stage)).total, 0);
});

test("a file of heart rates is recognized, a mixed one is questioned, and the choice for exports is kept", async () => {
  const tab = await there.engine.open(`${there.stage.url}#/send`);
  const place = (name, list) => {
    const path = join(there.stage.folder, name);
    return writeFile(path, ndjson(list)).then(() => path);
  };
  const rates = samples(5, { unit: "count/min", value: 70 });
  await tab.chooseFile("#file", await place("rates.ndjson", rates));
  await tab.waitFor("#job-state", { text: "5 samples to send" });
  assert.deepEqual(await boxes(tab), [false, true]);
  assert.match(await tab.text("#plan-body"), /^Heart rate/);
  await tab.chooseFile("#file", await place("mixed.ndjson", [...rates, ...samples(5)]));
  await tab.waitFor(".doubt", { text: "both counts and rates" });
  const xml = join(there.stage.folder, "both.xml");
  await writeFile(xml, appleExport([...samples(5), ...samples(7, { unit: "count/min", value: 70 })]));
  await tab.chooseFile("#file", xml);
  await tab.waitFor("#job-state", { text: "12 samples to send" });
  assert.deepEqual(await boxes(tab), [true, true]);
  // This document states its type.
  const path = join(there.stage.folder, "said.json");
  await writeFile(path, JSON.stringify({ data_type: "bpm", data: samples(9, { unit: "count", value: 70 }) }));
  await tab.chooseFile("#file", path);
  await tab.waitFor("#job-state", { text: "9 samples to send" });
  assert.deepEqual(await boxes(tab), [false, true]);
});

test("samples that are too few for a batch are held back, the page says so, and they are sent with the next file", async () => {
  const few = await stepsFile(there.stage, 2, { name: "few.ndjson" });
  const more = await stepsFile(there.stage, 3, { first: 10, name: "more.ndjson" });
  const tab = await there.engine.open(`${there.stage.url}#/send`);
  await tab.chooseFile("#file", few.path);
  await tab.waitFor("#job-state", { text: "Send keeps 2 samples for the next file" });
  await tab.click("#start");
  await tab.waitFor("#job-state", { text: /^2 samples are kept for the next file/ });
  await tab.chooseFile("#file", more.path);
  await tab.waitFor("#job-state", { text: "5 samples to send" });
  await tab.click("#start");
  await tab.waitFor("#job-state", { text: "5 samples sent." });
  assert.equal((await arrived(there.stage)).distinct, 5);
});

test("two tabs with a file each are closed one after the other, and both files are continued", { timeout: 120_000 }, async () => {
  await held(there.stage, 3);
  const one = await stepsFile(there.stage, 40_000);
  const other = await stepsFile(there.stage, 20_000, { first: 50_000, name: "other.ndjson" });
  const first = await planned(there.engine, there.stage, one.path);
  const second = await there.engine.open(`${there.stage.url}#/send`);
  await first.click("#start");
  await batchesArrived(first, there.stage, 3);
  await second.waitFor("#drop");
  await second.chooseFile("#file", other.path);
  await second.waitFor("#job-state", { text: "to send" });
  await second.click("#start");
  await second.waitFor("[data-notice=tabs]", { text: "Another tab is sending" });
  await second.close();
  await first.close();
  await letGo(there.stage);
  const third = await there.engine.open(there.stage.url);
  await third.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
  await third.waitFor("[data-notice=next]", { text: "other.ndjson stands still" });
  await third.click("[data-notice=next] .bar button");
  await third.waitFor("#job-title", { text: "other.ndjson" });
  await third.waitFor("#job-state", { text: "20,000 samples sent." });
  assert.equal((await arrived(there.stage)).distinct, 60_000);
});

test("a file that a person has resumed also continues after a failure", async () => {
  await held(there.stage, 3);
  const { path } = await stepsFile(there.stage, 30_000);
  const tab = await planned(there.engine, there.stage, path);
  await tab.click("#start");
  await batchesArrived(tab, there.stage, 3);
  await tab.click("#pause");
  await tab.waitFor("#job-state", { text: "Paused" });
  await tab.reload();
  await tab.waitFor("#job-state", { text: "Paused" });
  await there.stage.sandbox.control("faults", { tokens: ["other"], hold: null });
  await tab.fill("#token", "demo");
  await tab.click("#connect");
  await tab.waitFor("[data-notice=reading]", { text: "not accepted" });
  await tab.click("#pause");
  await tab.waitFor("[data-notice=sending]", { text: "not accepted" });
  await tab.fill("#token", "other");
  await tab.click("#connect");
  await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
  assert.equal((await arrived(there.stage)).distinct, 30_000);
});

test("a file that has been deleted from the disk is reported as such", async () => {
  const { path } = await stepsFile(there.stage, 3000, { name: "gone.ndjson" });
  const tab = await planned(there.engine, there.stage, path);
  await rm(path);
  await tab.click("#start");
  await tab.waitFor("[data-notice=sending]", { text: "The file can no longer be read" });
  await stepsFile(there.stage, 3000, { name: "gone.ndjson" });
  await tab.chooseFile("#file", path);
  await tab.waitFor("#job-state", { text: "3,000 samples to send" });
  await tab.click("#start");
  await tab.waitFor("#job-state", { text: "3,000 samples sent." });
});

test("a file that is stopped in one tab is not sent by another tab when its retry is due", { timeout: 90_000 }, async () => {
  const { path } = await stepsFile(there.stage, 30_000);
  const first = await there.engine.open("about:blank");
  await first.raw.clock.install();
  await first.goto(`${there.stage.url}#/send`);
  await first.chooseFile("#file", path);
  await passing(first, () => stateOf(first).then((state) => state === "planned"));
  await there.stage.sandbox.control("faults", { failNext: [{ method: "POST", status: 429, retryAfter: 200 }] });
  await first.click("#start");
  await passing(first, () => stateOf(first).then((state) => state === "failed"));
  await held(there.stage, 2);
  const second = await there.engine.open(there.stage.url);
  await second.waitFor("#job-state", { text: /Sending|Reading/ });
  await second.click("#stop");
  await second.waitFor("#job-state", { text: "Stopped" });
  const before = await arrived(there.stage);
  assert.ok(before.distinct < 30_000, `${before.distinct} had arrived`);
  await letGo(there.stage);
  await first.raw.clock.runFor(210_000);
  await passing(first, () => first.text("#job-state").then((text) => text === "The other tab was told to stop."));
  assert.deepEqual(await arrived(there.stage), before);
});

test("when another person connects in the middle, the work is not continued for them: Send makes a new plan", async () => {
  await there.stage.sandbox.control("faults", { hold: { method: "POST", path: "/api/", after: 3 }, tokens: ["demo", "other"] });
  const { path } = await stepsFile(there.stage, 40_000);
  const tab = await there.engine.open("about:blank");
  await tab.raw.route("**/v1/human/profile", (route) =>
    route.request().headers().authorization === "Bearer other"
      ? route.fulfill({ json: { humanId: "f".repeat(32) }, headers: { "access-control-allow-origin": "*" } })
      : route.continue(),
  );
  await tab.goto(`${there.stage.url}#/send`);
  await tab.chooseFile("#file", path);
  await tab.waitFor("#job-state", { text: "to send" });
  await tab.click("#start");
  await batchesArrived(tab, there.stage, 3);
  await tab.fill("#token", "other");
  await tab.click("#connect");
  await tab.waitFor("#connection-state", { text: "Connected" });
  await tab.click("#stop");
  await tab.waitFor("#job-state", { text: "Stopped" });
  const before = await arrived(there.stage);
  await tab.click("#start");
  await tab.waitFor("#job-state", { text: "40,000 samples to send. Nothing has been sent yet." });
  assert.deepEqual(await arrived(there.stage), before);
});

test("a new token of the same person is used as soon as the old one is refused", async () => {
  await there.stage.sandbox.control("faults", { hold: { method: "POST", path: "/api/", after: 3 }, tokens: ["demo", "new"] });
  const { path } = await stepsFile(there.stage, 30_000);
  const tab = await planned(there.engine, there.stage, path);
  await tab.click("#start");
  await batchesArrived(tab, there.stage, 3);
  await tab.fill("#token", "new");
  await tab.click("#connect");
  await tab.waitFor("#connection-state", { text: "Connected" });
  await there.stage.sandbox.control("faults", { hold: null, tokens: ["new"] });
  await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
  assert.equal((await arrived(there.stage)).distinct, 30_000);
});

test("only one type can be chosen for a file that has one, also after it was continued", async () => {
  await held(there.stage, 2);
  const { path } = await stepsFile(there.stage, 12_000);
  const tab = await planned(there.engine, there.stage, path);
  await tab.click("#start");
  await batchesArrived(tab, there.stage, 2);
  await tab.reload();
  await tab.waitFor("#job-state", { text: /Sending|Reading/ });
  await tab.click("#stop");
  await tab.waitFor("#job-state", { text: "Stopped" });
  await tab.click("#take-bpm");
  await tab.waitFor("#plan-body", { text: "Heart rate" });
  assert.deepEqual(await boxes(tab), [false, true]);
  assert.match(await tab.text(".doubt"), /it would be sent as heart rate/);
});

test("a file is forgotten when it is stopped, even if no storage space is left", async (t) => {
  // Like a browser whose storage is full: values can be removed, but none can be written.
  await patchedWorker(t, `{
    const { put } = IDBObjectStore.prototype;
    let full = Infinity;
    IDBObjectStore.prototype.put = function (...args) {
      if (Date.now() > full) throw new DOMException("full", "QuotaExceededError");
      if (String(args[1]).startsWith("job ")) full = Date.now() + 1500;
      return put.apply(this, args);
    };
  }`);
  await there.stage.sandbox.control("faults", { latencyMs: 1000 });
  const { path } = await stepsFile(there.stage, 60_000);
  const tab = await planned(there.engine, there.stage, path);
  await tab.click("#start");
  await tab.waitFor("[data-notice=sending]", { text: "no room left" });
  await tab.click("#stop");
  await tab.waitFor("#job-state", { text: "Stopped" });
  const before = await arrived(there.stage);
  await tab.reload();
  await tab.waitFor("#job-title", { text: "No file yet" });
  assert.deepEqual(await arrived(there.stage), before);
});

test("a file can be sent in a browser that stores nothing, and the page says what that means", async (t) => {
  const { path } = await stepsFile(there.stage, 3000);
  // IndexedDB is removed from the page and from its Worker.
  await patchedWorker(t, `Object.defineProperty(globalThis, "indexedDB", { value: undefined });`);
  const tab = await there.engine.open("about:blank");
  await tab.raw.addInitScript(() => {
    Object.defineProperty(globalThis, "indexedDB", { value: undefined });
  });
  await tab.goto(`${there.stage.url}#/send`);
  await tab.chooseFile("#file", path);
  await tab.waitFor("[data-notice=forgetful]", { text: "This window keeps nothing" });
  await tab.waitFor("#job-state", { text: "to send" });
  await tab.click("#start");
  await tab.waitFor("#job-state", { text: "3,000 samples sent." });
  await tab.chooseFile("#file", path);
  await tab.waitFor("#job-state", { text: "Nothing is new" });
});

test("a file is not continued with another person's token", async () => {
  await held(there.stage, 3);
  const { path } = await stepsFile(there.stage, 30_000);
  const tab = await planned(there.engine, there.stage, path);
  await tab.click("#start");
  await batchesArrived(tab, there.stage, 3);
  await tab.click("#pause");
  await tab.waitFor("#job-state", { text: "Paused" });
  const before = await arrived(there.stage);
  await tab.raw.route("**/v1/human/profile", (route) => route.fulfill({ json: { humanId: "f".repeat(32) }, headers: { "access-control-allow-origin": "*" } }));
  await tab.reload();
  await tab.waitFor("#job-state", { text: "Paused" });
  await tab.click("#pause");
  // Nobody has connected in this tab.
  await tab.waitFor("#job-state", { text: "Connect to go on with steps-30000" });
  await tab.fill("#token", "demo");
  await tab.click("#connect");
  await tab.waitFor("#job-state", { text: "This file is another person's" });
  assert.deepEqual(await arrived(there.stage), before);
  await tab.raw.unroute("**/v1/human/profile");
  await tab.fill("#token", "demo2");
  await there.stage.sandbox.control("faults", { tokens: ["demo", "demo2"], hold: null });
  await tab.click("#connect");
  await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
});

/** Runs a script before the Worker's own, until the test ends. */
async function patchedWorker(t, script) {
  const assets = join(there.stage.folder, "dist/assets");
  const worker = join(assets, (await readdir(assets)).find((name) => name.startsWith("worker-")));
  const text = await readFile(worker, "utf8");
  t.after(() => writeFile(worker, text));
  await writeFile(worker, `${script}\n${text}`);
}
