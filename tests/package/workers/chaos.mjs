#!/usr/bin/env node
// `cargo xtask demo --workers`: eight workers bring five million records into PostgreSQL, while they are killed, the
// database crashes, and the server asks for a pause. In the end the tables are compared with the server's records, row
// by row.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { number } from "../../../examples/node/arguments.mjs";
import { screenOn } from "../../../examples/node/terminal/screen.mjs";
import { root } from "../node/support/installed.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { showAccount, troubleIn } from "./chaos/account.mjs";
import { nothingShown, showOn } from "./chaos/show.mjs";
import { node } from "./support/node.mjs";

const HELP = `Workers under trouble: they are killed, their database crashes, the server asks for a pause.

  cargo xtask demo --workers [options]

  --here                  one worker on PGlite, instead of several on PostgreSQL
  --records N             of all types                            default: 5000000, or 100000 with --here
  --workers N             processes                               default: 8
  --kill-every MS         one is killed and replaced              default: 2000, or 10000 of work with --here
  --concurrency N         windows at once in a process            default: 2
  --shared-concurrency N  requests in flight of all               default: 12
  --latency TIME          how far away the server is              default: 50ms
  --seed N                which worker is killed                  default: 1
  --scripts FOLDER        where workers.mjs is                    default: examples/node
  --json                  prints the account alone, as JSON
  --help                  this text`;

const NUMBERS = ["records", "workers", "kill-every", "concurrency", "shared-concurrency", "seed"];
const TEXTS = ["latency", "scripts"];

if (node === process.execPath) await begin();
else process.exitCode = spawnSync(node, process.argv.slice(1), { stdio: "inherit" }).status ?? 1;

async function begin() {
  const screen = screenOn(process.stdout);
  const text = { type: "string" };
  const flag = { type: "boolean" };
  const { values } = parseArgs({ options: { ...Object.fromEntries([...NUMBERS, ...TEXTS].map((name) => [name, text])), here: flag, json: flag, help: flag } });
  if (values.help) return screen.line(HELP);
  const place = values.scripts ?? join(root, "examples/node");
  const { run } = await import(pathToFileURL(join(place, "run.mjs")).href);
  await run(screen, (signal) => main(screen, signal, { ...optionsFrom(values), place, json: values.json === true }), { service: true });
}

function optionsFrom(values) {
  const here = values.here === true;
  const given = (name, otherwise) => (values[name] === undefined ? otherwise : number(name, values[name]));
  return {
    here,
    records: given("records", here ? 100_000 : 5_000_000),
    workers: here ? 1 : given("workers", 8),
    killEvery: given("kill-every", here ? 10_000 : 2000),
    concurrency: given("concurrency", 2),
    sharedConcurrency: given("shared-concurrency", 12),
    latency: values.latency ?? "50ms",
    seed: given("seed", 1),
  };
}

async function main(screen, signal, options) {
  const { chaos } = await import("./chaos/run.mjs");
  let finish = async () => {};
  const atEnd = endOf((stop) => (finish = stop));
  const stopped = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  try {
    const show = options.json ? nothingShown() : showOn(screen, process.stdout, options);
    const account = await Promise.race([stopped, chaos({ ...options, atEnd, show })]);
    const trouble = troubleIn(account);
    if (options.json) screen.line(JSON.stringify({ ...account, trouble }));
    else showAccount(screen, account, trouble);
    return trouble.length === 0;
  } finally {
    // Everything that was started ends with this, however it ends.
    await finish();
  }
}
