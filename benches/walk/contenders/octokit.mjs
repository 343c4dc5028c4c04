// Octokit's paginate, the best known walk along `Link` fields: one page after the other, and no record is looked for
// twice.

import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";

export function prepare({ url }) {
  const octokit = new (Octokit.plugin(paginateRest))({ baseUrl: url });
  const headers = { accept: "application/json", authorization: "Bearer demo" };
  return async ({ list, limit }, take) => {
    let pages = 0;
    for await (const { data } of octokit.paginate.iterator(`GET /v1/human/${list}`, { headers, ...(limit !== undefined && { limit }) })) {
      pages++;
      take(data);
    }
    return pages;
  };
}
