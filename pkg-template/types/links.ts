// Links of a Link header.

export interface LinkEntry {
  /** The target. */
  uri: string;
  /** Relation types, e.g. `["next"]`. */
  rel: string[];
  /** The other parameters, e.g. `title`. */
  params: Record<string, string>;
}
