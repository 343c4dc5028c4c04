// Cases of leases.

import type { Lease } from "../types/store.js";
import { caseList, check, equal, isFenced, leaseOf, refusal, sameBytes } from "./testing-checks.js";

const { cases, define } = caseList();
export { cases as LEASE_CASES };

define("the work under a lock is told its lease: a signal that has not aborted, and a token", async (open) => {
  const store = await open();
  await store.lock("name", async (lease) => {
    check(Object.prototype.toString.call(lease.signal) === "[object AbortSignal]", "the signal is an AbortSignal");
    equal(lease.signal.aborted, false);
    check(Number.isSafeInteger(lease.token), "the token is a whole number");
  });
});

define("each holder of a lock has a greater token than all before it, whichever store it came by", async (open) => {
  const stores = [await open(), await open(), await open()];
  let last = -Infinity;
  for (let round = 0; round < 3; round++) {
    for (const store of stores) {
      const { token } = await leaseOf(store, "name");
      check(token > last, `${token} is greater than ${last}`);
      last = token;
    }
  }
});

define("what is changed under a lease is changed", async (open) => {
  const store = await open();
  await store.set("old", Uint8Array.of(1));
  await store.lock("name", async (lease) => {
    equal(await store.set("key", Uint8Array.of(1), lease), undefined);
    equal(await store.set("key", Uint8Array.of(2), lease), undefined);
    equal(await store.delete("old", lease), undefined);
    equal(await store.delete("never", lease), undefined);
    sameBytes(await store.get("key"), Uint8Array.of(2));
  });
  sameBytes(await store.get("key"), Uint8Array.of(2));
  equal(await store.keys(""), ["key"]);
});

define("an older lease is refused once there is a later holder, and changes nothing", async (open) => {
  const [one, other] = [await open(), await open()];
  await one.set("key", Uint8Array.of(1));
  const older = await leaseOf(one, "name");
  const refused = async () => {
    await isFenced(() => one.set("key", Uint8Array.of(9), older), "`set` with an older lease");
    await isFenced(() => one.set("new", Uint8Array.of(9), older), "`set` of a new key with an older lease");
    await isFenced(() => one.delete("key", older), "`delete` with an older lease");
    await isFenced(() => one.delete("never", older), "`delete` of nothing with an older lease");
    sameBytes(await other.get("key"), Uint8Array.of(1));
    equal(await other.keys(""), ["key"]);
  };
  await other.lock("name", refused);
  await refused();
});

define("holders of other locks do not fence a lease", async (open) => {
  const [one, other] = [await open(), await open()];
  await one.lock("name", async (lease) => {
    await other.lock("other", async (others) => {
      await one.set("key", Uint8Array.of(1), lease);
      await other.set("key", Uint8Array.of(2), others);
      await one.set("key", Uint8Array.of(3), lease);
    });
    await leaseOf(one, "other");
    await one.delete("key", lease);
  });
  equal(await one.keys(""), []);
});

define("a write without a lease is never refused", async (open) => {
  const store = await open();
  await leaseOf(store, "name");
  await store.lock("name", async () => {
    await store.set("key", Uint8Array.of(1));
    await store.set("key", Uint8Array.of(2), undefined);
    sameBytes(await store.get("key"), Uint8Array.of(2));
    await store.delete("key", undefined);
  });
  equal(await store.keys(""), []);
});

define("a lease that the store has not given is refused", async (open) => {
  const store = await open();
  await store.set("key", Uint8Array.of(1));
  await store.lock("name", async (lease) => {
    const copies = [{ ...lease }, { signal: lease.signal, token: lease.token + 1 }, {}] as Lease[];
    for (const copy of copies) {
      await refusal(() => store.set("key", Uint8Array.of(9), copy), "`set` with a lease of somebody else");
      await refusal(() => store.delete("key", copy), "`delete` with a lease of somebody else");
    }
  });
  sameBytes(await store.get("key"), Uint8Array.of(1));
});

define("what an earlier holder writes at the same time does not come after what a later one has written", async (open) => {
  const [one, other] = [await open(), await open()];
  for (let round = 0; round < 20; round++) {
    const older = await leaseOf(one, "name");
    const late = one.set("key", Uint8Array.of(round, 0), older).then(
      () => "written",
      (error: { code?: unknown } | undefined) => error?.code,
    );
    await other.lock("name", (lease) => other.set("key", Uint8Array.of(round, 1), lease));
    const outcome = await late;
    check(outcome === "written" || outcome === "fenced", `the late write was written or fenced: ${String(outcome)}`);
    sameBytes(await one.get("key"), Uint8Array.of(round, 1), `after a late write that was ${outcome},`);
  }
});

define("what a work has not waited for does not come after what the next one has written", async (open) => {
  const [one, other] = [await open(), await open()];
  let left: Promise<unknown> = Promise.resolve();
  await one.lock("name", async (lease) => {
    // Large, so that it takes longer than the next work.
    left = one.set("key", new Uint8Array(1_000_000), lease).catch((error: { code?: unknown }) => equal(error.code, "fenced"));
  });
  await other.lock("name", (lease) => other.set("key", Uint8Array.of(1), lease));
  await left;
  sameBytes(await one.get("key"), Uint8Array.of(1));
});
