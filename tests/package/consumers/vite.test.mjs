// Pages that Vite builds, or serves during development, without any configuration.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build, createServer } from "vite";
import { startSandbox } from "../node/support/sandbox.mjs";
import { assertJobs, assertRead } from "./support/expected.mjs";
import { launch, outcomeOf, serve } from "./support/pages.mjs";
import { html, project } from "./support/project.mjs";

let sandbox, browser;
before(async () => ([sandbox, browser] = await Promise.all([startSandbox(), launch()])));
after(() => Promise.all([sandbox.stop(), browser.close()]));

const QUIET = { configFile: false, logLevel: "silent" };

async function built(t, script) {
  const folder = project(t, { "index.html": html(`/${script}`) });
  await build({ ...QUIET, root: folder });
  return join(folder, "dist");
}

async function developed(t, script) {
  const folder = project(t, { "index.html": html(`/${script}`) });
  const server = await createServer({ ...QUIET, root: folder, server: { host: "127.0.0.1", port: 0 } });
  t.after(() => server.close());
  await server.listen();
  return `http://127.0.0.1:${server.httpServer.address().port}/`;
}

test("a built page reads", async (t) => {
  const folder = await built(t, "page.js");
  assert.ok(!readdirSync(join(folder, "assets")).some((name) => name.endsWith(".wasm")), "the default entry brings no second file");
  const { value, error, errors } = await outcomeOf(browser, await serve(t, folder), sandbox.url);
  assert.equal(error, undefined);
  await assertRead(value, sandbox);
  assert.deepEqual(errors, []);
});

test("a page of the development server reads", async (t) => {
  const { value, error } = await outcomeOf(browser, await developed(t, "page.js"), sandbox.url);
  assert.equal(error, undefined);
  await assertRead(value, sandbox);
});

test("a built page of the entries by job reads and sends", async (t) => {
  const folder = await built(t, "jobs-page.js");
  assert.ok(!readdirSync(join(folder, "assets")).some((name) => name.endsWith(".wasm")), "the entries bring no second file");
  const { value, error, errors } = await outcomeOf(browser, await serve(t, folder), sandbox.url);
  assert.equal(error, undefined);
  assertJobs(value);
  assert.deepEqual(errors, []);
});

test("a page of the entries by job and the development server reads and sends", async (t) => {
  const { value, error } = await outcomeOf(browser, await developed(t, "jobs-page.js"), sandbox.url);
  assert.equal(error, undefined);
  assertJobs(value);
});

for (const script of ["slim.js", "slim-vite.js", "slim-read.js", "slim-read-vite.js"]) {
  test(`a built page of a slim entry reads: ${script}`, async (t) => {
    const folder = await built(t, script);
    assert.equal(new Set(readdirSync(join(folder, "assets")).filter((name) => name.endsWith(".wasm"))).size, 1);
    const { value, error } = await outcomeOf(browser, await serve(t, folder), sandbox.url);
    assert.equal(error, undefined);
    assert.equal(value, "kg");
  });
}

for (const script of ["slim-vite.js", "slim-read-vite.js"]) {
  test(`a page of a slim entry and the development server reads: ${script}`, async (t) => {
    const { value, error } = await outcomeOf(browser, await developed(t, script), sandbox.url);
    assert.equal(error, undefined);
    assert.equal(value, "kg");
  });
}
