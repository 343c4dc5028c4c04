// What the page and its Worker say to each other. Each `run` is one piece of work; what comes of an earlier one is not listened to.

import type { ClientEvent, DataType, UploadPlan, UploadProgress, UploadReport } from "humansync/slim/send";
import type { Session } from "../session.ts";
import type { Failure } from "../trouble.ts";
import type { Job, Outcome } from "./kept.ts";

export type Ask =
  | { do: "plan"; run: number; file: File; types: readonly DataType[]; session: Session; person: string }
  /** `resumes`: by itself, a file that an earlier visit or another tab has kept, and only if it is still there and not paused. */
  | { do: "send"; run: number; file: File; job: Job; session: Session; resumes: boolean }
  /** Ends what is under way. What was sent stays sent; `then` says what becomes of the kept file, if there is one. */
  | { do: "stop"; run: number; then: Then; id: string | undefined }
  | { do: "lines"; run: number; file: File; lines: readonly number[] };

export type Then = "pause" | "discard";

export type Tell =
  | { is: "reading"; run: number; type: DataType; progress: UploadProgress }
  /** `plan` is undefined where the file says that it is of another type. */
  | { is: "planned"; run: number; plans: Plans }
  /** Another tab sends; this one goes on when that one is done, or closed. */
  | { is: "waiting"; run: number }
  /** The other tab is done with what this one waited for. */
  | { is: "elsewhere"; run: number; outcome: Outcome | undefined }
  /** Whether the file is kept, so that a later visit can go on without it. */
  | { is: "kept"; run: number; kept: boolean }
  | { is: "sending"; run: number; type: DataType; progress: UploadProgress }
  | { is: "sent"; run: number; reports: Reports }
  | { is: "stopped"; run: number }
  | { is: "paused"; run: number }
  | { is: "failed"; run: number; failure: Failure }
  | { is: "lines"; run: number; lines: Lines | undefined }
  /** This browser keeps nothing at all: what was sent is known until the page is closed, and no longer. */
  | { is: "forgetful" }
  | { is: "event"; event: ClientEvent };

export type Plans = readonly (readonly [DataType, UploadPlan | undefined])[];
export type Reports = readonly (readonly [DataType, UploadReport])[];
export type Lines = readonly { line: number; text: string }[];
