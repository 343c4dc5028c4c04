// An endpoint without a network, and a store whose values can be inspected.

import { answering } from "../../node/support/answers.mjs";
import { imported } from "../../node/support/installed.mjs";

const { SampleUploader } = await imported();

/**
 * A fetch that accepts samples. `respond(data, index, request)` may return another answer, or throw. `posts` are all
 * bodies received, `accepted` the samples of those that were accepted, batch by batch.
 */
export function endpoint(respond = () => undefined) {
  const posts = [];
  const accepted = [];
  const fetch = answering(async (url, request, index) => {
    const body = JSON.parse(await request.text());
    posts.push(body);
    const answer = (await respond(body.data, index, request)) ?? Response.json({ accepted: body.data.length });
    if (answer.ok) accepted.push(body.data);
    return answer;
  });
  return Object.assign(fetch, { posts, accepted });
}

/** An uploader to this endpoint. */
export function uploaderTo(fetch, options = {}) {
  return new SampleUploader({ baseUrl: "https://samples.example", token: "t0ken", fetch, ...options });
}

/** A store with only the five methods, and its `values` to inspect. `before(method, key)` may delay or fail a call. */
export function openStore(before = () => {}) {
  const values = new Map();
  const queues = new Map();
  return {
    values,
    async get(key) {
      await before("get", key);
      return values.get(key);
    },
    async set(key, value) {
      await before("set", key);
      values.set(key, value);
    },
    async delete(key) {
      await before("delete", key);
      values.delete(key);
    },
    async keys(prefix) {
      await before("keys", prefix);
      return [...values.keys()].filter((key) => key.startsWith(prefix));
    },
    async lock(name, work) {
      await before("lock", name);
      const turn = (queues.get(name) ?? Promise.resolve()).then(work);
      queues.set(
        name,
        turn.then(
          () => {},
          () => {},
        ),
      );
      return turn;
    },
  };
}
