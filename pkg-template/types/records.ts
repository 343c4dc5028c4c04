// Wellness records, as the server sends them: times are RFC 3339 strings, and nothing is converted.

import type { CalendarDate } from "./queries.js";

/** What most wellness records have in common. */
export interface RecordBase {
  /** 24 hexadecimal digits. */
  id: string;
  /** The person: 32 hexadecimal digits. */
  humanId: string;
  /** @deprecated by the API; use `humanId`. */
  userId?: string;
  /** Where it comes from, e.g. `"fitbit"`. */
  source: string;
  /** RFC 3339, e.g. `"2015-08-30T22:04:01.355Z"`. */
  createdAt: string;
  /** RFC 3339. */
  updatedAt: string;
  /** The wearer's offset from UTC, e.g. `"-06:00"`; missing in old data. */
  tzOffset?: string;
  /** What the source said besides, as it said it. */
  sourceData?: Record<string, unknown>;
}

/** One measurement. */
export interface Reading extends RecordBase {
  /** RFC 3339. */
  timestamp: string;
  /** In `unit`. */
  value: number;
  /** E.g. `"bpm"`, `"kg"`, `"mm"`, `"kg/m2"`, `"mg/dL"`, `"percent"` or `"%"`, `"SpO2"` or `"SpO2(%)"`. */
  unit: string;
}

export interface BloodGlucose extends Reading {
  notes?: string;
  /** Relation to a meal. */
  mealTag?: string;
  medicationTag?: string;
}

export interface BloodPressure extends Omit<RecordBase, "sourceData"> {
  /** RFC 3339. */
  timestamp: string;
  /** In `unit`. */
  systolic: number;
  /** In `unit`. */
  diastolic: number;
  /** In bpm. */
  heartRate?: number;
  /** `"mmHg"` */
  unit: string;
}

/** A day's heart rate. Rates are in bpm. */
export interface HeartRateSummary extends RecordBase {
  date: CalendarDate;
  zones: HeartRateZone[];
  restingHR?: number;
  averageHR?: number;
  maxHR?: number;
  minHR?: number;
}

export interface HeartRateZone {
  name: string;
  /** Upper end, in bpm. */
  max: number;
  /** Lower end, in bpm. */
  min: number;
  /** Time spent in it. */
  duration: number;
  caloriesBurned: number;
}

export interface Activity extends RecordBase {
  /** RFC 3339. */
  startTime: string;
  /** RFC 3339. */
  endTime: string;
  /** E.g. `"walking"`. */
  type: string;
  /** In seconds. */
  duration: number;
  /** In metres. */
  distance: number;
  steps: number;
  /** In kcal. */
  calories: number;
}

/** A day's activity. */
export interface ActivitySummary extends RecordBase {
  date: CalendarDate;
  /** In seconds. */
  duration: number;
  /** In metres. */
  distance: number;
  steps: number;
  /** In kcal. */
  calories: number;
  /** In minutes. */
  vigorous: number;
  /** In minutes. */
  moderate: number;
  /** In minutes. */
  light: number;
  /** In minutes. */
  sedentary: number;
}

export interface Sleep extends RecordBase {
  day: CalendarDate;
  /** RFC 3339. */
  startTime: string;
  /** RFC 3339. */
  endTime: string;
  /** Whether it is the day's main one, not a nap. */
  mainSleep: boolean;
  /** In minutes. */
  timeAsleep: number;
  /** In minutes. */
  timeAwake: number;
  /** Share of the time in bed that was slept, in percent. */
  efficiency: number;
  /** In minutes. */
  timeToFallAsleep: number;
  /** In minutes. */
  timeAfterWakeup: number;
  /** In minutes. */
  timeInBed: number;
  numberOfWakeups?: number;
}

/** A day's sleep. */
export interface SleepSummary extends RecordBase {
  date: CalendarDate;
  /** In minutes; may be a fraction. */
  timeAsleep: number;
  /** In minutes. */
  timeAwake: number;
}

/** A stay at a place. */
export interface Location extends RecordBase {
  /** RFC 3339. */
  startTime: string;
  /** RFC 3339. */
  endTime: string;
  name: string;
  /** In degrees. */
  location: { lat: number; lon: number };
}

/** A day's places; the API does not say which further fields it has. */
export interface LocationSummary extends RecordBase {
  date: CalendarDate;
  [field: string]: unknown;
}

/** A meal; further fields are nutrients. */
export interface Meal extends RecordBase {
  /** RFC 3339. */
  timestamp: string;
  /** E.g. `"breakfast"`. */
  type: string;
  name: string;
  /** In kcal. */
  calories: number;
  [nutrient: string]: unknown;
}

/** It has no id and no dates. */
export interface GeneticTrait {
  trait: string;
  description: string;
  possibleTraits: string[];
  humanId?: string;
  userId?: string;
  source?: string;
}
