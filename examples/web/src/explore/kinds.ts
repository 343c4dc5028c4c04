// Every type of data that the page shows: how it is read, its picture, and the columns of its table.

import type { Activity, ActivitySummary, BloodPressure, DiscreteResource, HumanClient, Location, Meal, Pages, QueryInit, Reading, Sleep } from "humansync/slim/read";
import { DAY, HOUR, startOfDay, wall, wallOfDay } from "./time.ts";

/** A record of any type. */
export type Any = Record<string, unknown>;

export type Picture<R> =
  /** A bar for each day. */
  | { form: "bars"; day: (record: R) => number; value: (record: R) => number; name: string; unit: string }
  /** A bar with two parts for each day. */
  | { form: "stacked"; day: (record: R) => number; lower: (record: R) => number; upper: (record: R) => number; names: [string, string]; unit: string }
  /** Many readings, as their mean and range. */
  | { form: "spread"; time: (record: R) => number; value: (record: R) => number; name: string; unit: string }
  /** From a lower value to a higher one. */
  | { form: "band"; time: (record: R) => number; low: (record: R) => number; high: (record: R) => number; names: [string, string]; unit: string }
  | { form: "line"; time: (record: R) => number; value: (record: R) => number; name: string; unit: string }
  | { form: "places"; place: (record: R) => Stay }
  /** A square for each day, darker for larger amounts. */
  | { form: "calendar"; day: (record: R) => number; value: (record: R) => number; name: string; unit: string };

export interface Stay {
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly hours: number;
}

export interface Column<R> {
  readonly title: string;
  readonly value: (record: R) => string | number | undefined;
}

export interface KindOf<R> {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** The card: a key of the summary, and the text for its record. */
  readonly card?: { key: string; text: (record: R) => string };
  readonly list: (client: HumanClient, query: QueryInit) => Pages<R>;
  /** Whether the list can be filtered by day. */
  readonly byDays: boolean;
  readonly picture?: Picture<R>;
  readonly columns: readonly Column<R>[];
}
export type Kind = KindOf<Any>;

/** Erases the record's type, so that the page handles all kinds alike. */
function kind<R>(one: KindOf<R>): Kind {
  return one as unknown as Kind;
}

interface Timed {
  timestamp: string;
  tzOffset?: string;
}
const at = (record: Timed): number => wall(record.timestamp, record.tzOffset);
/** The time by the wearer's clock, to the minute; undefined if the record has none. */
function local(instant: string, tzOffset?: string): string | undefined {
  const time = wall(instant, tzOffset);
  return Number.isFinite(time) ? new Date(time).toISOString().slice(0, 16).replace("T", " ") : undefined;
}
const time = { title: "Time", value: (record: Timed) => local(record.timestamp, record.tzOffset) };
const start = { title: "Start", value: (record: { startTime: string; tzOffset?: string }) => local(record.startTime, record.tzOffset) };
const end = { title: "End", value: (record: { endTime: string; tzOffset?: string }) => local(record.endTime, record.tzOffset) };
const source = { title: "Source", value: (record: { source?: string }) => record.source };
const km = (metres: number): number => Number((metres / 1000).toFixed(1));

/** A kind whose readings have one value each. */
function reading(
  id: string,
  title: string,
  key: string,
  resource: (client: HumanClient) => DiscreteResource<Reading>,
  unit: string,
  form: "line" | "spread" = "line",
): Kind {
  return kind<Reading>({
    id,
    title,
    group: "Body",
    card: { key, text: ({ value }) => `${value} ${unit}` },
    list: (client, query) => resource(client).readings(query),
    byDays: true,
    picture: { form, time: at, value: ({ value }) => value, name: title, unit },
    columns: [time, { title: unit, value: ({ value }) => value }, source],
  });
}

/** A kind of medical records. Each list has its own fields. */
function medical(id: Exclude<keyof HumanClient["medical"], "profile">, title: string): Kind {
  return kind<Any>({
    id: `medical-${id}`,
    title,
    group: "Medical records",
    list: (client, query) => client.medical[id].list(query) as unknown as Pages<Any>,
    byDays: false,
    columns: [
      { title: "Name", value: ({ name }) => (typeof name === "string" ? name : undefined) },
      { title: "Date", value: dated },
      { title: "Source", value: ({ source: from }) => (typeof from === "string" ? from : undefined) },
      { title: "Where", value: ({ organization }) => (organization as { name?: string } | undefined)?.name },
    ],
  });
}

function dated(record: Any): string | undefined {
  const date = record["dateTime"] ?? record["startDate"] ?? record["date"] ?? record["createdAt"];
  const parsed = typeof date === "string" ? Date.parse(date) : NaN;
  return Number.isNaN(parsed) ? undefined : new Date(parsed).toISOString().slice(0, 10);
}

export const KINDS: readonly Kind[] = [
  kind<ActivitySummary>({
    id: "steps",
    title: "Steps by day",
    group: "Movement",
    card: { key: "activitySummary", text: ({ steps }) => `${steps.toLocaleString("en")} steps` },
    list: (client, query) => client.activities.summaries(query),
    byDays: true,
    picture: { form: "bars", day: ({ date }) => wallOfDay(date), value: ({ steps }) => steps, name: "Steps", unit: "steps" },
    columns: [
      { title: "Day", value: ({ date }) => date },
      { title: "Steps", value: ({ steps }) => steps },
      { title: "km", value: ({ distance }) => km(distance) },
      { title: "kcal", value: ({ calories }) => calories },
      { title: "Active min", value: ({ vigorous, moderate, light }) => vigorous + moderate + light },
      source,
    ],
  }),
  kind<Activity>({
    id: "activities",
    title: "Activities",
    group: "Movement",
    card: { key: "activity", text: ({ type, duration }) => `${type}, ${Math.round(duration / 60)} min` },
    list: (client, query) => client.activities.list(query),
    byDays: true,
    picture: {
      form: "calendar",
      day: (record) => startOfDay(wall(record.startTime, record.tzOffset)),
      value: ({ duration }) => duration / 60,
      name: "Activity",
      unit: "min",
    },
    columns: [
      start,
      { title: "Type", value: ({ type }) => type },
      { title: "min", value: ({ duration }) => Math.round(duration / 60) },
      { title: "km", value: ({ distance }) => km(distance) },
      { title: "Steps", value: ({ steps }) => steps },
      { title: "kcal", value: ({ calories }) => calories },
      source,
    ],
  }),
  kind<Location>({
    id: "places",
    title: "Places",
    group: "Movement",
    card: { key: "location", text: ({ name }) => name },
    list: (client, query) => client.locations.list(query),
    byDays: true,
    picture: {
      form: "places",
      place: ({ name, location, startTime, endTime }) => {
        const hours = Math.max(0, (Date.parse(endTime) - Date.parse(startTime)) / HOUR);
        return { name, lat: location?.lat ?? NaN, lon: location?.lon ?? NaN, hours };
      },
    },
    columns: [
      start,
      end,
      { title: "Place", value: ({ name }) => name },
      { title: "Latitude", value: ({ location }) => location?.lat },
      { title: "Longitude", value: ({ location }) => location?.lon },
      source,
    ],
  }),
  kind<Sleep>({
    id: "sleep",
    title: "Sleep by night",
    group: "Body",
    card: { key: "sleep", text: ({ timeAsleep }) => `${Math.floor(timeAsleep / 60)} h ${Math.round(timeAsleep % 60)} min` },
    list: (client, query) => client.sleeps.list(query),
    byDays: true,
    picture: {
      form: "stacked",
      day: ({ day }) => wallOfDay(day),
      lower: ({ timeAsleep }) => timeAsleep / 60,
      upper: ({ timeAwake }) => (timeAwake ?? 0) / 60,
      names: ["Asleep", "Awake"],
      unit: "h",
    },
    columns: [
      { title: "Night", value: ({ day }) => day },
      start,
      end,
      { title: "Asleep min", value: ({ timeAsleep }) => timeAsleep },
      { title: "Awake min", value: ({ timeAwake }) => timeAwake },
      { title: "Efficiency %", value: ({ efficiency }) => efficiency },
      { title: "Nap", value: ({ mainSleep }) => (mainSleep ? "" : "nap") },
      source,
    ],
  }),
  reading("heart-rate", "Heart rate", "heartRate", (client) => client.heartRate, "bpm", "spread"),
  kind<BloodPressure>({
    id: "blood-pressure",
    title: "Blood pressure",
    group: "Body",
    card: { key: "bloodPressure", text: ({ systolic, diastolic }) => `${systolic}/${diastolic} mmHg` },
    list: (client, query) => client.bloodPressure.readings(query),
    byDays: true,
    picture: {
      form: "band",
      time: at,
      low: ({ diastolic }) => diastolic,
      high: ({ systolic }) => systolic,
      names: ["Diastolic", "Systolic"],
      unit: "mmHg",
    },
    columns: [
      time,
      { title: "Systolic", value: ({ systolic }) => systolic },
      { title: "Diastolic", value: ({ diastolic }) => diastolic },
      { title: "bpm", value: ({ heartRate }) => heartRate },
      source,
    ],
  }),
  reading("weight", "Weight", "weight", (client) => client.weight, "kg"),
  reading("bmi", "Body mass index", "bmi", (client) => client.bmi, "kg/m²"),
  reading("body-fat", "Body fat", "bodyFat", (client) => client.bodyFat, "%"),
  reading("height", "Height", "height", (client) => client.height, "mm"),
  reading("blood-glucose", "Blood glucose", "bloodGlucose", (client) => client.bloodGlucose, "mg/dL", "spread"),
  reading("blood-oxygen", "Blood oxygen", "bloodOxygen", (client) => client.bloodOxygen, "%"),
  kind<Meal>({
    id: "meals",
    title: "Meals",
    group: "Food",
    card: { key: "meal", text: ({ name }) => name },
    list: (client, query) => client.meals.list(query),
    byDays: true,
    picture: { form: "bars", day: (record) => startOfDay(at(record)), value: ({ calories }) => calories, name: "Energy", unit: "kcal" },
    columns: [
      time,
      { title: "Meal", value: ({ type }) => type },
      { title: "What", value: ({ name }) => name },
      { title: "kcal", value: ({ calories }) => calories },
      source,
    ],
  }),
  medical("vitals", "Vitals"),
  medical("medications", "Medications"),
  medical("testResults", "Test results"),
  medical("allergies", "Allergies"),
  medical("immunizations", "Immunizations"),
  medical("issues", "Issues"),
  medical("procedures", "Procedures"),
  medical("encounters", "Encounters"),
  medical("demographics", "Demographics"),
  medical("functionalStatuses", "Functional statuses"),
  medical("instructions", "Instructions"),
  medical("narratives", "Narratives"),
  medical("organizations", "Organizations"),
  medical("plansOfCare", "Plans of care"),
  medical("socialHistory", "Social history"),
  medical("timeline", "Timeline"),
  medical("ccds", "Documents (CCD)"),
  kind<Any>({
    id: "genetic-traits",
    title: "Genetic traits",
    group: "Medical records",
    list: (client, query) => client.geneticTraits.list(query) as unknown as Pages<Any>,
    byDays: false,
    columns: [
      { title: "Trait", value: ({ trait }) => String(trait) },
      { title: "Reported", value: ({ description }) => String(description) },
      { title: "Possible", value: ({ possibleTraits }) => (Array.isArray(possibleTraits) ? possibleTraits.join(", ") : undefined) },
    ],
  }),
];

/** The time of a record of the summary, in wall-clock milliseconds; undefined if it has none. */
export function whenOf(record: Any): number | undefined {
  const day = record["date"] ?? record["day"];
  const instant = record["timestamp"] ?? record["endTime"];
  let time: number | undefined;
  if (typeof instant === "string") time = wall(instant, record["tzOffset"] as string | undefined);
  else if (typeof day === "string") time = wallOfDay(day) + DAY - 1;
  return Number.isFinite(time) ? time : undefined;
}

/** The cell of a record in a column; undefined if the record is malformed. */
export function cellOf({ value }: Column<Any>, record: Any): string | number | undefined {
  try {
    const given = value(record);
    return typeof given === "number" && !Number.isFinite(given) ? undefined : given;
  } catch {
    return undefined;
  }
}
