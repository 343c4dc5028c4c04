#!/usr/bin/env node
// Walks the same list twice in pages of 50, with one request at a time and with several at once. Prints how much faster
// that is, and whether both walks had the same records.
//
//   node examples/node/measure-walk.mjs --base-url http://127.0.0.1:8787

import { HumanClient, queryString } from "humansync";
import { OPTIONS_HELP, readArguments } from "./arguments.mjs";
import { countCost } from "./cost.mjs";
import { run } from "./run.mjs";
import { progress } from "./terminal/progress.mjs";
import { count, counted, duration } from "./terminal/quantities.mjs";
import { screenOn } from "./terminal/screen.mjs";

const screen = screenOn(process.stdout);
const { paint } = screen;

await run(screen, async (signal) => {
  const { help, client: options, query } = readArguments();
  if (help) {
    screen.line(`Walks all activities twice, and compares.\n\n  node measure-walk.mjs [options]\n\n${OPTIONS_HELP}`);
    return;
  }
  const { limit = 50 } = query;
  // This checks the limit before anything is sent.
  queryString({ limit });
  screen.heading(`All activities in pages of ${limit}`);
  // The first request of a process is slower, and must not be part of either measurement.
  await using(new HumanClient(options), (client) => client.activities.list({ limit: 1, signal }).first());

  const one = await walk({ ...options, concurrency: 1 }, limit, signal);
  const several = await walk({ concurrency: 6, ...options }, limit, signal);
  showCosts([one, several]);
  return showVerdict(one, several);
});

/** Runs `work` with a client, and then closes the client. */
async function using(client, work) {
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

async function walk(options, limit, signal) {
  const { cost, onEvent, fetch } = countCost();
  const shown = progress(screen, options.concurrency === 1 ? "one at a time" : `${options.concurrency} at once`.padEnd(13));
  const ids = [];
  const began = performance.now();
  try {
    await using(new HumanClient({ ...options, onEvent, fetch }), async (client) => {
      for await (const page of client.activities.list({ limit, signal }).byPage()) {
        for (const { id } of page.records) ids.push(id);
        shown.add(page.records.length, page.totalCount);
      }
    });
  } catch (error) {
    shown.cancel();
    throw error;
  }
  const took = performance.now() - began;
  shown.end();
  return { ids, took, cost, concurrency: options.concurrency };
}

function showCosts(walks) {
  screen.line();
  for (const { took, cost, concurrency } of walks) {
    const requests = counted(cost.requests, "request");
    const each = duration(cost.answering / Math.max(1, cost.answers));
    screen.line(`  ${paint("faint", `concurrency ${concurrency}:`)} ${requests}, ${each} for an answer, ${duration(took)} in all`);
  }
}

/** Shows whether both walks had the same records in the same order, each once. */
function showVerdict(one, several) {
  screen.line();
  const same = one.ids.length === several.ids.length && one.ids.every((id, index) => id === several.ids[index]);
  const once = new Set(one.ids).size === one.ids.length;
  if (!same || !once) {
    const found = same ? "but some came twice" : `and not the same: ${count(one.ids.length)} and ${count(several.ids.length)} records`;
    screen.line(`  ${paint("red", "✘")} walked twice, ${found}`);
    return false;
  }
  const times = (one.took / several.took).toFixed(1);
  screen.line(`  ${paint("green", "✔")} ${paint("bold", `${times} times as fast`)}, the same ${count(one.ids.length)} records in the same order`);
  return true;
}
