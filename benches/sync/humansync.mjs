// The package, with a consumer that reads every record and keeps none.

import { AppClient } from "humansync";
import { createStore as inFolder } from "humansync/stores/file";
import { createStore as inMemory } from "humansync/stores/memory";

export async function run(baseUrl, since, folder) {
  const client = new AppClient({ clientId: "demo-app", appKey: "demo-app-key", baseUrl });
  const store = folder === undefined ? inMemory() : await inFolder(folder);
  let records = 0;
  const { requests } = await client.sync({ store, since }).run((delta) => {
    for (const record of delta.records) records += record.humanId.length > 0 ? 1 : 0;
  });
  return { records, requests };
}
