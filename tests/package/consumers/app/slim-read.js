// The entry that only reads. It is initialized with the WebAssembly file next to the code.

import { HumanClient, init } from "humansync/slim/read";

globalThis.outcome = (async () => {
  await init();
  const baseUrl = new URLSearchParams(location.search).get("api");
  return (await new HumanClient({ accessToken: "demo", baseUrl }).weight.latest()).unit;
})();
