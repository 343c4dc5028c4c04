// Every piece of JavaScript in the README and the guides runs against the sandbox as its reader would run it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { folder, root } from "./support/installed.mjs";
import { startSandbox } from "./support/sandbox.mjs";

/** The address of a sandbox that is started by hand, which the pages use. */
const BY_HAND = "http://127.0.0.1:8787";

let sandbox;
let place;
before(async () => {
  sandbox = await startSandbox();
  // This folder is inside the one with the installed package, so that the package can be imported by its name.
  place = mkdtempSync(join(folder, "readme-"));
});
after(async () => {
  rmSync(place, { recursive: true });
  await sandbox.stop();
});

/** The pieces of JavaScript in a page, each with the number of its first line. */
function pieces(page) {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```js\n([^]*?)^```$/gm)].map(({ 1: source, index }) => ({
    line: text.slice(0, index).split("\n").length + 1,
    source,
  }));
}

/** Runs a piece. One that is not a whole file continues the page's `beginning`, as the page says. */
async function outcome(name, source, beginning = "") {
  const file = join(place, name);
  const whole = /^import .* from "humansync(\/read|\/send)?"/m.test(source) ? source : beginning + source;
  writeFileSync(file, whole.replaceAll(BY_HAND, sandbox.url));
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
  let said = "";
  let complained = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (said += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (complained += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, said, complained };
}

for (const page of ["README.md", "docs/guide.md", "docs/sending.md", "docs/syncing.md"]) {
  const found = pieces(page);
  test(`${page} shows JavaScript`, () => assert.ok(found.length > 0));
  for (const { line, source } of found) {
    test(`${page}, line ${line}: runs unchanged`, async () => {
      const { code, complained } = await outcome(`${page.replaceAll(/\W/g, "-")}-${line}.mjs`, source, found[0].source);
      assert.equal(complained, "");
      assert.equal(code, 0);
    });
  }
}

test("the quickstart prints what the sandbox has", async () => {
  const [{ source }] = pieces("README.md");
  const { said } = await outcome("quickstart.mjs", source);
  const june = await sandboxList("activities?start_date=2025-06-01&end_date=2025-06-30");
  const metres = june.reduce((sum, { distance }) => sum + distance, 0);
  const [weight] = await sandboxList("weight/readings?limit=1");
  const changed = await sandboxList("sleeps?updated_since=20250101T000000Z");
  assert.deepEqual(said.trimEnd().split("\n"), [
    `weight: ${weight.value} ${weight.unit}`,
    `June: ${Math.round(metres / 1000)} km`,
    `sleeps changed since January: ${changed.length}`,
    "not found: 404 /v1/human/activities/no-such-id",
  ]);
});

test("the quickstart for sending prints what arrived, and sends nothing twice", async () => {
  await sandbox.control("reset", {});
  const [, , { source }] = pieces("README.md");
  const { said } = await outcome("again.mjs", source.replace('"sent"', '"sent-again"'));
  assert.deepEqual(said.trimEnd().split("\n"), [
    "plan: 3 to send, 1 rejected",
    "not sample 2: /value must be greater than 0",
    "first: 3 sent, 0 sent before, 1 rejected, 0 failed",
    "second: 0 sent, 3 sent before, 1 rejected, 0 failed",
  ]);
  const { total, distinct } = await sandbox.control("samples");
  assert.deepEqual({ total, distinct }, { total: 3, distinct: 3 });
});

test("the quickstart for syncing fetches everything once", async () => {
  const [, { source }] = pieces("README.md");
  const { said } = await outcome("sync-again.mjs", source.replace('"positions"', '"positions-again"'));
  const [first, second] = said.trimEnd().split("\n");
  assert.match(first, /^first: \d{4,} records in \d+ requests$/);
  // Traits of the last five minutes come again because they have no `updatedAt`, and a page of records that were all
  // delivered before may be followed by an empty one.
  assert.match(second, /^second: \d records in (1[6-9]|2\d) requests$/);
});

test("the guide's endpoint for notifications syncs the person that they are of", async () => {
  const { source } = pieces("docs/syncing.md").find(({ source }) => source.includes("timingSafeEqual"));
  const { said } = await outcome("notified-again.mjs", source);
  const { humanId, lists } = await sandbox.control("person");
  const records = lists.weight.records + lists["medical/vitals"].records;
  const [first, ...others] = said.trimEnd().split("\n");
  assert.equal(first, `${humanId.slice(0, 8)} ${records}`);
  assert.ok(others.length <= 1, "five notifications are one run or two");
});

/** Reads a list of the sandbox without the library. */
async function sandboxList(query) {
  const all = [];
  for (let total = Infinity; all.length < total; ) {
    const url = new URL(`/v1/human/${query}`, sandbox.url);
    url.searchParams.set("offset", String(all.length));
    const answer = await fetch(url, { headers: { authorization: "Bearer demo", accept: "application/json" } });
    assert.equal(answer.status, 200);
    total = url.searchParams.has("limit") ? 0 : Number(answer.headers.get("x-total-count"));
    all.push(...(await answer.json()));
  }
  return all;
}
