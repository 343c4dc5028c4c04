// The harness of the web app's tests in each engine: its commands, and the features of pages, tabs and workers that the
// tests rely on.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { serve } from "../package/consumers/support/pages.mjs";
import { violations } from "./support/axe.mjs";
import { ENGINES, launch } from "./support/engines.mjs";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; style-src 'self'; img-src data:";
const PAGE = join(import.meta.dirname, "support/harness");
const SIZE = 1_000_003;

const folder = mkdtempSync(join(tmpdir(), "humansync-harness-"));
const path = join(folder, "export.bin");
const bytes = randomBytes(SIZE);
writeFileSync(path, bytes);
const digest = createHash("sha256").update(bytes).digest("hex");

const ending = [() => rmSync(folder, { recursive: true })];
const served = (policy) => serve({ after: (end) => ending.push(end) }, PAGE, { "content-security-policy": policy });
const url = await served(POLICY);
const strict = await served(`${POLICY}; require-trusted-types-for 'script'`);
after(() => Promise.all(ending.map((end) => end())));

for (const name of ENGINES) {
  describe(name, () => {
    let engine;
    before(async () => (engine = await launch(name)));
    after(() => engine?.close());

    /** Opens a tab with the page, which is closed when the test ends. */
    async function tabFor(t, address = url) {
      const tab = await engine.open(address);
      t.after(() => tab.close());
      return tab;
    }
    const ready = async (t) => {
      const tab = await tabFor(t);
      await tab.waitFor("#ready", { text: "Ready" });
      return tab;
    };

    test("a person types, chooses, clicks and presses keys", async (t) => {
      const tab = await ready(t);
      await tab.fill("#name", "Zoë");
      await tab.click("#greet");
      assert.equal(await tab.waitFor("#said", { text: /^Good/ }), "Good day, Zoë");
      await tab.press("#name", "Escape");
      await tab.waitFor("#said", { text: "Escaped" });
      await tab.fill("#day", "2025-06-30");
      await tab.waitFor("#said", { text: "day: 2025-06-30" });
      await tab.select("#kind", "heart");
      await tab.waitFor("#said", { text: "kind: heart" });
      await tab.press("#greet", "Enter");
      await tab.waitFor("#said", { text: "Good day" });
      await tab.click("#later");
      await tab.waitFor("#said", { text: "At last" });
      await tab.press("#name", "Tab");
      assert.equal(await tab.evaluate(() => document.activeElement.id), "day");
      await tab.press("#day", "Shift+Tab");
      assert.equal(await tab.evaluate(() => document.activeElement.id), "name");
    });

    test("an invisible element has no text, and an error of waiting for it says what is visible", async (t) => {
      const tab = await ready(t);
      assert.equal(await tab.text("#unseen"), "");
      assert.equal(await tab.text("#nothing"), "");
      assert.equal(await tab.exists("#unseen"), true);
      assert.equal(await tab.isVisible("#unseen"), false);
      assert.equal(await tab.exists("#nothing"), false);
      await tab.waitFor("#unseen", { gone: true });
      await tab.evaluate(() => console.error("something went wrong"));
      await assert.rejects(tab.waitFor("#ready", { text: /done/, timeout: 300 }), ({ message }) => {
        assert.match(message, /#ready with "\/done\/" was not there after 0\.3 s; it shows "Ready"/);
        assert.match(message, /something went wrong/);
        return true;
      });
      await assert.rejects(tab.evaluate(() => Promise.reject(new RangeError("too far"))), { name: "RangeError", message: /too far/ });
    });

    test("a file arrives in a worker, and outlives a reload", async (t) => {
      const tab = await ready(t);
      await tab.chooseFile("#file", path);
      await tab.waitFor("#said", { text: `export.bin, ${SIZE} bytes` });
      const whole = { size: SIZE, middle: 10, digest };
      assert.deepEqual(await tab.evaluate(() => harness.digestOf()), whole);
      await tab.evaluate(() => harness.keep("file"));
      await tab.reload();
      await tab.waitFor("#ready", { text: "Ready" });
      assert.deepEqual(await tab.evaluate(() => harness.digestOf("file")), whole);
      const other = await ready(t);
      assert.deepEqual(await other.evaluate(() => harness.digestOf("file")), whole, "in another tab");
      assert.equal(await other.evaluate(async () => (await harness.get("file")).name), "export.bin");
    });

    test("two tabs share a database, channels and locks", async (t) => {
      const [one, other] = [await ready(t), await ready(t)];
      await one.evaluate(() => harness.put("number", 7));
      assert.equal(await other.evaluate(() => harness.get("number")), 7);
      assert.deepEqual(await other.evaluate(() => harness.work("databases")), ["things"]);

      await one.evaluate(() => harness.tell("hello"));
      for (let attempt = 0; attempt < 50 && (await other.evaluate(() => harness.heard.length)) === 0; attempt += 1) await sleep(20);
      assert.deepEqual(await other.evaluate(() => harness.heard), ["hello"]);

      await one.evaluate(() => harness.hold("mine"));
      const waiting = [other.evaluate(() => navigator.locks.request("mine", () => "held")), other.evaluate(() => harness.work("lock", "mine"))];
      assert.equal(await Promise.race([...waiting, sleep(500, "waits")]), "waits");
      await one.evaluate(() => harness.release());
      const [held, at] = await Promise.all(waiting);
      assert.equal(held, "held");
      assert.equal(typeof at, "number");

      await one.evaluate(() => harness.hold("mine"));
      const next = other.evaluate(() => harness.work("lock", "mine"));
      await one.reload();
      await next;
    });

    test("a worker keeps running in a background tab", async (t) => {
      const behind = await ready(t);
      const front = await ready(t);
      await front.click("#greet");
      await behind.evaluate(() => harness.work("turn"));
      const counts = () => behind.evaluate(async () => ({ ...harness.count(), ...(await harness.work("count")) }));
      const from = await counts();
      // In Firefox, a command brings its tab to the front.
      await front.press("#name", "Escape");
      await sleep(3000);
      const to = await counts();
      const more = Object.fromEntries(Object.keys(to).map((key) => [key, to[key] - from[key]]));
      t.diagnostic(`of a page behind, in 3 s: ${JSON.stringify(more)}`);
      assert.ok(more.ticks > 75, "timers of a worker, of 20 ms each");
      assert.ok(more.turns > 75, "messages in a worker");
    });

    test("WebAssembly compiles under a policy without eval, and DecompressionStream works", async (t) => {
      const tab = await ready(t);
      assert.equal(await tab.evaluate(() => harness.work("seven")), 7);
      await assert.rejects(tab.evaluate(() => harness.work("evaluates")), /EvalError|Content Security Policy|CSP/);
      const packed = gzipSync("unpacked").toString("base64");
      assert.equal(await tab.evaluate((packed) => harness.work("gunzip", packed), packed), "unpacked");
    });

    test("axe-core runs under the strictest policy", async (t) => {
      const tab = await tabFor(t, strict);
      assert.deepEqual(await violations(tab), []);
      await tab.evaluate(() => document.querySelector("label").remove());
      const [found, ...others] = await violations(tab);
      assert.deepEqual(others, []);
      assert.equal(found.id, "label");
      assert.equal(found.nodes[0].target, "#name");
    });

    test("a page can have the size of a phone's screen, and a picture of it can be taken", async (t) => {
      const tab = await ready(t);
      await ready(t);
      const picture = join(folder, `${name}.png`);
      for (const [width, height] of [[390, 844], [1440, 1000]]) {
        await tab.setSize(width, height);
        assert.deepEqual(await tab.evaluate(() => [innerWidth, innerHeight]), [width, height]);
        await tab.screenshot(picture);
        assert.deepEqual(sizeOf(picture), { width, height });
        await tab.screenshot(picture, { fullPage: true });
        assert.ok(sizeOf(picture).height > 2000);
      }
    });
  });
}

/** The size of a PNG, from its header. */
function sizeOf(picture) {
  const bytes = readFileSync(picture);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
