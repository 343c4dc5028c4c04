// The union of stretches of time, against counting seconds.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { packageFolder } from "../node/support/installed.mjs";
import { mulberry32 } from "../sync/support/random.mjs";

const { union } = await import(join(packageFolder, "workers/intervals.js"));

const at = (second) => new Date(second * 1000).toISOString().replace(".000", "");
const secondsOf = (intervals) => {
  const seconds = new Set();
  for (const { since, before } of intervals) for (let second = Date.parse(since) / 1000; second < Date.parse(before) / 1000; second++) seconds.add(second);
  return [...seconds].sort((one, other) => one - other);
};

test("it covers the same, with gaps between all of it, in the order of time", () => {
  const random = mulberry32(1);
  for (let round = 0; round < 2000; round++) {
    const given = Array.from({ length: Math.floor(random() * 8) }, () => {
      const since = Math.floor(random() * 40);
      return { since: at(since), before: at(since + Math.floor(random() * 10) - 1) };
    });
    const merged = union(given);
    assert.deepEqual(secondsOf(merged), secondsOf(given));
    for (let index = 1; index < merged.length; index++) assert.ok(merged[index - 1].before < merged[index].since);
  }
});
