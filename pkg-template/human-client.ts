// HumanClient: one person's data.

/// <reference lib="esnext.disposable" preserve="true" />
import { constructing, disposable, INTERNAL } from "./calls.js";
import { humansyncError } from "./core/errors.js";
import type { HumanClient as CoreHumanClient } from "./core/humansync.js";
import { providerFor, reading } from "./loading.js";
import * as medical from "./medical-data.js";
import * as resources from "./resources.js";
import type { CallOptions, ClientOptions, Secret } from "./types/client-options.js";
import type { HumanSummary, Profile, Source } from "./types/person.js";
import type { PersonRecords } from "./types/person-records.js";
import type {
  Activity,
  ActivitySummary,
  BloodGlucose,
  BloodPressure,
  GeneticTrait,
  HeartRateSummary,
  Location,
  LocationSummary,
  Meal,
  Reading,
  Sleep,
  SleepSummary,
} from "./types/records.js";
import type { DiscreteResource, ListResource, MedicalData, PeriodicResource, SummaryResource } from "./types/resources.js";
import type { PersonSyncOptions, Sync } from "./types/sync.js";

export interface HumanClientOptions extends ClientOptions {
  /** The person's access token. `"demo"` is a valid one on the real server. */
  accessToken: Secret;
  /** Version of the API, a part of its path. Default `"v1"`. */
  version?: string | undefined;
}

/**
 * Reads one person's data. Its promises reject with a HumansyncError, with a signal's own reason, or with what a Secret
 * function threw.
 *
 * ```js
 * const client = new HumanClient({ accessToken: "demo" });
 * const weight = await client.weight.latest(); // undefined where there is none
 * const week = await client.sleeps.list({ startDate: "2024-05-01", endDate: "2024-05-07" }).toArray();
 * ```
 * @throws {OptionError} where an option is not valid.
 */
export class HumanClient {
  static readonly #calls = new resources.WholeCalls(this, "HumanClient", (client: HumanClient) => client.#whole);
  readonly #whole: resources.Whole;
  readonly #provider: (typeof reading)[number];

  constructor(options: HumanClientOptions) {
    this.#provider = providerFor("HumanClient", reading);
    const { HumanClient: Core } = this.#provider.core;
    this.#whole = constructing(new.target, () => ({ client: new Core(options), area: "human", parts: new Map() }));
  }

  /** `GET /human`: one object with the latest of everything. */
  summary(options?: CallOptions): Promise<HumanSummary> {
    return HumanClient.#calls.single(this, "summary", options);
  }

  /** `GET /human/profile`: who the person is to the API. */
  profile(options?: CallOptions): Promise<Profile> {
    return HumanClient.#calls.single(this, "profile", options);
  }

  /** `GET /human/sources`: what the person has connected. */
  sources(options?: CallOptions): Promise<Source[]> {
    return HumanClient.#calls.promise(this, "sources", (whole) => resources.list<Source>({ ...whole, name: "sources" }, "whole", undefined, options).toArray());
  }

  /** In mg/dL. */
  get bloodGlucose(): DiscreteResource<BloodGlucose> {
    return HumanClient.#calls.part(this, "bloodGlucose", resources.DiscreteResource<BloodGlucose>);
  }

  /** In percent; the unit reads `SpO2` or `SpO2(%)`. */
  get bloodOxygen(): DiscreteResource<Reading> {
    return HumanClient.#calls.part(this, "bloodOxygen", resources.DiscreteResource<Reading>);
  }

  /** In mmHg. */
  get bloodPressure(): DiscreteResource<BloodPressure> {
    return HumanClient.#calls.part(this, "bloodPressure", resources.DiscreteResource<BloodPressure>);
  }

  /** In kg/m2. */
  get bmi(): DiscreteResource<Reading> {
    return HumanClient.#calls.part(this, "bmi", resources.DiscreteResource<Reading>);
  }

  /** In percent; the unit reads `percent` or `%`. */
  get bodyFat(): DiscreteResource<Reading> {
    return HumanClient.#calls.part(this, "bodyFat", resources.DiscreteResource<Reading>);
  }

  /** In bpm. */
  get heartRate(): DiscreteResource<Reading> & SummaryResource<HeartRateSummary> {
    return HumanClient.#calls.part(this, "heartRate", resources.HeartRateResource<Reading, HeartRateSummary>);
  }

  /** In mm. */
  get height(): DiscreteResource<Reading> {
    return HumanClient.#calls.part(this, "height", resources.DiscreteResource<Reading>);
  }

  /** In kg. */
  get weight(): DiscreteResource<Reading> {
    return HumanClient.#calls.part(this, "weight", resources.DiscreteResource<Reading>);
  }

  /** Walks, runs and other activities, and sums over each day. */
  get activities(): PeriodicResource<Activity, ActivitySummary> {
    return HumanClient.#calls.part(this, "activities", resources.PeriodicResource<Activity, ActivitySummary>);
  }

  /** Nights and naps, and sums over each day. */
  get sleeps(): PeriodicResource<Sleep, SleepSummary> {
    return HumanClient.#calls.part(this, "sleeps", resources.PeriodicResource<Sleep, SleepSummary>);
  }

  /** Stays at places. */
  get locations(): PeriodicResource<Location, LocationSummary> {
    return HumanClient.#calls.part(this, "locations", resources.PeriodicResource<Location, LocationSummary>);
  }

  /** Meals, with their nutrients. */
  get meals(): ListResource<Meal> {
    return HumanClient.#calls.part(this, "meals", resources.ListResource<Meal>);
  }

  /** Genetic traits; they have no id and no dates. */
  get geneticTraits(): ListResource<GeneticTrait> {
    return HumanClient.#calls.part(this, "geneticTraits", resources.ListResource<GeneticTrait>);
  }

  /** Medical records: a list for each kind, and the medical profile. */
  get medical(): MedicalData {
    return HumanClient.#calls.part(this, "medical", medical.MedicalData);
  }

  /** Any other path under `/human`, with the same auth, retries and paging. */
  resource<T = unknown>(path: string): ListResource<T> {
    return HumanClient.#calls.direct(this, "resource", ({ client }) => {
      // A wrong path is told where it is given, not where it is used.
      client.pages("path", path, "list", undefined, undefined);
      return new resources.ListResource(INTERNAL, { client, area: "path", name: path });
    });
  }

  /**
   * Keeps lists up to date, medical ones included: each run goes on from where the store, or the checkpoints in `from`, say that the last
   * one ended. Nothing is sent before it is iterated or run.
   *
   * ```js
   * const sync = client.sync({ store: await createStore("positions"), account: "user-4711" });
   * await sync.run(async ({ type, records }) => database.upsert(type, records));
   * ```
   */
  sync(options: PersonSyncOptions): Sync<PersonRecords> {
    return HumanClient.#calls.direct(this, "sync", ({ client }) => {
      const { entry, personSync } = this.#provider;
      if (personSync === undefined) {
        throw humansyncError(
          "not-loaded",
          `HumanClient.sync is not in the WebAssembly of "${entry}", which this client was made with: import HumanClient from "humansync", or from "humansync/slim" and wait for its init() first`,
        );
      }
      return personSync(client as CoreHumanClient, options);
    });
  }

  /** Ends every request under way. The client cannot be used afterwards. */
  close(): void {
    HumanClient.#calls.direct(this, "close", ({ client }) => client.close());
  }
}

export interface HumanClient {
  /** The same as `close`, for `using client = new HumanClient(…)`. */
  [Symbol.dispose](): void;
}
disposable(HumanClient);
