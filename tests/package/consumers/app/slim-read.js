// Loaded by hand, from beside the code: what reads, and nothing else.

import { HumanClient, init } from "humansync/slim/read";

globalThis.outcome = (async () => {
  await init();
  const baseUrl = new URLSearchParams(location.search).get("api");
  return (await new HumanClient({ accessToken: "demo", baseUrl }).weight.latest()).unit;
})();
