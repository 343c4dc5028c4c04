// What OpenTelemetry is told: names and attributes as docs/workers.md has them, and nothing about a person.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SINCE, appFor } from "../sync/support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { root } from "../node/support/installed.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";

test("spans and counters", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "3000");
  await app.pass(600);
  const place = programsFor(atEnd);
  const fail = { type: "heights", since: "2024-07-01T00:00:00Z", before: "2024-08-18T17:59:58Z" };
  const worker = workerFor(atEnd, place, { baseUrl: app.url, since: SINCE, types: ["weights", "heights"], attempts: 1, telemetry: true, behaviour: { fail } });
  await worker.next(({ type }) => type === "made");
  await app.control("faults", { failNext: [{ status: 429, retryAfter: 1 }] });
  await assert.rejects(worker.ask("drain"), { code: "parked" });
  const [weights] = await worker.ask("status");
  const { told } = await worker.end();
  const { spans, counters, requests } = told.find(({ type }) => type === "telemetry");

  const sum = (name, attributes = {}) =>
    counters
      .filter((counter) => counter.name === name && Object.entries(attributes).every(([key, value]) => counter.attributes[key] === value))
      .reduce((sum, { value }) => sum + value, 0);
  const log = await app.control("log");
  assert.equal(sum("humansync.records", { "humansync.type": "weights" }), weights.records);
  // Pages behind the one that failed may have been given up before they arrived.
  assert.equal(sum("humansync.requests"), requests);
  assert.ok(requests >= log.total, `${requests} requests were counted, and ${log.total} came`);
  assert.equal(sum("humansync.retries"), 1);
  assert.equal(sum("humansync.pauses"), 1);
  assert.equal(sum("humansync.windows", { "humansync.state": "done" }), sum("humansync.windows", { "humansync.state": "begun" }) - 1);
  assert.equal(sum("humansync.windows", { "humansync.state": "failed" }), 1);
  assert.ok(sum("humansync.plans", { "humansync.state": "done" }) >= 2);

  const named = (name) => spans.filter((span) => span.name === name);
  assert.equal(named("humansync.window").length, sum("humansync.windows", { "humansync.state": "begun" }));
  assert.ok(named("humansync.plan").length >= 2);
  for (const span of named("humansync.delta")) {
    assert.deepEqual(Object.keys(span.attributes).filter((name) => name !== "error.type").sort(), ["humansync.before", "humansync.records", "humansync.since", "humansync.type"]);
    assert.equal(spans.find(({ id }) => id === span.parent)?.name, "humansync.window");
  }
  assert.equal(named("humansync.delta").filter(({ failed }) => failed).length, 1);
  assert.doesNotMatch(JSON.stringify({ spans, counters }), /demo-app|humanId|[0-9a-f]{32}|too high/);

  const guide = readFileSync(join(root, "docs/workers.md"), "utf8");
  for (const name of new Set([...spans, ...counters].flatMap(({ name, attributes }) => [name, ...Object.keys(attributes)]))) {
    assert.ok(guide.includes(`\`${name}\``), `docs/workers.md says what ${name} is`);
  }
});
