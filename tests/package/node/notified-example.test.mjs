// notified.mjs as a server: the sandbox changes its person's data and sends notifications, and the tables are compared with
// the lists.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { scriptsFor, outcomeOf, startScript } from "./support/scripts.mjs";
import { startSandbox } from "./support/sandbox.mjs";

const Database = createRequire(import.meta.url)("libsql");
const SECRET = "client-secret";
/** Lists that are synced quickly. */
const TYPES = ["weight", "height", "medical/vitals"];

const place = scriptsFor(after);
let sandbox;
let humanId;
let script;
before(async () => (sandbox = await startSandbox()));
beforeEach(async () => {
  ({ humanId } = await sandbox.control("person"));
  script = await started();
  await sandbox.control("notifications", { url: script.url, secret: SECRET });
});
afterEach(async () => {
  await script.ended();
  for (const end of ["", "-wal", "-shm"]) rmSync(join(place, `people.db${end}`), { force: true });
});
after(() => sandbox.stop());

/** Starts the script, and returns when the first run, which it makes by itself, is over. One person at a time has its turn. */
async function started() {
  const args = ["--base-url", sandbox.url, "--port", "0", "--types", TYPES.join(), "--people", "1"];
  const child = startScript(place, "notified.mjs", args);
  const closed = once(child, "close");
  let heard = () => {};
  const script = {
    said: "",
    complained: "",
    /** The lines that were printed of runs. */
    runs: () => script.said.split("\n").filter((line) => line.includes(" new or changed")),
    /** Waits until `met()` is true of what the script has printed. */
    async until(met) {
      const over = closed.then(() => assert.fail(`it has ended: ${script.said}${script.complained}`));
      over.catch(() => {});
      while (!met()) await Promise.race([new Promise((resolve) => (heard = resolve)), over]);
    },
    async ended() {
      child.kill("SIGINT");
      const [code, signal] = await closed;
      return { code, signal };
    },
  };
  child.stdout.on("data", (text) => heard((script.said += text)));
  child.stderr.on("data", (text) => heard((script.complained += text)));
  await script.until(() => script.runs().length === 1);
  script.url = /listening: (\S+)/.exec(script.said)[1];
  return script;
}

/** Asserts that the tables equal the person's lists. */
async function assertEqual() {
  for (const type of TYPES) {
    const database = new Database(join(place, "people.db"));
    const rows = database.prepare(`SELECT * FROM ${type.replaceAll("/", "_")}`).all();
    database.close();
    const text = await (await fetch(new URL(`/_sandbox/person/dump/${type}`, sandbox.url))).text();
    const records = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
    const kept = new Map(rows.map((row) => [row.id, row]));
    assert.equal(kept.size, records.length, type);
    for (const record of records) {
      const { human_id, record: stored } = kept.get(record.id);
      assert.deepEqual({ human_id, record: JSON.parse(stored) }, { human_id: humanId, record }, type);
    }
  }
}

const body = (person = humanId) => JSON.stringify({ event: "dataChanged", clientId: "demo-app", humanId: person, createdAt: "2025-06-30T12:00:00.000Z" });

/** Posts to the script as the sandbox does; returns the status. */
async function posted(text, { secret = SECRET, headers = {}, method = "POST", path = "" } = {}) {
  const signed = { "x-humanapi-timestamp": "1751284800", "x-humanapi-nonce": "4f1f2a8e" };
  signed["x-humanapi-signature"] = createHmac("sha1", secret).update(`${text}${signed["x-humanapi-timestamp"]}${signed["x-humanapi-nonce"]}`).digest("hex");
  const answer = await fetch(script.url + path, { method, body: text, headers: { "content-type": "application/json", ...signed, ...headers } });
  await answer.arrayBuffer();
  return answer.status;
}

/** Keeps all answers to the script back, or lets them go. */
const hold = (on) => sandbox.control("faults", { hold: on ? { method: "GET", path: "/v1/human", after: 0 } : null });
/** Waits until a run has begun, whose first answers are kept back. */
async function runHeld() {
  while ((await sandbox.control("log")).inFlight === 0);
}

test("the first run brings everything, and each change is there after its notification", async () => {
  await assertEqual();
  assert.match(script.runs()[0], new RegExp(`^  ${humanId.slice(0, 8)}  [\\d ]+ records new or changed · \\d+ requests · `));
  for (const [run, type] of TYPES.entries()) {
    await sandbox.control("person/mutate", { type, insert: 2, update: 1 });
    await script.until(() => script.runs().length === run + 2);
    assert.match(script.runs().at(-1), /  3 records new or changed/);
    await assertEqual();
  }
  const { dropped } = await sandbox.control("notifications");
  assert.equal(dropped, 0);
  assert.equal(script.complained, "");
});

test("notifications during a run cause exactly one more run, which brings what the first has missed", async () => {
  await hold(true);
  await sandbox.control("notify", {});
  await runHeld();
  await sandbox.control("person/mutate", { type: "weight", insert: 2 });
  const { answered, dropped } = await sandbox.control("notify", { times: 30 });
  assert.deepEqual({ answered, dropped }, { answered: 30, dropped: 0 });
  await hold(false);
  await script.until(() => script.runs().length === 3);
  await assertRuns(3);
  await assertEqual();
});

const REFUSED = [
  ["a signature with another secret", 401, () => posted(body(), { secret: "another" })],
  ["a signature that is not hex", 401, () => posted(body(), { headers: { "x-humanapi-signature": "zz" } })],
  ["a signature of another body", 401, async () => posted(body(), { headers: { "x-humanapi-signature": createHmac("sha1", SECRET).update("{}").digest("hex") } })],
  ["a signed text that is not JSON", 400, () => posted("hello")],
  ["signed JSON without a humanId", 400, () => posted('{"event":"dataChanged"}')],
  ["signed JSON whose humanId is no text", 400, () => posted('{"humanId":7}')],
  ["signed null", 400, () => posted("null")],
  ["a body that is too large", 413, () => posted(JSON.stringify({ humanId, more: "x".repeat(70_000) }))],
  ["another method", 405, () => posted(body(), { method: "PUT" })],
  ["another path", 404, () => posted(body(), { path: "/else" })],
];

test("what is not a notification, or not genuine, is refused, and causes no run", async () => {
  for (const [what, expected, post] of REFUSED) assert.equal(await post(), expected, what);
  await assertRuns(1);
});

test("a body without a length is not read beyond the bound", async () => {
  const request = httpRequest(script.url, { method: "POST", headers: { "transfer-encoding": "chunked" } });
  request.on("error", () => {});
  const answered = once(request, "response");
  request.write("x".repeat(70_000));
  const [response] = await answered;
  assert.equal(response.statusCode, 413);
  request.destroy();
  await assertRuns(1);
});

/** Asserts that there were no more than these runs. All that were asked for are over when somebody unknown has a turn. */
async function assertRuns(runs) {
  assert.equal(await posted(body("e".repeat(32))), 200);
  await script.until(() => script.said.includes("eeeeeeee  is not one of ours"));
  assert.equal(script.runs().length, runs);
  assert.equal(script.complained, "");
}

test("a run that fails is reported, and the next notification brings what it has missed", async () => {
  await sandbox.control("faults", { tokens: ["another"] });
  await sandbox.control("person/mutate", { type: "weight", insert: 1 });
  await script.until(() => script.complained.includes("failed: "));
  assert.doesNotMatch(script.complained, /^\s+at /m, "no stack");
  await sandbox.control("faults", { tokens: ["demo"] });
  await sandbox.control("notify", {});
  await script.until(() => script.runs().length === 2);
  await assertEqual();
});

test("Ctrl-C during a run ends it with 130, and the next start goes on from there", { skip: process.platform === "win32" }, async () => {
  await hold(true);
  await sandbox.control("person/mutate", { type: "weight", insert: 4 });
  await runHeld();
  assert.deepEqual(await script.ended(), { code: 130, signal: null });
  assert.match(script.complained, /Stopped; what has come is kept\./);
  await hold(false);
  script = await started();
  assert.match(script.runs()[0], /  4 records new or changed/);
  await assertEqual();
});

test("--help prints the options, and does nothing else", async () => {
  const { code, said } = await outcomeOf(place, "notified.mjs", ["--help"]);
  for (const option of ["--database", "--base-url", "--token", "--client-secret", "--host", "--port", "--types", "--people", "--every"]) assert.ok(said.includes(option), option);
  assert.equal(code, 0);
});

for (const [what, args, expected] of [
  ["a port that is no number", () => ["--port", "x"], /--port takes a number/],
  ["a port that is taken", () => ["--port", new URL(script.url).port], /cannot listen on 127\.0\.0\.1, port \d+: EADDRINUSE/],
  ["a refused token", () => ["--token", "not-this-one"], /status 401/],
]) {
  test(`${what} is reported without a stack trace, and ends with 1`, async () => {
    const { code, complained } = await outcomeOf(place, "notified.mjs", ["--base-url", sandbox.url, "--database", "other.db", ...args()]);
    assert.match(complained, expected);
    assert.doesNotMatch(complained, /^\s+at |not-this-one/m);
    assert.equal(code, 1);
  });
}
