// What tests ask a page to do: upload samples, or a Blob that the page makes, with the store for browsers.

import { SampleUploader } from "/node_modules/humansync/index.js";
import { createStore } from "/node_modules/humansync/stores/indexeddb.js";
import { APPLE_HEAD, APPLE_TAIL, appleRecord, numberOf, otherRecord, sampleOf, samples } from "./samples.js";
import { watched } from "./watched.js";

let blob;

globalThis.program = {
  /** Uploads `count` samples, and returns the report. */
  async send({ baseUrl, count, batchSize }) {
    const uploader = new SampleUploader({ baseUrl, token: "demo", batchSize, store: await createStore("tabs") });
    return uploader.upload("steps", samples(count));
  },

  /** Makes an export of `parts` parts with `samplesEach` samples each; returns its size. */
  makeBlob({ parts, samplesEach }) {
    const pieces = [APPLE_HEAD];
    for (let part = 0; part < parts; part++) {
      let text = "";
      for (let number = part * samplesEach; number < (part + 1) * samplesEach; number++) {
        text += appleRecord(sampleOf(number));
        if (number % 3 === 0) text += otherRecord(number);
      }
      // As a Blob, it no longer takes memory of this page.
      pieces.push(new Blob([text]));
    }
    blob = new Blob([...pieces, APPLE_TAIL]);
    return blob.size;
  },

  /** Uploads the export. Returns the report, or whether it rejected with the reason of the abort; and the posts. */
  async sendBlob({ baseUrl, abortAtHalf }) {
    const posts = [];
    const tell = ({ step, post, body, status }) => {
      if (step === "post") posts[post] = { ...rangeOf(body), isAcknowledged: false };
      if (step === "answer") posts[post].status = status;
      if (step === "noted") posts[post].isAcknowledged = true;
    };
    const { store, fetch } = watched(await createStore("blob"), (url, init) => globalThis.fetch(url, init), tell);
    const uploader = new SampleUploader({ baseUrl, token: "demo", store, fetch });
    const controller = new AbortController();
    const reason = new Error("half of it will do");
    let last;
    const onProgress = (progress) => {
      last = progress;
      if (abortAtHalf && progress.batches !== undefined && progress.batchesDone >= progress.batches / 2) controller.abort(reason);
    };
    const outcome = await uploader.upload("steps", blob, { signal: controller.signal, onProgress }).then(
      (report) => ({ report }),
      (error) => ({ isReason: error === reason, error: String(error) }),
    );
    return { ...outcome, posts, last, wasm: globalThis.wasmMemories.map((memory) => memory.buffer.byteLength) };
  },
};

/** The number of samples in a body, and the numbers of the first and the last one. */
function rangeOf(body) {
  const numberAfter = (text, at) => numberOf(/"start_date":"([^"]*)"/.exec(text.slice(at))[1]);
  const begin = new TextDecoder().decode(body.subarray(0, 1000));
  const end = new TextDecoder().decode(body.subarray(-1000));
  let count = 0;
  // Each sample ends with a brace, and so does the body.
  for (const byte of body) if (byte === 0x7d) count++;
  return { first: numberAfter(begin, 0), last: numberAfter(end, end.lastIndexOf('"start_date"')), count: count - 1 };
}
