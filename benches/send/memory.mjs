// How much memory a piece of work takes: the process's highest, and the WebAssembly's own.

import { readFileSync, writeFileSync } from "node:fs";

const memories = [];
const Instance = WebAssembly.Instance;

/** Has to be called before a package is loaded whose memory is to be seen. */
export function watchWebAssembly() {
  WebAssembly.Instance = class extends Instance {
    constructor(module, imports) {
      super(module, imports);
      for (const exported of Object.values(this.exports)) if (exported instanceof WebAssembly.Memory) memories.push(exported);
    }
  };
}

/** Bytes of WebAssembly memory: it only ever grows. */
export function webAssemblyBytes() {
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

/** Forgets how high the process's memory has been before, where the system can (Linux). */
export function forgetPeak() {
  globalThis.gc?.();
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // Then the peak is that of the whole process, with what it has read first.
  }
}

/** The most that has been resident since, in bytes. */
export function peak() {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
    return Number(kibibytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
