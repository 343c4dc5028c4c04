// Starts the Worker with a Trusted Types policy that accepts only the Worker's URL.

import address from "./worker.ts?worker&url";

/** The part of Trusted Types that is used, in browsers that support them. */
interface Factory {
  createPolicy(name: string, rules: { createScriptURL(given: string): string }): { createScriptURL(given: string): string };
}

const policy = (globalThis as { trustedTypes?: Factory }).trustedTypes?.createPolicy("humansync-worker", {
  createScriptURL(given) {
    if (given !== address) throw new TypeError("this is not the address of the page's Worker");
    return given;
  },
});

export function startWorker(): Worker {
  return new Worker(policy?.createScriptURL(address) ?? address, { type: "module", name: "humansync-web sender" });
}
