// Samples, and what they can be read from.

import type { Instant } from "./time.js";

/** What samples are of: steps, or heart rate (`"bpm"`). */
export type DataType = "steps" | "bpm";

/** The units of values. The API does not say which one goes with which type, and any is accepted with both. */
export type Unit = "count" | "count/min" | "count/s";

/**
 * As the API takes it, field for field; `null` in an optional field is as if it were absent. Instants are RFC 3339: no 24:00,
 * no leap second, no time without seconds, no missing offset. They are sent with the offset that they are given with, as it
 * shows the wearer's local time; Date and milliseconds are sent in UTC.
 */
export interface Sample {
  /** What took the sample, e.g. `"iPhone"`; not empty. Devices are told apart by it. */
  device_name: string;
  /** E.g. `"17.4"`; not empty. */
  device_version?: string | null | undefined;
  /** When it began, e.g. `"2025-06-15T08:00:00+02:00"`. */
  start_date: Instant;
  /** When it ended; not before `start_date`. */
  end_date?: Instant | null | undefined;
  /** What `value` is in. */
  unit: Unit;
  /** In `unit`. More than 0; at most 30 000 for count, 300 for count/min. */
  value: number;
}

/** A sample in a source. Its unit is looked at when it is read, so that one that TypeScript has widened to `string` does as well. */
export interface SampleInput extends Omit<Sample, "unit"> {
  unit: Unit | (string & {});
}

/**
 * Objects, or bytes or text, whole or in pieces: JSON (an array, or `{ data: [...] }` with `data` or `data_type` first), NDJSON, CSV with a header row, or an
 * Apple Health export.xml; the export.zip that a phone makes, and gzip, are inflated; of one that is damaged nothing is sent. Bytes of a text are UTF-8.
 */
export type SampleSource =
  | Iterable<SampleInput> | AsyncIterable<SampleInput> | ReadableStream<SampleInput>
  | Iterable<ArrayBuffer | ArrayBufferView | string> | AsyncIterable<ArrayBuffer | ArrayBufferView | string>
  | ReadableStream<ArrayBuffer | ArrayBufferView | string>
  | Blob | Response | ArrayBuffer | ArrayBufferView | string;

/** The format of bytes or text: JSON, a JSON object on each line, CSV with a header row, or Apple Health's export.xml or export.zip. */
export type SampleFormat = "json" | "ndjson" | "csv" | "apple-health";
