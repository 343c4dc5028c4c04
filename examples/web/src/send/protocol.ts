// The messages between the page and its Worker. Each piece of work has a number, `run`, and messages of earlier runs
// are ignored.

import type { ClientEvent, DataType, UploadPlan, UploadProgress, UploadReport } from "humansync/slim/send";
import type { Session } from "../session.ts";
import type { Failure } from "../failures.ts";
import type { Job, Outcome } from "./stored-files.ts";

export type Ask =
  | { do: "plan"; run: number; file: File; types: readonly DataType[]; session: Session; person: string }
  /**
   * `resumes`: the file was stored by an earlier visit or another tab, and is sent only if it is still stored and not
   * paused.
   */
  | { do: "send"; run: number; file: File; job: Job; session: Session; resumes: boolean }
  /** Ends the current work. `then` says what to do with the stored file, if there is one. */
  | { do: "stop"; run: number; then: Then; id: string | undefined }
  | { do: "lines"; run: number; file: File; lines: readonly number[] };

export type Then = "pause" | "discard";

export type Tell =
  | { is: "reading"; run: number; type: DataType; progress: UploadProgress }
  /** A plan is undefined if the file states another type. */
  | { is: "planned"; run: number; plans: Plans }
  /** Another tab is sending. This one continues when that one is done or closed. */
  | { is: "waiting"; run: number }
  /** The other tab is done with the file that this one waited for. */
  | { is: "elsewhere"; run: number; outcome: Outcome | undefined }
  /** Whether the file is stored, so that a later visit can continue without the person choosing it again. */
  | { is: "kept"; run: number; kept: boolean }
  | { is: "sending"; run: number; type: DataType; progress: UploadProgress }
  | { is: "sent"; run: number; reports: Reports }
  | { is: "stopped"; run: number }
  | { is: "paused"; run: number }
  | { is: "failed"; run: number; failure: Failure }
  | { is: "lines"; run: number; lines: Lines | undefined }
  /** This browser stores nothing, so that the samples sent are known only until the page is closed. */
  | { is: "forgetful" }
  | { is: "event"; event: ClientEvent };

export type Plans = readonly (readonly [DataType, UploadPlan | undefined])[];
export type Reports = readonly (readonly [DataType, UploadReport])[];
export type Lines = readonly { line: number; text: string }[];
