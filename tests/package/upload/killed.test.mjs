// The process of an upload is killed again and again: nothing is lost, and only what was in flight arrives twice.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { startSandbox } from "../node/support/sandbox.mjs";
import { NODE, folderFor, start } from "../stores/support/programs.mjs";
import { arrivals } from "./support/arrived.mjs";
import { projectFor } from "./support/project.mjs";
import { assertReport } from "./support/reports.mjs";
import { ndjson, numberOf, random, sampleOf, samples } from "./support/samples.mjs";

const COUNT = 50_000;
const KILLS = 50;
const BATCH_SIZE = 100;
const CONCURRENCY = 3;
/** The most steps in one life, so that all lives together do not finish the upload. */
const LONGEST_LIFE = 90;

const program = join(projectFor(after), "upload.js");

/** One life of the program: its steps, and how it ended. It is killed `later` milliseconds after the step `killAt`. */
async function live(options, killAt, later) {
  const running = start(after, NODE, program, JSON.stringify(options));
  const steps = [];
  for (let line = await running.line(); line !== undefined; line = await running.line()) {
    steps.push(JSON.parse(line));
    // The program goes on meanwhile, so this may fall between two steps.
    if (steps.length === killAt) setTimeout(running.kill, later);
  }
  const { code, signal, said } = await running.ended;
  return { steps, code, signal, said, report: steps.at(-1)?.report };
}

/**
 * The posts of a life: the samples, the answer, and whether the outcome was recorded. If the program was killed between
 * "note" and "noted", the record may be on the disk or not.
 */
function postsOf({ steps }) {
  const those = (name) => new Map(steps.filter(({ step }) => step === name).map((step) => [step.post, step]));
  const [answers, note, noted] = ["answer", "note", "noted"].map(those);
  return [...those("post").values()].map(({ post, samples }) => ({
    samples,
    status: answers.get(post)?.status,
    mayBeAcknowledged: note.has(post),
    isAcknowledged: noted.has(post),
  }));
}

/** What was going on when the program was killed: the steps, such as "begin", "post" and "note", that had not ended. */
function underWay({ steps }) {
  const ends = {
    begun: "begin",
    answer: "post",
    noted: "note",
    "set done": "set",
    "get done": "get",
    "delete done": "delete",
    "keys done": "keys",
  };
  const open = {};
  for (const { step } of steps) open[ends[step] ?? step] = (open[ends[step] ?? step] ?? 0) + (step in ends ? -1 : 1);
  return Object.keys(open).filter((step) => open[step] > 0);
}

test("50 000 samples, 50 kills", { timeout: 300_000 }, async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.stop());
  const folder = folderFor((stop) => t.after(stop));
  const file = join(folder, "samples.ndjson");
  const chance = random(2024);

  // One line in a hundred is invalid in some way.
  const broken = [
    "{",
    '{"device_name":""}',
    JSON.stringify({ ...sampleOf(1), value: -1 }),
    JSON.stringify({ ...sampleOf(1), unit: "steps" }),
    "null",
  ];
  const lines = samples(COUNT).flatMap((sample, number) =>
    number % 100 === 7 ? [broken[((number / 100) % 5) | 0], JSON.stringify(sample)] : JSON.stringify(sample),
  );
  writeFileSync(file, lines.join("\n"));
  const options = { folder: join(folder, "store"), file, baseUrl: sandbox.url, batchSize: BATCH_SIZE, concurrency: CONCURRENCY };

  const lives = [];
  for (let death = 0; death < KILLS; death++) {
    const step = 1 + Math.floor(chance() * LONGEST_LIFE);
    // Every other program kills itself, exactly at that step; the others are killed from outside, a little later.
    const life = await (death % 2 === 0 ? live({ ...options, dieAt: step }) : live(options, step, chance() * 4));
    assert.deepEqual(
      [life.signal, life.said, life.report],
      ["SIGKILL", "", undefined],
      `death ${death} did not come while the upload was under way`,
    );
    lives.push(life);
  }
  const last = await live(options);
  assert.deepEqual([last.code, last.said], [0, ""]);
  assertReport(last.report, {
    read: COUNT + 500,
    rejectedCount: 500,
    alreadySent: COUNT - last.report.sent,
    sent: last.report.sent,
  });
  lives.push(last);

  const moments = {};
  for (const step of lives.slice(0, -1).flatMap(underWay)) moments[step] = (moments[step] ?? 0) + 1;
  t.diagnostic(`kills within: ${JSON.stringify(moments)}`);
  for (const step of ["begin", "post", "note"]) assert.ok(moments[step] > 0, `no kill fell into "${step}"`);

  // Over all lives, no sample is posted again after it was acknowledged.
  const posts = Array.from({ length: COUNT }, () => []);
  let inFlight = 0;
  for (const life of lives) {
    const open = postsOf(life).filter(({ isAcknowledged }) => !isAcknowledged);
    assert.ok(open.length <= CONCURRENCY, `${open.length} batches were in flight`);
    inFlight += open.length;
    for (const post of postsOf(life)) {
      assert.ok(post.samples.length >= 3 && post.samples.length <= BATCH_SIZE);
      assert.ok(post.status === undefined || post.status === 200);
      for (const number of post.samples) posts[number].push(post);
    }
  }
  for (const [number, all] of posts.entries()) {
    assert.ok(all.at(-1)?.mayBeAcknowledged, `sample ${number} was not acknowledged in the end`);
    assert.ok(
      all.slice(0, -1).every(({ isAcknowledged }) => !isAcknowledged),
      `sample ${number} was sent again after it was acknowledged`,
    );
  }

  // The server has every sample, and none more often than it was posted.
  const times = new Uint8Array(COUNT);
  let total = 0;
  for await (const { sample } of arrivals(sandbox)) {
    times[numberOf(sample.start_date)]++;
    total++;
  }
  for (const [number, arrived] of times.entries()) {
    assert.ok(arrived >= 1, `sample ${number} is missing`);
    assert.ok(arrived <= posts[number].length, `sample ${number} arrived more often than it was sent`);
    const answered = posts[number].filter(({ status }) => status === 200).length;
    assert.ok(arrived >= answered, `sample ${number} arrived less often than that was said`);
  }
  const { distinct, duplicates, violationCount, batchSizes } = await sandbox.control("samples");
  assert.deepEqual([distinct, violationCount], [COUNT, 0]);
  assert.equal(duplicates, total - COUNT);
  t.diagnostic(`${inFlight} batches were in flight at the kills; ${duplicates} samples arrived twice or more`);
  assert.ok(inFlight > 0, "no kill fell into a request");
  assert.ok(duplicates <= KILLS * CONCURRENCY * BATCH_SIZE);
  assert.ok(Object.keys(batchSizes).every((size) => size >= 3 && size <= BATCH_SIZE));

  const again = await live(options);
  assertReport(again.report, { read: COUNT + 500, rejectedCount: 500, alreadySent: COUNT, requests: 0 });

  // New samples in the middle of the file.
  const late = Array.from({ length: 500 }, (_, index) => sampleOf(20_000.5 + index * 3));
  lines.splice(30_000, 0, ndjson(late).trimEnd());
  writeFileSync(file, lines.join("\n"));
  const grown = await live(options);
  assertReport(grown.report, { read: COUNT + 1000, rejectedCount: 500, alreadySent: COUNT, sent: 500 });
  const sent = postsOf(grown).flatMap(({ samples }) => samples);
  assert.deepEqual(
    sent.sort((one, other) => one - other),
    late.map(({ start_date }) => numberOf(start_date)),
  );
  assert.equal((await sandbox.control("samples")).distinct, COUNT + 500);
});
