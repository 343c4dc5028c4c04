// One page, one sandbox and one Chromium for all tests of a file. For each test the sandbox is reset, and the page is
// moved to an origin that the browser has never seen.

import { after, afterEach, before, beforeEach } from "node:test";
import { anew, launchForTests } from "./app.mjs";
import { startStage } from "./stage.mjs";

/** Call this once, before the tests. `stage` and `engine` are set while the tests run. */
export function staged() {
  const there = { stage: undefined, engine: undefined };
  before(async () => {
    there.stage = await startStage();
    there.engine = await launchForTests("chromium");
  });
  after(async () => {
    await there.engine?.close();
    await there.stage?.close();
  });
  beforeEach(() => anew(there.stage));
  afterEach(() => there.engine.closeTabs());
  return there;
}
