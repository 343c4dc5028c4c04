// The page's Content-Security-Policy: as strict as the library allows. It is in the built page, and in the headers of `vite preview`:
// a Worker goes by the headers of its own file.

/** What a page that talks to `server` may do, and nothing besides. */
export function policy(server: string): string {
  return Object.entries({
    "default-src": "'none'",
    // WebAssembly is compiled; nothing is ever compiled from text.
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self'",
    // The page's own files (the WebAssembly), and the API.
    "connect-src": `'self' ${new URL(server).origin}`,
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    // No text becomes markup or code anywhere; a Worker's address is the one exception (src/send/start-worker.ts).
    "require-trusted-types-for": "'script'",
    "trusted-types": "humansync-worker",
  })
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

/** Headers for every file of the page. A policy in the page itself cannot say `frame-ancestors`. */
export function headers(server: string): Record<string, string> {
  return {
    "Content-Security-Policy": `${policy(server)}; frame-ancestors 'none'`,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
  };
}
