// Links and redirects over real HTTP: the library must not send a request to another server, and never the token.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { imported } from "./support/installed.mjs";

const { HumanClient } = await imported();

/** A server on a free port until the test `t` ends, with the `requests` that it received. */
async function server(t, respond) {
  const requests = [];
  const listening = createServer((request, response) => {
    requests.push({ url: request.url, authorization: request.headers.authorization });
    respond(request, response);
  });
  await new Promise((resolve) => listening.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    listening.closeAllConnections();
    return new Promise((resolve) => listening.close(resolve));
  });
  return { url: `http://127.0.0.1:${listening.address().port}`, requests };
}

const empty = (request, response) => response.setHeader("content-type", "application/json").end("[]");

function answerWith(headers) {
  return (request, response) => {
    const records = [{ id: "2" }, { id: "1" }];
    response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(records));
  };
}

async function walked(client) {
  const read = [];
  try {
    for await (const { id } of client.activities.list({ limit: 2 })) read.push(id);
  } catch (error) {
    return { read, error };
  }
  return { read };
}

test("a next link to another origin is a ProtocolError, and the other server sees no request", async (t) => {
  const other = await server(t, empty);
  const own = await server(t, answerWith({ link: `<${other.url}/v1/human/activities?offset=2>; rel="next"`, "x-total-count": "9" }));
  const { read, error } = await walked(new HumanClient({ accessToken: "demo", baseUrl: own.url }));
  assert.equal(error?.name, "ProtocolError");
  assert.deepEqual(read, ["2", "1"], "what came before it is given");
  assert.equal(other.requests.length, 0);
  assert.equal(own.requests.length, 1);
});

for (const [name, link] of Object.entries({
  "another path": (url) => `${url}/v1/apps/users?offset=2`,
  "a path above": (url) => `${url}/v1/human/../apps/users?offset=2`,
  "an encoded path above": (url) => `${url}/v1/human/%2e%2e/apps/users?offset=2`,
  "another scheme": (url) => url.replace("http:", "https:") + "/v1/human/activities?offset=2",
  "another port of the same host": (url) => `${url.replace(/\d+$/, "9")}/v1/human/activities?offset=2`,
  "a user name": (url) => `${url.replace("//", "//ada:pw@")}/v1/human/activities?offset=2`,
  "a host that only begins like it": (url) => `${url}.elsewhere.example/v1/human/activities?offset=2`,
  "no host": () => "//elsewhere.example/v1/human/activities?offset=2",
  "a script": () => "javascript:alert(1)",
})) {
  test(`a next link to ${name} is a ProtocolError, and is not followed`, async (t) => {
    let links = "";
    const own = await server(t, (request, response) => answerWith({ link: links, "x-total-count": "9" })(request, response));
    links = `<${link(own.url)}>; rel="next"`;
    const { error } = await walked(new HumanClient({ accessToken: "demo", baseUrl: own.url }));
    assert.equal(error?.name, "ProtocolError");
    assert.equal(own.requests.length, 1);
  });
}

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect with ${status} is not followed`, async (t) => {
    const other = await server(t, empty);
    const own = await server(t, (request, response) => response.writeHead(status, { location: `${other.url}${request.url}` }).end());
    const client = new HumanClient({ accessToken: "demo", baseUrl: own.url });
    const error = await client.profile().then(assert.fail, (error) => error);
    assert.equal(error.name, "ProtocolError");
    assert.match(error.message, /redirect/);
    assert.equal(other.requests.length, 0);
    assert.equal(own.requests.length, 1);
  });
}

test("a walk whose links lead back is a ProtocolError, and not an endless loop", async (t) => {
  const own = await server(t, (request, response) =>
    answerWith({ link: `</v1/human/activities?page=${request.url.includes("page=a") ? "b" : "a"}>; rel="next"` })(request, response),
  );
  const { error } = await walked(new HumanClient({ accessToken: "demo", baseUrl: own.url }));
  assert.equal(error?.name, "ProtocolError");
  assert.ok(own.requests.length < 20, `${own.requests.length} requests`);
});

test("cookies are neither sent nor stored", async (t) => {
  const cookies = [];
  const own = await server(t, (request, response) => {
    cookies.push(request.headers.cookie);
    response.setHeader("set-cookie", "session=1");
    empty(request, response);
  });
  const client = new HumanClient({ accessToken: "demo", baseUrl: own.url });
  await client.activities.list().toArray();
  await client.activities.list().toArray();
  assert.deepEqual(cookies, [undefined, undefined]);
});

test("a connection that is cut is retried", async (t) => {
  let requests = 0;
  const own = await server(t, (request, response) => {
    if (++requests === 1) return request.socket.destroy();
    if (requests === 2) {
      response.writeHead(200, { "content-length": "100" }).write("[");
      return setImmediate(() => response.destroy());
    }
    return empty(request, response);
  });
  const events = [];
  const client = new HumanClient({ accessToken: "demo", baseUrl: own.url, onEvent: (event) => events.push(event) });
  assert.deepEqual(await client.activities.list().toArray(), []);
  assert.equal(own.requests.length, 3);
  assert.deepEqual(events.filter(({ type }) => type === "retry").map(({ reason }) => reason), ["connection", "connection"]);
});

test("a port on which no server listens is a ConnectionError", async (t) => {
  const gone = await server(t, empty);
  await walked(new HumanClient({ accessToken: "demo", baseUrl: gone.url }));
  const client = new HumanClient({ accessToken: "demo", baseUrl: "http://127.0.0.1:1", maxRetries: 0 });
  const error = await client.profile().then(assert.fail, (error) => error);
  assert.equal(error.name, "ConnectionError");
  assert.equal(typeof error.sent, "boolean");
});
