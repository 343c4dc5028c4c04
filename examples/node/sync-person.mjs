#!/usr/bin/env node
// Syncs all lists of one person into SQLite, medical records included, with a table for each list. The first run reads
// everything, each later one what has changed. It may be killed at any moment.
//
//   node examples/node/sync-person.mjs --base-url http://127.0.0.1:8787

import { HumanClient } from "humansync";
import { number, parsed, token } from "./arguments.mjs";
import { countCost, waiting } from "./cost.mjs";
import { run } from "./run.mjs";
import { showCost, showVerdict } from "./sync/show.mjs";
import { sqliteTables } from "./sync/sqlite-tables.mjs";
import { PERSON_TYPES } from "./sync/types.mjs";
import { progress } from "./terminal/progress.mjs";
import { count, counted } from "./terminal/quantities.mjs";
import { plain, screenOn } from "./terminal/screen.mjs";
import { table } from "./terminal/table.mjs";

const HELP = `Keeps all lists of one person in sync, into a SQLite database.

  node sync-person.mjs [options]

  --database FILE    the database                       default: person.db
  --base-url URL     where the API is                   default: Human API's own server
  --token TOKEN      the person's access token          default: $HUMANSYNC_TOKEN, or demo
  --types A,B        only these lists                   default: all 34
  --concurrency N    requests in flight at once
  --help             this text

  Run it again to fetch what has changed since. Ctrl-C ends it, and so does anything else: the next run goes on from there.`;

/** From so many medical lists on, the account has one line for all of them. */
const MANY = 8;

const screen = screenOn(process.stdout);
const stopped = () => "Stopped; what has come is kept. The same command goes on from there.";

await run(screen, main, { stopped });

async function main(signal) {
  const text = { type: "string" };
  const options = { database: text, "base-url": text, token: text, types: text, concurrency: text };
  const { values } = parsed({ options: { ...options, help: { type: "boolean", short: "h" } } });
  if (values.help) return screen.line(HELP);
  const { cost, onEvent } = countCost();
  const client = new HumanClient({
    accessToken: token(values, process.env),
    onEvent,
    ...(values["base-url"] !== undefined && { baseUrl: values["base-url"] }),
    ...(values.concurrency !== undefined && { concurrency: number("concurrency", values.concurrency) }),
  });
  const tables = await sqliteTables(values.database ?? "person.db");
  try {
    await synced({ client, tables, cost, signal, types: values.types?.split(",") ?? PERSON_TYPES });
  } finally {
    client[Symbol.dispose]?.();
    tables.close();
  }
}

async function synced({ client, tables, cost, signal, types }) {
  // Neither the token nor a medical record says whose it is. The profile does.
  const { humanId } = await client.profile({ signal });
  screen.heading(`All lists of ${plain(humanId)}`);
  const from = tables.from(humanId);
  const changes = {};
  const bar = progress(screen, "lists", { note: () => (signal.aborted ? "stopping …" : waiting(cost.pause)) });
  const done = new Set();
  const began = performance.now();
  let report;
  try {
    report = await client.sync({ from, account: humanId, types, signal }).run(
      (delta) => {
        // One transaction stores the records and the checkpoint, so that the script may be killed at any moment.
        changes[delta.type] = (changes[delta.type] ?? 0) + tables.store(delta, from, humanId);
      },
      {
        onProgress({ type, windowsDone, windows }) {
          if (windowsDone === windows) done.add(type);
          bar.reach(done.size, types.length);
        },
      },
    );
  } catch (error) {
    bar.cancel();
    throw error;
  }
  bar.end();
  showAccount(report, changes);
  showCost(screen, report, { took: performance.now() - began, warnings: cost.warnings });
  showVerdict(screen, report, changes);
}

/** A line for each list with something new. Many medical ones share a line. */
function showAccount(report, changes) {
  const lists = Object.entries(report.types).map(([type, { until, pages }]) => ({
    name: type,
    changed: changes[type] ?? 0,
    pages,
    until: plain(until ?? "nothing yet"),
  }));
  const brought = lists.filter(({ changed }) => changed > 0);
  const medical = brought.filter(({ name }) => name.startsWith("medical/"));
  const shown = medical.length < MANY ? brought : [...brought.filter((list) => !medical.includes(list)), together(medical)];
  screen.line();
  if (shown.length > 0) {
    const columns = [{}, { align: "right", style: "bold" }, { align: "right" }, { style: "faint" }];
    const rows = shown.map(({ name, changed, pages, until }) => [name, count(changed), count(pages), until]);
    for (const line of table(screen, columns, rows, ["list", "records", "pages", "all there until"])) screen.line(line);
  }
  const quiet = lists.length - brought.length;
  if (quiet > 0) {
    const pages = lists.reduce((sum, { changed, pages }) => sum + (changed > 0 ? 0 : pages), 0);
    const which = counted(quiet, brought.length > 0 ? "other list" : "list");
    screen.line(`  ${screen.paint("faint", `${which}: nothing new, ${counted(pages, "page")}`)}`);
  }
  screen.line();
}

function together(lists) {
  const sum = (what) => lists.reduce((sum, list) => sum + list[what], 0);
  const untils = [...new Set(lists.map(({ until }) => until))].sort();
  return { name: `medical: ${lists.length} lists`, changed: sum("changed"), pages: sum("pages"), until: untils[0] };
}
