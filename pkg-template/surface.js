// The public classes and functions: what comes out of Rust, made into what JavaScript's users expect.

import * as core from "./core/humansync.js";
import { guard } from "./guard.js";
import { makeIterable } from "./iteration.js";
import { requireLoaded } from "./loading.js";

export class HumanClient {
  constructor(options) {
    requireLoaded("HumanClient");
    return Reflect.construct(core.HumanClient, [options], new.target);
  }
}

// Walks are made by iterating only.
const { walk } = core.Pages.prototype;
delete core.Pages.prototype.walk;
makeIterable(core.Pages.prototype, walk);

guard("HumanClient", core.HumanClient, HumanClient.prototype);
guard("DiscreteResource", core.DiscreteResource);
guard("PeriodicResource", core.PeriodicResource);
guard("HeartRateResource", core.HeartRateResource);
guard("ListResource", core.ListResource);
guard("CcdResource", core.CcdResource);
guard("MedicalData", core.MedicalData);
guard("Pages", core.Pages);
guard("Walk", core.Walk);

// Older engines do not know `using`.
if (Symbol.dispose !== undefined) {
  Object.defineProperty(HumanClient.prototype, Symbol.dispose, {
    value: HumanClient.prototype.close,
    configurable: true,
    writable: true,
  });
}

export function queryString(query) {
  requireLoaded("queryString");
  return core.queryString(query);
}

export function parseLinkHeader(value, base) {
  requireLoaded("parseLinkHeader");
  return core.parseLinkHeader(value, base);
}

export function parseRetryAfter(value, now) {
  requireLoaded("parseRetryAfter");
  return core.parseRetryAfter(value, now);
}
