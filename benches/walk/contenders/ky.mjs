// ky, in the loop along `Link` that one writes with it.

import ky from "ky";
import { nextOf } from "./bare.mjs";

export function prepare({ url }) {
  const client = ky.create({ headers: { accept: "application/json", authorization: "Bearer demo" } });
  return async ({ list, limit }, take) => {
    let pages = 0;
    let next = `${url}/v1/human/${list}${limit === undefined ? "" : `?limit=${limit}`}`;
    while (next !== undefined) {
      const answer = await client.get(next);
      pages++;
      take(await answer.json());
      next = nextOf(answer);
    }
    return pages;
  };
}
