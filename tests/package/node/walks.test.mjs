// Walks of lists: all records in order, by record and by page, from a cursor, and with no more requests than needed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, json, paged, records } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { settled, virtualTime } from "./support/virtual-time.mjs";

const { HumanClient } = await imported();

function walking(list, options = {}) {
  const fetch = answering(typeof list === "function" ? list : paged(list));
  return { fetch, client: new HumanClient({ accessToken: "demo", fetch, ...options }) };
}

/** The same answers without the headers that a script cannot read across origins. */
function hidden(answer) {
  return (...args) => {
    const { status, body } = answer(...args);
    return new Response(body, { status });
  };
}

async function collected(iterable) {
  const all = [];
  for await (const one of iterable) all.push(one);
  return all;
}

for (const count of [0, 1, 49, 50, 51, 99, 100, 101, 998, 1234]) {
  for (const concurrency of [1, 6]) {
    test(`${count} records in pages of 50, ${concurrency} at once, are all delivered in order`, async () => {
      const list = records(count);
      const { client, fetch } = walking(list, { concurrency });
      assert.deepEqual(await collected(client.activities.list({ limit: 50 })), list);
      assert.ok(fetch.mostAtOnce <= concurrency, `${fetch.mostAtOnce} at once`);
      assert.ok(fetch.requests.length <= Math.max(1, Math.ceil(count / 50)) + 1, `${fetch.requests.length} requests`);
    });
  }
}

test("as many pages are requested ahead as may be in flight", async () => {
  const { client, fetch } = walking(records(2000), { concurrency: 6 });
  assert.equal((await client.activities.list({ limit: 50 }).toArray()).length, 2000);
  assert.equal(fetch.mostAtOnce, 6);
});

test("8 490 records in pages of 50, each 50 ms away, take a fifth of the time with six requests at once", async (t) => {
  const list = records(8490);
  const away = async (url) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return paged(list)(url);
  };
  const time = virtualTime(t);
  const took = {};
  for (const concurrency of [1, 6]) {
    const started = time.elapsed;
    const { value } = await time.until(walking(away, { concurrency }).client.activities.list({ limit: 50 }).toArray());
    took[concurrency] = time.elapsed - started;
    assert.deepEqual(value, list);
  }
  assert.ok(took[1] / took[6] >= 5, `${took[1]} ms against ${took[6]} ms`);
});

test("with totals and links hidden, a walk still finds every record", async () => {
  for (const count of [0, 49, 50, 51, 500]) {
    const list = records(count);
    const { client } = walking(hidden(paged(list)));
    assert.deepEqual(await collected(client.activities.list({ limit: 50 })), list, `${count} records`);
  }
});

test("a server that returns fewer records than the limit loses none", async () => {
  const list = records(200);
  const most20 = (url) => {
    url.searchParams.set("limit", String(Math.min(20, Number(url.searchParams.get("limit")))));
    return paged(list)(url);
  };
  const { client } = walking(most20);
  assert.deepEqual(await collected(client.activities.list({ limit: 50 })), list);
});

test("nothing is sent before the walk is iterated, and every iteration is a new walk", async () => {
  const { client, fetch } = walking(records(3));
  const pages = client.activities.list();
  pages.byPage();
  pages.byPage()[Symbol.asyncIterator]();
  pages[Symbol.asyncIterator]();
  await settled();
  assert.equal(fetch.requests.length, 0);
  assert.equal((await collected(pages)).length, 3);
  assert.equal((await collected(pages)).length, 3);
  assert.equal((await collected(pages.byPage())).length, 1);
  const byPage = pages.byPage();
  assert.equal((await collected(byPage)).length, 1);
  assert.equal((await collected(byPage)).length, 1);
  // Each of the five walks requests the page, and then checks that nothing follows it.
  assert.equal(fetch.requests.length, 10);
});

test("a page has its offset, total, links and cursor", async () => {
  const list = records(120);
  const { client } = walking(list);
  const pages = await collected(client.activities.list({ limit: 50 }).byPage());
  assert.deepEqual(pages.flatMap((page) => page.records), list);
  let next = 0;
  for (const page of pages) {
    assert.deepEqual(Object.keys(page).sort(), ["cursor", "links", "offset", "records", "totalCount"]);
    assert.equal(Object.getPrototypeOf(page), Object.prototype);
    assert.equal(page.offset, next);
    assert.equal(page.totalCount, 120);
    assert.equal(typeof page.cursor, "string");
    assert.ok(page.cursor.length <= 500);
    next += page.records.length;
  }
  assert.deepEqual(Object.keys(pages[0].links).sort(), ["last", "next"]);
  assert.deepEqual(Object.keys(pages.at(-1).links).sort(), ["first", "prev"]);
  assert.deepEqual(JSON.parse(JSON.stringify(pages[0])).records, pages[0].records);
});

test("a page without headers has no total and no links", async () => {
  const { client } = walking(hidden(paged(records(3))));
  const { totalCount, links, offset } = await client.activities.list().first();
  assert.deepEqual({ totalCount, links, offset }, { totalCount: undefined, links: {}, offset: 0 });
});

test("first returns the first page with one request", async () => {
  const list = records(120);
  const { client, fetch } = walking(list);
  const page = await client.activities.list({ limit: 50 }).first();
  assert.deepEqual(page.records, list.slice(0, 50));
  await settled();
  assert.equal(fetch.requests.length, 1);
});

test("first of an empty list is an empty page", async () => {
  const { client } = walking([]);
  assert.deepEqual((await client.activities.list().first()).records, []);
});

for (const [limit, requests] of [[1, 1], [50, 1], [51, 2], [100, 2], [1000, 3]]) {
  test(`toArray with a limit of ${limit} requests ${requests} of 3 pages`, async () => {
    const list = records(130);
    const { client, fetch } = walking(list);
    assert.deepEqual(await client.activities.list({ limit: 50 }).toArray({ limit }), list.slice(0, limit));
    await settled();
    assert.equal(fetch.requests.length, requests);
  });
}

test("toArray refuses a limit that is not a count", async () => {
  const { client, fetch } = walking(records(3));
  for (const options of [{ limit: -1 }, { limit: 1.5 }, { limit: "5" }, { limit: NaN }, { offset: 5 }, 5, "all"]) {
    const error = await client.activities.list().toArray(options).then(assert.fail, (error) => error);
    assert.equal(error.name, "OptionError", JSON.stringify(options));
  }
  assert.equal(fetch.requests.length, 0);
  for (const options of [undefined, {}, { limit: undefined }]) {
    assert.equal((await client.activities.list().toArray(options)).length, 3);
  }
  assert.deepEqual(await client.activities.list().toArray({ limit: 0 }), []);
});

test("a walk can begin at any offset", async () => {
  const list = records(120);
  const { client } = walking(list);
  assert.deepEqual(await client.activities.list({ limit: 50, offset: 60 }).toArray(), list.slice(60));
  assert.deepEqual(await client.activities.list({ limit: 50, offset: 500 }).toArray(), []);
});

test("a cursor continues after its page, in another client", async () => {
  const list = records(230);
  const query = { limit: 50, updatedSince: 0 };
  const pages = await collected(walking(list).client.activities.list(query).byPage());
  let read = 0;
  for (const { records, cursor } of pages) {
    read += records.length;
    const rest = await walking(list).client.activities.list({ ...query, cursor: JSON.parse(JSON.stringify(cursor)) }).toArray();
    assert.deepEqual(rest, list.slice(read));
  }
});

test("a cursor of another query is refused", async () => {
  const { client, fetch } = walking(records(120));
  const { cursor } = await client.activities.list({ limit: 50, source: "a" }).first();
  const sent = fetch.requests.length;
  for (const pages of [
    () => client.activities.list({ limit: 50, source: "b", cursor }),
    () => client.sleeps.list({ limit: 50, source: "a", cursor }),
  ]) {
    const error = await (async () => pages().toArray())().then(assert.fail, (error) => error);
    assert.equal(error.name, "OptionError");
    assert.equal(error.option, "cursor");
  }
  assert.equal(fetch.requests.length, sent);
});

test("leaving a loop early aborts its requests", async () => {
  const list = records(2000);
  const aborted = [];
  let answered = 0;
  const { client, fetch } = walking((url, request) => {
    request.signal.addEventListener("abort", () => aborted.push(request.url));
    return ++answered <= 1 ? paged(list)(url) : new Promise(() => {});
  });
  for await (const record of client.activities.list({ limit: 50 })) {
    assert.deepEqual(record, list[0]);
    await settled();
    break;
  }
  await settled();
  assert.equal(aborted.length, fetch.requests.length - 1, "what was in flight is aborted");
});

for (const [name, leave] of Object.entries({
  return: (iterator) => iterator.return("done"),
  throw: (iterator) => iterator.throw(new Error("mine")).catch((error) => error),
})) {
  test(`${name}() on an iterator that waits for an answer ends the wait at once`, async () => {
    const { client, fetch } = walking(() => new Promise(() => {}));
    const iterator = client.activities.list()[Symbol.asyncIterator]();
    const pending = iterator.next();
    await settled();
    assert.equal(fetch.requests.length, 1);
    await leave(iterator);
    assert.deepEqual(await pending, { done: true, value: undefined });
    assert.equal(fetch.requests[0].signal.aborted, true);
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  });
}

test("next() can be called several times at once, and resolves in order", async () => {
  const list = records(5);
  const { client } = walking(list);
  const iterator = client.activities.list({ limit: 2 })[Symbol.asyncIterator]();
  const answers = await Promise.all(Array.from({ length: 7 }, () => iterator.next()));
  assert.deepEqual(answers.map(({ value }) => value), [...list, undefined, undefined]);
});

test("concurrent walks do not affect each other", async () => {
  const list = records(700);
  const { client, fetch } = walking(list, { concurrency: 3 });
  const all = await Promise.all(Array.from({ length: 5 }, () => client.activities.list({ limit: 100 }).toArray()));
  for (const one of all) assert.deepEqual(one, list);
  assert.ok(fetch.mostAtOnce <= 3);
});

test("records without ids are all delivered, even if they are equal", async () => {
  const traits = Array.from({ length: 120 }, (_, index) => ({ trait: `t${index % 7}`, description: "", possibleTraits: [] }));
  const { client } = walking(traits);
  assert.deepEqual(await client.geneticTraits.list({ limit: 50 }).toArray(), traits);
});

test("records are exactly the objects that JSON.parse returns, with strange keys and numbers too", async () => {
  const text = '[{"id":"1","__proto__":{"a":1},"constructor":2,"big":12345678901234567890,"tiny":5e-324,"deep":[[[{}]]]}]';
  const { client } = walking(() => new Response(text, { headers: { "x-total-count": "1" } }));
  assert.deepEqual(await client.activities.list().toArray(), JSON.parse(text));
});

for (const [name, body] of Object.entries({ "an object": { records: [] }, text: "none", null: null })) {
  test(`${name} where a list was expected is a ProtocolError`, async () => {
    const { client } = walking(() => json(body));
    const error = await client.activities.list().toArray().then(assert.fail, (error) => error);
    assert.equal(error.name, "ProtocolError");
  });
}

test("a walk of a server that ignores the offset is an error, and not an endless loop", async () => {
  const list = records(50);
  const { client, fetch } = walking((url) => {
    const next = new URL(url);
    next.searchParams.set("offset", "50");
    return json(list, { headers: { "x-total-count": "500", link: `<${next}>; rel="next"` } });
  });
  const error = await client.activities.list({ limit: 50 }).toArray().then(assert.fail, (error) => error);
  assert.equal(error.name, "ProtocolError");
  assert.ok(fetch.requests.length < 100);
});
