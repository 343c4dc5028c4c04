// The package itself, in its ordinary use: six requests at once.

import { HumanClient } from "humansync";

/** Returns a function that walks a list of the person. `limit` is `undefined` where nobody tells a size. */
export function prepare({ url, fetch }) {
  const client = new HumanClient({ baseUrl: url, accessToken: "demo", fetch });
  return async ({ list, limit }, take) => {
    const lists = { activities: client.activities, sleeps: client.sleeps };
    let pages = 0;
    for await (const page of lists[list].list(limit === undefined ? {} : { limit }).byPage()) {
      pages++;
      await take(page.records);
    }
    return pages;
  };
}
