// Sending samples: options, progress, plans and reports.

import type { CallOptions } from "./client-options.js";
import type { SampleFormat } from "./samples.js";

export interface PlanOptions extends CallOptions {
  /** Found from the content where it is not given. */
  format?: SampleFormat | undefined;
  /** Called while the source is read and, in an upload, after every batch. What it throws, or rejects with before the call has
   *  ended, ends the call. */
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  /** Called for each sample that cannot be sent; plans and reports keep the first 1000. What it throws
   *  ends the call, as with `onProgress`. */
  onRejected?: ((rejection: Rejection) => void) | undefined;
}

export interface UploadOptions extends PlanOptions {}

export interface UploadProgress {
  /** Samples found so far. */
  read: number;
  /** Those among them that break a rule. */
  rejected: number;
  /** Known from the store, once the source is read. */
  alreadySent: number;
  /** Acknowledged in this run. */
  sent: number;
  /** Samples to be sent; known once the source is read. */
  total: number | undefined;
  /** Batches with an outcome. */
  batchesDone: number;
  /** Known once the source is read; grows where the server takes smaller batches only. */
  batches: number | undefined;
  bytesRead: number;
  bytesTotal: number | undefined;
}

/** What an upload would do. */
export interface UploadPlan {
  /** Samples that would be sent. */
  samples: number;
  /** Batches that they would be sent in. */
  batches: number;
  /** Known from the store to be acknowledged before. */
  alreadySent: number;
  /** The same sample twice in this source. */
  duplicates: number;
  /** Samples that would be kept in the store for the next upload, and those that `onUnknown: "hold"` holds back. */
  held: number;
  /** All samples that break a rule. */
  rejectedCount: number;
  /** The first 1000 of them. */
  rejected: Rejection[];
  /** Start of the first sample that would be sent. */
  first?: string;
  /** Start of the last one. */
  last?: string;
  /** Names of the devices whose samples would be sent. */
  devices: string[];
  /** The same devices, with what each has. */
  byDevice: DevicePlan[];
}

/** What would be sent of one device. */
export interface DevicePlan {
  device: string;
  samples: number;
  /** Start of its first sample that would be sent, RFC 3339. */
  first: string;
  /** Start of its last one. */
  last: string;
}

/**
 * `read + carried = sent + alreadySent + duplicates + rejectedCount + held + unknown + failed`, always.
 *
 * An upload that cannot go on (a refused token, retries used up, a failing store) rejects with that error, whose `report` is
 * this one so far: samples that it did not get to are `failed`, samples in flight are `unknown`. The ledger keeps what was acknowledged. A batch that
 * the server refuses for good (4xx) is `failed`, and the others go on.
 */
export interface UploadReport {
  /** Samples found in the source, good or bad. */
  read: number;
  /** Held by earlier uploads, kept in the store, and taken up by this one. */
  carried: number;
  /** Acknowledged by the server in this run. */
  sent: number;
  /** Samples that were sent more than once in this upload, because an answer was lost or late: the server may have them twice. They are
   *  counted under `sent`, or wherever they ended, as well. */
  resent: number;
  /** Known from the store to be acknowledged before. */
  alreadySent: number;
  /** The same sample twice in this source. */
  duplicates: number;
  /** All samples that broke a rule, and were not sent. */
  rejectedCount: number;
  /** The first 1000 of them. */
  rejected: Rejection[];
  /** Too few for a batch: they are kept in the store and go with the next upload that has enough. */
  held: number;
  /** In batches whose outcome is not known. */
  unknown: number;
  /** Refused by the server, or not reached because the upload ended early. */
  failed: number;
  /** Why: one entry for each refused batch, and one for what was not reached. */
  failures: UploadFailure[];
  /** Batches with an outcome. */
  batches: number;
  requests: number;
  /** Requests that were not a batch's first. */
  retries: number;
  /** Of all request bodies. */
  bytesSent: number;
  watermarks: Watermark[];
  /** Only where there are any: `"ledger-incomplete"`, a part of the ledger is missing in the store, so that samples may be sent again. */
  warnings?: { code: string; message: string }[];
}

export interface UploadFailure {
  /** HTTP status; 0 where there was none. */
  status: number;
  /** The library's, never the server's text. */
  message: string;
  /** The least position of its samples in the source. */
  first: number;
  /** How many samples. */
  count: number;
}

export interface Rejection {
  /** Position in the source, from 0. */
  index: number;
  /** For text the line, from 1. */
  line?: number;
  /** JSON pointer to the field, e.g. `"/value"`; `""` for the whole sample. */
  path: string;
  /** NaN, Infinity, null and other types in a required field are `"type"`; an empty string is `"empty"`. Input that breaks
   *  off is one `"syntax"`. */
  code:
    | "missing" | "type" | "unknown-field" | "empty" | "timestamp" | "end-before-start" | "not-positive" | "too-large"
    | "unit" | "syntax";
  /** What was expected; nothing of what was given. */
  message: string;
}

export interface Watermark {
  device: string;
  /** A time up to which no sample is known to be missing (held, refused, or with an unknown outcome): the start of the device's last
   *  accepted sample, or, if one is missing before that, of an accepted sample before the missing one, at most a day too early. Undefined
   *  if one is missing before the first accepted sample. */
  until: string | undefined;
  /** How many of the device's samples were accepted in all. */
  samples: number;
}
