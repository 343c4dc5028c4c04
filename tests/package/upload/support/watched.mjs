// A store and a fetch that tell of every step of theirs, so that a test knows what was under way when a program ended.

/**
 * A batch is written down, posted, and written down again with its outcome. `tell` hears of it all, each step before it is
 * begun and after it is done; `post` is a number, the same for what belongs together. So that it is known which post belongs
 * to what was written down, the next batch is only begun when the one before is on its way.
 *
 *     begin, begun          a batch is written down
 *     post, answer          its request; with `body`, and `status`
 *     note, noted           its outcome is written down; from here on it is acknowledged
 *     <method>, <method> done    whatever else the store does
 */
export function watched(store, fetch, tell) {
  const posts = new Map();
  let count = 0;
  let next;
  let posted = Promise.resolve();

  const other =
    (method) =>
    async (...given) => {
      tell({ step: method });
      const value = await store[method](...given);
      tell({ step: `${method} done` });
      return value;
    };

  return {
    store: {
      get: other("get"),
      async delete(key) {
        // Taken back: it was aborted before it was on its way.
        if (next?.key === key) {
          next.done();
          next = undefined;
        }
        await other("delete")(key);
      },
      keys: other("keys"),
      lock: (name, work) => store.lock(name, work),
      async set(key, value) {
        if (!key.includes("/batch/")) return other("set")(key, value);
        const post = posts.get(key);
        if (post !== undefined) {
          tell({ step: "note", post });
          await store.set(key, value);
          tell({ step: "noted", post });
          return;
        }
        const before = posted;
        let done;
        posted = new Promise((resolve) => (done = resolve));
        await before;
        tell({ step: "begin" });
        await store.set(key, value);
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
