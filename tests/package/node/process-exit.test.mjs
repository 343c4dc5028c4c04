// The package in its own process: that the process can exit, and that no rejection is unhandled.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { folder } from "./support/installed.mjs";

/** Runs a program; fails if it prints to stderr, exits with an error, or is still running after 20 s. */
async function program(source) {
  const child = spawn(process.execPath, ["--input-type=module", "--unhandled-rejections=strict", "--eval", source], {
    cwd: folder,
    signal: AbortSignal.timeout(20_000),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (chunk) => (text[name] += chunk));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  assert.equal(text.stderr, "");
  assert.equal(code, 0);
  return text.stdout.trim();
}

const START = `
  import { HumanClient } from "humansync";
  const json = (body, init) => new Response(JSON.stringify(body), init);
  const started = performance.now();
`;

test("a program that has read exits at once: the timeout of 30 s does not keep it alive", async () => {
  const took = await program(`${START}
    const client = new HumanClient({ accessToken: "demo", fetch: async () => json([{ id: "1" }]) });
    await client.activities.list().toArray();
    await client.weight.latest();
    process.on("exit", () => console.log(performance.now() - started));`);
  assert.ok(Number(took) < 5000, `${took} ms`);
});

test("a program that only constructs a client exits", async () => {
  await program(`${START} new HumanClient({ accessToken: "demo" }).activities.list();`);
});

test("a program that abandons a walk in the middle exits", async () => {
  const took = await program(`${START}
    const fetch = (url, { signal }) => new URL(url).searchParams.has("offset")
      ? new Promise((resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
      : Promise.resolve(json([{ id: "2" }, { id: "1" }], { headers: { "x-total-count": "900" } }));
    const client = new HumanClient({ accessToken: "demo", fetch });
    for await (const record of client.activities.list({ limit: 2 })) break;
    process.on("exit", () => console.log(performance.now() - started));`);
  assert.ok(Number(took) < 5000, `${took} ms`);
});

test("a program that closes its client during a backoff exits at once", async () => {
  const took = await program(`${START}
    const client = new HumanClient({ accessToken: "demo", fetch: async () => json({}, { status: 429, headers: { "retry-after": "60" } }) });
    const call = client.profile().catch((error) => error.code);
    setImmediate(() => setImmediate(() => client.close()));
    if (await call !== "closed") throw new Error("not closed");
    process.on("exit", () => console.log(performance.now() - started));`);
  assert.ok(Number(took) < 5000, `${took} ms`);
});

test("pages that fail while they are fetched ahead cause no unhandled rejections", async () => {
  const printed = await program(`${START}
    const fetch = async (url) => {
      const offset = Number(new URL(url).searchParams.get("offset") ?? 0);
      if (offset > 2) return json({}, { status: 403 });
      return json([{ id: String(100 - offset) }, { id: String(99 - offset) }], { headers: { "x-total-count": "100" } });
    };
    const client = new HumanClient({ accessToken: "demo", fetch });
    const iterator = client.activities.list({ limit: 2 })[Symbol.asyncIterator]();
    await iterator.next();
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    await iterator.return();

    const aborted = new AbortController();
    const walk = client.activities.list({ limit: 2, signal: aborted.signal })[Symbol.asyncIterator]();
    await walk.next();
    aborted.abort(new Error("enough"));
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    client.close();
    console.log("quiet");`);
  assert.equal(printed, "quiet");
});

test("a Secret function that fails for concurrent calls rejects each of them, and causes no unhandled rejection", async () => {
  const printed = await program(`${START}
    const client = new HumanClient({ accessToken: async () => { throw new Error("closed vault") }, fetch: async () => json({}) });
    const outcomes = await Promise.allSettled([client.profile(), client.summary(), client.activities.list().toArray()]);
    console.log(outcomes.map(({ reason }) => reason.message).join());`);
  assert.equal(printed, "closed vault,closed vault,closed vault");
});
