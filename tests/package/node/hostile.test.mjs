// Servers, hosts and callers that misbehave.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answering, json } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";

const { ApiError, ConnectionError, HumanClient, NotFoundError, OptionError, ProtocolError, RateLimitError } = await imported();

const clientOf = (respond, options) => {
  const fetch = answering(respond);
  return { fetch, client: new HumanClient({ accessToken: "demo", fetch, maxRetries: 0, ...options }) };
};

test("a record that cannot be written as JSON is delivered like any other", async () => {
  const deep = JSON.parse(`${"[".repeat(9_000)}${"]".repeat(9_000)}`);
  const { client } = clientOf(() => ({ status: 200, headers: new Headers({ "x-total-count": "2" }), json: async () => [{ deep }, { big: 1n }] }));
  assert.equal((await client.geneticTraits.list().toArray()).length, 2);
});

for (const [total, totalCount] of [
  ["9007199254740993", 2 ** 53],
  ["18446744073709551615", 2 ** 64],
  // No number of 64 bits.
  ["99999999999999999999", undefined],
]) {
  test(`a total of ${total} keeps no record back`, async () => {
    const all = Array.from({ length: 7 }, (_, index) => ({ id: `d${index}` }));
    const { client } = clientOf((url) => {
      const [offset, limit] = ["offset", "limit"].map((name) => Number(url.searchParams.get(name) ?? 0));
      return json(all.slice(offset, offset + limit), { headers: { "x-total-count": total } });
    });
    const list = client.activities.list({ limit: 5 });
    assert.deepEqual(await list.toArray(), all);
    const page = await list.first();
    assert.deepEqual([page.records.length, page.totalCount], [5, totalCount]);
  });
}

test("a path that contains the token by chance does not break the links", async () => {
  const all = Array.from({ length: 120 }, (_, index) => ({ id: `d${index}` }));
  const { client } = clientOf((url) => {
    const [offset, limit] = ["offset", "limit"].map((name) => Number(url.searchParams.get(name) ?? 0));
    const next = offset + limit < 120 ? { link: `<${url.origin}${url.pathname}?limit=${limit}&offset=${offset + limit}>; rel="next"` } : { link: `<${url.href}>; rel="first"` };
    return json(all.slice(offset, offset + limit), { headers: next });
  });
  assert.equal((await client.medical.demographics.list({ limit: 50 }).toArray()).length, 120);
});

test("a token is redacted where JSON or a URL escapes it", async () => {
  const accessToken = "ab/cd+ef==";
  const said = `{"message":"token ab\\/cd+ef== refused","see":"?t=${encodeURIComponent(accessToken)}"}`;
  const { client } = clientOf(() => new Response(said, { status: 403 }), { accessToken });
  const error = await client.profile().catch((thrown) => thrown);
  assert.deepEqual(error.body, { message: "token [secret] refused", see: "?t=[secret]" });
});

test("a token is redacted in the server's words in either case of the hex digits, encoded twice, and form-encoded", async () => {
  const accessToken = "ab/cd+ef==";
  for (const echo of ["ab%2fcd%2bef%3d%3d", "ab%252Fcd%252Bef%253D%253D", "ab%2Fcd%20ef==", "%61b/cd+ef=%3D", "ab/cd ef=="]) {
    const { client } = clientOf(() => json({ see: `?t=${echo}&rate=100%` }, { status: 403, headers: { "x-request-id": `r-${echo.replace(" ", "+")}` } }), { accessToken });
    const error = await client.profile().catch((thrown) => thrown);
    assert.deepEqual(error.body, { see: "?t=[secret]&rate=100%" }, echo);
    assert.doesNotMatch(error.requestId ?? "", /cd/, echo);
  }
});

test("a link that contains the token, in any encoding and place, is not shown to the caller, but is followed", async () => {
  const accessToken = "s3cr3t/t0k+n~==";
  const once = encodeURIComponent(accessToken);
  const each = Array.from(accessToken, (character) => `%${character.charCodeAt(0).toString(16)}`).join("");
  const shown = {
    "as it is": `?offset=1&t=${accessToken}`,
    encoded: `?offset=1&t=${once}`,
    "in lower case": `?offset=1&t=${once.replaceAll(/%../g, (code) => code.toLowerCase())}`,
    "each character": `?offset=1&t=${each}`,
    "twice": `?offset=1&next=${encodeURIComponent(`/x?t=${once}`)}`,
    "as a form": `?offset=1&t=${once.replace("%2B", "+")}`,
    "with a blank": `?offset=1&t=${once.replace("%2B", "%20")}`,
    "in the path": `/v1/human/sleeps/${once.replaceAll("%2F", "/")}?offset=1`,
    "in the fragment": `?offset=1#${once}`,
  };
  for (const [name, target] of Object.entries(shown)) {
    const { client, fetch } = clientOf(
      (url, request, index) => {
        const [offset, limit] = ["offset", "limit"].map((field) => Number(url.searchParams.get(field) ?? 0));
        const link = index === 0 ? `<${target}>; rel="next", <?offset=0>; rel="first"` : "<?offset=0>; rel=first";
        return json([{ id: "r0" }, { id: "r1" }].slice(offset, offset + limit), { headers: { link } });
      },
      { accessToken },
    );
    const pages = [];
    for await (const page of client.sleeps.list({ limit: 1 }).byPage()) pages.push(page);
    assert.equal(pages[0].links.next, undefined, name);
    assert.match(pages[0].links.first, /offset=0/, name);
    assert.equal(pages.length, 2, name);
    // A link to another path belongs to another list, so that the library continues with its own query.
    assert.equal(new URL(fetch.requests[1].url).pathname, "/v1/human/sleeps", name);
  }
});

test("a body in pieces of any kind is read as it was sent, or not at all", async () => {
  const streamed = (pieces) =>
    new Response(new ReadableStream({ pull: (controller) => (pieces.length > 0 ? controller.enqueue(pieces.shift()()) : controller.close()) }, { highWaterMark: 0 }), {
      headers: { "content-type": "application/json" },
    });
  const text = '{"humanId":"a","email":"b"}';
  const halves = [text.slice(0, 14), text.slice(14)].map((half) => new TextEncoder().encode(half.padEnd(14)));
  const one = new Uint8Array(14);
  const kinds = {
    views: halves.map((half) => () => half),
    buffers: halves.map((half) => () => half.slice().buffer),
    "a view of another type": halves.map((half) => () => new DataView(half.slice().buffer)),
    "one buffer, filled again": halves.map((half) => () => (one.set(half), one)),
  };
  for (const [kind, pieces] of Object.entries(kinds)) {
    const { client } = clientOf(() => streamed([...pieces]));
    assert.deepEqual(await client.profile(), JSON.parse(text), kind);
  }
  for (const piece of ["{}", 5, null, { byteLength: 2 }, [1, 2]]) {
    const { client } = clientOf(() => streamed([() => piece, () => piece]));
    await assert.rejects(client.profile(), (error) => error instanceof ConnectionError && error.cause instanceof TypeError, String(piece));
  }
});

test("an error of the host whose printout could contain a secret is replaced by a plain one", async () => {
  class Curious extends Error {
    #headers = { authorization: "Bearer s3cret-token" };
    toJSON() {
      return this.#headers;
    }
    [inspect.custom]() {
      return this.#headers.authorization;
    }
  }
  const { client } = clientOf(() => Promise.reject(Object.assign(new Curious("no route"), { code: "EHOSTUNREACH" })), { accessToken: "s3cret-token" });
  const error = await client.profile().catch((thrown) => thrown);
  assert.ok(error instanceof ConnectionError);
  assert.equal(error.cause.message, "no route");
  assert.equal(error.cause.code, "EHOSTUNREACH");
  assert.doesNotMatch(inspect(error) + JSON.stringify(error.cause), /s3cret/);
});

test("a stack that repeats a redacted message is not passed on", async () => {
  const failed = new TypeError("Bearer s3cret-token was refused");
  failed.message = "refused";
  const { client } = clientOf(() => Promise.reject(failed), { accessToken: "s3cret-token" });
  const error = await client.profile().catch((thrown) => thrown);
  assert.equal(error.cause.message, "refused");
  assert.doesNotMatch(inspect(error), /s3cret/);
});

test("a response whose headers cannot be read is a ConnectionError", async () => {
  const headers = { get: () => assert.fail("no fields here") };
  const { client } = clientOf(() => ({ status: 200, headers, json: async () => ({}) }));
  await assert.rejects(client.profile(), { name: "ConnectionError", sent: true });
});

test("the error for bad JSON from node-fetch quotes nothing of the body", async () => {
  const wrong = Object.assign(new Error('invalid json: "hr 7200119 bpm"'), { name: "FetchError", type: "invalid-json" });
  const { client, fetch } = clientOf(() => ({ status: 200, headers: new Headers(), json: () => Promise.reject(wrong) }), { maxRetries: 4 });
  const error = await client.profile().catch((thrown) => thrown);
  assert.ok(error instanceof ProtocolError);
  assert.doesNotMatch(inspect(error), /7200119/);
  assert.equal(fetch.requests.length, 1);
});

test("a listener that rejects later does not affect the call", async () => {
  const { client } = clientOf(() => json({}), {
    onEvent: async () => {
      throw new Error("the log is full");
    },
  });
  await client.profile();
  await new Promise(setImmediate);
});

test("a list whose links have no offsets ends with the page that has no link, even if that page is requested again", async () => {
  const { client, fetch } = clientOf((url) => {
    const page = Number(url.searchParams.get("page") ?? 1);
    const records = Array.from({ length: 10 }, (_, index) => ({ id: `r${page * 10 + index}` }));
    return json(records, { headers: page < 4 ? { link: `<${url.origin}${url.pathname}?page=${page + 1}>; rel="next"` } : {} });
  });
  assert.equal((await client.sleeps.list({ limit: 10 }).toArray()).length, 40);
  assert.equal(fetch.requests.length, 5);
});

test("a total below the number of records received does not end the walk", async () => {
  const all = Array.from({ length: 60 }, (_, index) => ({ id: `t${index}` }));
  const { client } = clientOf((url) => {
    const [offset, limit] = ["offset", "limit"].map((name) => Number(url.searchParams.get(name) ?? 0));
    return json(all.slice(offset, offset + limit), { headers: { "x-total-count": "0" } });
  });
  assert.equal((await client.sleeps.list({ limit: 20 }).toArray()).length, 60);
});

test("a cursor used on a server that ignores offsets ends", async () => {
  let ids = ["a", "b", "c"];
  const { client, fetch } = clientOf(() => json(ids.map((id) => ({ id }))));
  const { cursor } = await client.sleeps.list({ limit: 3 }).first();
  ids = ["x", "y", "z"];
  await client.sleeps.list({ limit: 3, cursor }).toArray().catch((error) => assert.ok(error instanceof ProtocolError));
  assert.ok(fetch.requests.length < 30, `${fetch.requests.length} requests`);
});

test("Headers and URLSearchParams are accepted as options, and other objects without properties of their own are refused", async () => {
  const { client, fetch } = clientOf(() => json([]), { headers: new Headers({ "x-study": "7" }) });
  await client.sleeps.list({ params: new URLSearchParams({ time_series: "true" }) }).toArray();
  assert.equal(new Headers(fetch.requests[0].headers).get("x-study"), "7");
  assert.match(String(fetch.requests[0].url), /time_series=true/);
  assert.throws(() => client.sleeps.list(new Map([["limit", 5]])), OptionError);
});

test("a pause that is too long is a RateLimitError, also for the requests that it prevents", async () => {
  const { client, fetch } = clientOf(() => json({}, { status: 500, headers: { "retry-after": "600" } }));
  const first = await client.profile().catch((error) => error);
  const second = await client.profile().catch((error) => error);
  for (const error of [first, second]) {
    assert.ok(error instanceof RateLimitError);
    assert.ok(Math.abs(error.retryAt - Date.now() - 600_000) < 5_000);
  }
  assert.match(second.message, /was not sent/);
  assert.equal(fetch.requests.length, 1);
  const forever = clientOf(() => json({}, { status: 429, headers: { "retry-after": "9999999999999" } }));
  const error = await forever.client.profile().catch((thrown) => thrown);
  assert.ok(error.retryAt.getTime() > Date.UTC(2200, 0));
});

test("a secret that was refused is not sent by the requests that wait", async () => {
  let calls = 0;
  const { client, fetch } = clientOf((_, request) => {
    const token = new Headers(request?.headers).get("authorization");
    return token === "Bearer token1" ? json({}, { status: 401 }) : json({});
  }, { accessToken: () => `token${++calls}`, concurrency: 1 });
  await Promise.all(Array.from({ length: 10 }, () => client.profile()));
  assert.equal(calls, 2);
  assert.equal(fetch.requests.length, 11);
});

test("an abort by a polyfilled signal without a reason rejects with an AbortError", async () => {
  const listeners = new Set();
  const signal = { aborted: false, addEventListener: (_, listener) => listeners.add(listener), removeEventListener: (_, listener) => listeners.delete(listener) };
  const { client } = clientOf(() => new Promise(() => {}));
  const call = client.weight.latest({ signal });
  for (const listener of listeners) listener();
  await assert.rejects(call, { name: "AbortError" });
});

test("an error response whose body is cut off is still that error", async () => {
  const body = new ReadableStream({ start: (stream) => stream.error(new TypeError("terminated")) });
  const { client } = clientOf(() => new Response(body, { status: 404 }));
  const error = await client.activities.get("1").catch((thrown) => thrown);
  assert.ok(error instanceof NotFoundError && error instanceof ApiError);
  assert.equal(error.body, undefined);
});

test("an option that some other code has put on Object.prototype is nobody's option", async () => {
  const { fetch, client } = (() => {
    Object.defineProperty(Object.prototype, "baseUrl", { value: "https://elsewhere.example", configurable: true, enumerable: true, writable: true });
    try {
      return clientOf(() => json({}));
    } finally {
      delete Object.prototype.baseUrl;
    }
  })();
  await client.weight.latest();
  assert.equal(new URL(fetch.requests[0].url).origin, "https://api.humanapi.co");
});

test("inherited options count, and a misspelt one is refused as any other", () => {
  const defaults = { accessToken: "demo", baseUrl: "https://own.example" };
  assert.ok(new HumanClient(Object.create(defaults)));
  assert.throws(() => new HumanClient(Object.create({ ...defaults, maxRetry: 1 })), { name: "OptionError", option: "maxRetry" });
});
