// The sending scripts of examples/node in a pipe: an export of the Health app is made, sent to the sandbox, and
// checked.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { folder, root } from "./support/installed.mjs";
import { startSandbox } from "./support/sandbox.mjs";

let sandbox;
let place;
before(async () => {
  sandbox = await startSandbox();
  place = mkdtempSync(join(folder, "sending-"));
  // Its own node_modules are left out, so that it imports the package that is installed in the folder above.
  cpSync(join(root, "examples/node"), place, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
});
afterEach(async () => {
  rmSync(join(place, "store"), { recursive: true, force: true });
  await fetch(new URL("/_sandbox/reset", sandbox.url), { method: "POST" });
});
after(async () => {
  rmSync(place, { recursive: true });
  await sandbox.stop();
});

/** Runs a script to its end; `watch(said, child)` is called with its output so far. */
async function outcome(script, args, watch = () => {}) {
  const options = { cwd: place, stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 };
  const child = spawn(process.execPath, [join(place, script), ...args], options);
  let said = "";
  let complained = "";
  child.stdout.setEncoding("utf8").on("data", (text) => watch((said += text), child));
  child.stderr.setEncoding("utf8").on("data", (text) => (complained += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, said, complained };
}

async function made(name, ...options) {
  const { code, complained } = await outcome("make-export.mjs", [name, ...options]);
  assert.equal(code, 0, complained);
  return join(place, name);
}

const send = (file, ...options) => outcome("send.mjs", [file, "--base-url", sandbox.url, "--store", "store", ...options]);
const arrived = async () => (await fetch(new URL("/_sandbox/samples", sandbox.url))).json();
const lastLine = (text) => text.trimEnd().split("\n").at(-1).trim();

for (const [name, ...options] of [["export.xml"], ["export.zip", "--zip"]]) {
  test(`${name} is sent completely, and sending the same file again sends nothing`, async () => {
    const file = await made(name, "--samples", "5000", "--odd", "7", "--repeated", "3", ...options);
    const first = await send(file);
    assert.equal(first.complained, "");
    assert.equal(lastLine(first.said), "✔ 5 000 samples sent, each once");
    assert.match(first.said, /read +5 010 +sent +5 000\n/);
    assert.match(first.said, /twice in the file +3\n/);
    assert.match(first.said, /rejected +7\n/);
    assert.match(first.said, / 5 010 +=  +5 010 +✔\n/);
    assert.equal(first.code, 0);

    const second = await send(file);
    assert.equal(lastLine(second.said), "✔ nothing new: nothing was sent");
    assert.match(second.said, /sent before +5 000\n/);
    assert.equal(second.code, 0);
    const { distinct, duplicates, violationCount } = await arrived();
    assert.deepEqual({ distinct, duplicates, violationCount }, { distinct: 5000, duplicates: 0, violationCount: 0 });

    const { code, said } = await outcome("arrived.mjs", ["--base-url", sandbox.url, "--samples", "5000"]);
    assert.equal(lastLine(said), "✔ 5 000 samples arrived, none of them twice");
    assert.equal(code, 0);
  });
}

test("arrived.mjs ends with 1 where a sample is missing", async () => {
  await send(await made("export.xml", "--samples", "1000"));
  const { code, said } = await outcome("arrived.mjs", ["--base-url", sandbox.url, "--samples", "1001"]);
  assert.equal(lastLine(said), "✘ 1 000 different samples, and not 1 001");
  assert.equal(code, 1);
});

test("the same options make the same bytes, and another seed makes others", async () => {
  const options = ["--samples", "300", "--odd", "2"];
  const [one, same, other] = [
    await made("one.xml", ...options),
    await made("same.xml", ...options),
    await made("other.xml", ...options, "--seed", "2"),
  ].map((file) => readFileSync(file));
  assert.ok(one.equals(same));
  assert.ok(!one.equals(other));
});

test("--plan prints what would be sent, and sends nothing", async () => {
  const { code, said } = await send(await made("export.xml", "--samples", "2001"), "--plan");
  assert.equal(code, 0);
  assert.match(said, /To send +2 001 samples in 3 batches\n/);
  assert.equal((await arrived()).requests, 0);
});

test("of the samples that cannot be sent, twenty are shown with the reason", async () => {
  const file = join(place, "odd.ndjson");
  rmSync(file, { force: true });
  const sample = { device_name: "iPhone", start_date: "2025-06-01T08:00:00+02:00", unit: "count", value: 14 };
  for (let second = 10; second < 40; second++) {
    const start_date = `2025-06-01T08:00:${second}+02:00`;
    appendFileSync(file, `${JSON.stringify({ ...sample, start_date })}\n${JSON.stringify({ ...sample, unit: "steps" })}\n`);
  }
  const { code, said } = await send(file);
  assert.equal(said.match(/^ +\d+ +\d+ +unit +unit +\S/gm).length, 20);
  assert.match(said, /^ +1 +2 +unit +unit +\S/m);
  assert.match(said, /^ +and 10 more$/m);
  assert.equal(lastLine(said), "✔ 30 samples sent, each once");
  assert.equal(code, 0);
});

test("Ctrl-C stops it with 130, and the next run sends the rest", { skip: process.platform === "win32" }, async () => {
  const file = await made("export.xml", "--samples", "30000");
  await sandbox.control("faults", { latencyMs: 60 });
  const watch = (said, child) => said.includes("sending  ") && child.kill("SIGINT");
  const options = ["--concurrency", "2", "--batch-size", "500"];
  const args = [file, "--base-url", sandbox.url, "--store", "store", ...options];
  const { code, said, complained } = await outcome("send.mjs", args, watch);
  assert.equal(code, 130);
  assert.match(complained, /Stopped; [\d ]+ of 30 000 samples were sent\. The same command goes on from there/);
  assert.doesNotMatch(said, /each once/);
  const before = await arrived();
  assert.ok(before.distinct > 0 && before.distinct < 30_000, String(before.distinct));

  await sandbox.control("faults", { latencyMs: 0 });
  const rest = await send(file, ...options);
  assert.equal(rest.code, 0, rest.complained);
  const { distinct, duplicates } = await arrived();
  assert.equal(distinct, 30_000);
  assert.ok(duplicates <= 2 * 500, `only what was under way may come twice: ${duplicates}`);
});

test("batches that the server refuses end it with 1, and are shown", async () => {
  await sandbox.control("faults", { failNext: [{ method: "POST", status: 422 }] });
  const { code, said } = await send(await made("export.xml", "--samples", "3000"));
  assert.match(said, /^ +422 +1 000 +/m);
  assert.equal(lastLine(said), "✘ 2 000 samples sent, but 1 000 samples were refused");
  assert.equal(code, 1);
});

for (const [what, args, expected] of [
  ["no file", [], /one FILE.*--help/],
  ["a file that does not exist", ["nowhere.xml", "--base-url", "http://127.0.0.1:1"], /nowhere\.xml cannot be read/],
  ["no server", ["send.mjs"], /--base-url/],
  ["an option that does not exist", ["send.mjs", "--bas-url", "x"], /--bas-url.*--help/],
]) {
  test(`${what} is reported without a stack trace, and ends with 1`, async () => {
    const { code, said, complained } = await outcome("send.mjs", args);
    assert.match(complained, expected);
    assert.doesNotMatch(complained, /^\s+at /m, "no stack");
    assert.equal(said, "");
    assert.equal(code, 1);
  });
}

test("a token that is refused is reported with what to do", async () => {
  const { code, complained } = await send(await made("export.xml", "--samples", "500"), "--token", "wrong");
  assert.match(complained, /status 401.*\n.*--token/);
  assert.equal(code, 1);
});
