import { defineConfig, type Plugin } from "vite";
import { headers, policy } from "./policy.ts";

/** Origin of the API that the page talks to: of the sandbox, unless it is said otherwise. */
const server = process.env["VITE_SERVER"] ?? "http://127.0.0.1:8787";

/** Writes the address into the page, as `define` does into its scripts: a text that came later would move what is beside it. */
const serverInPage: Plugin = {
  name: "server-in-page",
  transformIndexHtml: (html) => html.replaceAll("__SERVER__", server),
};

/** Puts the policy into the built page, so that it holds wherever the page is served from. */
const policyInPage: Plugin = {
  name: "policy-in-page",
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: policy(server) }, injectTo: "head-prepend" },
  ],
};

export default defineConfig({
  base: "./",
  plugins: [serverInPage, policyInPage],
  define: { __SERVER__: JSON.stringify(server) },
  worker: { format: "es" },
  build: {
    target: "es2023",
    // A file stays a file: a policy without `data:` takes no other.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // Here the package is a link to a folder outside; installed from npm it needs no line.
  server: { fs: { allow: [".", "../../dist"] } },
  preview: { headers: headers(server) },
});
