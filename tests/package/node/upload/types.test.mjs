// The declared types of the uploader match what exists at run time.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { endpoint, openStore, uploaderTo } from "../../upload/support/endpoint.mjs";
import { samples } from "../../upload/support/samples.mjs";
import { refusal } from "../support/answers.mjs";
import { compiler } from "../support/compiler.mjs";

const { complaints, remove } = compiler();
after(remove);

const names = (keys) => keys.map((key) => JSON.stringify(key)).join(" | ");

test("the members of an uploader are those that the types promise", () => {
  const keys = Reflect.ownKeys(Object.getPrototypeOf(uploaderTo(endpoint()))).filter(
    (key) => key !== "constructor" && key !== Symbol.toStringTag,
  );
  const members = keys.map((key) => (key === Symbol.dispose ? "typeof Symbol.dispose" : JSON.stringify(key))).join(" | ");
  const source = `
    import type { SampleUploader } from "humansync";
    import { type Same, holds } from "./equal.js";
    holds<Same<keyof SampleUploader, ${members}>>();`;
  assert.equal(complaints("members", ["equal.ts", ["members.ts", source]], {}), "");
});

test("reports, plans, progress and the rest have the members that the types promise", async () => {
  const events = [];
  const list = [...samples(20), null];
  const text = list.map((one) => JSON.stringify(one)).join("\n");
  const fetch = endpoint((data, index) => (index === 1 ? refusal(422) : undefined));
  const uploader = uploaderTo(fetch, { batchSize: 10, concurrency: 1 });
  const plan = await uploader.plan("steps", text);
  const report = await uploader.upload("steps", text, { onProgress: (progress) => events.push(progress) });
  const store = openStore();
  await uploaderTo(endpoint(), { store }).upload("steps", list);
  store.values.delete([...store.values.keys()].find((key) => key.endsWith("/index")));
  const { warnings } = await uploaderTo(endpoint(), { store }).upload("steps", list);
  assert.deepEqual(warnings.map(Object.keys), [["code", "message"]]);
  assert.ok(!("warnings" in report));
  const things = {
    UploadReport: { ...report, warnings },
    UploadPlan: plan,
    UploadProgress: events[0],
    Rejection: report.rejected[0],
    UploadFailure: report.failures[0],
    Watermark: { ...report.watermarks[0], ...(await uploaderTo(endpoint()).upload("steps", samples(3))).watermarks[0] },
  };
  const source = `
    import type { ${Object.keys(things).join(", ")} } from "humansync";
    import { type Same, holds } from "./equal.js";
    ${Object.entries(things)
      .map(([type, thing]) => `holds<Same<keyof ${type}, ${names(Object.keys(thing))}>>();`)
      .join("\n")}`;
  assert.equal(complaints("reports", ["equal.ts", ["reports.ts", source]], {}), "");
});

for (const [name, options] of [
  ["nodenext", { module: "nodenext", moduleResolution: "nodenext" }],
  ["bundler", { module: "esnext", moduleResolution: "bundler" }],
]) {
  test(`what createStore gives is a Store, once it is awaited where it must be: ${name}`, () => {
    const source = `
      import { SampleUploader, type Store } from "humansync";
      import { createStore as inMemory } from "humansync/stores/memory";
      import { createStore as inFolder } from "humansync/stores/file";
      import { createStore as inBrowser } from "humansync/stores/indexeddb";
      import { type Same, holds } from "./equal.js";
      holds<Same<ReturnType<typeof inMemory>, Store>>();
      holds<Same<ReturnType<typeof inFolder>, Promise<Store>>>();
      holds<Same<ReturnType<typeof inBrowser>, Promise<Store>>>();
      holds<Same<Parameters<typeof inFolder>, [folder: string | URL]>>();
      holds<Same<Parameters<typeof inBrowser>, [name: string]>>();
      const options = { baseUrl: "https://samples.example", token: "t" };
      new SampleUploader({ ...options, store: inMemory() });
      new SampleUploader({ ...options, store: await inFolder("sent") });
      // @ts-expect-error: it is still being opened
      new SampleUploader({ ...options, store: inFolder("sent") });`;
    assert.equal(complaints(`stores-${name}`, ["equal.ts", ["stores.ts", source]], options), "");
  });
}
