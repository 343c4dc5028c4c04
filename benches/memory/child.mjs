// A plan or an upload of a file that is read as it comes, in its own process: `node --expose-gc child.mjs '{"work":…}'`
// prints the result as JSON.

import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { forgetPeak, peak, watchWebAssembly, webAssemblyBytes } from "../send/memory.mjs";
import { answersAtOnce, NOBODY } from "../send/server.mjs";

const { work, input, warmUp } = JSON.parse(process.argv[2]);

watchWebAssembly();
const { SampleUploader } = await import("humansync");
const { createStore } = await import("humansync/stores/memory");

const run = async (file) => {
  const uploader = new SampleUploader({ baseUrl: NOBODY, token: "demo", store: await createStore(), fetch: answersAtOnce });
  const source = Readable.toWeb(createReadStream(file, { highWaterMark: 1 << 18 }));
  return work === "plan" ? uploader.plan("steps", source) : uploader.upload("steps", source);
};
await run(warmUp);

forgetPeak();
const [resident, linear] = [process.memoryUsage.rss(), webAssemblyBytes()];
const began = performance.now();
const { samples, rejectedCount, read = samples + rejectedCount } = await run(input);
console.log(
  JSON.stringify({
    samples: read,
    milliseconds: performance.now() - began,
    memory: Math.max(0, peak() - resident),
    webAssembly: webAssemblyBytes() - linear,
  }),
);
