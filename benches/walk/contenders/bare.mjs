// A bare loop, `fetch` and `json()`: the least that a walk can take.

export function prepare({ url, fetch = globalThis.fetch }) {
  const headers = { accept: "application/json", authorization: "Bearer demo" };
  return async ({ list, limit }, take) => {
    let pages = 0;
    let next = `${url}/v1/human/${list}${limit === undefined ? "" : `?limit=${limit}`}`;
    while (next !== undefined) {
      const answer = await fetch(next, { headers });
      pages++;
      take(await answer.json());
      next = nextOf(answer);
    }
    return pages;
  };
}

/** The next page's address in the `Link` field of an answer. */
export function nextOf(answer) {
  return /<([^<>]+)>;\s*rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
}
