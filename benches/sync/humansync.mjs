// The package, or an earlier build of it, with a consumer that reads every record and keeps none.

import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Loads the package of `library`, a folder such as dist/. Returns a function that makes a run: with positions in a
 * `"memory"` store, in a `"file"` store below `folder`, or as checkpoints that the consumer keeps (`"checkpoints"`).
 */
export function prepare({ library, positions }, folder) {
  // A package finds itself by its name, so that several builds can be compared.
  const load = createRequire(join(library, "package.json"));
  const { AppClient } = load("humansync");
  const { createStore } = load(`humansync/stores/${positions === "file" ? "file" : "memory"}`);

  return async ({ url, since, types }, onRecords = () => {}) => {
    const client = new AppClient({ clientId: "demo-app", appKey: "demo-app-key", baseUrl: url });
    const checkpoints = new Map();
    const keeps = positions === "checkpoints" ? { from: {} } : { store: await (positions === "file" ? createStore(folder) : createStore()) };
    let records = 0;
    const { requests } = await client.sync({ ...keeps, since, types }).run((delta) => {
      for (const record of delta.records) records += record.humanId.length > 0 ? 1 : 0;
      checkpoints.set(delta.type, delta.checkpoint);
      return onRecords(records);
    });
    return { records, requests };
  };
}
