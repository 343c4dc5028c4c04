// Takes a lock in a program that has a global called Deno, as libraries for both runtimes bring one.

import { argv } from "node:process";

globalThis.Deno = { version: { deno: "2.0.0" }, listen: () => ({}), connect: async () => ({}) };
const { createStore } = await import("humansync/stores/file");
const store = await createStore(argv[2]);
console.log(JSON.stringify(await store.lock("name", async () => "held")));
