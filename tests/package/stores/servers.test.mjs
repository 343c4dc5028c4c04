// The cases of stores, on servers: PostgreSQL, the same through pgbouncer in transaction mode, and Redis with both of
// its clients; from Node, Deno and Bun.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pgbouncerFor } from "../support/servers/pgbouncer.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";
import { redisFor } from "../support/servers/redis.mjs";
import { CASES } from "./support/cases.mjs";
import { BUN, DENO, NODE, endOf, outcomeIn, serverProjectFor, unlessInstalled } from "./support/programs.mjs";

const ending = endOf(after);
let project, postgres, pgbouncer, redis;
before(async () => {
  project = serverProjectFor(ending);
  postgres = await postgresFor(ending);
  pgbouncer = await pgbouncerFor(ending, postgres);
  redis = await redisFor(ending);
});

for (const runtime of [NODE, { name: DENO.name, command: [...DENO.command, "--allow-env", "--allow-sys"] }, BUN]) {
  for (const [where, kind, address] of [
    ["PostgreSQL", "postgres", () => postgres.url],
    ["PostgreSQL through pgbouncer", "postgres", () => pgbouncer.url],
    ["Redis with redis", "redis", () => redis.socket],
    ["Redis with ioredis", "ioredis", () => redis.socket],
  ]) {
    describe(`${where} in ${runtime.name}`, unlessInstalled(runtime), () => {
      let outcomes;
      before(async () => (outcomes = await outcomeIn(ending, runtime, join(project, "cases-run.js"), kind, address())));
      for (const name of CASES) test(name, () => assert.equal(outcomes[name], "well"));
    });
  }
}
