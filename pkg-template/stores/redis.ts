/**
 * A store in Redis, which any number of machines may share.
 *
 * - A lock is a key that expires, which its holder puts off again and again. It is free at once when its work has
 *   ended, and `leaseDuration` after its holder has died, was stopped, or lost its way to the server. The signal of such a
 *   holder's lease aborts, and what it still writes with its lease is refused, in the same script that would write.
 *   Where the server's clock is set back, the lock of a dead holder may stay taken for up to two hours.
 * - A call that loses its connection, or is not answered within 10 seconds, is made again, for about half a minute at
 *   most. The server may come to the earlier one late. With a lease, such a write changes nothing any more once a later
 *   write of this lease to the same key, or the lock's next holder, has come; of the lease's own writes this is known
 *   until a day after the last one. Writes without a lease have no such protection.
 * - Within one program, locks go to those who wait in the order in which they came; between programs, to whoever asks
 *   first when it is free, at most a second later. A work must not ask for a lock that it runs under: it would wait
 *   for itself.
 *
 * **What Redis cannot promise.** `set` resolves when the server has the value, which may be before a disk or a replica
 * has it:
 *
 * - A server that crashes forgets what it has not yet put on its disk: with `appendonly no` up to everything since the
 *   last snapshot, with `appendfsync everysec` up to a second, with `appendfsync always` nothing.
 * - A failover (Sentinel, Cluster, a managed service) forgets what the replica has not got by then, whatever the disk
 *   has: values, and who has which lock. A holder that is forgotten is refused from then on; one that came before it may
 *   be taken for the last one again.
 * - What is forgotten is read again by a sync, and may be sent again by an upload. Where that must not be, use
 *   PostgreSQL.
 * - A server that evicts keys would forget them at any time: `createStore` refuses one where it can see that.
 *
 * All keys are in one slot, so that a cluster runs each script on one of its servers.
 */

import type { Lease, Store } from "../types/store.js";
import { checkedName, checkedPrefix, checkedWork, copyOf, isBytes, misfit } from "./checks.js";
import { bytesOfText, textOfBytes } from "./key-bytes.js";
import { fenced, leasesOf } from "./leases.js";
import { patientlyAsk } from "./patience.js";
import { type RunScript, scriptRunner } from "./redis-clients.js";
import { isForbidden, isPassing, redisFailure } from "./redis-errors.js";
import { type LockServer, type ServerHeld, checkedLeaseDuration, underServerLock } from "./server-locks.js";
import { checkNames } from "./option-names.js";
import { serialQueue } from "./serial-queue.js";
import * as scripts from "./redis-scripts.js";
import { storeError } from "../core/errors.js";

/** What is used of a client of `redis`, from version 5 on: a single one, a pool, a cluster or a sentinel. */
export interface NodeRedisClient {
  withTypeMapping(mapping: Record<number, unknown>): unknown;
}

/** What is used of a client of `ioredis`, or of its cluster. */
export interface IoredisClient {
  callBuffer(command: string, args: (string | Uint8Array | number)[]): Promise<unknown>;
}

export interface RedisStoreOptions {
  /** A client of `redis` (connected) or of `ioredis`, or of a cluster of either. */
  client: NodeRedisClient | IoredisClient;
  /** What all keys begin with, within braces. Default `"humansync:"`. */
  prefix?: string | undefined;
  /** How long a lock stays taken when its holder cannot be heard of any more, in milliseconds. Default 15 000. */
  leaseDuration?: number | undefined;
}

const OPTIONS = ["client", "prefix", "leaseDuration"] satisfies (keyof RedisStoreOptions)[];

/** Opens the store. */
export async function createStore(options: RedisStoreOptions): Promise<Store> {
  const run = scriptRunner(options?.client);
  checkNames("options", options, OPTIONS);
  const prefix = checkedKeyPrefix(options.prefix);
  const leaseDuration = checkedLeaseDuration(options.leaseDuration);
  await refuseEviction(run, prefix);
  return storeOf(run, queueOf(options.client), prefix, leaseDuration);
}

/** Over all stores of this program, by the client: two of one client take turns like the calls of one. */
const queues = new WeakMap<object, ReturnType<typeof serialQueue>>();

function queueOf(client: object): ReturnType<typeof serialQueue> {
  const queue = queues.get(client) ?? serialQueue();
  queues.set(client, queue);
  return queue;
}

function storeOf(run: RunScript, queue: ReturnType<typeof serialQueue>, prefix: string, leaseDuration: number): Store {
  const leases = leasesOf<ServerHeld>();
  const inTurn = <T>(kind: string, name: string, work: () => Promise<T>) => queue(JSON.stringify([prefix, kind, name]), work);
  const names = keysIn(prefix);
  const server = lockServer(run, prefix);
  /** What every change is given: where values, their keys, the tokens and, of a lease, its writes are. */
  const places = (held: ServerHeld | undefined) => [names.values, names.index, names.tokens, ...(held === undefined ? [] : [names.writes(held.lock)])];

  async function ask(tried: string, ...script: Parameters<RunScript>): Promise<unknown> {
    try {
      return await patientlyAsk(() => run(...script), isPassing);
    } catch (cause) {
      throw redisFailure(tried, cause);
    }
  }

  /** What a script is told of a lease: nothing, or the lock, who must be its last holder, and the number of the write. */
  const told = (held: ServerHeld | undefined) => (held === undefined ? [] : [bytesOfText(held.lock), `${held.token}:${held.holder}`, String(++held.writes)]);

  return Object.freeze({
    async get(key: string) {
      const value = await ask("A value could not be read from Redis", scripts.GET, [names.values], [bytesOfText(checkedName("key", key))]);
      return value === null || value === undefined ? undefined : new Uint8Array(bytesIn(value));
    },

    async set(key: string, value: Uint8Array, lease?: Lease) {
      const name = checkedName("key", key);
      const bytes = copyOf(value);
      const held = leases.known(lease);
      return inTurn("value", name, async () => {
        const isDone = await ask("A value could not be written to Redis", scripts.SET, places(held), [bytesOfText(name), bytes, ...told(held)]);
        if (isDone !== 1) throw fenced();
      });
    },

    async delete(key: string, lease?: Lease) {
      const name = checkedName("key", key);
      const held = leases.known(lease);
      return inTurn("value", name, async () => {
        const isDone = await ask("A value could not be deleted from Redis", scripts.DELETE, places(held), [bytesOfText(name), ...told(held)]);
        if (isDone !== 1) throw fenced();
      });
    },

    async keys(prefix: string) {
      const start = bytesOfText(checkedPrefix(prefix));
      const found = await ask("The keys in Redis could not be listed", scripts.KEYS, [names.index], [start]);
      return (found as unknown[]).map((key) => textOfBytes(bytesIn(key))).sort();
    },

    async lock<T>(name: string, work: (lease: Lease) => Promise<T>) {
      const checked = checkedWork(work);
      const place = { server, leases, leaseDuration, inTurn: <R>(lock: string, turn: () => R | Promise<R>) => inTurn("lock", lock, async () => turn()) };
      return underServerLock(place, checkedName("name", name), checked);
    },
  });
}

/**
 * Hashes of values and of the locks' last holders, the sorted set of the keys, a key for each lock that is held, and a
 * hash for the writes of its lease.
 */
function keysIn(prefix: string) {
  const own = `{${prefix}}`;
  const of = (kind: string) => (name: string) => bytesOfText(`${own}${kind}:${name}`);
  return { values: `${own}values`, index: `${own}keys`, tokens: `${own}tokens`, lock: of("lock"), writes: of("writes") };
}

function lockServer(run: RunScript, prefix: string): LockServer {
  const { tokens, lock: keyOf, writes } = keysIn(prefix);
  return {
    async take(lock, holder, lasts, answerTime) {
      let since = 0;
      const attempt = () => {
        since = performance.now();
        return run(scripts.TAKE, [keyOf(lock), tokens, writes(lock)], [bytesOfText(lock), holder, String(lasts)]);
      };
      try {
        const token = await patientlyAsk(attempt, isPassing, answerTime);
        return token === null ? undefined : { token: Number(token), since };
      } catch (cause) {
        throw redisFailure("A lock in Redis could not be taken", cause);
      }
    },
    async extend({ lock, holder }, lasts) {
      return (await run(scripts.EXTEND, [keyOf(lock)], [holder, String(lasts)])) === 1;
    },
    async free({ lock, holder }) {
      await patientlyAsk(() => run(scripts.FREE, [keyOf(lock)], [holder]), isPassing);
    },
  };
}

/** Refuses a server that says that it evicts keys. One that tells nothing of its memory may do so. */
async function refuseEviction(run: RunScript, prefix: string): Promise<void> {
  let memory;
  try {
    memory = textOfBytes(bytesIn(await run(scripts.MEMORY, [keysIn(prefix).values], [])));
  } catch (cause) {
    if (isForbidden(cause)) return;
    throw redisFailure("The store in Redis could not be opened", cause);
  }
  const limit = Number(/^maxmemory:(\d+)/m.exec(memory)?.[1] ?? 0);
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? "noeviction";
  if (limit === 0 || policy === "noeviction") return;
  throw storeError("unsupported", `This Redis evicts keys when its memory is full (maxmemory-policy ${policy}), and would forget what was sent: set maxmemory-policy to noeviction, or maxmemory to 0, or give another server`);
}

function bytesIn(reply: unknown): Uint8Array {
  if (isBytes(reply)) return reply;
  throw storeError("unsupported", "The client of the store in Redis gives something else than bytes where it was asked for them; give one of `redis` from version 5 on, or of `ioredis`");
}

function checkedKeyPrefix(prefix: unknown = "humansync:"): string {
  const checked = checkedName("prefix", prefix);
  // It is within braces itself, and two that differ must not give one key.
  if (!/[{}]/.test(checked)) return checked;
  throw misfit("prefix", "a text without braces", "one that has some");
}
