// Batch queries: the records of all users of an app, by type.

import type { QueryInit } from "./queries.js";
import type { Activity, ActivitySummary, BloodGlucose, BloodPressure, GeneticTrait, HeartRateSummary, Location, Meal, Reading, Sleep, SleepSummary } from "./records.js";
import type { Instant } from "./time.js";

/** What batch queries give, by the name of their type: the same records as one person's, each with its `humanId`. */
export interface BatchRecords {
  activities: Activity;
  "activities/summaries": ActivitySummary;
  sleeps: Sleep;
  "sleeps/summaries": SleepSummary;
  locations: Location;
  heart_rates: Reading;
  "heart_rate/summaries": HeartRateSummary;
  bmis: Reading;
  body_fats: Reading;
  heights: Reading;
  weights: Reading;
  blood_pressures: BloodPressure;
  blood_glucoses: BloodGlucose;
  blood_oxygens: Reading;
  "food/meals": Meal;
  /** They have no id and no dates. */
  genetic_traits: Omit<GeneticTrait, "humanId"> & { humanId: string; id?: undefined; updatedAt?: undefined };
}

/** The name of a type of batch queries and syncs, e.g. `"heart_rates"`. */
export type BatchType = keyof BatchRecords;

/** A record of a batch query. It may also have the person's time zone and a time series. */
export type BatchRecord<K extends BatchType = BatchType> = BatchRecords[K] & { timeZone?: string; timeSeries?: unknown };

/** A query over all users. */
export type BatchQuery = QueryInit & {
  /** Only records that were updated at this time or later. It is required: without it the API gives only the last 24 hours. */
  updatedSince: Instant;
};

/** A user of an app. */
export interface AppUser {
  /** 32 hexadecimal digits. */
  humanId: string;
  /** What the app calls them. */
  externalId: string;
  /** The client id. */
  appId: string;
  /** RFC 3339. */
  createdAt: string;
  /** RFC 3339. */
  updatedAt: string;
}
