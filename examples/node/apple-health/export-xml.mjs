// An export.xml as a phone's Health app writes it, with made-up data: records by type, then workouts, then a summary of
// each day.

import { ByteWriter } from "./byte-writer.mjs";
import { drawsFrom } from "./draw.mjs";
import { records } from "./records.mjs";
import { STEPS, TYPES } from "./types.mjs";

const DAY = 86_400;
/** Midnight before the morning of the export: 16 June 2025. */
const LAST_MIDNIGHT = Date.UTC(2025, 5, 16) / 1000;
/** Step samples in a day. An export of more than nine years has more in a day instead. */
const STEPS_A_DAY = 150;
const MOST_DAYS = 3285;

/**
 * Yields the document in pieces. It has exactly `samples` valid and different step samples, and records of other types
 * in proportion. It also has `odd` step records that are not valid samples, and `repeated` ones that occur twice. The
 * same parameters produce the same bytes.
 */
export function* exportXml({ samples, seed = 1, odd = 0, repeated = 0 }) {
  const days = daysOf(samples);
  const from = LAST_MIDNIGHT - days * DAY;
  const out = new ByteWriter();
  out.text(HEAD);
  out.text(' <ExportDate value="');
  out.instant(LAST_MIDNIGHT + 8 * 3600 + 774);
  out.text(`"/>\n${ME}`);
  for (const [index, type] of TYPES.entries()) {
    const ofSteps = type.type === STEPS;
    const number = ofSteps ? samples : Math.ceil(samples * type.share);
    const more = ofSteps ? { odd, repeated } : {};
    yield* records(out, drawsFrom(seed * 1000 + index), type, { number, from, days, ...more });
  }
  yield* workouts(out, drawsFrom(seed * 1000 + 500), from, days);
  yield* summaries(out, drawsFrom(seed * 1000 + 501), from, days);
  out.text("</HealthData>\n");
  yield out.take();
}

/** The number of days over which step samples are spread. */
export function daysOf(samples) {
  return Math.max(30, Math.min(MOST_DAYS, Math.ceil(samples / STEPS_A_DAY)));
}

/** The number of step samples in an export of about this many bytes. */
export function samplesIn(bytes, { seed }) {
  const sizeOf = (samples) => {
    let size = 0;
    for (const piece of exportXml({ samples, seed })) size += piece.length;
    return size;
  };
  // The difference of two small exports gives the bytes per sample, without the parts that are independent of the
  // samples.
  const [few, more] = [15_000, 30_000];
  const smaller = sizeOf(few);
  const each = (sizeOf(more) - smaller) / (more - few);
  return Math.max(1, Math.round(few + (bytes - smaller) / each));
}

function* workouts(out, draw, from, days) {
  for (let day = 1; day < days; day += 2 + Math.floor(draw() * 3)) {
    const start = from + day * DAY + 17 * 3600 + Math.floor(draw() * 7200);
    const minutes = 20 + Math.floor(draw() * 50);
    const end = start + minutes * 60;
    out.text(` <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="${minutes}" durationUnit="min"`);
    out.text(' sourceName="Anna’s Apple\u00a0Watch" sourceVersion="11.2" creationDate="');
    out.instant(end + 4);
    period(out, start, end);
    out.text('">\n  <MetadataEntry key="HKIndoorWorkout" value="0"/>\n');
    out.text('  <MetadataEntry key="HKWeatherTemperature" value="58 degF"/>\n');
    out.text('  <WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned');
    period(out, start, end);
    out.text(`" sum="${minutes * 9}.25" unit="kcal"/>\n </Workout>\n`);
    const piece = out.full();
    if (piece !== undefined) yield piece;
  }
}

function period(out, start, end) {
  out.text('" startDate="');
  out.instant(start);
  out.text('" endDate="');
  out.instant(end);
}

function* summaries(out, draw, from, days) {
  for (let day = 0; day < days; day++) {
    const date = new Date((from + day * DAY) * 1000).toISOString().slice(0, 10);
    const energy = 250 + Math.floor(draw() * 500);
    out.text(` <ActivitySummary dateComponents="${date}" activeEnergyBurned="${energy}.125" activeEnergyBurnedGoal="450"`);
    out.text(` activeEnergyBurnedUnit="kcal" appleMoveTime="0" appleMoveTimeGoal="0" appleExerciseTime="${energy >> 4}"`);
    out.text(` appleExerciseTimeGoal="30" appleStandHours="${8 + (energy & 7)}" appleStandHoursGoal="12"/>\n`);
    const piece = out.full();
    if (piece !== undefined) yield piece;
  }
}

const ME =
  ' <Me HKCharacteristicTypeIdentifierDateOfBirth="1988-03-14" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale" ' +
  'HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet" ' +
  'HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeNotSet" ' +
  'HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse="None"/>\n';

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord|Audiogram|VisionPrescription)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT ExportDate EMPTY>
<!ATTLIST ExportDate
  value CDATA #REQUIRED
>
<!ELEMENT Me EMPTY>
<!ATTLIST Me
  HKCharacteristicTypeIdentifierDateOfBirth                 CDATA #REQUIRED
  HKCharacteristicTypeIdentifierBiologicalSex               CDATA #REQUIRED
  HKCharacteristicTypeIdentifierBloodType                   CDATA #REQUIRED
  HKCharacteristicTypeIdentifierFitzpatrickSkinType         CDATA #REQUIRED
  HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse CDATA #REQUIRED
>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
<!ATTLIST Record
  type          CDATA #REQUIRED
  unit          CDATA #IMPLIED
  value         CDATA #IMPLIED
  sourceName    CDATA #REQUIRED
  sourceVersion CDATA #IMPLIED
  device        CDATA #IMPLIED
  creationDate  CDATA #IMPLIED
  startDate     CDATA #REQUIRED
  endDate       CDATA #REQUIRED
>
<!-- Note: Any Records that appear as children of a correlation also appear as top-level records in this document. -->
<!ELEMENT Correlation ((MetadataEntry|Record)*)>
<!ATTLIST Correlation
  type          CDATA #REQUIRED
  sourceName    CDATA #REQUIRED
  sourceVersion CDATA #IMPLIED
  device        CDATA #IMPLIED
  creationDate  CDATA #IMPLIED
  startDate     CDATA #REQUIRED
  endDate       CDATA #REQUIRED
>
<!ELEMENT Workout ((MetadataEntry|WorkoutEvent|WorkoutRoute|WorkoutStatistics)*)>
<!ATTLIST Workout
  workoutActivityType   CDATA #REQUIRED
  duration              CDATA #IMPLIED
  durationUnit          CDATA #IMPLIED
  sourceName            CDATA #REQUIRED
  sourceVersion         CDATA #IMPLIED
  device                CDATA #IMPLIED
  creationDate          CDATA #IMPLIED
  startDate             CDATA #REQUIRED
  endDate               CDATA #REQUIRED
>
<!ELEMENT WorkoutStatistics EMPTY>
<!ATTLIST WorkoutStatistics
  type      CDATA #REQUIRED
  startDate CDATA #REQUIRED
  endDate   CDATA #REQUIRED
  average   CDATA #IMPLIED
  minimum   CDATA #IMPLIED
  maximum   CDATA #IMPLIED
  sum       CDATA #IMPLIED
  unit      CDATA #IMPLIED
>
<!ELEMENT MetadataEntry EMPTY>
<!ATTLIST MetadataEntry
  key   CDATA #REQUIRED
  value CDATA #REQUIRED
>
<!ELEMENT ActivitySummary EMPTY>
<!ATTLIST ActivitySummary
  dateComponents         CDATA #IMPLIED
  activeEnergyBurned     CDATA #IMPLIED
  activeEnergyBurnedGoal CDATA #IMPLIED
  activeEnergyBurnedUnit CDATA #IMPLIED
  appleMoveTime          CDATA #IMPLIED
  appleMoveTimeGoal      CDATA #IMPLIED
  appleExerciseTime      CDATA #IMPLIED
  appleExerciseTimeGoal  CDATA #IMPLIED
  appleStandHours        CDATA #IMPLIED
  appleStandHoursGoal    CDATA #IMPLIED
>
<!ELEMENT HeartRateVariabilityMetadataList (InstantaneousBeatsPerMinute*)>
<!ELEMENT InstantaneousBeatsPerMinute EMPTY>
<!ATTLIST InstantaneousBeatsPerMinute
  bpm  CDATA #REQUIRED
  time CDATA #REQUIRED
>
]>
<HealthData locale="en_DE">
`;
