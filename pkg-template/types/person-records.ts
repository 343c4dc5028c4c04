// The lists of one person that can be kept in sync, by their names.

import type { MedicalRecord } from "./medical-records.js";
import type { Activity, ActivitySummary, BloodGlucose, BloodPressure, GeneticTrait, HeartRateSummary, Location, LocationSummary, Meal, Reading, Sleep, SleepSummary } from "./records.js";

/** What the lists of one person give, by their paths below `/human`; the readings of a type have the type's name alone, so
 *  `heart_rate` is what `heartRate.readings()` gives. */
export interface PersonRecords {
  activities: Activity;
  "activities/summaries": ActivitySummary;
  sleeps: Sleep;
  "sleeps/summaries": SleepSummary;
  locations: Location;
  "locations/summaries": LocationSummary;
  heart_rate: Reading;
  "heart_rate/summaries": HeartRateSummary;
  blood_glucose: BloodGlucose;
  blood_oxygen: Reading;
  blood_pressure: BloodPressure;
  bmi: Reading;
  body_fat: Reading;
  height: Reading;
  weight: Reading;
  "food/meals": Meal;
  /** They have no id and no dates. */
  "genetic/traits": GeneticTrait;
  "medical/allergies": MedicalRecord;
  "medical/ccds": MedicalRecord;
  "medical/demographics": MedicalRecord;
  "medical/encounters": MedicalRecord;
  "medical/functional_statuses": MedicalRecord;
  "medical/immunizations": MedicalRecord;
  "medical/instructions": MedicalRecord;
  "medical/issues": MedicalRecord;
  "medical/medications": MedicalRecord;
  "medical/narratives": MedicalRecord;
  "medical/organizations": MedicalRecord;
  "medical/plans_of_care": MedicalRecord;
  "medical/procedures": MedicalRecord;
  "medical/social_history": MedicalRecord;
  "medical/test_results": MedicalRecord;
  "medical/timeline": MedicalRecord;
  "medical/vitals": MedicalRecord;
}

/** The name of a list of one person, e.g. `"heart_rate"` or `"medical/allergies"`. */
export type PersonType = keyof PersonRecords;

/** A record of one person, as a sync gives it. It may also have a time series, where `params` ask for one. */
export type PersonRecord<K extends PersonType = PersonType> = PersonRecords[K] & { timeSeries?: unknown };
