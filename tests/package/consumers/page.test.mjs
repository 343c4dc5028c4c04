// Pages without a bundler, under strict Content-Security-Policies.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startSandbox } from "../node/support/sandbox.mjs";
import { assertJobs, assertRead } from "./support/expected.mjs";
import { launch, outcomeOf, serve } from "./support/pages.mjs";
import { html, project } from "./support/project.mjs";

let sandbox, browser;
before(async () => ([sandbox, browser] = await Promise.all([startSandbox(), launch()])));
after(() => Promise.all([sandbox.stop(), browser.close()]));

/** The import map that the README shows. */
const MAP = JSON.stringify({
  imports: {
    humansync: "/node_modules/humansync/index.js",
    "humansync/read": "/node_modules/humansync/read/index.js",
    "humansync/send": "/node_modules/humansync/send/index.js",
    "humansync/slim": "/node_modules/humansync/slim.js",
    "humansync/stores/memory": "/node_modules/humansync/stores/memory.js",
  },
});
const mapped = (script) =>
  html(script).replace("<script", `<script type="importmap">${MAP}</script><script`);

/** A program that imports the file by its path, because a strict policy allows no import map in the page. */
const UNMAPPED = (entry, start) => `
  import { HumanClient, init } from "/node_modules/humansync/${entry}";
  globalThis.outcome = (async () => {
    ${start}
    const baseUrl = new URLSearchParams(location.search).get("api");
    return (await new HumanClient({ accessToken: "demo", baseUrl }).weight.latest()).unit;
  })();`;

const policy = (script) => ({
  "content-security-policy": `default-src 'none'; script-src ${script}; connect-src 'self' ${sandbox.url}`,
});

test("a page with an import map reads across origins", async (t) => {
  const url = await serve(t, project(t, { "index.html": mapped("page.js") }));
  const { value, error, errors } = await outcomeOf(browser, url, sandbox.url);
  assert.equal(error, undefined);
  await assertRead(value, sandbox);
  assert.deepEqual(errors, []);
});

test("a page with an import map initializes the slim entry itself", async (t) => {
  const url = await serve(t, project(t, { "index.html": mapped("slim.js") }));
  const { value, error } = await outcomeOf(browser, url, sandbox.url);
  assert.equal(error, undefined);
  assert.equal(value, "kg");
});

test("a page with an import map reads and sends with the entries by job", async (t) => {
  const url = await serve(t, project(t, { "index.html": mapped("jobs-page.js") }));
  const { value, error, errors } = await outcomeOf(browser, url, sandbox.url);
  assert.equal(error, undefined);
  assertJobs(value);
  assert.deepEqual(errors, []);
});

for (const [entry, start] of [["slim.js", "await init();"], ["index.js", ""], ["read/index.js", ""]]) {
  test(`${entry} reads under script-src 'self' 'wasm-unsafe-eval'`, async (t) => {
    const folder = project(t, { "index.html": html("own.js"), "own.js": UNMAPPED(entry, start) });
    const url = await serve(t, folder, policy("'self' 'wasm-unsafe-eval'"));
    const { value, error, errors } = await outcomeOf(browser, url, sandbox.url);
    assert.equal(error, undefined);
    assert.equal(value, "kg");
    assert.deepEqual(errors, []);
  });

  test(`${entry} under a policy without 'wasm-unsafe-eval' says what to add`, async (t) => {
    const folder = project(t, { "index.html": html("own.js"), "own.js": UNMAPPED(entry, start) });
    const { error } = await outcomeOf(browser, await serve(t, folder, policy("'self'")), sandbox.url);
    assert.equal(error?.name, "HumansyncError");
    assert.match(error.message, /'wasm-unsafe-eval'/);
  });
}

test("a wasm file that is missing is an error with the HTTP status", async (t) => {
  const folder = project(t, { "index.html": html("own.js"), "own.js": UNMAPPED("slim.js", "await init();") });
  rmSync(join(folder, "node_modules/humansync/humansync.wasm"));
  const { error } = await outcomeOf(browser, await serve(t, folder), sandbox.url);
  assert.equal(error?.code, "load-failed");
  assert.match(error.message, /404/);
});

test("a page that cannot read the Link and X-Total-Count headers still reads every record", async (t) => {
  await sandbox.control("faults", { hideHeaders: true });
  t.after(() => sandbox.control("reset", {}));
  const source = `
    import { HumanClient } from "/node_modules/humansync/index.js";
    const client = new HumanClient({ accessToken: "demo", baseUrl: new URLSearchParams(location.search).get("api") });
    globalThis.outcome = (async () => (await client.sleeps.list({ limit: 200 }).toArray()).map(({ id }) => id))();`;
  const url = await serve(t, project(t, { "index.html": html("own.js"), "own.js": source }));
  const { ids } = await sandbox.control("dump/sleeps");
  assert.deepEqual((await outcomeOf(browser, url, sandbox.url)).value, ids);
});

test("an AppClient is also refused in a page's Worker, and syncs in a page where that is allowed", async (t) => {
  const worker = `
    import { AppClient } from "/node_modules/humansync/index.js";
    try {
      new AppClient({ clientId: "demo-app", appKey: "demo-app-key" });
      postMessage("built");
    } catch ({ option }) {
      postMessage(option);
    }`;
  const source = `
    import { AppClient } from "/node_modules/humansync/index.js";
    import { createStore } from "/node_modules/humansync/stores/memory.js";
    const baseUrl = new URLSearchParams(location.search).get("api");
    const client = new AppClient({ clientId: "demo-app", appKey: "demo-app-key", baseUrl, dangerouslyAllowBrowser: true });
    globalThis.outcome = (async () => {
      const worker = new Worker("/worker.js", { type: "module" });
      const inWorker = await new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
      const sync = client.sync({ store: createStore(), types: ["heights"], since: "2024-06-30T12:00:00Z" });
      return [inWorker, (await sync.run(() => {})).records];
    })();`;
  const url = await serve(t, project(t, { "index.html": html("own.js"), "own.js": source, "worker.js": worker }));
  const { value, error } = await outcomeOf(browser, url, sandbox.url);
  assert.equal(error, undefined);
  const { lists } = await sandbox.control("app");
  assert.deepEqual(value, ["dangerouslyAllowBrowser", lists.heights]);
});

test("a redirect is refused in a page as well", async (t) => {
  await sandbox.control("faults", { failNext: [{ status: 302, headers: { location: "/v1/human/profile", "access-control-allow-origin": "*" } }] });
  t.after(() => sandbox.control("reset", {}));
  const source = `
    import { HumanClient } from "/node_modules/humansync/index.js";
    const client = new HumanClient({ accessToken: "demo", baseUrl: new URLSearchParams(location.search).get("api") });
    globalThis.outcome = client.profile();`;
  const url = await serve(t, project(t, { "index.html": html("own.js"), "own.js": source }));
  const { error } = await outcomeOf(browser, url, sandbox.url);
  assert.equal(error?.name, "ProtocolError");
});
