// Uploads of many machines, which share a store in PostgreSQL: each sample is sent once, whoever is killed, or stopped for longer
// than its lock waits for it.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { kill } from "node:process";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../node/support/sandbox.mjs";
import { NODE, endOf, folderFor, start } from "../stores/support/programs.mjs";
import { pgbouncerFor } from "../support/servers/pgbouncer.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";
import { assertArrived } from "./support/arrived.mjs";
import { projectFor } from "./support/project.mjs";
import { assertReport } from "./support/reports.mjs";
import { appleExport, asExported, ndjson, samples } from "./support/samples.mjs";

const ending = endOf(after);
const LEASE = 1500;

describe("machines that share a store in PostgreSQL", () => {
  let program, postgres, database;
  before(async () => {
    program = join(projectFor(ending), "upload.js");
    postgres = await postgresFor(ending);
    ({ url: database } = await pgbouncerFor(ending, postgres));
  });

  /** A machine that is about to upload. */
  async function machine(t, options) {
    const running = start((stop) => t.after(stop), NODE, program, JSON.stringify({ database, leaseDuration: LEASE, ...options, waits: true }));
    assert.equal(await running.line(), '{"step":"ready"}');
    running.say("begin");
    return running;
  }

  /** Its steps up to the one called `name`, or to the last one. */
  async function stepsUntil({ line }, name) {
    const steps = [];
    for (let next = await line(); next !== undefined; next = await line()) {
      steps.push(JSON.parse(next));
      if (steps.at(-1).step === name) break;
    }
    return steps;
  }

  const stage = async (t, list, text) => {
    const sandbox = await startSandbox();
    t.after(() => sandbox.stop());
    const file = join(folderFor((stop) => t.after(stop)), "samples");
    writeFileSync(file, text(list));
    return { sandbox, options: { file, baseUrl: sandbox.url, batchSize: 100 } };
  };

  test("of four that send the same export, each sample is sent by one", async (t) => {
    const list = samples(5003);
    const { sandbox, options } = await stage(t, list, appleExport);
    const machines = await Promise.all([0, 1, 2, 3].map(() => machine(t, options)));
    const ended = await Promise.all(machines.map((one) => stepsUntil(one, "report")));
    const reports = ended.map((steps) => steps.at(-1).report);
    for (const report of reports) assertReport(report, { read: 5003, sent: report.sent, alreadySent: 5003 - report.sent });
    assert.equal(reports.reduce((sum, { sent }) => sum + sent, 0), 5003);
    assert.equal(await assertArrived(sandbox, list.map(asExported)), 0);
  });

  test("when one is killed, another one goes on, and only what was on its way comes twice", async (t) => {
    const list = samples(4000);
    const { sandbox, options } = await stage(t, list, ndjson);
    const one = await machine(t, { ...options, concurrency: 2 });
    for (let acknowledged = 0; acknowledged < 8; acknowledged++) await stepsUntil(one, "noted");
    await one.kill();
    const { report } = (await stepsUntil(await machine(t, options), "report")).at(-1);
    assert.equal(report.sent + report.alreadySent, 4000);
    assert.ok(report.alreadySent >= 800, `${report.alreadySent}`);
    const twice = await assertArrived(sandbox, list);
    assert.ok(twice <= 200, `${twice} came twice`);
  });

  test("one that is stopped for longer than its lock waits sends nothing of what another one sends, and says why it ended", async (t) => {
    const list = samples(4000);
    const { sandbox, options } = await stage(t, list, ndjson);
    const one = await machine(t, { ...options, concurrency: 2 });
    for (let acknowledged = 0; acknowledged < 4; acknowledged++) await stepsUntil(one, "noted");
    kill(one.pid, "SIGSTOP");
    const { report } = (await stepsUntil(await machine(t, options), "report")).at(-1);
    assert.equal(report.sent + report.alreadySent, 4000);
    const before = await sandbox.control("samples");
    kill(one.pid, "SIGCONT");
    const last = (await stepsUntil(one, "stopped")).at(-1);
    assert.equal(last.step, "stopped");
    assert.match(last.code, /^(?:lock-lost|fenced)$/);
    // What it had handed to its socket before it was stopped arrives; nothing else does.
    const { total } = await sandbox.control("samples");
    assert.ok(total - before.total <= 200, `${total - before.total} samples came after it went on`);
    const twice = await assertArrived(sandbox, list);
    assert.ok(twice <= 200, `${twice} came twice`);
    const again = (await stepsUntil(await machine(t, options), "report")).at(-1).report;
    assert.deepEqual([again.sent, again.alreadySent], [0, 4000]);
  });

  test("a restart of the database in the middle of an upload loses nothing", async (t) => {
    const list = samples(3000);
    const { sandbox, options } = await stage(t, list, ndjson);
    const one = await machine(t, options);
    await stepsUntil(one, "noted");
    await postgres.restart();
    let { report, step } = (await stepsUntil(one, "report")).at(-1);
    // A lock that could not be kept in time is given up; then the next upload does the rest.
    if (step !== "report") ({ report } = (await stepsUntil(await machine(t, options), "report")).at(-1));
    assert.equal(report.sent + report.alreadySent, 3000);
    assert.ok((await assertArrived(sandbox, list)) <= 600);
  });
});
