// AppClient: its credentials, where they are sent, and the users of the app.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answering, json, nothing, paged, records, refusal } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { virtualTime } from "./support/virtual-time.mjs";

const { AppClient, NotFoundError, OptionError, ProtocolError } = await imported();

const KEY = "app-k3y-that-opens-all";
const ENCODED = Buffer.from(`${KEY}:`).toString("base64");
const SINCE = "2024-01-01T00:00:00Z";

const clientOf = (respond, options) => {
  const fetch = answering(respond);
  return { fetch, client: new AppClient({ clientId: "my app", appKey: KEY, fetch, ...options }) };
};

for (const [option, options] of [
  ["clientId", { clientId: undefined }],
  ["clientId", { clientId: "" }],
  ["clientId", { clientId: ".." }],
  ["clientId", { clientId: 7 }],
  ["appKey", { appKey: undefined }],
  ["appKey", { appKey: "" }],
  ["appKey", { appKey: "two words" }],
  ["appKey", { appKey: "user:password" }],
  ["dangerouslyAllowBrowser", { dangerouslyAllowBrowser: "yes" }],
  ["baseUrl", { baseUrl: "http://api.humanapi.co" }],
  ["accessToken", { accessToken: "demo" }],
]) {
  test(`${JSON.stringify(options)} is refused for its ${option}`, () => {
    assert.throws(
      () => clientOf(nothing, options),
      (error) => {
        assert.ok(error instanceof OptionError, String(error));
        assert.equal(error.option, option);
        assert.doesNotMatch(error.message, /two words|user:password/);
        return true;
      },
    );
  });
}

test("the App Key is sent as the user name of HTTP Basic with an empty password, to the app's path", async () => {
  const { fetch, client } = clientOf(() => json([]), { baseUrl: "https://proxy.example/health" });
  await client.users().toArray();
  const [request] = fetch.requests;
  assert.equal(request.url, "https://proxy.example/health/v1/apps/my%20app/users");
  assert.equal(request.headers.get("authorization"), `Basic ${ENCODED}`);
  assert.equal(request.headers.get("accept"), "application/json");
});

test("a link to another app on the same server is not followed", async () => {
  for (const target of ["/v1/apps/other/users/weights?offset=500", "/v1/human/weight?offset=500", "https://evil.example/v1/apps/my%20app/users/weights?offset=500"]) {
    const { fetch, client } = clientOf(() => json(records(500), { headers: { link: `<${target}>; rel="next"` } }));
    const error = await client.batch("weights", { updatedSince: SINCE, updatedBefore: "2024-01-20T00:00:00Z" }).toArray().catch((thrown) => thrown);
    assert.ok(error instanceof ProtocolError, target);
    assert.equal(error.code, "foreign-link");
    assert.equal(fetch.requests.length, 1);
  }
});

test("the App Key shows nowhere, neither in plain text nor in base64", async () => {
  const said = { message: `key ${KEY} refused`, header: `Basic ${ENCODED}` };
  const shown = [];
  const onEvent = (event) => shown.push(JSON.stringify(event));
  for (const status of [400, 401, 403, 404, 500]) {
    const { client } = clientOf(() => json(said, { status, headers: { "x-request-id": ENCODED } }), { maxRetries: 0, onEvent });
    const error = await client.user("abc").catch((thrown) => thrown);
    shown.push(inspect(error, { showHidden: true, depth: 9 }), JSON.stringify(error), error.stack, inspect(client, { showHidden: true, depth: 9 }));
    assert.deepEqual(error.body, { message: "key [secret] refused", header: "Basic [secret]" });
  }
  const { client } = clientOf(() => Promise.reject(new TypeError(`cannot send Basic ${ENCODED}`)), { maxRetries: 0, onEvent });
  shown.push(inspect(await client.user("abc").catch((thrown) => thrown), { showHidden: true, depth: 9 }));
  for (const text of shown) for (const secret of [KEY, ENCODED]) assert.ok(!text.includes(secret), text);
});

test("it cannot be built in a page, and the error says why", (t) => {
  t.after(() => delete globalThis.window);
  globalThis.window = { document: {} };
  const built = (options) => new AppClient({ clientId: "a", appKey: "k", fetch: nothing, ...options });
  assert.throws(built, (error) => {
    assert.equal(error.option, "dangerouslyAllowBrowser");
    assert.match(error.message, /every user/);
    return true;
  });
  assert.throws(() => built({ dangerouslyAllowBrowser: false }), OptionError);
  built({ dangerouslyAllowBrowser: true });
});

test("it cannot be built in a page's Worker either; but it can in a server runtime that has a Worker's globals", (t) => {
  const navigator = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  t.after(() => {
    delete globalThis.WorkerGlobalScope;
    if (navigator) Object.defineProperty(globalThis, "navigator", navigator);
    else delete globalThis.navigator;
  });
  globalThis.WorkerGlobalScope = class {
    static [Symbol.hasInstance] = () => true;
  };
  const agent = (userAgent) => Object.defineProperty(globalThis, "navigator", { value: { userAgent }, configurable: true });
  const built = () => new AppClient({ clientId: "a", appKey: "k", fetch: nothing });
  agent("Mozilla/5.0 (X11; Linux x86_64)");
  assert.throws(built, OptionError);
  for (const server of ["Cloudflare-Workers", "Deno/2.9.5", "Bun/1.4.5", "Node.js/24"]) {
    agent(server);
    built();
  }
});

test("all users are read with one request, however many there are", async () => {
  const { fetch, client } = clientOf(() => json(Array.from({ length: 3000 }, (_, index) => ({ humanId: `h${index}`, appId: "my app" }))));
  assert.equal((await client.users().toArray()).length, 3000);
  assert.equal(fetch.requests.length, 1);
  assert.equal(new URL(fetch.requests[0].url).search, "");
  assert.throws(() => client.users({ limit: 5 }), OptionError);
});

test("one user is read by humanId", async () => {
  const { fetch, client } = clientOf((url) => (url.pathname.endsWith("/users/a%2Fb") ? json({ humanId: "a/b" }) : refusal(404)));
  assert.deepEqual(await client.user("a/b"), { humanId: "a/b" });
  await assert.rejects(client.user("nobody"), NotFoundError);
  await assert.rejects(client.user(""), OptionError);
  assert.equal(fetch.requests.length, 2);
});

test("a user is deleted", async () => {
  const { fetch, client } = clientOf(() => new Response(null, { status: 204 }));
  assert.equal(await client.deleteUser("abc"), undefined);
  assert.equal(fetch.requests[0].method, "DELETE");
  assert.equal(new URL(fetch.requests[0].url).pathname, "/v1/apps/my%20app/users/abc");
  // Such an id would be the path of something else.
  await assert.rejects(client.deleteUser("weights"), OptionError);
  await assert.rejects(client.deleteUser("."), OptionError);
  assert.equal(fetch.requests.length, 1);
});

test("deleting a user who does not exist is an error, unless an earlier attempt may have deleted them", async (t) => {
  const time = virtualTime(t);
  await assert.rejects(clientOf(() => refusal(404)).client.deleteUser("abc"), NotFoundError);
  // The first answer is lost.
  const { client } = clientOf((url, request, index) => (index === 0 ? Promise.reject(new TypeError("terminated")) : refusal(404)));
  assert.deepEqual((await time.until(client.deleteUser("abc"))).error, undefined);
  // A request that was refused with a 503 has deleted nothing.
  const refused = clientOf((url, request, index) => (index === 0 ? refusal(503) : refusal(404))).client;
  assert.ok((await time.until(refused.deleteUser("abc"))).error instanceof NotFoundError);
});

test("calls can be aborted, and a closed client rejects them", async () => {
  const { client } = clientOf(nothing);
  const reason = new Error("enough");
  await assert.rejects(client.user("abc", { signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(client.users({ signal: AbortSignal.abort(reason) }).toArray(), reason);
  const pending = client.user("abc");
  client.close();
  await assert.rejects(pending, { code: "closed" });
  await assert.rejects(client.batch("weights", { updatedSince: SINCE }).toArray(), { code: "closed" });
});

test("a method that is called without its object says so", async () => {
  const { client } = clientOf(() => json(paged([])));
  const { users, user } = client;
  assert.throws(() => users(), OptionError);
  await assert.rejects(user("abc"), OptionError);
});
