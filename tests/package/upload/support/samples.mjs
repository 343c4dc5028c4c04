// Made-up samples, the same in each run, and how they look in each format. This file is also loaded in pages.

/** Random numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FIRST = Date.UTC(2023, 10, 1);
const STEP = 300_000;
const OFFSET = 4 * 3_600_000;

const local = (number, seconds) => new Date(FIRST + OFFSET + number * STEP + seconds * 1000).toISOString().slice(0, 19);

/** The sample with this number. Each starts five minutes after the one before; a fraction lies between two. */
export function sampleOf(number, { device_name = "Anna's iPhone", device_version = "17.0.3", unit = "count", value } = {}) {
  return {
    device_name,
    device_version,
    start_date: `${local(number, 0)}.000+04:00`,
    end_date: `${local(number, 7 + (Math.trunc(number) % 200))}.000+04:00`,
    unit,
    value: value ?? 1 + (Math.trunc(number) % 200),
  };
}

/** The number of the sample with this start. */
export function numberOf(start_date) {
  return (Date.parse(start_date) - FIRST) / STEP;
}

export function samples(count, { first = 0, ...fields } = {}) {
  return Array.from({ length: count }, (_, index) => sampleOf(first + index, fields));
}

export function ndjson(list) {
  return list.map((sample) => `${JSON.stringify(sample)}\n`).join("");
}

const FIELDS = ["device_name", "device_version", "start_date", "end_date", "unit", "value"];

export function csv(list) {
  const cell = (value) => (/[",\r\n]/.test(value ?? "") ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? ""));
  return [FIELDS, ...list.map((sample) => FIELDS.map((field) => sample[field]))]
    .map((row) => `${row.map(cell).join(",")}\r\n`)
    .join("");
}

const TYPES = { count: "HKQuantityTypeIdentifierStepCount", "count/min": "HKQuantityTypeIdentifierHeartRate" };

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
/** A date as a phone writes it: without fractions of a second. */
const appleDate = (instant) =>
  instant
    .replace("T", " ")
    .replace(/\.\d+/, "")
    .replace(/([+-]\d\d):(\d\d)$/, " $1$2");

/** A sample as a record of Apple Health. */
export function appleRecord({ device_name, device_version, start_date, end_date, unit, value }) {
  const device = `&lt;&lt;HKDevice: 0x3010a0d70&gt;, name:iPhone, manufacturer:Apple Inc., model:iPhone, hardware:iPhone15,2, software:17.0.3&gt;`;
  return ` <Record type="${TYPES[unit]}" sourceName="${escaped(device_name)}" sourceVersion="${device_version}" device="${device}" unit="${unit}" creationDate="${appleDate(end_date)}" startDate="${appleDate(start_date)}" endDate="${appleDate(end_date)}" value="${value}"/>\n`;
}

/** A record of a type that is not sent. */
export function otherRecord(number) {
  const { start_date, end_date } = sampleOf(number);
  return ` <Record type="HKQuantityTypeIdentifierActiveEnergyBurned" sourceName="Anna's Watch" sourceVersion="10.1" unit="kcal" creationDate="${appleDate(end_date)}" startDate="${appleDate(start_date)}" endDate="${appleDate(end_date)}" value="0.${100 + (number % 800)}">\n  <MetadataEntry key="HKWasUserEntered" value="0"/>\n </Record>\n`;
}

export const APPLE_HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
<HealthData locale="en_AE">
 <ExportDate value="2024-05-01 08:00:00 +0400"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1990-01-01"/>
`;
export const APPLE_TAIL = "</HealthData>\n";

export function appleExport(list) {
  return (
    APPLE_HEAD +
    list.map((sample, index) => appleRecord(sample) + (index % 3 === 0 ? otherRecord(index) : "")).join("") +
    APPLE_TAIL
  );
}

/** A sample as it comes out of an export: with dates in whole seconds. */
export function asExported(sample) {
  const whole = (instant) => instant.replace(/\.\d+/, "");
  return { ...sample, start_date: whole(sample.start_date), end_date: whole(sample.end_date) };
}
