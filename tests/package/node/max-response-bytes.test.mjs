// `maxResponseBytes`: how much of a response is read. The bytes are counted after decompression.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { answering, json } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";

const { HumanClient, NotFoundError, ProtocolError } = await imported();

const clientOf = (respond, options) => {
  const fetch = answering(respond);
  return { fetch, client: new HumanClient({ accessToken: "demo", fetch, ...options }) };
};

const isTooLarge = (error) => {
  assert.ok(error instanceof ProtocolError, String(error));
  assert.equal(error.code, "too-large");
  assert.match(error.message, /`maxResponseBytes`/);
  return true;
};

/**
 * An endless body in chunks of `size` blanks; `chunksRead` counts the chunks that were read, and `ended` holds the reason of
 * its cancellation.
 */
function endless(size = 1024) {
  const state = { chunksRead: 0, ended: false };
  const stream = new ReadableStream({
    pull(controller) {
      state.chunksRead++;
      controller.enqueue(new Uint8Array(size).fill(0x20));
    },
    cancel: () => (state.ended = true),
  });
  return { stream, state };
}

test("by default, a small response that decompresses to a large one is not read to its end", async (t) => {
  const packed = gzipSync(Buffer.alloc(100 << 20, " "));
  let closed;
  const server = createServer((request, response) => {
    closed = once(response, "close");
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(packed);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const client = new HumanClient({ accessToken: "demo", baseUrl: `http://127.0.0.1:${server.address().port}` });
  assert.ok(packed.length < 200_000);
  await assert.rejects(client.activities.list().toArray(), isTooLarge);
  await closed;
});

test("a response over the limit is cancelled, and not requested again", async () => {
  const calls = {
    "a page": (client) => client.sleeps.list().toArray(),
    "an object": (client) => client.profile(),
    "a reading": (client) => client.weight.latest(),
    "a document": (client) => client.medical.ccds.raw("1"),
  };
  for (const [name, call] of Object.entries(calls)) {
    const { stream, state } = endless();
    const { client, fetch } = clientOf(() => new Response(stream), { maxResponseBytes: 100_000, maxRetries: 0 });
    await assert.rejects(call(client), isTooLarge, name);
    assert.equal(state.ended, true, name);
    assert.ok(state.chunksRead < 110, `${state.chunksRead} chunks of 1 KiB`);
    assert.equal(fetch.requests.length, 1);
  }
});

test("a page that is too large is requested in halves, down to one record", async () => {
  const sizes = [];
  const { client } = clientOf((url) => {
    sizes.push(Number(url.searchParams.get("limit")));
    return new Response("[1".repeat(100_000));
  }, { maxResponseBytes: 100_000 });
  await assert.rejects(client.sleeps.list().toArray(), isTooLarge);
  assert.deepEqual(sizes, [500, 250, 125, 63, 32, 16, 8, 4, 2, 1]);
});

test("a response may have exactly as many bytes as are allowed", async () => {
  const record = { id: "1", note: "zwölf €" };
  const bytes = Buffer.byteLength(JSON.stringify([record]));
  for (const [maxResponseBytes, fits] of [[bytes, true], [bytes - 1, false], [Infinity, true], [undefined, true]]) {
    const { client } = clientOf(() => json([record]), { maxResponseBytes });
    const walked = client.activities.list().toArray();
    if (fits) assert.deepEqual(await walked, [record]);
    else await assert.rejects(walked, isTooLarge);
  }
});

test("nothing of a response stays in the buffer that it was gathered in", async (t) => {
  const gathered = [];
  const { decode } = TextDecoder.prototype;
  t.mock.method(TextDecoder.prototype, "decode", function (bytes, ...rest) {
    const text = Reflect.apply(decode, this, [bytes, ...rest]);
    if (text.includes("a-secret-value")) gathered.push({ text, bytes });
    return text;
  });
  // A short one, one that the buffer has to grow for, and a short one in the buffer that has grown.
  for (const padding of [0, 100_000, 0]) {
    const record = { id: "1", note: `a-secret-value${"x".repeat(padding)}` };
    const { client } = clientOf(() => json([record]));
    assert.deepEqual((await client.activities.list().first()).records, [record]);
  }
  assert.equal(new Set(gathered.map(({ bytes }) => bytes.buffer.byteLength)).size, 2, "one buffer, and one that has grown");
  for (const { text, bytes } of gathered) {
    assert.ok(bytes.length >= text.length);
    assert.ok(new Uint8Array(bytes.buffer).every((byte) => byte === 0));
  }
});

test("the text is the same wherever its bytes are cut, with a byte order mark too", async () => {
  const person = { id: "1", note: "€ 🩺 é" };
  const bytes = Buffer.from(`\ufeff${JSON.stringify(person)}`);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const chunks = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
    const body = new ReadableStream({ pull: (controller) => (chunks.length > 0 ? controller.enqueue(chunks.shift()) : controller.close()) });
    const { client } = clientOf(() => new Response(body));
    assert.deepEqual(await client.profile(), person, `in pieces of ${size}`);
  }
});

test("an error response with an endless body is still that error", async () => {
  const { stream, state } = endless(1 << 16);
  const { client } = clientOf(() => new Response(stream, { status: 404 }));
  const error = await client.activities.get("1").catch((thrown) => thrown);
  assert.ok(error instanceof NotFoundError);
  assert.equal(error.body, undefined);
  assert.equal(state.ended, true);
  assert.ok(state.chunksRead < 20, `${state.chunksRead} chunks of 64 KiB`);
});

test("bodies that are Node streams, as those of node-fetch, are bounded too; a response without a stream is read by its methods", async () => {
  const headers = new Headers();
  let destroyed = false;
  const body = new Readable({
    read() {
      this.push(Buffer.alloc(1024, " "));
    },
    destroy(error, done) {
      destroyed = true;
      done(error);
    },
  });
  const large = clientOf(() => ({ status: 200, headers, body }), { maxResponseBytes: 10_000 });
  await assert.rejects(large.client.profile(), isTooLarge);
  assert.equal(destroyed, true);
  const small = clientOf(() => ({ status: 200, headers, body: Readable.from([Buffer.from('{"a":'), Buffer.from("1}")]) }));
  assert.deepEqual(await small.client.profile(), { a: 1 });
  // A response whose stream is used up is read by its methods.
  const read = new Response("{}");
  await read.text();
  const again = clientOf(() => Object.assign(read, { json: async () => ({ b: 2 }) }));
  assert.deepEqual(await again.client.profile(), { b: 2 });
});

test("a response with more records than a page can have is an error before they fill the memory, in paged and unpaged lists", async () => {
  for (const list of [(client) => client.activities.list({ limit: 50 }).toArray(), (client) => client.sources()]) {
    const { client, fetch } = clientOf(() => json(Array(100_001).fill(0)));
    await assert.rejects(list(client), (error) => error instanceof ProtocolError && error.code === "too-large" && /100000 records/.test(error.message));
    assert.equal(fetch.requests.length, 1);
  }
  const { client } = clientOf(() => json(Array.from({ length: 100_000 }, (_, id) => ({ id: `r${id}` }))));
  assert.equal((await client.sources()).length, 100_000);
});
