// What has arrived at the sandbox.

import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { identityOf } from "./oracle.mjs";

/** All samples in the order of their arrival: `{ batch, type, repeat, sample }`. */
export async function* arrivals({ url }) {
  const answer = await fetch(new URL("/_sandbox/samples/dump", url));
  assert.equal(answer.status, 200);
  for await (const line of createInterface({ input: Readable.fromWeb(answer.body), crlfDelay: Infinity })) yield JSON.parse(line);
}

/** Asserts that exactly these samples have arrived. Returns how many have arrived more than once. */
export async function assertArrived(sandbox, samples) {
  const wanted = new Set(samples.map(identityOf));
  const there = new Set();
  let repeats = 0;
  for await (const { sample } of arrivals(sandbox)) {
    const identity = identityOf(sample);
    assert.ok(wanted.has(identity), `${identity} was never given to be sent`);
    if (there.has(identity)) repeats++;
    there.add(identity);
  }
  assert.equal(there.size, wanted.size, "some are missing");
  const { total, distinct, duplicates, violationCount } = await sandbox.control("samples");
  assert.deepEqual(
    { total, distinct, duplicates, violationCount },
    { total: wanted.size + repeats, distinct: wanted.size, duplicates: repeats, violationCount: 0 },
  );
  return repeats;
}
