// Where this runs.

/**
 * Whether whoever looks at a page can look into this: a page, a Worker of one, an extension. Node, Deno, Bun and edge workers are
 * none, though some of them have a `window` or the classes of Workers as well.
 */
export function isBrowser() {
  if (typeof globalThis.window === "object" && typeof globalThis.window?.document === "object") return true;
  const { WorkerGlobalScope, navigator } = /** @type {any} */ (globalThis);
  return typeof WorkerGlobalScope === "function" && globalThis instanceof WorkerGlobalScope && /^Mozilla\//.test(navigator?.userAgent);
}
