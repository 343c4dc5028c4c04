#!/usr/bin/env node
// Workers that keep all users of an app in sync with PostgreSQL: any number of these processes, on any number of
// machines. Each may be killed at any moment, and its work is done by the others. `status` shows how far they are.
//
//   node examples/node/workers.mjs --database postgres://localhost/health --base-url http://127.0.0.1:8787
//   node examples/node/workers.mjs status --database postgres://localhost/health --base-url http://127.0.0.1:8787

import { run } from "./run.mjs";
import { screenOn } from "./terminal/screen.mjs";
import { HELP, readWorkersArguments } from "./workers/arguments.mjs";
import { retryFailed, showFailed } from "./workers/failed.mjs";
import { showStatus } from "./workers/status.mjs";
import { work } from "./workers/work.mjs";

const COMMANDS = { work, status: showStatus, failed: showFailed, retry: retryFailed };

const screen = screenOn(process.stdout);

await run(screen, main, {
  service: true,
  stopped: () => "Stopped; what has come is kept.",
  credential: "App Key: --app-key, or HUMANSYNC_APP_KEY",
  address: "--base-url and --client-id",
});

async function main(signal) {
  const given = readWorkersArguments();
  if (given.help) return screen.line(HELP);
  return COMMANDS[given.command](screen, signal, given);
}
