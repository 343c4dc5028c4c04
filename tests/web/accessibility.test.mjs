// Accessibility: dark mode, small screens, keyboards, screen readers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { allRead, choose, oddFile } from "./support/app.mjs";
import { violations } from "./support/axe.mjs";
import { changes, focused, picture } from "./support/page-state.mjs";
import { staged } from "./support/shared-stage.mjs";

const SIZES = { wide: [1440, 1000], narrow: [360, 800] };
const PICTURES = { steps: 30, "heart-rate": 7, sleep: 30, "blood-pressure": 365, places: 365, activities: "all", "medical-vitals": 30 };
const there = staged();

for (const [size, [width, height]] of Object.entries(SIZES)) {
  for (const scheme of ["light", "dark"]) {
    test(`${size}, ${scheme}: axe finds nothing serious, nothing is wider than the page, and the layout does not shift`, { timeout: 180_000 }, async () => {
      const tab = await there.engine.open("about:blank");
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
      await tab.goto(there.stage.url);
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
      const { path } = await oddFile(there.stage);
      await tab.chooseFile("#file", path);
      await tab.waitFor("#job-state", { text: "to send" });
      await tab.click(".rejections summary");
      await tab.click(".rejections details[open] button");
      await tab.waitFor(".lines");
      await look("the plan");
      await there.stage.sandbox.control("faults", { failNext: [{ method: "POST", status: 429, retryAfter: 3 }] });
      await tab.click("#start");
      await tab.waitFor("[data-notice=sending]");
      await look("a notice");
      await tab.waitFor("#job-state", { text: /samples sent\./ });
      await look("the account");
      await there.stage.sandbox.control("faults", { tokens: ["other"] });
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

test("tabs, pictures and a day of the calendar can be used with the keyboard alone", async () => {
  const tab = await there.engine.open(there.stage.url);
  await tab.raw.keyboard.press("Tab");
  assert.equal(await focused(tab), "Skip to the data");
  await tab.press("#tab-explore", "ArrowRight");
  assert.equal(await focused(tab), "Bring your data");
  await tab.waitFor("#send");
  await tab.press("#tab-send", "ArrowLeft");
  await tab.waitFor("#explore");
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
