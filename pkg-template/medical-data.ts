// What a client has of a person's medical data.

import * as resources from "./resources.js";
import type { CallOptions } from "./types/client-options.js";
import type { MedicalRecord } from "./types/medical-records.js";
import type { CcdResource, MedicalData as PublicMedicalData } from "./types/resources.js";

const LISTS = [
  "allergies",
  "demographics",
  "encounters",
  "functionalStatuses",
  "immunizations",
  "instructions",
  "issues",
  "medications",
  "narratives",
  "organizations",
  "plansOfCare",
  "procedures",
  "socialHistory",
  "testResults",
  "timeline",
  "vitals",
] as const;

export interface MedicalData extends Pick<PublicMedicalData, (typeof LISTS)[number]> {}

export class MedicalData implements PublicMedicalData {
  static readonly #calls = new resources.WholeCalls(this, "MedicalData", (data: MedicalData) => data.#whole);
  readonly #whole: resources.Whole;

  static {
    for (const name of LISTS) {
      const get = function (this: MedicalData) {
        return MedicalData.#calls.part(this, name, resources.ListResource<MedicalRecord>);
      };
      Object.defineProperty(this.prototype, name, { get, configurable: true });
    }
  }

  constructor(by: symbol, place: resources.Place) {
    this.#whole = MedicalData.#calls.constructed(by, { ...place, area: "medical", parts: new Map() });
  }

  get ccds(): CcdResource {
    return MedicalData.#calls.part(this, "ccds", resources.CcdResource);
  }

  profile(options?: CallOptions): Promise<MedicalRecord> {
    return MedicalData.#calls.single(this, "profile", options);
  }
}
