// The slim entry with the WebAssembly at the address at which Vite serves it.

import { HumanClient, init } from "humansync/slim";
import url from "humansync/humansync.wasm?url";

globalThis.outcome = (async () => {
  await init(url);
  const baseUrl = new URLSearchParams(location.search).get("api");
  return (await new HumanClient({ accessToken: "demo", baseUrl }).weight.latest()).unit;
})();
