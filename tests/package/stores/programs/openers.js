// Opens stores of each kind at places of an address: a folder, the address of a server, or nothing.

import { join } from "node:path";
import { once } from "./outcomes.js";

/** `open(place, options)` opens a store; `close` ends what it is over. */
export async function openerOf(kind, address) {
  const { open, close = async () => {} } = await OPENERS[kind](address);
  return { open, close };
}

const OPENERS = {
  async memory() {
    const { createStore } = await import("humansync/stores/memory");
    return { open: once(createStore) };
  },
  async file(folder) {
    const { createStore } = await import("humansync/stores/file");
    return { open: (place) => createStore(join(folder, place)) };
  },
  async postgres(url) {
    const [{ createStore }, { default: pg }] = [await import("humansync/stores/postgres"), await import("pg")];
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    // A server that restarts ends idle connections, too.
    pool.on("error", () => {});
    return { open: (place, options) => createStore({ pool, schema: place, ...options }), close: () => pool.end() };
  },
  async redis(socket) {
    const [{ createStore }, { createClient }] = [await import("humansync/stores/redis"), await import("redis")];
    const client = await createClient({ socket: { path: socket } }).on("error", () => {}).connect();
    return { open: (place, options) => createStore({ client, prefix: place, ...options }), close: () => client.close() };
  },
  async ioredis(socket) {
    const [{ createStore }, { Redis }] = [await import("humansync/stores/redis"), await import("ioredis")];
    const client = new Redis(socket).on("error", () => {});
    return { open: (place, options) => createStore({ client, prefix: place, ...options }), close: () => client.quit() };
  },
};
