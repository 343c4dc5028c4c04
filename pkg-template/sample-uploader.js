// SampleUploader, over that of a WebAssembly.

import { define, ends, located } from "./classes.js";
import { createStore } from "./stores/memory.js";

export function sampleUploader(Inner, requireLoaded) {
  class SampleUploader {
    constructor(options) {
      requireLoaded("SampleUploader");
      try {
        adopt(new Inner(options, createStore()), this);
      } catch (error) {
        throw located(error, new.target);
      }
    }
  }
  const adopt = define(
    "SampleUploader",
    {
      promising: {
        plan: (uploader, type, source, options) => uploader.plan(type, source, options),
        upload: (uploader, type, source, options) => uploader.upload(type, source, options),
        watermarks: (uploader, type) => uploader.watermarks(type),
        forget: (uploader, type, deviceName) => uploader.forget(type, deviceName),
      },
      plain: ends,
    },
    SampleUploader.prototype,
  );
  return SampleUploader;
}
