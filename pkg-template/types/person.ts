// A person as a whole, as the server sends it.

import type { MedicalOrganization } from "./medical-records.js";

export interface Profile {
  humanId: string;
  /** @deprecated by the API; use `humanId`. */
  userId?: string;
  /** RFC 3339. */
  createdAt: string;
  email?: string;
  /** An IANA zone, e.g. `{ name: "America/Denver" }`. */
  defaultTimeZone?: { name: string };
}

/** The latest of everything, by type; which fields there are depends on what the person has connected. */
export interface HumanSummary {
  humanId?: string;
  /** @deprecated by the API; use `humanId`. */
  userId?: string;
  [type: string]: unknown;
}

/** A connected source of data. */
export interface Source {
  /** Not unique: several sources may carry the same. */
  id: string;
  source: string;
  /** Its name, to be shown. */
  sourceName: string;
  /** RFC 3339. */
  connectedSince: string;
  historySync?: unknown;
  syncStatus?: unknown;
  resync?: unknown;
  /** The provider, of a medical source. */
  organization?: MedicalOrganization;
}
