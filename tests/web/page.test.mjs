// What the page promises besides its main ways: whom it works for, what it says in trouble, and what it keeps to itself. In Chromium, which
// can be disturbed in every way.

import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { appleExport, ndjson, samples } from "../uploads/support/samples.mjs";
import { allRead, anew, arrived, batchesDone, choose, connected, launchForTests, planned, stateOf, stepsFile } from "./support/app.mjs";
import { violations } from "./support/axe.mjs";
import { startStage } from "./support/stage.mjs";

const SIZES = { wide: [1440, 1000], narrow: [360, 800] };
const PICTURES = { steps: 30, "heart-rate": 7, sleep: 30, "blood-pressure": 365, places: 365, activities: "all", "medical-vitals": 30 };

let stage;
let engine;
before(async () => {
  stage = await startStage();
  engine = await launchForTests("chromium");
});
after(async () => {
  await engine?.close();
  await stage?.close();
});
beforeEach(() => anew(stage));
afterEach(() => engine.closeTabs());

/** A file with every kind of sample that cannot be sent. */
async function oddFile() {
  const list = samples(2000);
  const odd = [
    [400, { ...list[400], value: 0 }],
    [500, { ...list[500], value: -1 }],
    [600, { ...list[600], start_date: "yesterday" }],
    [700, { ...list[700], device_name: "" }],
  ];
  for (const [index, sample] of odd) list[index] = sample;
  const path = join(stage.folder, "odd.ndjson");
  await writeFile(path, ndjson(list));
  return { path, list };
}

describe("whom it works for", () => {
  for (const [size, [width, height]] of Object.entries(SIZES)) {
    for (const scheme of ["light", "dark"]) {
      test(`${size}, ${scheme}: nothing serious for axe, nothing wider than the page, and nothing moves`, { timeout: 180_000 }, async () => {
        const tab = await engine.open("about:blank");
        await tab.setSize(width, height);
        await tab.raw.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
        await tab.raw.addInitScript(() => {
          globalThis.shifts = [];
          new PerformanceObserver((list) => {
            for (const { value, hadRecentInput, sources } of list.getEntries()) {
              if (!hadRecentInput) globalThis.shifts.push({ value, by: sources.map(({ node }) => node?.id || node?.className || node?.nodeName) });
            }
          }).observe({ type: "layout-shift", buffered: true });
        });
        await tab.goto(stage.url);
        const look = async (state) => {
          assert.deepEqual(await violations(tab), [], state);
          const over = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(over <= 0, `${state}: ${over} pixels wider than the page`);
        };
        await look("at first");
        await tab.click("#connect");
        await allRead(tab);
        for (const [kind, range] of Object.entries(PICTURES)) {
          await choose(tab, kind, range);
          await allRead(tab);
          await look(kind);
        }
        await tab.click("#events summary");
        await tab.waitFor("#events-table", { text: "GET /v1/human" });
        await look("events");
        await tab.click("#events summary");
        await tab.click("#tab-send");
        await look("no file yet");
        const { path } = await oddFile();
        await tab.chooseFile("#file", path);
        await tab.waitFor("#job-state", { text: "to send" });
        await tab.click(".rejections summary");
        await tab.click(".rejections details[open] button");
        await tab.waitFor(".lines");
        await look("the plan");
        await stage.sandbox.control("faults", { failNext: [{ method: "POST", status: 429, retryAfter: 3 }] });
        await tab.click("#start");
        await tab.waitFor("[data-notice=sending]");
        await look("a notice");
        await tab.waitFor("#job-state", { text: /samples sent\./ });
        await look("the account");
        await stage.sandbox.control("faults", { tokens: ["other"] });
        await tab.click("#tab-explore");
        await tab.click("#load");
        await tab.waitFor("[data-notice=reading]", { text: "not accepted" });
        await look("an urgent notice");

        const shifts = await tab.evaluate(() => globalThis.shifts);
        const sum = shifts.reduce((before, { value }) => before + value, 0);
        assert.ok(sum < 0.02, `things moved by ${sum}: ${JSON.stringify(shifts)}`);
      });
    }
  }

  test("with the keyboard alone: tabs, pictures, and a day of the calendar", async () => {
    const tab = await engine.open(stage.url);
    await tab.raw.keyboard.press("Tab");
    assert.equal(await focused(tab), "Skip to the data");
    await tab.press("#tab-explore", "ArrowRight");
    assert.equal(await focused(tab), "Bring your data");
    assert.equal(await tab.isVisible("#send"), true);
    await tab.press("#tab-send", "ArrowLeft");
    assert.equal(await tab.isVisible("#explore"), true);
    await tab.press("#token", "Enter");
    await allRead(tab);

    await choose(tab, "heart-rate", 7);
    await allRead(tab);
    await tab.waitFor(".plot canvas");
    const all = await picture(tab);
    await tab.press(".plot", "+");
    await changes(tab, all);
    const near = await picture(tab);
    await tab.press(".plot", "ArrowRight");
    await changes(tab, near);
    await tab.press(".plot", "0");
    await changes(tab, near);
    assert.equal(await picture(tab), all);

    await choose(tab, "activities", 30);
    await allRead(tab);
    await tab.waitFor(".told");
    await tab.press(".years", "ArrowLeft");
    await tab.waitFor("#table-state", { text: "on 2025-06-29" });
    assert.match(await tab.text(".told"), /^Jun 29, 2025: \d+ min$/);
    await tab.press(".years", "ArrowUp");
    await tab.waitFor("#table-state", { text: "on 2025-06-28" });
    await tab.press(".years", "Escape");
    await tab.waitFor("#table-state", { text: /1 to 50 of \d+$/ });
  });
});

describe("in trouble", () => {
  test("offline: it says so, waits, and goes on when the line is back", async () => {
    await stage.sandbox.control("faults", { latencyMs: 150 });
    const { path } = await stepsFile(stage, 40_000);
    const tab = await planned(engine, stage, path);
    await tab.click("#start");
    await batchesDone(tab, 3);
    await tab.raw.context().setOffline(true);
    assert.match(await tab.waitFor("[data-notice=sending]", { text: "You are offline" }), /Nothing is lost/);
    // The client's own tries are used up; then the page waits for the line, and not for time.
    await tab.waitFor("#job-state", { text: "stands still", timeout: 60_000 });
    await tab.raw.context().setOffline(false);
    await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
    assert.equal((await arrived(stage)).distinct, 40_000);
  });

  test("a server in trouble for longer than the client tries: the page tries again by itself", { timeout: 90_000 }, async () => {
    const tab = await connected(engine, stage);
    await allRead(tab);
    await stage.sandbox.control("faults", { failNext: Array.from({ length: 5 }, () => ({ status: 503 })) });
    await tab.select("#kind", "weight");
    await tab.waitFor("[data-notice=reading]", { text: "The server is in trouble (503)" });
    assert.match(await tab.waitFor("[data-notice=reading]", { text: "Try now", timeout: 30_000 }), /Reading goes on by itself\. Nothing is lost/);
    assert.equal(await allRead(tab), 23);
    assert.equal(await tab.isVisible("[data-notice=reading]"), false);
  });

  test("a wait that is longer than the client's patience is counted down by the page, and kept", async () => {
    const tab = await engine.open("about:blank");
    await tab.raw.clock.install();
    await tab.goto(stage.url);
    await tab.click("#connect");
    await tab.raw.clock.runFor(2000);
    await allRead(tab);
    await stage.sandbox.control("faults", { failNext: [{ status: 429, retryAfter: 200 }] });
    await tab.select("#kind", "weight");
    await tab.raw.clock.runFor(1000);
    await tab.waitFor("[data-notice=reading]", { text: /The server asks to wait\s+3 min (20|19|18|17) s/ });
    assert.equal(await tab.exists("[data-notice=reading] .bar"), false, "nobody is invited to ask sooner");
    const { total } = await stage.sandbox.control("log");
    await tab.raw.clock.runFor(190_000);
    await tab.waitFor("[data-notice=reading]", { text: /\s\d s/ });
    assert.equal((await stage.sandbox.control("log")).total, total);
    await tab.raw.clock.runFor(15_000);
    assert.equal(await allRead(tab), 23);
  });

  test("no room left: what was sent is known, and it goes on when there is room", { timeout: 120_000 }, async () => {
    const { path } = await stepsFile(stage, 30_000);
    const tab = await planned(engine, stage, path);
    const protocol = await tab.raw.context().newCDPSession(tab.raw);
    const { origin } = new URL(stage.url);
    await protocol.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
    await tab.click("#start");
    const text = await tab.waitFor("[data-notice=sending]", { text: "This browser has no room left" });
    assert.match(text, /What was sent stays sent and known/);
    await protocol.send("Storage.overrideQuotaForOrigin", { origin });
    await tab.click("[data-notice=sending] .bar button");
    await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
    const { distinct } = await arrived(stage);
    assert.equal(distinct, 30_000);
  });

  test("a wrong token leaves the field in focus; a text that can be no token is told before it is sent", async () => {
    const tab = await engine.open(stage.url);
    await tab.fill("#token", "not a token");
    await tab.click("#connect");
    await tab.waitFor("[data-notice=reading]", { text: "The access token is not accepted" });
    assert.equal(await tab.evaluate(() => document.activeElement.id), "token");
    assert.equal((await stage.sandbox.control("log")).total, 0);
  });
});

describe("a file", () => {
  test("what cannot be sent is told by reason, with its lines as they stand in the file", async () => {
    const { path, list } = await oddFile();
    const tab = await planned(engine, stage, path);
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
    await tab.click("#start");
    await tab.waitFor("#job-state", { text: "1,996 samples sent." });
    assert.equal((await arrived(stage)).distinct, 1996);
  });

  test("it may be dropped anywhere; in the middle of another one it is refused", async () => {
    const tab = await engine.open(stage.url);
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
    await stage.sandbox.control("faults", { latencyMs: 1500 });
    await tab.click("#start");
    await drop("other.ndjson", text);
    await tab.waitFor("[data-notice=busy]", { text: "One file at a time" });
    await tab.waitFor("#job-state", { text: "10 samples sent." });
  });

  test("stopped: nothing goes on by itself, and the same file goes on from there", async () => {
    await stage.sandbox.control("faults", { latencyMs: 150 });
    const { path } = await stepsFile(stage, 30_000);
    const tab = await planned(engine, stage, path);
    await tab.click("#start");
    await batchesDone(tab, 6);
    await tab.click("#stop");
    await tab.waitFor("#job-state", { text: "Stopped" });
    const { distinct } = await arrived(stage);
    assert.ok(distinct >= 6000 && distinct < 30_000, `${distinct} had arrived`);
    await tab.reload();
    await tab.waitFor("#job-title", { text: "No file yet" });
    await tab.chooseFile("#file", path);
    await tab.waitFor("#job-state", { text: "to send" });
    assert.match(await tab.text("#plan-body"), /Sent before\s+[6-9],000|Sent before\s+1\d,000/);
    await tab.click("#start");
    await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
    assert.equal((await arrived(stage)).distinct, 30_000);
  });

  test("a tab that waits may be told to stop, and the other one goes on; when that one stops, a tab that waits learns of it", async () => {
    await stage.sandbox.control("faults", { latencyMs: 500 });
    const { path } = await stepsFile(stage, 60_000);
    const first = await planned(engine, stage, path);
    await first.click("#start");
    await batchesDone(first, 1);
    const second = await engine.open(stage.url);
    await second.waitFor("[data-notice=tabs]", { text: "Another tab is sending" });
    await second.click("#stop");
    await second.waitFor("#job-state", { text: "Stopped" });
    assert.equal(await second.isVisible("[data-notice=tabs]"), false);
    // The file is still kept: a third tab waits for it.
    const third = await engine.open(stage.url);
    await third.waitFor("[data-notice=tabs]", { text: "Another tab is sending" });
    await first.click("#stop");
    await first.waitFor("#job-state", { text: "Stopped" });
    await third.waitFor("#job-state", { text: "The other tab was told to stop." });
    const { distinct } = await arrived(stage);
    assert.ok(distinct >= 1000 && distinct < 60_000, `${distinct} had arrived`);
    const fourth = await engine.open(`${stage.url}#/send`);
    await fourth.waitFor("#job-title", { text: "No file yet" });
    assert.equal((await arrived(stage)).distinct, distinct);
  });

  test("paused in one tab, a tab that waits is paused too, and may go on", async () => {
    await stage.sandbox.control("faults", { latencyMs: 500 });
    const { path } = await stepsFile(stage, 40_000);
    const first = await planned(engine, stage, path);
    await first.click("#start");
    await batchesDone(first, 1);
    const second = await engine.open(stage.url);
    await second.waitFor("[data-notice=tabs]", { text: "Another tab is sending" });
    await first.click("#pause");
    await second.waitFor("#job-state", { text: "Paused" });
    await stage.sandbox.control("faults", { latencyMs: null });
    await second.click("#pause");
    await second.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
    assert.equal((await arrived(stage)).distinct, 40_000);
    await first.click("#pause");
    assert.equal(await first.waitFor("#job-state", { text: "Nothing is new" }), "Nothing is new: all 40,000 samples were sent before.");
  });

  test("a plan that is stopped leaves nothing to send", async () => {
    const { path } = await stepsFile(stage, 1000);
    const tab = await engine.open(`${stage.url}#/send`);
    await stage.sandbox.control("faults", { latencyMs: 1000 });
    await tab.chooseFile("#file", path);
    await tab.waitFor("#job-state", { text: "Reading" });
    await tab.click("#stop");
    await tab.waitFor("#job-state", { text: "Stopped" });
    assert.equal(await tab.evaluate(() => document.querySelector("#start").disabled), true);
  });

  test("what is ended before anything could begin does not begin", async () => {
    const { path } = await stepsFile(stage, 3000);
    const tab = await engine.open(`${stage.url}#/send`);
    const gates = [];
    await tab.raw.route("**/v1/human/profile", (route) => new Promise((open) => gates.push(open)).then(() => route.continue()));
    await tab.chooseFile("#file", path);
    await tab.waitFor("#job-state", { text: "Reading" });
    await tab.click("#stop");
    await tab.waitFor("#job-state", { text: "Stopped." });
    await tab.raw.unroute("**/v1/human/profile");
    for (const open of gates) open();
    await tab.chooseFile("#file", path);
    await tab.waitFor("#job-state", { text: "3,000 samples to send" });
    assert.equal((await arrived(stage)).total, 0);
  });

  test("a file of heart rates is taken for that; a mixed one is doubted; the choice for exports is kept", async () => {
    const tab = await engine.open(`${stage.url}#/send`);
    const place = (name, list) => {
      const path = join(stage.folder, name);
      return writeFile(path, ndjson(list)).then(() => path);
    };
    const rates = samples(5, { unit: "count/min", value: 70 });
    await tab.chooseFile("#file", await place("rates.ndjson", rates));
    await tab.waitFor("#job-state", { text: "5 samples to send" });
    assert.deepEqual(await boxes(tab), [false, true]);
    assert.match(await tab.text("#plan-body"), /^Heart rate/);
    await tab.chooseFile("#file", await place("mixed.ndjson", [...rates, ...samples(5)]));
    await tab.waitFor(".doubt", { text: "both counts and rates" });
    const xml = join(stage.folder, "both.xml");
    await writeFile(xml, appleExport([...samples(5), ...samples(7, { unit: "count/min", value: 70 })]));
    await tab.chooseFile("#file", xml);
    await tab.waitFor("#job-state", { text: "12 samples to send" });
    assert.deepEqual(await boxes(tab), [true, true]);
    // A document that says of what type it is.
    const path = join(stage.folder, "said.json");
    await writeFile(path, JSON.stringify({ data_type: "bpm", data: samples(9, { unit: "count", value: 70 }) }));
    await tab.chooseFile("#file", path);
    await tab.waitFor("#job-state", { text: "9 samples to send" });
    assert.deepEqual(await boxes(tab), [false, true]);
  });

  test("too few for a batch are kept when it is said so, and go with the next file", async () => {
    const few = await stepsFile(stage, 2, { name: "few.ndjson" });
    const more = await stepsFile(stage, 3, { first: 10, name: "more.ndjson" });
    const tab = await engine.open(`${stage.url}#/send`);
    await tab.chooseFile("#file", few.path);
    await tab.waitFor("#job-state", { text: "Send keeps 2 samples for the next file" });
    await tab.click("#start");
    await tab.waitFor("#job-state", { text: /^2 samples are kept for the next file/ });
    await tab.chooseFile("#file", more.path);
    await tab.waitFor("#job-state", { text: "5 samples to send" });
    await tab.click("#start");
    await tab.waitFor("#job-state", { text: "5 samples sent." });
    assert.equal((await arrived(stage)).distinct, 5);
  });

  test("two tabs with a file each: closed one after the other, both files are gone on with", { timeout: 120_000 }, async () => {
    await stage.sandbox.control("faults", { latencyMs: 500 });
    const one = await stepsFile(stage, 40_000);
    const other = await stepsFile(stage, 20_000, { first: 50_000, name: "other.ndjson" });
    const first = await planned(engine, stage, one.path);
    const second = await engine.open(`${stage.url}#/send`);
    await first.click("#start");
    await batchesDone(first, 2);
    await second.waitFor("#drop");
    await second.chooseFile("#file", other.path);
    await second.waitFor("#job-state", { text: "to send" });
    await second.click("#start");
    await second.waitFor("[data-notice=tabs]", { text: "Another tab is sending" });
    await second.close();
    await first.close();
    await stage.sandbox.control("faults", { latencyMs: null });
    const third = await engine.open(stage.url);
    await third.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
    await third.waitFor("[data-notice=next]", { text: "other.ndjson stands still" });
    await third.click("[data-notice=next] .bar button");
    await third.waitFor("#job-title", { text: "other.ndjson" });
    await third.waitFor("#job-state", { text: "20,000 samples sent." });
    assert.equal((await arrived(stage)).distinct, 60_000);
  });

  test("resumed by a person, it goes on also after a failure", async () => {
    await stage.sandbox.control("faults", { latencyMs: 300 });
    const { path } = await stepsFile(stage, 30_000);
    const tab = await planned(engine, stage, path);
    await tab.click("#start");
    await batchesDone(tab, 2);
    await tab.click("#pause");
    await tab.waitFor("#job-state", { text: "Paused" });
    await tab.reload();
    await tab.waitFor("#job-state", { text: "Paused" });
    await stage.sandbox.control("faults", { tokens: ["other"], latencyMs: null });
    await tab.fill("#token", "demo");
    await tab.click("#connect");
    await tab.waitFor("[data-notice=reading]", { text: "not accepted" });
    await tab.click("#pause");
    await tab.waitFor("[data-notice=sending]", { text: "not accepted" });
    await tab.fill("#token", "other");
    await tab.click("#connect");
    await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
    assert.equal((await arrived(stage)).distinct, 30_000);
  });

  test("one that is gone from the disk is told as that", async () => {
    const { path } = await stepsFile(stage, 3000, { name: "gone.ndjson" });
    const tab = await planned(engine, stage, path);
    await rm(path);
    await tab.click("#start");
    await tab.waitFor("[data-notice=sending]", { text: "The file can no longer be read" });
  });

  test("where a browser keeps nothing, it can be sent all the same, and the page says what that means", async (t) => {
    const { path } = await stepsFile(stage, 3000);
    // In the page, and in its Worker.
    const assets = join(stage.folder, "dist/assets");
    const worker = join(assets, (await readdir(assets)).find((name) => name.startsWith("worker-")));
    const text = await readFile(worker, "utf8");
    t.after(() => writeFile(worker, text));
    await writeFile(worker, `Object.defineProperty(globalThis, "indexedDB", { value: undefined });\n${text}`);
    const tab = await engine.open("about:blank");
    await tab.raw.addInitScript(() => {
      Object.defineProperty(globalThis, "indexedDB", { value: undefined });
    });
    await tab.goto(`${stage.url}#/send`);
    await tab.chooseFile("#file", path);
    await tab.waitFor("[data-notice=forgetful]", { text: "This window keeps nothing" });
    await tab.waitFor("#job-state", { text: "to send" });
    await tab.click("#start");
    await tab.waitFor("#job-state", { text: "3,000 samples sent." });
    await tab.chooseFile("#file", path);
    await tab.waitFor("#job-state", { text: "Nothing is new" });
  });

  test("another person's token does not go on with it", async () => {
    await stage.sandbox.control("faults", { latencyMs: 300 });
    const { path } = await stepsFile(stage, 30_000);
    const tab = await planned(engine, stage, path);
    await tab.click("#start");
    await batchesDone(tab, 2);
    await tab.click("#pause");
    await tab.waitFor("#job-state", { text: "Paused" });
    const before = await arrived(stage);
    await tab.raw.route("**/v1/human/profile", (route) => route.fulfill({ json: { humanId: "f".repeat(32) }, headers: { "access-control-allow-origin": "*" } }));
    await tab.reload();
    await tab.waitFor("#job-state", { text: "Paused" });
    await tab.click("#pause");
    // Nobody has said who they are in this tab.
    await tab.waitFor("#job-state", { text: "Connect to go on with steps-30000" });
    await tab.fill("#token", "demo");
    await tab.click("#connect");
    await tab.waitFor("#job-state", { text: "This file is another person's" });
    assert.deepEqual(await arrived(stage), before);
    await tab.raw.unroute("**/v1/human/profile");
    await tab.fill("#token", "demo2");
    await stage.sandbox.control("faults", { tokens: ["demo", "demo2"] });
    await tab.click("#connect");
    await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
  });
});

describe("what is read", () => {
  test("another person's token in the middle: no record of the one before is left", async () => {
    const tab = await connected(engine, stage);
    await allRead(tab);
    await stage.sandbox.control("faults", { latencyMs: 400 });
    await choose(tab, "heart-rate", 30);
    await tab.waitFor("#read-state", { text: /^[1-9][\d,]* of 42,/ });
    await stage.sandbox.control("faults", { latencyMs: null, tokens: ["other"] });
    const other = "f".repeat(32);
    await tab.raw.route("**/v1/human/**", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(/"humanId":"[0-9a-f]{32}"/g, `"humanId":"${other}"`) });
    });
    await tab.fill("#token", "other");
    await tab.click("#connect");
    const count = await allRead(tab, 60_000);
    const lines = (await saved(tab, "#ndjson")).trimEnd().split("\n");
    assert.equal(lines.length, count);
    assert.deepEqual([...new Set(lines.map((line) => JSON.parse(line).humanId))], [other]);
  });

  test("the same person's new token goes on where it was", async () => {
    const tab = await connected(engine, stage);
    await allRead(tab);
    await stage.sandbox.control("faults", { latencyMs: 400 });
    await choose(tab, "heart-rate", 30);
    await tab.waitFor("#read-state", { text: /^[1-9][\d,]* of 42,/ });
    const { total } = await stage.sandbox.control("log");
    await stage.sandbox.control("faults", { latencyMs: null, tokens: ["other"] });
    await tab.fill("#token", "other");
    await tab.click("#connect");
    await tab.click("#connect");
    assert.equal(await allRead(tab, 60_000), 42_180);
    // Not from the beginning: 85 pages are all.
    const after = (await stage.sandbox.control("log")).total;
    assert.ok(after - total < 100, `${after - total} requests`);
    const lines = (await saved(tab, "#ndjson")).trimEnd().split("\n");
    assert.equal(new Set(lines.map((line) => JSON.parse(line).id)).size, 42_180);
    assert.deepEqual(await tab.exists("[data-notice=reading]"), false);
  });

  test("what was zoomed into, or chosen, is not kept for another time; the same again is drawn again", async () => {
    const tab = await connected(engine, stage);
    await choose(tab, "blood-glucose", 30);
    await allRead(tab);
    await tab.waitFor(".plot canvas");
    const all = await picture(tab);
    await tab.press(".plot", "+");
    await changes(tab, all);
    await tab.click("#load");
    await tab.waitFor("#read-state", { text: "all there are" });
    await tab.waitFor(".plot canvas");
    const end = Date.now() + 10_000;
    while ((await picture(tab)) !== all) if (Date.now() > end) throw new Error("it is not drawn as at first");
    await choose(tab, "activities", 30);
    await allRead(tab);
    await tab.waitFor(".told");
    await tab.press(".years", "ArrowLeft");
    await tab.waitFor("#table-state", { text: "on 2025-06-29" });
    await tab.select("#range", "90");
    await allRead(tab);
    await tab.waitFor(".told", { text: "Choose a day" });
    await tab.waitFor("#table-state", { text: /of 414$/ });
  });

  test("days that make no range are told, and what is read goes on", async () => {
    const tab = await connected(engine, stage);
    await allRead(tab);
    await tab.fill("#from", "2025-06-20");
    await tab.fill("#to", "2025-06-10");
    await tab.click("#load");
    await tab.waitFor("#read-state", { text: "The first day is after the last one." });
    assert.equal(await tab.evaluate(() => document.querySelector("#from").getAttribute("aria-invalid")), "true");
    await tab.fill("#to", "");
    await tab.click("#load");
    await tab.waitFor("#read-state", { text: "Choose both days" });
    await tab.fill("#to", "2025-06-22");
    await tab.click("#load");
    assert.equal(await allRead(tab), 3);
  });

  test("records that are not as they should be cost no more than themselves", async () => {
    const tab = await engine.open(stage.url);
    await tab.raw.route("**/v1/human/locations?**", async (route) => {
      const answer = await route.fetch();
      const records = await answer.json();
      delete records[0].location;
      delete records[1].startTime;
      await route.fulfill({ response: answer, json: records });
    });
    await tab.raw.route("**/v1/human", async (route) => {
      const answer = await route.fetch();
      const summary = await answer.json();
      summary.weight.timestamp = "yesterday";
      delete summary.bloodPressure.systolic;
      await route.fulfill({ response: answer, json: summary });
    });
    await tab.click("#connect");
    await allRead(tab);
    assert.match(await tab.text("#cards"), /Blood pressure\s+–\s[\s\S]*Weight\s+78.4 kg/);
    await choose(tab, "places", 30);
    const count = await allRead(tab);
    assert.ok(count > 50);
    await tab.waitFor("#table-state", { text: `of ${count}` });
    assert.doesNotMatch(await tab.text("#explore"), /NaN|undefined|Invalid/);
    assert.equal(await tab.evaluate(() => document.querySelectorAll("#table tbody tr").length), 50);
  });
});

/** JavaScript and WebAssembly, compressed by brotli, in bytes: until there is something to see, the library and its picture included. */
const FIRST_LOAD = 150_000;

describe("what it keeps, and what it gives", () => {
  test("it loads little: the page at first, and all that it takes to see a picture", async (t) => {
    const tab = await engine.open("about:blank");
    const loaded = new Map();
    tab.raw.on("response", (answer) => {
      const { pathname } = new URL(answer.url());
      if (/\.(js|wasm)$/.test(pathname)) loaded.set(pathname, answer.body().then((body) => brotliCompressSync(body).length));
    });
    const sizes = async () => Object.fromEntries(await Promise.all([...loaded].map(async ([path, size]) => [path, await size])));
    const sum = (sizes) => Object.values(sizes).reduce((before, size) => before + size, 0);
    await tab.goto(stage.url);
    const atFirst = sum(await sizes());
    await tab.click("#connect");
    await allRead(tab);
    await tab.waitFor(".plot canvas");
    const all = await sizes();
    t.diagnostic(`at first ${atFirst} bytes, with the first picture ${sum(all)}: ${JSON.stringify(all)}`);
    assert.ok(atFirst > 0 && atFirst < 20_000, `${atFirst} bytes at first`);
    assert.ok(sum(all) > 50_000 && sum(all) < FIRST_LOAD, `${sum(all)} bytes: ${JSON.stringify(all)}`);
  });

  test("downloads have every record, as the server sent it", async () => {
    const tab = await connected(engine, stage);
    await choose(tab, "blood-pressure", "all");
    const count = await allRead(tab);
    const lines = (await saved(tab, "#ndjson")).trimEnd().split("\n");
    assert.equal(lines.length, count);
    const headers = { authorization: "Bearer demo", accept: "application/json" };
    const first = await (await fetch(`${stage.sandbox.url}/v1/human/blood_pressure/readings?limit=1`, { headers })).json();
    assert.deepEqual(JSON.parse(lines[0]), first[0]);
    const rows = (await saved(tab, "#csv")).trimEnd().split("\r\n");
    assert.equal(rows.length, count + 1);
    const place = rows[0].split(",").indexOf("systolic");
    assert.deepEqual(rows.slice(1).map((row) => Number(row.split(",")[place])), lines.map((line) => JSON.parse(line).systolic));
  });

  test("no token and no health value is in the events, in the address, or in what is stored but the ledger", async () => {
    const token = "s3cret-t0ken";
    await stage.sandbox.control("faults", { tokens: [token] });
    const tab = await connected(engine, stage, token);
    await allRead(tab);
    const { path, list } = await stepsFile(stage, 1000);
    await tab.click("#tab-send");
    await tab.chooseFile("#file", path);
    await tab.waitFor("#job-state", { text: "to send" });
    await tab.click("#start");
    await tab.waitFor("#job-state", { text: /samples sent\./ });
    await tab.click("#events summary");
    const events = await tab.waitFor("#events-table", { text: "POST /api/v1.1/samples" });
    for (const secret of [token, list[0].device_name, list[0].start_date]) assert.ok(!events.includes(secret), secret);
    const kept = await tab.evaluate(async () => {
      const databases = await indexedDB.databases();
      const keys = [];
      for (const { name } of databases) {
        const database = await new Promise((resolve) => (indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result)));
        for (const store of database.objectStoreNames) {
          const all = await new Promise((resolve) => (database.transaction(store).objectStore(store).getAllKeys().onsuccess = ({ target }) => resolve(target.result)));
          keys.push(name, ...all);
        }
        database.close();
      }
      return { address: location.href, local: { ...localStorage }, session: { ...sessionStorage }, keys };
    });
    assert.deepEqual(kept.session, { "humansync token": token }, "it is kept for this tab alone");
    assert.ok(!JSON.stringify([kept.address, kept.local, kept.keys]).includes(token));
    assert.deepEqual(kept.keys.filter((key) => key === "job" || key === "file"), [], "the file is not kept any longer than it is needed");
  });

  test("its policy lets nothing else in, and it does not break it", async () => {
    const answer = await fetch(stage.url);
    const policy = answer.headers.get("content-security-policy");
    assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; /);
    assert.ok(policy.includes(`connect-src 'self' ${stage.server};`), policy);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval'? |\*|data:|blob:/);
    const inPage = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(await answer.text())[1].replaceAll("&#39;", "'");
    assert.equal(`${inPage}; frame-ancestors 'none'`, policy);
    const tab = await connected(engine, stage);
    await allRead(tab);
    const { path } = await stepsFile(stage, 100);
    await tab.click("#tab-send");
    await tab.chooseFile("#file", path);
    await tab.waitFor("#job-state", { text: "to send" });
    assert.deepEqual(await tab.errors(), []);
    await tab.evaluate(() => {
      const script = document.createElement("script");
      try {
        script.src = "https://elsewhere.example/x.js";
      } catch {
        return;
      }
      throw new Error("a script could be given an address");
    });
  });
});

/** Whether steps and heart rate are chosen. */
function boxes(tab) {
  return tab.evaluate(() => ["take-steps", "take-bpm"].map((id) => document.getElementById(id).checked));
}

function focused(tab) {
  return tab.evaluate(() => document.activeElement.textContent.trim());
}

/** The picture as it is painted now. */
function picture(tab) {
  return tab.evaluate(() => document.querySelector(".plot canvas").toDataURL());
}

async function changes(tab, before) {
  const end = Date.now() + 10_000;
  while ((await picture(tab)) === before) if (Date.now() > end) throw new Error("the picture is still the same after 10 s");
}

/** The text of the file that a click gives. */
async function saved(tab, css) {
  const download = tab.raw.waitForEvent("download");
  await tab.click(css);
  return readFile(await (await download).path(), "utf8");
}
