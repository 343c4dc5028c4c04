// Failures: what the page says, and that it recovers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { allRead, arrived, batchesArrived, connected, held, letGo, planned, stepsFile } from "./support/app.mjs";
import { staged } from "./support/shared-stage.mjs";

const there = staged();

test("when offline, the page says so, waits, and continues when the connection is back", async (t) => {
  await held(there.stage, 3);
  const { path } = await stepsFile(there.stage, 40_000);
  const tab = await planned(there.engine, there.stage, path);
  await tab.click("#start");
  await batchesArrived(tab, there.stage, 3);
  t.after(() => tab.raw.context().setOffline(false));
  await tab.raw.context().setOffline(true);
  // Chromium does not end requests that were made before it went offline. A real connection that is lost does.
  there.stage.line.cut();
  assert.match(await tab.waitFor("[data-notice=sending]", { text: "You are offline" }), /Nothing is lost/);
  // Once the client's retries are used up, the page waits for the connection and not for a time.
  await tab.waitFor("#job-state", { text: "stands still", timeout: 60_000 });
  await letGo(there.stage);
  there.stage.line.mend();
  await tab.raw.context().setOffline(false);
  await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
  assert.equal((await arrived(there.stage)).distinct, 40_000);
});

test("when a server fails for longer than the client retries, the page retries by itself", { timeout: 90_000 }, async () => {
  const tab = await connected(there.engine, there.stage);
  await allRead(tab);
  await there.stage.sandbox.control("faults", { failNext: Array.from({ length: 5 }, () => ({ status: 503 })) });
  await tab.select("#kind", "weight");
  await tab.waitFor("[data-notice=reading]", { text: "The server is in trouble (503)" });
  assert.match(await tab.waitFor("[data-notice=reading]", { text: "Try now", timeout: 30_000 }), /Reading goes on by itself\. Nothing is lost/);
  assert.equal(await allRead(tab), 23);
  assert.equal(await tab.isVisible("[data-notice=reading]"), false);
});

test("a wait that is longer than the client accepts is counted down by the page, and observed", async () => {
  const tab = await there.engine.open("about:blank");
  await tab.raw.clock.install();
  await tab.goto(there.stage.url);
  await tab.click("#connect");
  await tab.raw.clock.runFor(2000);
  await allRead(tab);
  await there.stage.sandbox.control("faults", { failNext: [{ status: 429, retryAfter: 200 }] });
  await tab.select("#kind", "weight");
  await tab.raw.clock.runFor(1000);
  await tab.waitFor("[data-notice=reading]", { text: /The server asks to wait\s+3 min (20|19|18|17) s/ });
  assert.equal(await tab.exists("[data-notice=reading] .bar"), false, "nobody is invited to ask sooner");
  const { total } = await there.stage.sandbox.control("log");
  await tab.raw.clock.runFor(190_000);
  await tab.waitFor("[data-notice=reading]", { text: /\s\d s/ });
  assert.equal((await there.stage.sandbox.control("log")).total, total);
  await tab.raw.clock.runFor(15_000);
  assert.equal(await allRead(tab), 23);
});

test("when storage is full, sent samples stay known, and sending continues when there is space", { timeout: 120_000 }, async () => {
  const { path } = await stepsFile(there.stage, 30_000);
  const tab = await planned(there.engine, there.stage, path);
  const protocol = await tab.raw.context().newCDPSession(tab.raw);
  const { origin } = new URL(there.stage.url);
  await protocol.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  await tab.click("#start");
  const text = await tab.waitFor("[data-notice=sending]", { text: "This browser has no room left" });
  assert.match(text, /What was sent stays sent and known/);
  await protocol.send("Storage.overrideQuotaForOrigin", { origin });
  await tab.click("[data-notice=sending] .bar button");
  await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
  const { distinct } = await arrived(there.stage);
  assert.equal(distinct, 30_000);
});

test("a wrong token leaves its field focused, and a text that cannot be a token is reported before it is sent", async () => {
  const tab = await there.engine.open(there.stage.url);
  await tab.fill("#token", "not a token");
  await tab.click("#connect");
  await tab.waitFor("[data-notice=reading]", { text: "The access token is not accepted" });
  assert.equal(await tab.evaluate(() => document.activeElement.id), "token");
  assert.equal((await there.stage.sandbox.control("log")).total, 0);
});
