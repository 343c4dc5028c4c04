// HumanClient, over that of a WebAssembly.

import { define, ends, located } from "./classes.js";
import { members } from "./resources.js";

export function humanClient(Inner, requireLoaded) {
  class HumanClient {
    constructor(options) {
      requireLoaded("HumanClient");
      try {
        adopt(new Inner(options), this);
      } catch (error) {
        throw located(error, new.target);
      }
    }
  }
  const adopt = define("HumanClient", { ...members, plain: { ...members.plain, ...ends } }, HumanClient.prototype);
  return HumanClient;
}
