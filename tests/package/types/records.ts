// The records: the fields of each type, and which of them may be missing.

import { type Same, holds } from "./equal.js";
import type {
  Activity,
  ActivitySummary,
  BloodGlucose,
  BloodPressure,
  GeneticTrait,
  HeartRateSummary,
  HumanSummary,
  Location,
  LocationSummary,
  Meal,
  MedicalRecord,
  Profile,
  Reading,
  RecordBase,
  Sleep,
  SleepSummary,
  Source,
} from "humansync";

/** The names of the fields that may be missing, without those of an index signature. */
type Optional<T> = { [K in keyof T as string extends K ? never : {} extends Pick<T, K> ? K : never]-?: K } extends infer Names
  ? Names[keyof Names]
  : never;
/** The names of the fields that are always present. */
type Always<T> = { [K in keyof T as string extends K ? never : {} extends Pick<T, K> ? never : K]: K } extends infer Names
  ? Names[keyof Names]
  : never;

type Base = "id" | "humanId" | "source" | "createdAt" | "updatedAt";
type BaseOptional = "userId" | "tzOffset" | "sourceData";

holds<Same<Always<RecordBase>, Base>>();
holds<Same<Optional<RecordBase>, BaseOptional>>();

holds<Same<Always<Reading>, Base | "timestamp" | "value" | "unit">>();
holds<Same<Optional<Reading>, BaseOptional>>();
holds<Same<Reading["value"], number>>();
holds<Same<Reading["sourceData"], Record<string, unknown> | undefined>>();

holds<Same<Optional<BloodGlucose>, BaseOptional | "notes" | "mealTag" | "medicationTag">>();

holds<Same<Always<BloodPressure>, Base | "timestamp" | "systolic" | "diastolic" | "unit">>();
holds<Same<Optional<BloodPressure>, "userId" | "tzOffset" | "heartRate">>();

holds<
  Same<Always<Activity>, Base | "startTime" | "endTime" | "type" | "duration" | "distance" | "steps" | "calories">
>();
holds<
  Same<
    Always<ActivitySummary>,
    Base | "date" | "duration" | "distance" | "steps" | "calories" | "vigorous" | "moderate" | "light" | "sedentary"
  >
>();

holds<
  Same<
    Always<Sleep>,
    | Base
    | "day"
    | "startTime"
    | "endTime"
    | "mainSleep"
    | "timeAsleep"
    | "timeAwake"
    | "efficiency"
    | "timeToFallAsleep"
    | "timeAfterWakeup"
    | "timeInBed"
  >
>();
holds<Same<Optional<Sleep>, BaseOptional | "numberOfWakeups">>();
holds<Same<Sleep["mainSleep"], boolean>>();
holds<Same<Always<SleepSummary>, Base | "date" | "timeAsleep" | "timeAwake">>();

holds<Same<Always<HeartRateSummary>, Base | "date" | "zones">>();
holds<Same<Optional<HeartRateSummary>, BaseOptional | "restingHR" | "averageHR" | "maxHR" | "minHR">>();
holds<Same<keyof HeartRateSummary["zones"][number], "name" | "max" | "min" | "duration" | "caloriesBurned">>();

holds<Same<Always<Location>, Base | "startTime" | "endTime" | "name" | "location">>();
holds<Same<Location["location"], { lat: number; lon: number }>>();
holds<Same<LocationSummary["date"], string>>();

holds<Same<Always<Meal>, Base | "timestamp" | "type" | "name" | "calories">>();
holds<Same<Meal["calories"], number>>();
holds<Same<Meal["fibre"], unknown>>();

holds<Same<Always<GeneticTrait>, "trait" | "description" | "possibleTraits">>();
holds<Same<GeneticTrait["possibleTraits"], string[]>>();

holds<Same<Always<Profile>, "humanId" | "createdAt">>();
holds<Same<HumanSummary["anything"], unknown>>();

holds<Same<Always<Source>, "id" | "source" | "sourceName" | "connectedSince">>();
holds<Same<Optional<Source>, "historySync" | "syncStatus" | "resync" | "organization">>();

holds<Same<Always<MedicalRecord>, "id">>();
holds<Same<MedicalRecord["anything"], unknown>>();
// @ts-expect-error: a medical record has no humanId
const person: string = {} as MedicalRecord["humanId"];
// @ts-expect-error: a wellness record has no field of that name
type Missing = Activity["pulse"];
void person;
export type { Missing };
