// A counter in a store. It imports nothing, so that it runs wherever a store does.

/** Increments the counter `key` under its lock. */
export function increment(store, key) {
  return store.lock(key, async (lease) => {
    const now = await count(store, key);
    await store.set(key, new TextEncoder().encode(String(now + 1)), lease);
  });
}

export async function count(store, key) {
  return Number(new TextDecoder().decode(await store.get(key)));
}
