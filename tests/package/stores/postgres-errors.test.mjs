// What an error of PostgreSQL, or of the way to it, is taken for: the same by the store and by the workers.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { packageFolder } from "../node/support/installed.mjs";

const { isPassing, isPoolUnreachable } = await import(join(packageFolder, "stores/postgres-errors.js"));
const { failure } = await import(join(packageFolder, "stores/postgres-schema.js"));
const { databaseFailure } = await import(join(packageFolder, "workers/database-errors.js"));

const withCode = (code) => Object.assign(new Error("details with somebody's name"), { code });

for (const [code, wanted, passes] of [
  ["08006", "unreachable", true],
  ["57P01", "unreachable", true],
  ["57P03", "unreachable", true],
  ["53300", "unreachable", true],
  ["ECONNREFUSED", "unreachable", true],
  ["ENOTFOUND", "unreachable", true],
  ["3D000", "unreachable", false],
  ["28P01", "denied", false],
  ["42501", "denied", false],
  ["25006", "denied", false],
  ["53100", "quota", false],
  ["53200", "quota", false],
  ["40001", "store", true],
  ["40P01", "store", true],
  ["55P03", "store", true],
  ["42P01", "store", false],
  ["22P02", "store", false],
]) {
  test(`${code} is ${wanted}, and ${passes ? "passes" : "does not pass"}`, () => {
    for (const [who, fail, pass] of [["the store", failure, (error) => isPassing(error, isPoolUnreachable)], ["workers", databaseFailure, (error) => isPassing(error)]]) {
      const error = fail("It could not be done", withCode(code));
      assert.deepEqual([error.name, error.code, pass(withCode(code))], ["StoreError", wanted, passes], who);
      assert.match(error.message, new RegExp(`^It could not be done.* \\(${code}\\); .+`), who);
      assert.doesNotMatch(error.message, /somebody/);
    }
  });
}

test("an error without a code: of a pool, it is of the way to the database; of anything else, only if it says so", () => {
  const ended = new Error("Connection terminated unexpectedly");
  for (const fail of [failure, databaseFailure]) assert.equal(fail("It failed", ended).code, "unreachable");
  const unknown = new Error("something");
  assert.deepEqual([failure("It failed", unknown).code, databaseFailure("It failed", unknown).code], ["unreachable", "store"]);
  assert.deepEqual([isPassing(unknown, isPoolUnreachable), isPassing(unknown)], [true, false]);
  for (const fail of [failure, databaseFailure]) assert.equal(fail("It failed", new TypeError("a defect")).code, "store");
});
