#!/usr/bin/env node
// Takes Human API's notifications, and syncs the person of each into SQLite: a table for each list, with the rows of all
// people. A notification may be lost, so everybody is synced on a schedule as well.
//
//   node examples/node/notified.mjs --base-url http://127.0.0.1:8787

import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { HumanClient, HumansyncError } from "humansync";
import { number, parsed, token, UsageError } from "./arguments.mjs";
import { coalesced } from "./notified/coalesce.mjs";
import { endpoint } from "./notified/endpoint.mjs";
import { run } from "./run.mjs";
import { sqliteTables } from "./sync/sqlite-tables.mjs";
import { counted, duration } from "./terminal/quantities.mjs";
import { plain, screenOn } from "./terminal/screen.mjs";

const HELP = `Takes notifications, and keeps the people that they are of in sync, into a SQLite database.

  node notified.mjs [options]

  --database FILE        the database                         default: people.db
  --base-url URL         where the API is                     default: Human API's own server
  --token TOKEN          the person's access token            default: $HUMANSYNC_TOKEN, or demo
  --client-secret TEXT   signs notifications                  default: $HUMANSYNC_CLIENT_SECRET, or client-secret
  --host NAME            where it listens                     default: 127.0.0.1
  --port N               0: any that is free                  default: 9000
  --types A,B            only these lists                     default: all 34
  --people N             people that are synced at once       default: 4
  --every MINUTES        the schedule                         default: 60
  --help                 this text

  The path is /notified. Ctrl-C ends it, and so does anything else: the next run of a person goes on from there.`;

const PATH = "/notified";

const screen = screenOn(process.stdout);

await run(screen, main, { stopped: () => "Stopped; what has come is kept." });

async function main(signal) {
  const given = readNotifiedArguments();
  if (given.help) return screen.line(HELP);
  const people = await peopleOf(given, signal);
  const tables = await sqliteTables(given.database);
  const runs = coalesced((humanId) => synced(humanId, { people, tables, signal, ...given }), { atOnce: given.atOnce });
  const isGenuine = (notification) => isSigned(notification, given.secret);
  const server = endpoint({ path: PATH, isGenuine, take: runs.ask });
  const everybody = () => people.all.forEach(runs.ask);
  let schedule;
  try {
    await listening(server, given);
    schedule = setInterval(everybody, given.every);
    everybody();
    if (!signal.aborted) await once(signal, "abort");
    screen.line("  stopping …");
  } finally {
    clearInterval(schedule);
    server.close();
    server.closeAllConnections();
    await runs.end();
    tables.close();
  }
  throw signal.reason;
}

/**
 * Whether a notification was signed with the secret. The API's documentation tells that the signature is an HMAC-SHA1 over
 * payload, timestamp and nonce, and not where the latter two are, nor how the digest is written. This is how the sandbox
 * does it. Look at a notification of yours, and change what differs.
 */
function isSigned({ headers, body }, secret) {
  const [signature, timestamp, nonce] = ["signature", "timestamp", "nonce"].map((name) => headers[`x-humanapi-${name}`]);
  if (signature === undefined || timestamp === undefined || nonce === undefined) return false;
  const expected = createHmac("sha1", secret).update(body).update(timestamp).update(nonce).digest();
  const given = Buffer.from(signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * The people that are known, and a function that returns the access token of one of them. Here there is one token. An
 * app with many people looks them up in its database, and asks Human API for their tokens.
 */
async function peopleOf({ accessToken, client: options }, signal) {
  const client = new HumanClient({ ...options, accessToken });
  const { humanId } = await client.profile({ signal });
  client[Symbol.dispose]?.();
  const tokens = new Map([[humanId, accessToken]]);
  return { all: [...tokens.keys()], accessTokenOf: async (person) => tokens.get(person) };
}

/** Syncs a person, and prints what came of it. It does not reject: the next notification, or the schedule, tries again. */
async function synced(humanId, { people, tables, signal, client: options, types }) {
  const who = plain(humanId).slice(0, 8);
  const began = performance.now();
  let client;
  try {
    if ((await people.accessTokenOf(humanId)) === undefined) return screen.line(`  ${who}  is not one of ours`);
    // The function is called again after a 401: a token may have been replaced meanwhile.
    client = new HumanClient({ ...options, accessToken: () => people.accessTokenOf(humanId) });
    const from = tables.from(humanId);
    let changed = 0;
    const report = await client.sync({ from, account: humanId, types, signal }).run((delta) => {
      changed += tables.store(delta, from, humanId);
    });
    const took = duration(performance.now() - began);
    screen.line(`  ${who}  ${counted(changed, "record")} new or changed · ${counted(report.requests, "request")} · ${took}`);
  } catch (error) {
    if (signal.aborted) return;
    const known = error instanceof HumansyncError || error instanceof UsageError;
    console.error(`  ${who}  failed: ${known ? plain(error.message) : error.stack}`);
  } finally {
    client?.[Symbol.dispose]?.();
  }
}

async function listening(server, { host, port }) {
  server.listen(port, host);
  // A port that is taken is an error event.
  await once(server, "listening").catch((error) => {
    throw new UsageError(`It cannot listen on ${host}, port ${port}: ${error.code}. --port takes another.`);
  });
  const { address, family, port: taken } = server.address();
  screen.line(`  listening: http://${family === "IPv6" ? `[${address}]` : address}:${taken}${PATH}`);
}

function readNotifiedArguments(environment = process.env) {
  const text = { type: "string" };
  const texts = ["database", "base-url", "token", "client-secret", "host", "port", "types", "people", "every"];
  const options = Object.fromEntries(texts.map((name) => [name, text]));
  const { values } = parsed({ options: { ...options, help: { type: "boolean", short: "h" } } });
  const whole = (name, otherwise, least) => {
    const value = values[name] === undefined ? otherwise : number(name, values[name]);
    if (!Number.isInteger(value) || value < least) throw new UsageError(`--${name} takes a whole number from ${least} on; given: ${values[name]}`);
    return value;
  };
  const port = whole("port", 9000, 0);
  if (port > 65_535) throw new UsageError(`--port takes at most 65535; given: ${port}`);
  const minutes = whole("every", 60, 1);
  // The longest time that a timer of Node takes.
  if (minutes > 35_000) throw new UsageError(`--every takes at most 35000 minutes; given: ${minutes}`);
  return {
    help: values.help === true,
    database: values.database ?? "people.db",
    // The environment is safer than the command line, which other users of the machine can see.
    accessToken: token(values, environment),
    secret: values["client-secret"] ?? (environment.HUMANSYNC_CLIENT_SECRET || "client-secret"),
    client: values["base-url"] === undefined ? {} : { baseUrl: values["base-url"] },
    types: values.types?.split(","),
    host: values.host ?? "127.0.0.1",
    port,
    atOnce: whole("people", 4, 1),
    every: minutes * 60_000,
  };
}
