// The glue of what sends samples: a part of the whole library's.

export { default, initSync, SampleUploader } from "./humansync.js";
