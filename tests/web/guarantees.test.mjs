// The page's guarantees: how much it loads, complete downloads, nothing private that is stored, and a strict policy.

import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { allRead, choose, connected, stepsFile } from "./support/app.mjs";
import { saved } from "./support/page-state.mjs";
import { staged } from "./support/shared-stage.mjs";

/**
 * The most JavaScript and WebAssembly, compressed by brotli, in bytes, that the page loads to draw its first picture.
 */
const FIRST_LOAD = 150_000;
const there = staged();

test("the page is small, with all that it loads to draw a picture", async (t) => {
  const tab = await there.engine.open("about:blank");
  const loaded = new Map();
  tab.raw.on("response", (answer) => {
    const { pathname } = new URL(answer.url());
    if (/\.(js|wasm)$/.test(pathname)) loaded.set(pathname, answer.body().then((body) => brotliCompressSync(body).length));
  });
  const sizes = async () => Object.fromEntries(await Promise.all([...loaded].map(async ([path, size]) => [path, await size])));
  const sum = (sizes) => Object.values(sizes).reduce((before, size) => before + size, 0);
  await tab.goto(there.stage.url);
  const atFirst = sum(await sizes());
  await tab.click("#connect");
  await allRead(tab);
  await tab.waitFor(".plot canvas");
  const all = await sizes();
  t.diagnostic(`at first ${atFirst} bytes, with the first picture ${sum(all)}: ${JSON.stringify(all)}`);
  assert.ok(atFirst > 0 && atFirst < 20_000, `${atFirst} bytes at first`);
  assert.ok(sum(all) > 50_000 && sum(all) < FIRST_LOAD, `${sum(all)} bytes: ${JSON.stringify(all)}`);
});

test("downloads have every record as the server sent it", async () => {
  const tab = await connected(there.engine, there.stage);
  await choose(tab, "blood-pressure", "all");
  const count = await allRead(tab);
  const lines = (await saved(tab, "#ndjson")).trimEnd().split("\n");
  assert.equal(lines.length, count);
  const headers = { authorization: "Bearer demo", accept: "application/json" };
  const first = await (await fetch(`${there.stage.sandbox.url}/v1/human/blood_pressure/readings?limit=1`, { headers })).json();
  assert.deepEqual(JSON.parse(lines[0]), first[0]);
  const rows = (await saved(tab, "#csv")).trimEnd().split("\r\n");
  assert.equal(rows.length, count + 1);
  const place = rows[0].split(",").indexOf("systolic");
  assert.deepEqual(rows.slice(1).map((row) => Number(row.split(",")[place])), lines.map((line) => JSON.parse(line).systolic));
});

test("no token and no health data is in the events, the address, or the storage outside the ledger", async () => {
  const token = "s3cret-t0ken";
  await there.stage.sandbox.control("faults", { tokens: [token] });
  const tab = await connected(there.engine, there.stage, token);
  await allRead(tab);
  const { path, list } = await stepsFile(there.stage, 1000);
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
  assert.deepEqual(kept.keys.filter((key) => /^(job|file) /.test(key)), [], "the file is not kept any longer than it is needed");
});

test("the page's policy allows only what it needs, and the page does not violate it", async () => {
  const answer = await fetch(there.stage.url);
  const policy = answer.headers.get("content-security-policy");
  assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; /);
  assert.ok(policy.includes(`connect-src 'self' ${there.stage.server};`), policy);
  assert.match(policy, /require-trusted-types-for 'script'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval'? |\*|data:|blob:/);
  const inPage = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(await answer.text())[1].replaceAll("&#39;", "'");
  assert.equal(`${inPage}; frame-ancestors 'none'`, policy);
  const tab = await connected(there.engine, there.stage);
  await allRead(tab);
  const { path } = await stepsFile(there.stage, 100);
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
