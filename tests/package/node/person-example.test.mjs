// sync-person.mjs in a pipe: all lists of the sandbox's person are synced into a database, which is compared with them
// row by row.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { rmSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { scriptsFor, outcomeOf } from "./support/scripts.mjs";
import { startSandbox } from "./support/sandbox.mjs";

const Database = createRequire(import.meta.url)("libsql");

const place = scriptsFor(after);
let sandbox;
before(async () => (sandbox = await startSandbox()));
afterEach(async () => {
  for (const end of ["", "-wal", "-shm"]) rmSync(join(place, `person.db${end}`), { force: true });
  await sandbox.control("reset", {});
});
after(() => sandbox.stop());

const address = () => ["--base-url", sandbox.url];
/** What it said, and how many milliseconds it took. */
async function sync(...options) {
  const began = performance.now();
  const outcome = await outcomeOf(place, "sync-person.mjs", [...address(), ...options]);
  return { ...outcome, took: performance.now() - began };
}
const lastLine = (text) => text.trimEnd().split("\n").at(-1).trim();
/** A number as the scripts print it: `1 234`. */
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, " ");

async function dump(type) {
  const text = await (await fetch(new URL(`/_sandbox/person/dump/${type}`, sandbox.url))).text();
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

function opened(work) {
  const database = new Database(join(place, "person.db"));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/**
 * Asserts until when all is there in the row that begins with `row`. The sandbox's clock stands at `clock`: the longer a
 * run takes, the further it seems to be behind, by no more than that time and the second to which a `Date` is cut.
 */
function assertUntil({ said, took }, row, clock) {
  const [, until] = new RegExp(`^  ${row} +\\d+   (\\S+)$`, "m").exec(said) ?? assert.fail(`no row ${row} in ${said}`);
  const late = Date.parse(clock) - Date.parse(until);
  assert.ok(late > -60_000 && late <= took + 1000, `${row}: ${until}, in a run of ${took} ms`);
}

/** Asserts that the tables equal the server's lists, and returns the number of all rows. */
async function assertEqual() {
  const { humanId, lists } = await sandbox.control("person");
  let rows = 0;
  for (const type of Object.keys(lists)) {
    const select = `SELECT * FROM ${type.replaceAll("/", "_")}`;
    const kept = new Map(opened((database) => database.prepare(select).all()).map((row) => [row.id, row]));
    for (const record of await dump(type)) {
      const { human_id, record: stored } = kept.get(record.id ?? record.trait);
      // Both are JSON from the same printer, with members in the server's order.
      assert.ok(human_id === humanId && stored === JSON.stringify(record), `${type}: ${stored} is not ${JSON.stringify(record)}`);
      kept.delete(record.id ?? record.trait);
      rows++;
    }
    assert.equal(kept.size, 0, `${type} has what the server has not`);
  }
  return rows;
}

test("the first run brings all lists, the second what a day has changed, and the tables equal the server's lists", async () => {
  const first = await sync();
  assert.equal(first.complained, "");
  assert.equal(first.code, 0);
  const rows = await assertEqual();
  assert.equal(lastLine(first.said), `✔ ${grouped(rows)} records new or changed, all of them kept`);
  assertUntil(first, "medical: 17 lists +\\d+", "2025-06-30T12:00:00Z");

  const day = await outcomeOf(place, "change-person.mjs", address());
  const changes = [...day.said.matchAll(/^ +(\d+)  /gm)].reduce((sum, [, number]) => sum + Number(number), 0);
  const second = await sync();
  assert.match(lastLine(second.said), new RegExp(`^✔ ${changes} records new or changed, all of them kept`));
  for (const [list, records] of [["activities", 3], ["food/meals", 4], ["medical/medications", 3], ["medical/test_results", 4]]) {
    assertUntil(second, `${list} +${records}`, "2025-07-01T12:00:00Z");
  }
  assert.match(second.said, /^  26 other lists: nothing new, \d+ pages$/m);
  const compared = await outcomeOf(place, "synced.mjs", ["--person", ...address()]);
  assert.equal(lastLine(compared.said), `✔ ${grouped(await assertEqual())} rows in 34 tables, equal to the server's one by one`);
});

test("--types takes some lists, and a later run all, each from its own checkpoint", async () => {
  const some = await sync("--types", "weight,medical/allergies");
  assert.equal(some.code, 0, some.complained);
  const { lists } = await sandbox.control("person");
  const records = lists.weight.records + lists["medical/allergies"].records;
  assert.equal(lastLine(some.said), `✔ ${grouped(records)} records new or changed, all of them kept`);
  const other = await sync("--types", "height");
  assert.equal(lastLine(other.said), `✔ ${lists.height.records} records new or changed, all of them kept`);
});

for (const [signal, code] of [["SIGINT", 130], ["SIGKILL", null]]) {
  test(`after ${signal} in the middle, the next run brings the rest`, { skip: process.platform === "win32" }, async () => {
    await sandbox.control("faults", { latencyMs: 20 });
    // A quarter of the lists is done.
    const stopped = await outcomeOf(place, "sync-person.mjs", address(), (said, child) => !child.killed && said.includes(" of 34 ") && child.kill(signal));
    assert.equal(stopped.code, code, stopped.complained);
    assert.doesNotMatch(stopped.said, /✔/);
    await sandbox.control("faults", { latencyMs: 0 });
    const rest = await sync();
    assert.equal(rest.code, 0, rest.complained);
    const rows = await assertEqual();
    const brought = Number(/✔ ([\d ]+) records/.exec(rest.said)[1].replaceAll(" ", ""));
    assert.ok(brought < rows, `${brought} of ${rows}: what was there is not brought again`);
  });
}

test("--help prints the options, and does nothing else", async () => {
  const { code, said } = await outcomeOf(place, "sync-person.mjs", ["--help"]);
  for (const option of ["--database", "--base-url", "--token", "--types", "--concurrency"]) assert.ok(said.includes(option), option);
  assert.equal(code, 0);
});

for (const [what, args, expected] of [
  ["a refused token", ["--token", "not-this-one"], /status 401.*\n.*--token, or HUMANSYNC_TOKEN/],
  ["a list that does not exist", ["--types", "steps"], /"steps"/],
  ["an option that does not exist", ["--sinse", "x"], /--sinse.*--help/],
]) {
  test(`${what} is reported without a stack trace, and ends with 1`, async () => {
    const { code, said, complained } = await sync(...args);
    assert.match(complained, expected);
    assert.ok(!(said + complained).includes("not-this-one"), "no secret");
    assert.doesNotMatch(complained, /^\s+at /m, "no stack");
    assert.equal(code, 1);
  });
}
