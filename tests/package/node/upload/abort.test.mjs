// Aborting at any point: the upload rejects with the signal's own reason, and the next one goes on from there.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { endpoint, openStore, uploaderTo } from "../../upload/support/endpoint.mjs";
import { assertReport } from "../../upload/support/reports.mjs";
import { ndjson, samples } from "../../upload/support/samples.mjs";
import { nothing, refusal } from "../support/answers.mjs";
import { failure } from "../support/outcome.mjs";
import { settled } from "../support/virtual-time.mjs";

const list = samples(100);

/** A promise that `open` resolves. */
function gate() {
  let open;
  return Object.assign(new Promise((resolve) => (open = resolve)), { open: (value) => open(value) });
}

for (const [name, reason] of [
  ["an Error", new Error("enough")],
  ["a text", "enough"],
  ["null", null],
  ["an object", { frozen: Object.freeze({}) }],
  ["a symbol", Symbol("enough")],
  ["false", false],
]) {
  test(`the reason may be ${name}`, async () => {
    const controller = new AbortController();
    const fetch = endpoint(() => {
      controller.abort(reason);
      return nothing();
    });
    assert.equal(await failure(() => uploaderTo(fetch).upload("steps", list, { signal: controller.signal })), reason);
    assert.equal(await failure(() => uploaderTo(fetch).upload("steps", list, { signal: controller.signal })), reason);
    assert.equal(await failure(() => uploaderTo(fetch).plan("steps", list, { signal: controller.signal })), reason);
    assert.equal(fetch.posts.length, 1);
  });
}

test("without a reason it is the platform's AbortError", async () => {
  const error = await failure(() => uploaderTo(endpoint()).upload("steps", list, { signal: AbortSignal.abort() }));
  assert.equal(error.name, "AbortError");
  assert.equal("report" in error, false);
});

test("aborted before it begins: nothing is read or sent", async () => {
  let read = 0;
  const source = (function* () {
    read++;
    yield* list;
  })();
  const fetch = endpoint();
  await failure(() => uploaderTo(fetch).upload("steps", source, { signal: AbortSignal.abort() }));
  assert.deepEqual([read, fetch.posts.length], [0, 0]);
});

/** Asserts that the upload that `start` begins, when aborted once `ready` has resolved, rejects with the reason. */
async function assertAborted(start, ready) {
  const controller = new AbortController();
  const reason = new Error("enough");
  const upload = start(controller.signal);
  let outcome;
  upload.then(
    () => (outcome = "it resolved"),
    (error) => (outcome = error),
  );
  await ready;
  await settled();
  assert.equal(outcome, undefined, "it ended before it was aborted");
  controller.abort(reason);
  await upload.catch(() => {});
  assert.equal(outcome, reason);
  assert.deepEqual(getEventListeners(controller.signal, "abort"), [], "nothing listens any more");
}

for (const call of ["upload", "plan"]) {
  test(`${call}: while it waits for a source, which is then cancelled`, async () => {
    const called = gate();
    const cancelled = gate();
    const fetch = endpoint();
    const stream = new ReadableStream({
      pull: () => {
        called.open();
        return nothing();
      },
      cancel: () => cancelled.open("cancelled"),
    });
    await assertAborted((signal) => uploaderTo(fetch)[call]("steps", stream, { signal }), called);
    assert.equal(await cancelled, "cancelled");
    const askedAgain = gate();
    const generator = async function* () {
      yield list[0];
      askedAgain.open();
      await nothing();
    };
    await assertAborted((signal) => uploaderTo(fetch)[call]("steps", generator(), { signal }), askedAgain);
    assert.deepEqual(fetch.posts, []);
  });

  test(`${call}: while it waits for the store`, async () => {
    for (const method of ["get", "keys"]) {
      const started = gate();
      const store = openStore((called) => called === method && (started.open(), nothing()));
      await assertAborted((signal) => uploaderTo(endpoint(), { store })[call]("steps", list, { signal }), started);
    }
  });
}

test("while it waits for the lock, which the next one then gets", async () => {
  const store = openStore();
  const posted = gate();
  const opened = gate();
  const slow = endpoint(async () => {
    posted.open();
    await opened;
  });
  const first = uploaderTo(slow, { store }).upload("steps", list);
  await posted;
  const fetch = endpoint();
  await assertAborted(
    (signal) => uploaderTo(fetch, { store }).upload("steps", samples(10, { first: 200 }), { signal }),
    undefined,
  );
  const third = uploaderTo(fetch, { store }).upload("steps", samples(10, { first: 300 }));
  opened.open();
  assertReport(await first, { read: 100, sent: 100 });
  assertReport(await third, { read: 10, sent: 10 });
  assert.deepEqual(fetch.accepted, [samples(10, { first: 300 })]);
});

test("while batches are in flight: acknowledgements are recorded, and requests are ended", async () => {
  for (const concurrency of [1, 3, 6]) {
    const store = openStore();
    const full = gate();
    let open = 0;
    const fetch = endpoint((data, index) => {
      if (index < 4) return undefined;
      if (++open === concurrency) full.open();
      return nothing();
    });
    await assertAborted(
      (signal) => uploaderTo(fetch, { store, batchSize: 10, concurrency }).upload("steps", list, { signal }),
      full,
    );
    assert.ok(fetch.requests.slice(4).every(({ signal }) => signal.aborted));
    assert.equal(fetch.accepted.length, 4);

    const next = endpoint();
    const acknowledged = new Set(fetch.accepted.flat().map(({ start_date }) => start_date));
    assertReport(await uploaderTo(next, { store, batchSize: 10 }).upload("steps", list), {
      read: 100,
      alreadySent: 40,
      sent: 60,
    });
    assert.ok(next.posts.flatMap(({ data }) => data).every(({ start_date }) => !acknowledged.has(start_date)));
  }
});

test("from within onProgress, at any call: the next upload goes on, and no acknowledged sample arrives twice", async () => {
  let calls = 0;
  await uploaderTo(endpoint(), { batchSize: 10 }).upload("steps", ndjson(list), { onProgress: () => void calls++ });
  for (let at = 0; at < calls - 1; at++) {
    const store = openStore();
    const fetch = endpoint();
    const uploader = uploaderTo(fetch, { store, batchSize: 10, concurrency: 3 });
    const controller = new AbortController();
    let left = at;
    const onProgress = () => left-- === 0 && controller.abort(controller);
    assert.equal(
      await failure(() => uploader.upload("steps", ndjson(list), { signal: controller.signal, onProgress })),
      controller,
    );
    const report = await uploader.upload("steps", ndjson(list));
    assertReport(report, { read: 100, sent: report.sent, alreadySent: 100 - report.sent });
    const all = fetch.accepted.flat();
    assert.equal(new Set(all.map(({ start_date }) => start_date)).size, 100);
    // At most the two others were in flight.
    assert.ok(all.length <= 120, `${all.length} arrived`);
  }
});

test("while it waits before the next attempt", async () => {
  const retry = gate();
  const onEvent = ({ type }) => type === "retry" && retry.open();
  const fetch = endpoint(() => refusal(503, { "retry-after": "60" }));
  await assertAborted((signal) => uploaderTo(fetch, { onEvent }).upload("steps", list, { signal }), retry);
  assert.equal(fetch.posts.length, 1);
});

test("while it waits for the token", async () => {
  const called = gate();
  const token = () => {
    called.open();
    return nothing();
  };
  const fetch = endpoint();
  await assertAborted((signal) => uploaderTo(fetch, { token }).upload("steps", list, { signal }), called);
  assert.deepEqual(fetch.posts, []);
});

test('batches in flight at an abort are held back with "hold", and sent again with "resend"', async () => {
  for (const onUnknown of ["hold", "resend"]) {
    const store = openStore();
    const posted = gate();
    const hanging = endpoint(() => (posted.open(), nothing()));
    await assertAborted(
      (signal) => uploaderTo(hanging, { store, batchSize: 10, concurrency: 1, onUnknown }).upload("steps", list, { signal }),
      posted,
    );
    const fetch = endpoint();
    const report = await uploaderTo(fetch, { store, batchSize: 10, onUnknown }).upload("steps", list);
    if (onUnknown === "hold") assertReport(report, { read: 100, sent: 90, unknown: 10 });
    else assertReport(report, { read: 100, sent: 100 });
  }
});

test("a signal aborted after the end changes nothing, and one signal may end several uploads", async () => {
  const controller = new AbortController();
  const uploader = uploaderTo(endpoint(), { store: openStore() });
  assertReport(await uploader.upload("steps", list, { signal: controller.signal }), { read: 100, sent: 100 });
  assert.deepEqual(getEventListeners(controller.signal, "abort"), []);
  controller.abort();
  assertReport(await uploader.upload("steps", list), { read: 100, alreadySent: 100 });

  const both = new AbortController();
  const hanging = uploaderTo(endpoint(nothing));
  const uploads = ["steps", "bpm"].map((type) => failure(() => hanging.upload(type, list, { signal: both.signal })));
  await settled();
  both.abort("both");
  assert.deepEqual(await Promise.all(uploads), ["both", "both"]);
});
