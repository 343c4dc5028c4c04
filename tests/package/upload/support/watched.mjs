// A store and a fetch that report each of their steps, so that a test knows what was going on when a program died.

/**
 * A batch is recorded, posted, and recorded again with its outcome. `tell` is called before and after each step; `post`
 * is the number of the request that the step belongs to. So that each post can be matched with its record, a batch is
 * only recorded once the one before it has been posted.
 *
 *     begin, begun          a batch is recorded
 *     post, answer          its request; with `body`, and `status`
 *     note, noted           its outcome is recorded; from here on it is acknowledged
 *     <method>, <method> done    whatever else the store does
 */
export function watched(store, fetch, tell) {
  const posts = new Map();
  let count = 0;
  let next;
  let posted = Promise.resolve();

  const other =
    (method) =>
    async (...args) => {
      tell({ step: method });
      const value = await store[method](...args);
      tell({ step: `${method} done` });
      return value;
    };

  return {
    store: {
      get: other("get"),
      async delete(key, lease) {
        // The upload was aborted before this batch was posted.
        if (next?.key === key) {
          next.done();
          next = undefined;
        }
        await other("delete")(key, lease);
      },
      keys: other("keys"),
      lock: (name, work) => store.lock(name, work),
      async set(key, value, lease) {
        if (!key.includes("/batch/")) return other("set")(key, value, lease);
        const post = posts.get(key);
        if (post !== undefined) {
          tell({ step: "note", post });
          await store.set(key, value, lease);
          tell({ step: "noted", post });
          return;
        }
        const before = posted;
        let done;
        posted = new Promise((resolve) => (done = resolve));
        await before;
        tell({ step: "begin" });
        await store.set(key, value, lease);
        tell({ step: "begun" });
        next = { key, done };
      },
    },
    async fetch(url, init) {
      if (next === undefined) throw new Error("a batch was sent that was not written down before");
      const post = count++;
      posts.set(next.key, post);
      next.done();
      next = undefined;
      tell({ step: "post", post, body: init.body });
      const answer = await fetch(url, init);
      const body = await answer.text();
      tell({ step: "answer", post, status: answer.status });
      return new Response(body, { status: answer.status, headers: answer.headers });
    },
  };
}
