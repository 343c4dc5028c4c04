// The package itself, in its ordinary use.

import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { SampleUploader } from "humansync";
import { createStore } from "humansync/stores/memory";

export const name = "humansync";

const sources = {
  ndjson: (bytes) => bytes,
  objects: (samples) => samples,
  export: (file) => Readable.toWeb(createReadStream(file, { highWaterMark: 1 << 18 })),
};

async function uploader({ url = "http://127.0.0.1:9", fetch } = {}) {
  return new SampleUploader({ baseUrl: url, token: "demo", store: await createStore(), fetch });
}

export async function prepare(kind, input) {
  const plan = await (await uploader()).plan("steps", sources[kind](input));
  return { samples: plan.samples, rejected: plan.rejectedCount, batches: plan.batches };
}

export async function send(kind, input, server) {
  const report = await (await uploader(server)).upload("steps", sources[kind](input));
  return { samples: report.sent, rejected: report.rejectedCount, batches: report.batches };
}
