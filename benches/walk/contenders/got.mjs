// got's pagination, which follows `Link` by itself: one page after the other.

import got from "got";

export function prepare({ url }) {
  const client = got.extend({ prefixUrl: url, headers: { accept: "application/json", authorization: "Bearer demo" }, responseType: "json" });
  return async ({ list, limit }, take) => {
    const searchParams = limit === undefined ? {} : { limit };
    let pages = 0;
    // Each page is one item, as for the others.
    for await (const records of client.paginate(`v1/human/${list}`, { searchParams, pagination: { transform: ({ body }) => [body] } })) {
      pages++;
      take(records);
    }
    return pages;
  };
}
