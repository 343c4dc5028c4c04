// Waits for a lock and takes it, and prints how often node:net was asked to listen and to connect meanwhile.

import { Server, Socket } from "node:net";
import { argv } from "node:process";
import { createStore } from "humansync/stores/file";

const calls = { listen: 0, connect: 0 };
for (const [prototype, name] of [
  [Server.prototype, "listen"],
  [Socket.prototype, "connect"],
]) {
  const original = prototype[name];
  prototype[name] = function (...given) {
    calls[name] += 1;
    return original.apply(this, given);
  };
}

const store = await createStore(argv[2]);
const outcome = await store.lock("name", () => "held");
console.log(JSON.stringify({ ...calls, outcome }));
