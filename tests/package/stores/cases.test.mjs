// The cases of stores, in server runtimes: memory and files in Node, Deno and Bun.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { CASES } from "./support/cases.mjs";
import { RUNTIMES, endOf, folderFor, outcomeIn, projectFor, unlessInstalled } from "./support/programs.mjs";

const ending = endOf(after);

for (const runtime of RUNTIMES) {
  for (const kind of ["memory", "file"]) {
    describe(`${kind} in ${runtime.name}`, unlessInstalled(runtime), () => {
      let outcomes;
      before(async () => (outcomes = await outcomeIn(ending, runtime, join(projectFor(ending), "cases-run.js"), kind, folderFor(ending))));
      for (const name of CASES) test(name, () => assert.equal(outcomes[name], "well"));
    });
  }
}
