// Measures memory: the peak of the process, and the WebAssembly memory.

import { readFileSync, writeFileSync } from "node:fs";

const memories = [];
const Instance = WebAssembly.Instance;

/** Has to be called before the package whose memory is measured is loaded. */
export function watchWebAssembly() {
  WebAssembly.Instance = class extends Instance {
    constructor(module, imports) {
      super(module, imports);
      for (const exported of Object.values(this.exports)) if (exported instanceof WebAssembly.Memory) memories.push(exported);
    }
  };
}

/** The bytes of WebAssembly memory, which only grow. */
export function webAssemblyBytes() {
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

/** Resets the peak of the process's memory, where the system supports it (Linux). */
export function forgetPeak() {
  globalThis.gc?.();
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // Without support, the peak is that of the whole process, including its loading of the input.
  }
}

/** The largest resident set size since, in bytes. */
export function peak() {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
    return Number(kibibytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
