// Files and bytes from a frame, which is another realm with its own classes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserFor } from "./support/pages.mjs";

test("sources from a frame are recognized", { timeout: 120_000 }, async (t) => {
  const page = await (await browserFor(t)).open();
  const outcomes = await page.evaluate(async () => {
    const { SampleUploader } = await import("/node_modules/humansync/index.js");
    const { samples } = await import("/samples.js");
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const realm = frame.contentWindow;
    const list = samples(40);
    const text = list.map((sample) => JSON.stringify(sample)).join("\n");
    const bytes = () => realm.Uint8Array.from(new TextEncoder().encode(text));
    const stream = (chunks) => new realm.ReadableStream({ start: (controller) => (chunks.forEach((chunk) => controller.enqueue(chunk)), controller.close()) });
    const sources = {
      "a File": new realm.File([text], "samples.json"),
      "a Blob": new realm.Blob([text]),
      "a packed File": new realm.File([await new Response(new realm.Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer()], "a.gz"),
      "an ArrayBuffer": bytes().buffer,
      "a Uint8Array": bytes(),
      "a DataView": new realm.DataView(bytes().buffer),
      "a Response": new realm.Response(text),
      "a stream of bytes": stream([bytes().subarray(0, 50), bytes().subarray(50)]),
      "a stream of this page with the frame's chunks": new ReadableStream({ start: (controller) => (controller.enqueue(bytes()), controller.close()) }),
      "an array of samples": realm.Array.from(list.map((sample) => realm.Object.assign(new realm.Object(), sample))),
      "samples with the frame's dates": list.map((sample) => ({ ...sample, start_date: new realm.Date(sample.start_date), end_date: new realm.Date(sample.end_date ?? sample.start_date) })),
    };
    const uploader = new SampleUploader({ baseUrl: "http://127.0.0.1:9", token: "demo" });
    const outcomes = {};
    for (const [what, source] of Object.entries(sources)) {
      const { samples, rejectedCount } = await uploader.plan("steps", source).catch((error) => ({ samples: String(error) }));
      outcomes[what] = [samples, rejectedCount];
    }
    const controller = new realm.AbortController();
    const reason = new realm.Error("enough");
    controller.abort(reason);
    const aborted = uploader.upload("steps", list, { signal: controller.signal }).then(() => "it was sent", (error) => error === reason);
    outcomes["an AbortSignal"] = [(await aborted) ? 40 : 0, 0];
    return outcomes;
  });
  assert.ok(Object.keys(outcomes).length === 12);
  for (const [what, outcome] of Object.entries(outcomes)) assert.deepEqual(outcome, [40, 0], what);
});
