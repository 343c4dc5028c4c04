// Where this runs.

/**
 * Whether people who use this page can look into its memory: in a page, a Worker of one, an extension. Node, Deno, Bun and edge workers are
 * different, though some of them have a `window` or the classes of Workers as well.
 */
export function isBrowser() {
  if (typeof globalThis.window === "object" && typeof globalThis.window?.document === "object") return true;
  const { WorkerGlobalScope, navigator } = /** @type {any} */ (globalThis);
  return typeof WorkerGlobalScope === "function" && globalThis instanceof WorkerGlobalScope && /^Mozilla\//.test(navigator?.userAgent);
}
