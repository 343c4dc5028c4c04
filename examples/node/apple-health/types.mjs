// The types of records in the order of an export: their number, their sources, and their values.

import { CARRIED, STOOD_UPON, WORN, WORN_AND_CARRIED } from "./sources.mjs";

const HOUR = 3600;
/** The part of the day in which records are made, in seconds after midnight UTC. */
const AWAKE = { from: 5 * HOUR, length: 17 * HOUR };
const ALWAYS = { from: 0, length: 24 * HOUR };
const ASLEEP = { from: 22 * HOUR, length: 7 * HOUR };

const quantity = (name) => `HKQuantityTypeIdentifier${name}`;
const metadata = (key, value) => Buffer.from(`  <MetadataEntry key="${key}" value="${value}"/>\n`);

const MOTION_CONTEXTS = [0, 1, 2].map((context) => metadata("HKMetadataKeyHeartRateMotionContext", context));
const ENTERED_BY_HAND = metadata("HKWasUserEntered", 1);
const TIME_ZONE = metadata("HKTimeZone", "Europe/Berlin");
const PRESSURE = metadata("HKMetadataKeyBarometricPressure", "101325 Pa");
const SLEEP_STAGES = ["AsleepCore", "AsleepDeep", "AsleepREM", "Awake", "InBed"].map((stage) =>
  Buffer.from(`HKCategoryValueSleepAnalysis${stage}`),
);

export const STEPS = quantity("StepCount");

/**
 * `share` is the number of records for each step sample, `longest` the longest duration in seconds (0 for a point in
 * time). `value` writes the value, and `children`, if there is any, the content of the element.
 */
export const TYPES = [
  {
    type: quantity("BodyMass"),
    unit: "kg",
    share: 0.002,
    sources: STOOD_UPON,
    hours: AWAKE,
    longest: 0,
    value: (out, draw) => out.decimal(61_000 + Math.floor(draw() * 4000), 3),
  },
  {
    type: quantity("HeartRate"),
    unit: "count/min",
    share: 0.9,
    sources: WORN,
    hours: ALWAYS,
    longest: 0,
    value(out, draw) {
      const rate = 50 + Math.floor(draw() ** 3 * 125);
      // Averages of workouts have fractions.
      if (draw() < 0.05) out.decimal(rate * 10_000 + Math.floor(draw() * 10_000), 4);
      else out.integer(rate);
    },
    children: (out, draw) => out.bytes(MOTION_CONTEXTS[Math.floor(draw() * 3)]),
  },
  {
    type: quantity("OxygenSaturation"),
    unit: "%",
    share: 0.02,
    sources: WORN,
    hours: ALWAYS,
    longest: 15,
    value: (out, draw) => out.decimal(93 + Math.floor(draw() * 7), 2),
    children: (out) => out.bytes(PRESSURE),
  },
  {
    type: STEPS,
    unit: "count",
    share: 1,
    sources: WORN_AND_CARRIED,
    hours: AWAKE,
    longest: 600,
    value: (out, draw) => out.integer(1 + Math.floor(draw() ** 2 * 800)),
    children: (out, draw) => draw() < 0.002 && out.bytes(ENTERED_BY_HAND),
  },
  {
    type: quantity("DistanceWalkingRunning"),
    unit: "km",
    share: 0.9,
    sources: WORN_AND_CARRIED,
    hours: AWAKE,
    longest: 600,
    value: (out, draw) => out.decimal(1 + Math.floor(draw() ** 2 * 700_000), 6),
  },
  {
    type: quantity("BasalEnergyBurned"),
    unit: "kcal",
    share: 0.5,
    sources: WORN,
    hours: ALWAYS,
    longest: 900,
    value: (out, draw) => out.decimal(1000 + Math.floor(draw() * 20_000), 3),
  },
  {
    type: quantity("ActiveEnergyBurned"),
    unit: "kcal",
    share: 0.9,
    sources: WORN,
    hours: AWAKE,
    longest: 600,
    value: (out, draw) => out.decimal(1 + Math.floor(draw() ** 3 * 40_000), 3),
  },
  {
    type: quantity("FlightsClimbed"),
    unit: "count",
    share: 0.04,
    sources: CARRIED,
    hours: AWAKE,
    longest: 60,
    value: (out, draw) => out.integer(1 + Math.floor(draw() ** 2 * 6)),
  },
  {
    type: "HKCategoryTypeIdentifierSleepAnalysis",
    share: 0.03,
    sources: WORN,
    hours: ASLEEP,
    longest: 5400,
    value: (out, draw) => out.bytes(SLEEP_STAGES[Math.floor(draw() * SLEEP_STAGES.length)]),
    children: (out) => out.bytes(TIME_ZONE),
  },
  {
    type: quantity("HeartRateVariabilitySDNN"),
    unit: "ms",
    share: 0.006,
    sources: WORN,
    hours: ALWAYS,
    longest: 60,
    value: (out, draw) => out.decimal(180_000 + Math.floor(draw() * 900_000), 4),
    children(out, draw) {
      out.text("  <HeartRateVariabilityMetadataList>\n");
      for (let beat = 0; beat < 50; beat++) {
        out.text(`   <InstantaneousBeatsPerMinute bpm="${52 + Math.floor(draw() * 30)}" time="7:0${beat % 10}:${10 + beat}.42 AM"/>\n`);
      }
      out.text("  </HeartRateVariabilityMetadataList>\n");
    },
  },
];
