// Secrets: when they are requested, and that they show nowhere.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answering, json, paged, records, refusal } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";

const { AppClient, HumanClient, SampleUploader } = await imported();

/** A server that accepts only the tokens in `valid`. */
function guarded(valid, answer = () => json({})) {
  return answering((url, request) => {
    const token = request.headers.get("authorization")?.replace("Bearer ", "");
    return valid.has(token) ? answer(url) : refusal(401);
  });
}

test("a Secret function is called once, and its result is reused", async () => {
  let calls = 0;
  const fetch = guarded(new Set(["one"]), paged(records(700)));
  const client = new HumanClient({ accessToken: async () => (calls++, "one"), fetch });
  assert.equal(calls, 0, "not before it is needed");
  await client.sleeps.list({ limit: 50 }).toArray();
  await client.activities.list().toArray();
  assert.equal(calls, 1);
});

test("after a 401 it is called once more for all requests in flight", async () => {
  let calls = 0;
  const tokens = ["old", "new"];
  const waiting = [];
  const fetch = answering((url, request) => {
    if (request.headers.get("authorization") === "Bearer new") return json({ path: url.pathname });
    return new Promise((resolve) => {
      waiting.push(() => resolve(refusal(401)));
      if (waiting.length === 4) for (const answer of waiting) answer();
    });
  });
  const client = new HumanClient({ accessToken: () => tokens[calls++], fetch });
  const answers = await Promise.all([client.profile(), client.summary(), client.weight.get("1"), client.bmi.get("1")]);
  assert.equal(answers.length, 4);
  assert.equal(calls, 2);
  assert.equal(fetch.requests.length, 8);
});

test("a late 401 for a token that has been replaced meanwhile does not request a third one", async () => {
  let calls = 0;
  let late;
  const fetch = answering((url, request) => {
    if (request.headers.get("authorization") === "Bearer token 2".replace(" 2", "2")) return json({});
    if (url.pathname.endsWith("/profile")) return new Promise((resolve) => (late = () => resolve(refusal(401))));
    return refusal(401);
  });
  const client = new HumanClient({ accessToken: () => `token${++calls}`, fetch });
  const slow = client.profile();
  await client.summary();
  late();
  await slow;
  assert.equal(calls, 2);
});

test("a second 401 is final", async () => {
  let calls = 0;
  const fetch = guarded(new Set());
  const client = new HumanClient({ accessToken: () => `token${++calls}`, fetch });
  const error = await client.profile().then(assert.fail, (error) => error);
  assert.equal(error.name, "AuthenticationError");
  assert.equal(calls, 2);
  assert.equal(fetch.requests.length, 2);
});

test("a secret that is a string is not sent again after a 401", async () => {
  const fetch = guarded(new Set());
  const error = await new HumanClient({ accessToken: "old", fetch }).profile().then(assert.fail, (error) => error);
  assert.equal(error.name, "AuthenticationError");
  assert.equal(fetch.requests.length, 1);
});

test("a Secret function that failed is called again by the next call", async () => {
  let calls = 0;
  const fetch = guarded(new Set(["one"]));
  const accessToken = async () => {
    if (calls++ === 0) throw new Error("the vault is closed");
    return "one";
  };
  const client = new HumanClient({ accessToken, fetch });
  await assert.rejects(client.profile(), /the vault is closed/);
  assert.deepEqual(await client.profile(), {});
  assert.equal(calls, 2);
});

test("the refresh is not a retry, and happens with maxRetries 0 too", async () => {
  let calls = 0;
  const fetch = guarded(new Set(["token2"]));
  const client = new HumanClient({ accessToken: () => `token${++calls}`, fetch, maxRetries: 0 });
  assert.deepEqual(await client.profile(), {});
});

test("the token is in no error, event, inspection or JSON of any object", async () => {
  const token = "s3cr3t-t0k3n-0f-4d4";
  const seen = [];
  const look = (thing) => {
    seen.push(thing);
    return thing;
  };
  const leaky = {
    // These servers and hosts repeat the token that they were sent.
    401: () => json({ message: `token ${token} is not valid`, [token]: [token] }, { status: 401, headers: { "x-request-id": token } }),
    429: () => refusal(429, { "retry-after": token, "x-request-id": `r-${token}` }),
    400: () => new Response(`Bearer ${token}`, { status: 400 }),
    500: () => json(token, { status: 500 }),
    302: () => new Response(null, { status: 302, headers: { location: `https://elsewhere.example/?access_token=${token}` } }),
    broken: () => Promise.reject(new TypeError(`cannot send authorization: Bearer ${token}`, { cause: { headers: { authorization: token } } })),
    "broken deep inside": () =>
      Promise.reject(Object.assign(new TypeError("failed"), { request: new Map([["authorization", [`Bearer ${token}`]]]) })),
    "not JSON": () => new Response(`<html>${token}`),
    "a foreign link": () =>
      json([{ id: "1" }], { headers: { link: `<https://elsewhere.example/${token}?t=${token}>; rel="next"`, "x-total-count": "5" } }),
    "a total that is none": () => json([{ id: "1" }], { headers: { "x-total-count": token } }),
    good: () => json([{ id: "1" }]),
  };
  for (const [name, answer] of Object.entries(leaky)) {
    for (const accessToken of [token, () => token]) {
      const client = look(
        new HumanClient({ accessToken, fetch: answering(answer), maxRetries: 0, onEvent: look, headers: { "x-study": "7" } }),
      );
      const pages = look(client.sleeps.list({ limit: 1 }));
      look(pages.byPage());
      look(client.medical);
      look(client.medical.ccds);
      const iterator = look(pages.byPage()[Symbol.asyncIterator]());
      for (let page = 0; page < 3; page++) look(await iterator.next().catch(look));
      look(await client.profile().catch(look));
      look(await client.weight.latest().catch(look));
      client.close();
      look(await client.profile().catch(look));
      assert.ok(seen.length > 0, name);
    }
  }
  // These options are wrong and contain the token.
  for (const wrong of [
    { accessToken: `${token} with a space` },
    { accessToken: `${token}\n` },
    { accessToken: token, baseUrl: `https://ada:${token}@api.humanapi.co` },
    { accessToken: token, baseUrl: `https://api.humanapi.co/?access_token=${token}` },
    { accessToken: token, headers: { authorization: `Bearer ${token}` } },
    { accessToken: token, headers: { "x-key": `${token}\r\n` } },
    { accessToken: token, [token]: 1 },
    { accessToken: [token] },
    { accessToken: { token } },
  ]) {
    try {
      new HumanClient(wrong);
      if (!(token in wrong)) assert.fail(`${Object.keys(wrong)} was taken`);
    } catch (error) {
      if (error.code === "ERR_ASSERTION") throw error;
      if (!(token in wrong)) look(error);
    }
  }

  let errors = 0;
  for (const thing of seen) {
    if (thing instanceof Error) {
      errors++;
      // The token is also redacted in the body and the cause, which are the words of the server and the host.
      assert.ok(!inspect(thing.body, { showHidden: true, depth: Infinity }).includes(token), `the body of ${thing.name}`);
    }
    for (const text of [
      inspect(thing, { showHidden: true, depth: Infinity, getters: true }),
      inspect(thing, { showHidden: true, depth: Infinity, customInspect: false }),
      JSON.stringify(thing) ?? "",
      String(thing?.stack ?? ""),
      String(thing?.message ?? ""),
      String(Object.prototype.toString.call(thing)),
    ]) {
      const at = text.indexOf(token);
      assert.equal(at, -1, `${thing?.constructor?.name}: …${text.slice(Math.max(0, at - 80), at + 40)}…`);
    }
  }
  assert.ok(errors >= 30, `${errors} errors were looked at`);
});

test("the token goes into the Authorization field only", async () => {
  const token = "s3cr3t-t0k3n";
  const fetch = answering(paged(records(120)));
  await new HumanClient({ accessToken: token, fetch }).sleeps.list({ limit: 50 }).toArray();
  for (const request of fetch.requests) {
    assert.ok(!request.url.includes(token));
    for (const [name, value] of request.headers) {
      assert.equal(value.includes(token), name === "authorization", name);
    }
  }
});

test("a secret of a few letters is not looked for in what the server says: many words contain it", async () => {
  const said = { message: "demographics are not for the demo user" };
  const client = new HumanClient({ accessToken: "demo", fetch: answering(() => json(said, { status: 403 })), maxRetries: 0 });
  const error = await client.profile().catch((thrown) => thrown);
  assert.deepEqual(error.body, said);
});

test("a key is redacted in either alphabet of base64, in which it may be sent", async () => {
  const appKey = "ab~cd?";
  const sent = btoa(`${appKey}:`);
  assert.equal(sent, "YWJ+Y2Q/Og==");
  for (const shown of [sent, "YWJ-Y2Q_Og==", "YWJ-Y2Q_Og", "YWJ%2DY2Q%5fOg", appKey]) {
    const client = new AppClient({ clientId: "app", appKey, fetch: answering(() => json({ message: `key=${shown}&x` }, { status: 403 })), maxRetries: 0 });
    const error = await client.users().toArray().catch((thrown) => thrown);
    assert.doesNotMatch(JSON.stringify(error.body), /YWJ|ab~cd/, shown);
  }
});

test("what the library itself sends in a request is no secret", async () => {
  const said = { message: "expected application/json" };
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token-7", fetch: answering(() => json(said, { status: 401 })), maxRetries: 0 });
  const samples = [0, 1, 2].map((minute) => ({ device_name: "Watch", start_date: `2025-06-15T08:0${minute}:00Z`, unit: "count", value: 10 }));
  const error = await uploader.upload("steps", samples).catch((thrown) => thrown);
  assert.deepEqual(error.body, said);
});

test("an error's content that is broken JSON is redacted as JSON escapes it, too", async () => {
  const accessToken = "s3cr3t/token";
  const escaped = [...accessToken].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const client = new HumanClient({ accessToken, fetch: answering(() => new Response(`{"message": "${escaped} s3cr3t\\/token`, { status: 403 })), maxRetries: 0 });
  const error = await client.profile().catch((thrown) => thrown);
  assert.equal(error.body, '{"message": "[secret] [secret]');
});

test("a secret is found as JSON and HTML escape it, at every place of an error", async () => {
  const accessToken = 'ab/cd="ef==&Z1\\2345';
  const escapes = {
    "JSON": JSON.stringify(accessToken).slice(1, -1),
    "JSON of PHP": JSON.stringify(accessToken).slice(1, -1).replaceAll("/", "\\/"),
    "JSON of Go": JSON.stringify(accessToken).slice(1, -1).replaceAll("=", "\\u003d").replaceAll("&", "\\u0026"),
    "names of HTML": accessToken.replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
    "numbers of HTML": accessToken.replace(/[^\w]/g, (character) => `&#${character.charCodeAt(0)};`),
    "numbers of HTML in hexadecimal": accessToken.replace(/[^\w]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`),
  };
  for (const [how, escaped] of Object.entries(escapes)) {
    const said = `refused: <b>${escaped}</b>`;
    const bodies = [said, JSON.stringify({ message: said, causes: [{ said }] })];
    for (const body of bodies) {
      const client = new HumanClient({ accessToken, fetch: answering(() => new Response(body, { status: 403 })), maxRetries: 0 });
      const error = await client.profile().catch((thrown) => thrown);
      const shown = JSON.stringify(error.body);
      assert.ok(shown.includes("[secret]") && !shown.includes("ab") && !shown.includes("2345"), `${how}: ${shown}`);
    }
    const client = new HumanClient({ accessToken, fetch: () => Promise.reject(new TypeError(said)), maxRetries: 0 });
    const { cause } = await client.profile().catch((thrown) => thrown);
    assert.equal(cause.message, "refused: <b>[secret]</b>", how);
    // The place of a function in the WebAssembly may have any digits.
    assert.ok(!cause.stack.replace(/wasm:.*/g, "").includes("2345"), how);
  }
});

test("a secret of digits is found as a number", async () => {
  const said = { token: 123456789012, other: 12345, no: null };
  const client = new HumanClient({ accessToken: "123456789012", fetch: answering(() => json(said, { status: 403 })), maxRetries: 0 });
  const error = await client.profile().catch((thrown) => thrown);
  assert.deepEqual(error.body, { token: "[secret]", other: 12345, no: null });
});

for (const [what, secrets] of [
  ["token", { accessToken: "t".repeat(20_000) }],
  ["header field of the caller", { accessToken: "demo", headers: { "x-ticket": "t".repeat(20_000) } }],
]) {
  test(`a long ${what} changes nothing in what becomes of a request`, async () => {
    const answers = {
      200: () => json({ id: "a" }, { headers: { "x-request-id": "a%20b" } }),
      403: () => json({ message: "100% refused" }, { status: 403, headers: { "x-request-id": "a%20b" } }),
    };
    const clientOf = (status) => new HumanClient({ ...secrets, fetch: answering(answers[status]), maxRetries: 0 });
    assert.deepEqual(await clientOf(200).profile(), { id: "a" });
    const error = await clientOf(403).profile().catch((thrown) => thrown);
    assert.deepEqual([error.name, error.body], ["PermissionError", { message: "100% refused" }]);
  });
}

test("many texts with percent signs are redacted in a time that grows with their length", { timeout: 30_000 }, async () => {
  const body = Array.from({ length: 60_000 }, (_, index) => `above ${index}%`);
  const client = new HumanClient({ accessToken: "t".repeat(1500), fetch: answering(() => json(body, { status: 403 })), maxRetries: 0 });
  const error = await client.profile().catch((thrown) => thrown);
  assert.deepEqual(error.body, body);
});
