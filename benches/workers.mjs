#!/usr/bin/env node
// `cargo xtask bench workers`: how much more several workers do than one.

import { spawnSync } from "node:child_process";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { endOf } from "../tests/package/stores/support/programs.mjs";
import { node } from "../tests/package/workers/support/node.mjs";
import { median, spread } from "./send/statistics.mjs";
import { screenWithRows, verdict } from "./sync/show.mjs";

const HELP = `How much more several workers do than one.

  cargo xtask bench workers [options]

  --rounds N         measurements of each                          default: 3
  --seconds N        of a measurement                              default: 10
  --workers A,B      processes                                     default: 1,2,4,8
  --shared N         requests in flight of all, with one pace      default: 3
  --latency TIME     how far away the server is                    default: 50ms
  --no-build         dist/ as it is
  --help             this text

Each worker has one window and one request at a time, so that one request after the other takes the time: what is measured is
whether workers stand in each other's way, and not how fast this machine is. Figures are medians.`;

/** At 8 workers, of what one does. */
const LEAST = 6;
const ENOUGH = 64;
/** From this share on the processors are what is measured. */
const BUSY = 0.9;
const WARM_UP = 2000;

const screen = screenWithRows(process.stdout);
if (node === process.execPath) await bench();
else process.exitCode = spawnSync(node, process.argv.slice(1), { stdio: "inherit" }).status ?? 1;

async function bench() {
  const text = (otherwise) => ({ type: "string", default: otherwise });
  const { values } = parseArgs({
    options: {
      rounds: text("3"),
      seconds: text("10"),
      workers: text("1,2,4,8"),
      shared: text("3"),
      latency: text("50ms"),
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return screen.line(HELP);
  const crews = values.workers.split(",").map((given) => positive("workers", given));
  const [rounds, seconds, shared] = ["rounds", "seconds", "shared"].map((name) => positive(name, values[name]));
  screen.line(`  load of this machine: ${loadavg()[0].toFixed(1)}`);
  const cases = [ENOUGH, shared].flatMap((bound) => crews.map((workers) => ({ workers, shared: bound })));
  const results = await inTurns(cases, rounds, { latency: values.latency, warmUp: WARM_UP, time: seconds * 1000 });
  const [enough, one] = [results.slice(0, crews.length), results.slice(crews.length)];
  show("Lanes enough", values.latency, enough);
  show(`One pace: ${shared} requests in flight, of all`, values.latency, one);
  const kept = [];
  const most = Math.max(...one.map(({ maxInFlight }) => maxInFlight));
  kept.push(verdict(screen, most <= shared, `one pace: ${most} requests in flight at most, of ${shared}`));
  const [first, last] = [enough[0], enough.at(-1)];
  if (first.workers === 1 && last.workers === 8) {
    const ratio = last.rate / first.rate;
    // Then the figures are of this machine, and not of the workers.
    const bound = last.busy > BUSY ? `; its processors were ${Math.round(last.busy * 100)} % busy then, which slows workers down` : "";
    kept.push(verdict(screen, ratio >= LEAST, `lanes enough: 8 workers do ${ratio.toFixed(2)} × of one, of ${LEAST} × at least${bound}`));
  }
  if (kept.includes(false)) process.exitCode = 1;
}

/** Measures each of `cases` in each round, in turns: medians, and the most that was in flight. */
async function inTurns(cases, rounds, options) {
  const { postgresFor } = await import("../tests/package/support/servers/postgres.mjs");
  const { measured } = await import("./workers/measure.mjs");
  let finish = () => {};
  const { url } = await postgresFor(endOf((stop) => (finish = stop)), { settings: ["max_connections=200"] });
  const all = cases.map(() => []);
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const [index, one] of cases.entries()) {
        if (screen.live) screen.draft(`  round ${round} of ${rounds}: ${one.workers} workers, ${one.shared} lanes`);
        all[index].push(await measured(url, { ...one, ...options }));
      }
    }
  } finally {
    screen.clear();
    await finish();
  }
  return cases.map((one, index) => {
    const of = (key) => all[index].map((result) => result[key]);
    const medians = ["rate", "cost", "busy"].map((key) => [key, median(of(key))]);
    return { ...one, ...Object.fromEntries(medians), spread: spread(of("rate")), maxInFlight: Math.max(...of("maxInFlight")) };
  });
}

function show(title, latency, results) {
  screen.heading(`${title}, ${latency.replace("ms", " ms")} away`);
  const [first] = results;
  const rows = results.map(({ workers, rate, spread, maxInFlight, cost, busy }) => [
    `${workers} ${workers === 1 ? "worker" : "workers"}`,
    rate.toFixed(1),
    `± ${((spread / 2) * 100).toFixed(0)} %`,
    `${(rate / first.rate).toFixed(2)} ×`,
    String(maxInFlight),
    `${cost.toFixed(1)} ms`,
    `${Math.round(busy * 100)} %`,
  ]);
  screen.rows(["", "pages a second", "", "of the first", "in flight at most", "cpu a page", "processors busy"], rows);
}

function positive(option, text) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${option} takes whole numbers above 0, and not ${text}`);
  return number;
}
