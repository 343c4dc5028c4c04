// A process is suspended during an upload, as when a laptop is shut. When it wakes, the answers are in the sockets, but
// all timers are overdue.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import test from "node:test";
import { folder } from "../support/installed.mjs";

const PROGRAM = `
  import { SampleUploader } from "humansync";
  const uploader = new SampleUploader({ baseUrl: process.env.SERVER, token: "demo", timeout: 800, concurrency: 3, batchSize: 100 });
  const samples = Array.from({ length: 600 }, (_, index) => ({
    device_name: "Watch", start_date: Date.UTC(2025, 5, 1) + index * 60_000, unit: "count", value: 1 + index,
  }));
  const { sent, resent, retries } = await uploader.upload("steps", samples);
  console.log(JSON.stringify({ sent, resent, retries }));
`;

test("answers that came during the sleep are read, and nothing is sent again", { skip: process.platform === "win32" }, async () => {
  const arrived = new Map();
  let child;
  let slept;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    for (const { start_date } of JSON.parse(body).data) arrived.set(start_date, (arrived.get(start_date) ?? 0) + 1);
    if (arrived.size === 300 && slept === undefined) {
      // Three requests are in flight. They are answered while it sleeps, for longer than its timeout.
      slept = (async () => {
        child.kill("SIGSTOP");
        await new Promise((resolve) => setTimeout(resolve, 2500));
        child.kill("SIGCONT");
      })();
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
    response.setHeader("content-type", "application/json").end('{"accepted":true}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    child = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
      cwd: folder,
      env: { ...process.env, SERVER: `http://127.0.0.1:${server.address().port}` },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (piece) => (said += piece));
    await once(child, "close");
    assert.ok(slept !== undefined, "it never slept");
    assert.deepEqual(JSON.parse(said), { sent: 600, resent: 0, retries: 0 });
    assert.equal(arrived.size, 600);
    assert.ok([...arrived.values()].every((times) => times === 1));
  } finally {
    child?.kill("SIGKILL");
    server.close();
  }
});
