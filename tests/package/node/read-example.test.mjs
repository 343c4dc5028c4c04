// The reading scripts of examples/node, against the sandbox and in a pipe: their output and their exit codes.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { folder, root } from "./support/installed.mjs";
import { startSandbox } from "./support/sandbox.mjs";

let sandbox;
let place;
before(async () => {
  sandbox = await startSandbox();
  place = mkdtempSync(join(folder, "examples-"));
  // Its own node_modules are left out, so that it imports the package that is installed in the folder above.
  cpSync(join(root, "examples/node"), place, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
});
after(async () => {
  rmSync(place, { recursive: true });
  await sandbox.stop();
});

/** Runs a script to its end; `watch(said, child)` is called with its output so far. */
async function outcome(script, args, watch = () => {}) {
  const child = spawn(process.execPath, [join(place, script), ...args], { stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
  let said = "";
  let complained = "";
  child.stdout.setEncoding("utf8").on("data", (text) => watch((said += text), child));
  child.stderr.setEncoding("utf8").on("data", (text) => (complained += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, said, complained };
}

const lastLine = (text) => text.trimEnd().split("\n").at(-1).trim();

test("read.mjs ends with all activities read and none missing", async () => {
  const { code, said, complained } = await outcome("read.mjs", ["--base-url", sandbox.url]);
  assert.equal(complained, "");
  assert.equal(lastLine(said), "✔ 8 490 activities read, none missing");
  assert.equal(code, 0);
  assert.match(said, /readings {2}43 200 of 43 200 {2}100 %/);
});

test("in a pipe the output has no control characters and no line of more than 80 characters", async () => {
  const { said } = await outcome("read.mjs", ["--base-url", sandbox.url]);
  assert.doesNotMatch(said, /[^\P{Cc}\n]/u);
  for (const line of said.split("\n")) assert.ok(line.length <= 80, line);
});

test("read.mjs does not claim completeness where records are missing", async () => {
  // The server's total is one more than the list has.
  const preload = `data:text/javascript,${encodeURIComponent(`
    const real = globalThis.fetch;
    globalThis.fetch = async (...args) => {
      const answer = await real(...args);
      const headers = new Headers(answer.headers);
      if (new URL(args[0].url ?? args[0]).pathname.endsWith("/activities")) headers.set("x-total-count", "8491");
      return new Response(answer.body, { status: answer.status, headers });
    };`)}`;
  const child = spawn(process.execPath, ["--import", preload, join(place, "read.mjs"), "--base-url", sandbox.url], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 60_000,
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (said += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  assert.equal(lastLine(said), "✘ 8 490 activities read, but the server counts 8 491");
  assert.equal(code, 1);
});

test("measure-walk.mjs finds the same records with one request at a time and with six at once", async () => {
  const { code, said, complained } = await outcome("measure-walk.mjs", ["--base-url", sandbox.url]);
  assert.equal(complained, "");
  assert.match(lastLine(said), /^✔ \d+\.\d times as fast, the same 8 490 records in the same order$/);
  assert.equal(code, 0);
});

for (const [what, args, expected] of [
  ["a token that is refused", () => ["--base-url", sandbox.url, "--token", "wrong"], /status 401.*\n.*--token/],
  ["a server that does not exist", () => ["--base-url", "http://127.0.0.1:1"], /not answered.*\n.*cargo xtask sandbox/],
  ["an option that is not a number", () => ["--concurrency", "many"], /--concurrency takes a number; given: many/],
  ["a number out of bounds", () => ["--base-url", sandbox.url, "--limit", "501"], /limit .* 1 to 500, but 501 was given/],
  ["an option that does not exist", () => ["--bas-url", "x"], /--bas-url.*--help/],
]) {
  test(`${what} is reported without a stack trace, and ends with 1`, async () => {
    const { code, said, complained } = await outcome("read.mjs", args());
    assert.match(complained, expected);
    assert.doesNotMatch(complained, /^\s+at /m, "no stack");
    assert.equal(said, "");
    assert.equal(code, 1);
  });
}

test("Ctrl-C ends a walk at once, with 130", { skip: process.platform === "win32" }, async () => {
  await sandbox.control("faults", { latencyMs: 40 });
  const watch = (said, child) => {
    if (said.includes("All activities")) child.kill("SIGINT");
  };
  const { code, said, complained } = await outcome("read.mjs", ["--base-url", sandbox.url, "--limit", "10"], watch);
  await sandbox.control("faults", { latencyMs: 0 });
  assert.equal(complained.trim(), "Stopped.");
  assert.equal(code, 130);
  assert.doesNotMatch(said, /activities read/);
});
