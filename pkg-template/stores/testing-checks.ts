// What the cases are made of, and what they check with: the runner's own assertions are not known.

import type { Lease, Store } from "../types/store.js";

export interface Case {
  readonly name: string;
  /** Each call of `open` gives a store at the case's place. */
  readonly run: (open: () => Promise<Store>) => Promise<void>;
}

/** A list of cases, and the function that adds one. */
export function caseList(): { cases: Case[]; define: (name: string, run: Case["run"]) => void } {
  const cases: Case[] = [];
  return { cases, define: (name, run) => void cases.push({ name, run }) };
}

export function check(holds: boolean, claim: string): void {
  if (!holds) throw new Error(`not so: ${claim}`);
}

/** Of JSON, or undefined. */
export function equal(actual: unknown, expected: unknown, where = ""): void {
  const [one, other] = [actual, expected].map((value) => (value === undefined ? "undefined" : JSON.stringify(value))) as [string, string];
  if (one !== other) throw new Error(`${where} expected ${other.slice(0, 2000)}, got ${one.slice(0, 2000)}`);
}

export function sameBytes(actual: Uint8Array | undefined, expected: Uint8Array, where = ""): void {
  if (actual?.length !== expected.length) throw new Error(`${where} expected ${expected.length} bytes, got ${actual?.length}`);
  const wrong = actual.findIndex((byte, index) => byte !== expected[index]);
  if (wrong >= 0) throw new Error(`${where} byte ${wrong} is ${actual[wrong]}, not ${expected[wrong]}`);
}

/** What `call` rejects with. */
export async function refusal(call: () => Promise<unknown>, what: string): Promise<unknown> {
  let promise;
  try {
    promise = call();
  } catch {
    throw new Error(`${what} threw, where it should give a promise that rejects`);
  }
  return promise.then(
    () => {
      throw new Error(`${what} should be refused`);
    },
    (reason: unknown) => reason,
  );
}

export async function isFenced(call: () => Promise<unknown>, what: string): Promise<void> {
  const error = await refusal(call, what);
  equal((error as { code?: unknown } | undefined)?.code, "fenced", `the code of the error of ${what}:`);
}

/** The lease of a work that has ended. */
export function leaseOf(store: Store, name: string): Promise<Lease> {
  return store.lock(name, async (lease) => lease);
}

/** Increments the counter `key` under its lock. */
export function increment(store: Store, key: string): Promise<void> {
  return store.lock(key, async (lease) => {
    const now = await count(store, key);
    await store.set(key, new TextEncoder().encode(String(now + 1)), lease);
  });
}

export async function count(store: Store, key: string): Promise<number> {
  return Number(new TextDecoder().decode(await store.get(key)));
}
