// What a client has of a person's medical data.

import * as resources from "./resources.js";
import type { CallOptions } from "./types/client-options.js";
import type { MedicalRecord } from "./types/medical-records.js";
import type { CcdResource, ListResource, MedicalData as PublicMedicalData } from "./types/resources.js";

export class MedicalData implements PublicMedicalData {
  static readonly #calls = new resources.WholeCalls(this, "MedicalData", (data: MedicalData) => data.#whole);
  readonly #whole: resources.Whole;

  constructor(by: symbol, place: resources.Place) {
    this.#whole = MedicalData.#calls.constructed(by, { ...place, area: "medical", parts: new Map() });
  }

  get allergies(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "allergies", resources.ListResource<MedicalRecord>);
  }

  get demographics(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "demographics", resources.ListResource<MedicalRecord>);
  }

  get encounters(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "encounters", resources.ListResource<MedicalRecord>);
  }

  get functionalStatuses(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "functionalStatuses", resources.ListResource<MedicalRecord>);
  }

  get immunizations(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "immunizations", resources.ListResource<MedicalRecord>);
  }

  get instructions(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "instructions", resources.ListResource<MedicalRecord>);
  }

  get issues(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "issues", resources.ListResource<MedicalRecord>);
  }

  get medications(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "medications", resources.ListResource<MedicalRecord>);
  }

  get narratives(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "narratives", resources.ListResource<MedicalRecord>);
  }

  get organizations(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "organizations", resources.ListResource<MedicalRecord>);
  }

  get plansOfCare(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "plansOfCare", resources.ListResource<MedicalRecord>);
  }

  get procedures(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "procedures", resources.ListResource<MedicalRecord>);
  }

  get socialHistory(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "socialHistory", resources.ListResource<MedicalRecord>);
  }

  get testResults(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "testResults", resources.ListResource<MedicalRecord>);
  }

  get timeline(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "timeline", resources.ListResource<MedicalRecord>);
  }

  get vitals(): ListResource<MedicalRecord> {
    return MedicalData.#calls.part(this, "vitals", resources.ListResource<MedicalRecord>);
  }

  get ccds(): CcdResource {
    return MedicalData.#calls.part(this, "ccds", resources.CcdResource);
  }

  profile(options?: CallOptions): Promise<MedicalRecord> {
    return MedicalData.#calls.single(this, "profile", options);
  }
}
