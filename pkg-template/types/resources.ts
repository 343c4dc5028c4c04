// The parts of a HumanClient: which calls each kind of data has.

import type { CallOptions } from "./client-options.js";
import type { MedicalRecord } from "./medical-records.js";
import type { Pages } from "./pages.js";
import type { CalendarDate, QueryInit } from "./queries.js";

/** Measurements at a point in time. */
export interface DiscreteResource<T> {
  /** `/{type}`: the latest reading; undefined where there is none. */
  latest(options?: CallOptions): Promise<T | undefined>;
  /** `/{type}/{id}` */
  get(id: string, options?: CallOptions): Promise<T>;
  /** `/{type}/readings` */
  readings(query?: QueryInit): Pages<T>;
  /** `/{type}/readings/{id}`: the newer servers' form of `get`. */
  reading(id: string, options?: CallOptions): Promise<T>;
  /** `/{type}/readings/daily/{date}` */
  daily(date: CalendarDate, query?: QueryInit): Pages<T>;
}

/** Sums over a day. */
export interface SummaryResource<S> {
  /** `/{type}/summaries` */
  summaries(query?: QueryInit): Pages<S>;
  /** `/{type}/summaries/{date or id}` */
  summary(dateOrId: string, options?: CallOptions): Promise<S>;
}

export interface ListResource<T> {
  /** `/{type}` */
  list(query?: QueryInit): Pages<T>;
  /** `/{type}/{id}` */
  get(id: string, options?: CallOptions): Promise<T>;
}

/** What lasts from a start to an end. */
export interface PeriodicResource<T, S> extends ListResource<T>, SummaryResource<S> {
  /** `/{type}/daily/{date}` */
  daily(date: CalendarDate, query?: QueryInit): Pages<T>;
}

/** Continuity of Care Documents. */
export interface CcdResource extends ListResource<MedicalRecord> {
  /** `/medical/ccds/{id}/raw`: the document itself, XML. */
  raw(id: string, options?: CallOptions): Promise<string>;
}

/** Under `/human/medical`: `list` and `get` for each; the profile is one object. */
export interface MedicalData {
  readonly allergies: ListResource<MedicalRecord>;
  readonly demographics: ListResource<MedicalRecord>;
  readonly encounters: ListResource<MedicalRecord>;
  readonly functionalStatuses: ListResource<MedicalRecord>;
  readonly immunizations: ListResource<MedicalRecord>;
  readonly instructions: ListResource<MedicalRecord>;
  readonly issues: ListResource<MedicalRecord>;
  readonly medications: ListResource<MedicalRecord>;
  readonly narratives: ListResource<MedicalRecord>;
  readonly organizations: ListResource<MedicalRecord>;
  readonly plansOfCare: ListResource<MedicalRecord>;
  readonly procedures: ListResource<MedicalRecord>;
  readonly socialHistory: ListResource<MedicalRecord>;
  readonly testResults: ListResource<MedicalRecord>;
  readonly timeline: ListResource<MedicalRecord>;
  /** Values may be numbers or strings, as their source writes them. */
  readonly vitals: ListResource<MedicalRecord>;
  readonly ccds: CcdResource;
  /** Rejects with NotFoundError where there is none. */
  profile(options?: CallOptions): Promise<MedicalRecord>;
}
