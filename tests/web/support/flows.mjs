// The main flows of the page, the same in every engine: exploring data, sending it, and recovering from failures.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { allRead, anew, arrived, batchesArrived, choose, connected, held, launchForTests, letGo, planned, stateOf, stepsFile } from "./app.mjs";
import { startStage } from "./stage.mjs";

/** The most samples that can be in flight when a page is closed: six batches. */
const IN_FLIGHT = 6000;

export function flows(name) {
  describe(name, { timeout: 600_000 }, () => {
    let stage;
    let engine;
    before(async () => {
      stage = await startStage();
      engine = await launchForTests(name);
    });
    after(async () => {
      await engine?.close();
      await stage?.close();
    });
    beforeEach(() => anew(stage));
    afterEach(() => engine.closeTabs());

    test("a person's data is read to its end, drawn, and listed", async () => {
      const tab = await connected(engine, stage);
      assert.equal(await allRead(tab), 29);
      assert.match(await tab.text("#cards"), /Heart rate\s+63 bpm\s+Jun 30, 2025/);
      assert.match(await tab.text("#chart-summary"), /^Jun 1, 2025 to Jun 29, 2025: 0 to 18,129 steps a day/);
      assert.deepEqual((await rows(tab))[0], ["2025-06-29", "5664", "20.5", "2556", "134", "fitbit"]);
      assert.equal((await rows(tab)).length, 29);
      await choose(tab, "activities", "all");
      const { total } = await totalOf(stage, "activities");
      assert.equal(await allRead(tab), total);
      assert.equal(await tab.text("#table-state"), `1 to 50 of ${total.toLocaleString("en")}`);
      await tab.click("#later");
      assert.equal(await tab.text("#table-state"), `51 to 100 of ${total.toLocaleString("en")}`);
      assert.deepEqual((await rows(tab)).map(([start]) => start), await startsOf(stage, { limit: 50, offset: 50 }));
      const days = await tab.evaluate(() => document.querySelectorAll(".year rect[data-day]:not(.level-0)").length);
      assert.equal(days, 1826);
      await choose(tab, "heart-rate", 30);
      assert.ok((await allRead(tab)) > 40_000);
      await tab.waitFor(".plot canvas");
      const inked = await tab.evaluate(() => {
        const canvas = document.querySelector(".plot canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((_, index) => index % 4 === 3 && data[index] > 0).length;
      });
      assert.ok(inked > 2000, `the picture has ${inked} pixels`);
    });

    test("reading can be cancelled, and what was read stays", async () => {
      const tab = await connected(engine, stage);
      await allRead(tab);
      await stage.sandbox.control("faults", { latencyMs: 300 });
      await choose(tab, "heart-rate", 30);
      await tab.waitFor("#read-state", { text: /^[1-9][\d,]* of 42,\d+ records read/ });
      await tab.click("#cancel");
      const text = await tab.waitFor("#read-state", { text: "Cancelled" });
      assert.match(text, /^Cancelled: [1-9][\d,]* of 42,\d+ records read\.$/);
      await tab.waitFor("#table-state", { text: /^1 to 50 of / });
    });

    test("a file is planned, sent, and the same file has nothing new", async () => {
      const { path, list } = await stepsFile(stage, 5003);
      const tab = await planned(engine, stage, path);
      assert.match(await tab.text("#plan-body"), /To be sent\s+5,003/);
      assert.deepEqual(await arrived(stage), { total: 0, distinct: 0, duplicates: 0, violationCount: 0 });
      await tab.click("#start");
      assert.equal(await tab.waitFor("#job-state", { text: /samples sent\./ }), "5,003 samples sent.");
      assert.deepEqual(await arrived(stage), { total: 5003, distinct: list.length, duplicates: 0, violationCount: 0 });
      await tab.chooseFile("#file", path);
      assert.equal(await tab.waitFor("#job-state", { text: "Nothing is new" }), "Nothing is new: all 5,003 samples were sent before.");
      assert.equal((await arrived(stage)).total, 5003);
    });

    test("a page that is reloaded in the middle of sending continues by itself", async () => {
      await stage.sandbox.control("faults", { latencyMs: 150 });
      const { path } = await stepsFile(stage, 40_000);
      const tab = await planned(engine, stage, path);
      await tab.click("#start");
      await batchesArrived(tab, stage, 6);
      await tab.reload();
      await tab.waitFor("#job-title", { text: "steps-40000" });
      await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
      const { distinct, duplicates } = await arrived(stage);
      assert.equal(distinct, 40_000);
      assert.ok(duplicates <= IN_FLIGHT, `${duplicates} arrived twice`);
    });

    test("a file that is paused stays paused when the page is closed and opened again, and can then be resumed", async () => {
      await held(stage, 6);
      const { path } = await stepsFile(stage, 30_000);
      const first = await planned(engine, stage, path);
      await first.click("#start");
      await batchesArrived(first, stage, 6);
      await first.click("#pause");
      await first.waitFor("#job-state", { text: "Paused" });
      const before = await arrived(stage);
      assert.equal(before.distinct, 6000);
      const second = await engine.open(stage.url);
      await first.close();
      await second.waitFor("#job-state", { text: "Paused" });
      assert.equal(await second.text("#pause"), "Resume");
      assert.equal((await arrived(stage)).distinct, before.distinct);
      await letGo(stage);
      await second.click("#pause");
      await second.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
      const after = await arrived(stage);
      assert.equal(after.distinct, 30_000);
      assert.ok(after.duplicates <= IN_FLIGHT, `${after.duplicates} arrived twice`);
    });

    test("a second tab says that it waits, and takes over when the first is closed", async () => {
      await held(stage, 3);
      const { path } = await stepsFile(stage, 40_000);
      const first = await planned(engine, stage, path);
      await first.click("#start");
      await batchesArrived(first, stage, 3);
      const second = await engine.open(stage.url);
      await second.waitFor("[data-notice=tabs]", { text: "Another tab is sending" });
      assert.equal(await second.text("#job-state"), "Another tab is sending. This one waits.");
      await first.close();
      await letGo(stage);
      await second.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
      assert.equal(await second.isVisible("[data-notice=tabs]"), false);
      const { distinct, duplicates } = await arrived(stage);
      assert.equal(distinct, 40_000);
      assert.ok(duplicates <= IN_FLIGHT, `${duplicates} arrived twice`);
    });

    test("a second tab learns that the first has sent everything", async () => {
      await held(stage, 1);
      const { path } = await stepsFile(stage, 40_000);
      const first = await planned(engine, stage, path);
      await first.click("#start");
      await batchesArrived(first, stage, 1);
      const second = await engine.open(stage.url);
      await second.waitFor("[data-notice=tabs]", { text: "Another tab is sending" });
      await letGo(stage);
      await first.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
      await second.waitFor("#job-state", { text: "The other tab has sent all of it." });
      assert.deepEqual(await arrived(stage), { total: 40_000, distinct: 40_000, duplicates: 0, violationCount: 0 });
    });

    test("when the connection is cut, reading and sending wait, say so, and continue later", async () => {
      const { path } = await stepsFile(stage, 30_000);
      const tab = await planned(engine, stage, path);
      await stage.sandbox.control("faults", { latencyMs: 150 });
      await tab.click("#start");
      await batchesArrived(tab, stage, 3);
      stage.line.cut();
      await tab.waitFor("[data-notice=sending]", { text: /The server does not answer[\s\S]*Nothing is lost/ });
      assert.notEqual(await stateOf(tab), "done");
      stage.line.mend();
      await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 90_000 });
      assert.equal(await tab.isVisible("[data-notice=sending]"), false);
      assert.equal((await arrived(stage)).distinct, 30_000);

      await tab.click("#tab-explore");
      await tab.click("#connect");
      await allRead(tab);
      await choose(tab, "heart-rate", 30);
      await tab.waitFor("#read-state", { text: /^[1-9][\d,]* of 42,/ });
      stage.line.cut();
      await tab.waitFor("[data-notice=reading]", { text: "The server does not answer" });
      stage.line.mend();
      assert.ok((await allRead(tab, 90_000)) > 42_000);
    });

    test("a refused token is reported, and with another one the work continues where it was", async () => {
      await stage.sandbox.control("faults", { tokens: ["another"] });
      const tab = await engine.open(stage.url);
      await tab.click("#connect");
      assert.match(await tab.waitFor("[data-notice=reading]"), /The access token is not accepted/);
      assert.equal(await tab.evaluate(() => document.activeElement.id), "token");
      await tab.fill("#token", "another");
      await tab.click("#connect");
      assert.equal(await allRead(tab), 29);
      assert.equal(await tab.isVisible("[data-notice=reading]"), false);

      // The token is refused in the middle of sending. Samples that have arrived are not sent again.
      const { path } = await stepsFile(stage, 20_000);
      await tab.click("#tab-send");
      await tab.chooseFile("#file", path);
      await tab.waitFor("#job-state", { text: "to send" });
      await held(stage, 2);
      await tab.click("#start");
      await batchesArrived(tab, stage, 2);
      await stage.sandbox.control("faults", { tokens: ["third"], hold: null });
      assert.match(await tab.waitFor("[data-notice=sending]"), /The access token is not accepted/);
      await tab.fill("#token", "third");
      await tab.click("#connect");
      await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
      const { distinct, duplicates } = await arrived(stage);
      assert.equal(distinct, 20_000);
      assert.ok(duplicates <= IN_FLIGHT, `${duplicates} arrived twice`);
    });

    test("when a server asks to wait, the page sends nothing, counts down, and continues", async () => {
      const tab = await connected(engine, stage);
      await choose(tab, "steps", 90);
      await allRead(tab);
      await stage.sandbox.control("faults", { failNext: [{ status: 429, retryAfter: 4 }] });
      await tab.select("#kind", "sleep");
      const text = await tab.waitFor("[data-notice=reading]", { text: /The server asks to wait\s+[1-4] s/ });
      assert.match(text, /goes on/);
      assert.equal(await allRead(tab), 98);
      assert.equal(await tab.isVisible("[data-notice=reading]"), false);
      assert.deepEqual((await stage.sandbox.control("log")).early, 0);
    });
  });
}

/** The cells of the table, row by row. */
function rows(tab) {
  return tab.evaluate(() => [...document.querySelectorAll("#table tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent)));
}

/** The starts of activities by the wearer's clock, from the server's own list. */
async function startsOf({ sandbox }, { limit, offset }) {
  const headers = { authorization: "Bearer demo", accept: "application/json" };
  const answer = await fetch(`${sandbox.url}/v1/human/activities?limit=${limit}&offset=${offset}`, { headers });
  return (await answer.json()).map(({ startTime, tzOffset = "+00:00" }) => {
    const [, sign, hours, minutes] = /^([+-])(..):(..)$/.exec(tzOffset);
    const offset = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    return new Date(Date.parse(startTime) + offset).toISOString().slice(0, 16).replace("T", " ");
  });
}

/** The number of records in a list, according to the sandbox. */
async function totalOf({ sandbox }, list) {
  const { lists } = await (await fetch(new URL("/_sandbox", sandbox.url))).json();
  const total = lists[list];
  assert.equal(typeof total, "number", `the sandbox has no list ${list}`);
  return { total };
}
