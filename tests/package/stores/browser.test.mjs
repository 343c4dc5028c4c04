// The stores of the browser, in headless Chromium: in pages, workers and several tabs.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch, serve } from "../consumers/support/pages.mjs";
import { CASES } from "./support/cases.mjs";
import { endOf, projectFor } from "./support/programs.mjs";

const ending = endOf(after);
let browser, url, sandboxed;
before(async () => {
  const project = projectFor(ending);
  writeFileSync(join(project, "index.html"), '<!doctype html><meta charset="utf-8"><title>stores</title>');
  browser = await launch();
  ending(() => browser.close());
  url = await serve({ after: ending }, project);
  // The page has an opaque origin, like a sandboxed frame, and loads its modules from another one.
  sandboxed = await serve({ after: ending }, project, { "content-security-policy": "sandbox allow-scripts", "access-control-allow-origin": "*" });
});

/** A fresh browser profile, until the test `t` ends. */
async function freshContext(t) {
  const context = await browser.newContext();
  t.after(() => context.close());
  return context;
}

async function pageOf(context, address = url) {
  const page = await context.newPage();
  await page.goto(address);
  // The tests' functions use these globals in the page.
  await page.evaluate(async (from) => {
    Object.assign(globalThis, {
      createStore: (await import(`${from}node_modules/humansync/stores/indexeddb.js`)).createStore,
      ...(await import(`${from}counter.js`)),
      plain: ({ name, code, message, cause }) => ({ name, code, message, cause: cause?.name }),
    });
  }, address);
  return page;
}

for (const [where, kind, run] of [
  ["memory in a page", "memory", (page) => page.evaluate(async () => (await import("/page-run.js")).run("memory"))],
  ["indexeddb in a page", "indexeddb", (page) => page.evaluate(async () => (await import("/page-run.js")).run("indexeddb"))],
  [
    "indexeddb in a worker",
    "indexeddb",
    (page) =>
      page.evaluate(() => {
        const worker = new Worker("/page-run.js", { type: "module" });
        worker.postMessage("indexeddb");
        return new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        });
      }),
  ],
]) {
  describe(`${where} of Chromium`, () => {
    let outcomes;
    before(async () => (outcomes = await run(await pageOf(await freshContext({ after: ending })))));
    for (const name of CASES) test(`${kind}: ${name}`, () => assert.equal(outcomes[name], "well"));
  });
}

test("values outlive the page", async (t) => {
  const context = await freshContext(t);
  const page = await pageOf(context);
  await page.evaluate(async () => (await createStore("lasting")).set("key", Uint8Array.of(1, 2, 3)));
  await page.close();
  const value = await (await pageOf(context)).evaluate(async () => [...(await (await createStore("lasting")).get("key"))]);
  assert.deepEqual(value, [1, 2, 3]);
});

test("two tabs count to 100 together", async (t) => {
  const context = await freshContext(t);
  const tabs = [await pageOf(context), await pageOf(context)];
  const add = async () => {
    const store = await createStore("shared");
    await Promise.all(Array.from({ length: 50 }, () => increment(store, "counter")));
  };
  await Promise.all(tabs.map((tab) => tab.evaluate(add)));
  assert.equal(await tabs[0].evaluate(async () => count(await createStore("shared"), "counter")), 100);
});

test("a lock ends with its tab", async (t) => {
  const context = await freshContext(t);
  const [holder, other] = [await pageOf(context), await pageOf(context)];
  await holder.evaluate(async () => {
    const store = await createStore("shared");
    return new Promise((resolve) => void store.lock("name", () => new Promise(resolve)));
  });
  const entered = other.evaluate(async () => {
    const store = await createStore("shared");
    const lock = store.lock("name", async () => "in");
    // The browser itself says that it waits.
    while ((await navigator.locks.query()).pending.length === 0);
    globalThis.isWaiting = true;
    return lock;
  });
  await other.waitForFunction(() => globalThis.isWaiting);
  await holder.close();
  assert.equal(await entered, "in");
});

test("a lock that is stolen: its signal aborts, its work goes on, and what it writes is refused once there is a later holder", async (t) => {
  const context = await freshContext(t);
  const [holder, thief] = [await pageOf(context), await pageOf(context)];
  await holder.evaluate(async () => {
    globalThis.store = await createStore("stolen");
    globalThis.ended = store.lock("name", async (lease) => {
      globalThis.lease = lease;
      await new Promise((resolve) => (globalThis.end = resolve));
      return "its own outcome";
    });
    while (globalThis.lease === undefined) await new Promise((resolve) => setTimeout(resolve));
    await store.set("key", Uint8Array.of(1), lease);
  });
  const stolen = await thief.evaluate(async () => {
    const { held } = await navigator.locks.query();
    const name = held.find(({ name }) => name.includes("stolen")).name;
    await navigator.locks.request(name, { steal: true }, () => {});
    return name;
  });
  assert.equal(stolen, 'humansync ["stolen","name"]');
  await holder.waitForFunction(() => lease.signal.aborted);
  const lost = await holder.evaluate(async () => [plain(lease.signal.reason), await store.set("key", Uint8Array.of(2), lease)]);
  assert.deepEqual([lost[0].name, lost[0].code, lost[0].cause], ["StoreError", "lock-lost", "AbortError"]);
  const token = await thief.evaluate(async () => {
    const store = await createStore("stolen");
    return store.lock("name", async (lease) => (await store.set("key", Uint8Array.of(3), lease), lease.token));
  });
  assert.equal(token, 2);
  const [refusals, value, keys, outcome] = await holder.evaluate(async () => {
    const refusals = [await store.set("key", Uint8Array.of(4), lease).catch(plain), await store.delete("key", lease).catch(plain)];
    end();
    return [refusals.map(({ code }) => code), (await store.get("key"))[0], await store.keys(""), await ended];
  });
  assert.deepEqual([refusals, value, keys, outcome], [["fenced", "fenced"], 3, ["key"], "its own outcome"]);
});

test("tokens grow over tabs, and the database has the version that it had", async (t) => {
  const context = await freshContext(t);
  const tabs = [await pageOf(context), await pageOf(context)];
  const tokens = [];
  for (const tab of [...tabs, ...tabs]) tokens.push(await tab.evaluate(async () => (await createStore("tokens")).lock("name", async ({ token }) => token)));
  assert.deepEqual(tokens, [1, 2, 3, 4]);
  // A tab with an earlier version of the package opens it with version 1, and knows one object store.
  const found = await tabs[0].evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open("tokens", 1);
        request.onerror = () => reject(request.error);
        request.onsuccess = () => resolve([request.result.version, [...request.result.objectStoreNames]]);
      }),
  );
  assert.deepEqual(found, [1, ["values"]]);
});

test("a database that is emptied under a lock keeps its holder, and the next one has a greater token", async (t) => {
  const context = await freshContext(t);
  const [page, other] = [await pageOf(context), await pageOf(context)];
  const tokens = await page.evaluate(async () => {
    const store = await createStore("emptied");
    await store.lock("name", async () => {});
    const first = await store.lock("name", async (lease) => {
      await new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase("emptied");
        request.onsuccess = resolve;
        request.onerror = reject;
      });
      await store.set("key", Uint8Array.of(1), lease);
      return lease.token;
    });
    return [first, await store.lock("name", async ({ token }) => token)];
  });
  assert.deepEqual(tokens, [2, 3]);
  assert.deepEqual(await other.evaluate(async () => (await createStore("emptied")).keys("")), ["key"]);
});

test("databases and locks of different names are independent", async (t) => {
  const page = await pageOf(await freshContext(t));
  const names = await page.evaluate(async () => {
    const [one, other] = [await createStore('a","b'), await createStore("a")];
    await one.set("key", new Uint8Array(1));
    const inside = await one.lock("name", () => other.lock('b","name', () => other.lock("name", async () => (await navigator.locks.query()).held.length)));
    return [inside, await other.keys("")];
  });
  assert.deepEqual(names, [3, []]);
});

test("writes request strict durability", async (t) => {
  const page = await pageOf(await freshContext(t));
  const durabilities = await page.evaluate(async () => {
    const seen = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...args) {
      const made = transaction.apply(this, args);
      if (made.mode === "readwrite") seen.push(made.durability);
      return made;
    };
    const store = await createStore("strict");
    await store.set("key", new Uint8Array(1));
    await store.delete("key");
    return seen;
  });
  assert.deepEqual(durabilities, ["strict", "strict"]);
});

test("a database can be deleted by another tab, and the next call creates it again", async (t) => {
  const context = await freshContext(t);
  const [page, other] = [await pageOf(context), await pageOf(context)];
  await page.evaluate(async () => {
    globalThis.store = await createStore("deleted");
    await store.set("key", new Uint8Array(1));
  });
  const outcome = await other.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.deleteDatabase("deleted");
        request.onblocked = () => resolve("blocked");
        request.onsuccess = () => resolve("deleted");
      }),
  );
  assert.equal(outcome, "deleted");
  assert.deepEqual(
    await page.evaluate(async () => {
      const before = await store.keys("");
      await store.set("new", new Uint8Array(1));
      return [before, await store.keys("")];
    }),
    [[], ["new"]],
  );
});

test("a connection that is closed during a call is opened again", async (t) => {
  const page = await pageOf(await freshContext(t));
  const keys = await page.evaluate(async () => {
    const open = [];
    const { open: original } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...args) {
      const request = original.apply(this, args);
      request.addEventListener("success", () => open.push(request.result));
      return request;
    };
    const store = await createStore("closed");
    // Without an event, as when the browser is about to close it.
    open[0].close();
    await Promise.all([store.set("a", new Uint8Array(1)), store.set("b", new Uint8Array(1))]);
    open[1].close();
    return [await store.keys(""), open.length];
  });
  assert.deepEqual(keys, [["a", "b"], 3]);
});

test("a site whose data the browser has cleared continues with an empty store", async (t) => {
  const context = await freshContext(t);
  const page = await pageOf(context);
  await page.evaluate(async () => {
    globalThis.store = await createStore("cleared");
    await store.set("key", new Uint8Array(1));
  });
  const session = await context.newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin: new URL(url).origin, storageTypes: "indexeddb" });
  const keys = await page.evaluate(async () => {
    await store.set("new", new Uint8Array(1));
    return store.keys("");
  });
  assert.deepEqual(keys, ["new"]);
});

test('a lack of space is "quota", and the old value stays', async (t) => {
  const context = await freshContext(t);
  const page = await pageOf(context);
  const session = await context.newCDPSession(page);
  // The quota is set before anything is stored, because the browser caches the available space for a while.
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(url).origin, quotaSize: 1_000_000 });
  await page.evaluate(async () => {
    globalThis.store = await createStore("small");
    await store.set("key", Uint8Array.of(1));
  });
  const [error, length] = await page.evaluate(async () => {
    const error = await store.set("key", new Uint8Array(5_000_000)).then(() => ({}), plain);
    return [error, (await store.get("key")).length];
  });
  assert.deepEqual([error.name, error.code, error.cause], ["StoreError", "quota", "QuotaExceededError"]);
  assert.match(error.message, /no more room/);
  assert.equal(length, 1);
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(url).origin });
  assert.equal(await page.evaluate(async () => (await store.set("key", new Uint8Array(5_000_000)), (await store.get("key")).length)), 5_000_000);
});

test("a browser that stores nothing is reported at once", async (t) => {
  const page = await pageOf(await freshContext(t), sandboxed);
  const error = await page.evaluate(() => createStore("nowhere").then(() => ({}), plain));
  assert.deepEqual([error.name, error.code, error.cause], ["StoreError", "unsupported", "SecurityError"]);
  assert.match(error.message, /stores\/memory/);
});

test("a missing IndexedDB is reported, and found once it is there", async (t) => {
  const page = await pageOf(await freshContext(t));
  const [error, keys] = await page.evaluate(async () => {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, "indexedDB");
    Object.defineProperty(globalThis, "indexedDB", { value: undefined, configurable: true });
    const error = await createStore("nowhere").then(() => ({}), plain);
    Object.defineProperty(globalThis, "indexedDB", descriptor);
    return [error, await (await createStore("nowhere")).keys("")];
  });
  assert.deepEqual([error.name, error.code, keys], ["StoreError", "unsupported", []]);
});

test("without Web Locks a lock is refused and its work not run, but values can be stored", async (t) => {
  const context = await freshContext(t);
  // Plain http on another host is not a secure context.
  await context.route("http://insecure.example/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: new URL(pathname, url).href }) });
  });
  const page = await pageOf(context, "http://insecure.example/");
  const [isSecure, error, ran, value] = await page.evaluate(async () => {
    const store = await createStore("insecure");
    let ran = false;
    const error = await store.lock("name", async () => void (ran = true)).then(() => ({}), plain);
    await store.set("key", Uint8Array.of(7));
    return [isSecureContext, error, ran, (await store.get("key"))[0]];
  });
  assert.equal(isSecure, false);
  assert.deepEqual([error.name, error.code, ran, value], ["StoreError", "unsupported", false, 7]);
  assert.match(error.message, /https/);
});

test("a database of another program is not modified", async (t) => {
  const page = await pageOf(await freshContext(t));
  const errors = await page.evaluate(async () => {
    for (const [name, version] of [["newer", 2], ["other", 1]]) {
      await new Promise((resolve) => {
        const request = indexedDB.open(name, version);
        request.onupgradeneeded = () => request.result.createObjectStore("things");
        request.onsuccess = () => resolve(request.result.close());
      });
    }
    const errors = [];
    for (const name of ["newer", "other"]) errors.push(await createStore(name).then(() => ({}), plain));
    return errors;
  });
  assert.deepEqual(errors.map(({ name, code, cause }) => [name, code, cause]), [
    ["StoreError", "store", "VersionError"],
    ["StoreError", "store", "NotFoundError"],
  ]);
  for (const { message } of errors) assert.match(message, /another name/);
});

test("a value that another program has written is an error that says so", async (t) => {
  const page = await pageOf(await freshContext(t));
  const error = await page.evaluate(async () => {
    const store = await createStore("mixed");
    await new Promise((resolve) => {
      const request = indexedDB.open("mixed");
      request.onsuccess = () => {
        const transaction = request.result.transaction("values", "readwrite");
        transaction.objectStore("values").put("a text", "key");
        transaction.oncomplete = () => resolve(request.result.close());
      };
    });
    return store.get("key").then(() => ({}), plain);
  });
  assert.deepEqual([error.name, error.code], ["StoreError", "corrupt"]);
});

test("the name of a database has to be a string", async (t) => {
  const page = await pageOf(await freshContext(t));
  const errors = await page.evaluate(() => Promise.all([undefined, "", 7, {}].map((name) => createStore(name).then(() => ({}), ({ name, option }) => ({ name, option })))));
  assert.deepEqual(errors, Array(4).fill({ name: "OptionError", option: "name" }));
});
