// Exploring data: the page shows the records of one person and one time only.

import assert from "node:assert/strict";
import { test } from "node:test";
import { allRead, choose, connected, heldPages } from "./support/app.mjs";
import { changes, picture, saved, settled } from "./support/page-state.mjs";
import { staged } from "./support/shared-stage.mjs";

const there = staged();

test("another person's token in the middle of reading leaves no record of the first person", async () => {
  const tab = await connected(there.engine, there.stage);
  await allRead(tab);
  await heldPages(there.stage, "heart_rate/readings", 20);
  await choose(tab, "heart-rate", 30);
  await tab.waitFor("#read-state", { text: /^[1-9][\d,]* of 42,/ });
  await there.stage.sandbox.control("faults", { hold: null, tokens: ["other"] });
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

test("with a new token of the same person reading continues where it was", async () => {
  const tab = await connected(there.engine, there.stage);
  await allRead(tab);
  await heldPages(there.stage, "heart_rate/readings", 40);
  await choose(tab, "heart-rate", 30);
  // The server answers 40 of 85 pages, some of them for choices before this one, and holds the others.
  const shown = await tab.waitFor("#read-state", { text: /^(9|\d\d),\d{3} of 42,/ });
  const read = Number(shown.split(" ")[0].replaceAll(",", ""));
  const { sandbox } = there.stage;
  const pages = async () => (await sandbox.control("log")).requests.filter(({ method, path }) => method === "GET" && path === "/v1/human/heart_rate/readings");
  const offsetOf = ({ query }) => Number(new URLSearchParams(query).get("offset") ?? 0);
  const before = new Set((await pages()).map(({ number }) => number));
  await sandbox.control("faults", { hold: null, tokens: ["other"] });
  await tab.fill("#token", "other");
  await tab.click("#connect");
  await tab.click("#connect");
  assert.equal(await allRead(tab, 60_000), 42_180);
  // Nothing is read again except the page that holds the position.
  const after = (await pages()).filter(({ number, status }) => !before.has(number) && status === 200);
  const again = after.filter((page) => offsetOf(page) < read - 1000);
  assert.ok(again.length <= 1, `pages from ${again.map(offsetOf)} on were read again`);
  assert.ok(after.length > 0);
  const lines = (await saved(tab, "#ndjson")).trimEnd().split("\n");
  assert.equal(new Set(lines.map((line) => JSON.parse(line).id)).size, 42_180);
  assert.deepEqual(await tab.exists("[data-notice=reading]"), false);
});

test("a zoom or a chosen day is not kept for another time, and choosing the same time again draws the picture again", async () => {
  const tab = await connected(there.engine, there.stage);
  await choose(tab, "blood-glucose", 30);
  await allRead(tab);
  await tab.waitFor(".plot canvas");
  const all = await settled(tab);
  await tab.press(".plot", "+");
  await changes(tab, all);
  // More than once, because the first records may arrive before or after the chart is laid out.
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await tab.click("#load");
    await tab.waitFor("#read-state", { text: "all there are" });
    await tab.waitFor(".plot canvas");
    const end = Date.now() + 10_000;
    while ((await picture(tab)) !== all) if (Date.now() > end) throw new Error("it is not drawn as at first");
  }
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

test("days that are not a range are reported, and reading continues", async () => {
  const tab = await connected(there.engine, there.stage);
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

test("malformed records do not affect the others", async () => {
  const tab = await there.engine.open(there.stage.url);
  await tab.raw.route("**/v1/human/locations?**", async (route) => {
    const answer = await route.fetch();
    const records = await answer.json();
    // The page after the last one has at most one record.
    delete records[0]?.location;
    delete records[1]?.startTime;
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
