// Medical records, as the server sends them.

/**
 * What the medical lists have in common. It has no humanId. Each list has many optional fields of its own: narrow them
 * before use. Dates in old records are not RFC 3339, but what JavaScript's Date prints.
 */
export interface MedicalRecord {
  id: string;
  source?: string;
  createdAt?: string;
  updatedAt?: string;
  name?: string;
  codes?: MedicalCode[];
  organization?: MedicalOrganization;
  /** Who treated the person: a name, or an object with one. */
  provider?: { name?: string | Record<string, unknown>; [field: string]: unknown };
  /** The document that it was taken from. */
  ccd?: unknown;
  [field: string]: unknown;
}

export interface MedicalOrganization {
  id: string;
  name: string;
  href?: string;
}

/** An entry of a coding system such as SNOMED CT. */
export interface MedicalCode {
  code?: string;
  /** E.g. `"LOINC"`. */
  codeSystemName?: string;
  name?: string;
  [field: string]: unknown;
}
