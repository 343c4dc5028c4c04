// What engines ask of records: their keys and stamps, all at once, and some of them.

/** Between two keys: no JSON text holds it, and no id that has it is taken as one. */
const SEPARATOR = "\0";

/** Texts cross as bytes: as strings, they would be copied character by character. */
const utf8 = new TextEncoder();

/** One key for each record, in UTF-8: `+` and its id, or `-` and its content where it has none. */
export function keysOf(records) {
  let keys = "";
  for (const record of records) keys += keyOf(record) + SEPARATOR;
  return utf8.encode(keys);
}

/** When each record was updated; empty where it does not say. */
export function stampsOf(records) {
  let stamps = "";
  for (const record of records) stamps += stampOf(record) + SEPARATOR;
  return utf8.encode(stamps);
}

function stampOf(record) {
  const updated = record?.updatedAt;
  return typeof updated === "string" && !updated.includes(SEPARATOR) ? updated : "";
}

function keyOf(record) {
  const id = record?.id;
  const text = typeof id === "number" || typeof id === "string" ? String(id) : "";
  return text !== "" && !text.includes(SEPARATOR) ? `+${text}` : `-${contentOf(record)}`;
}

/** What cannot be written (too deep, or with numbers that JSON has not) is told by nothing but its place. */
function contentOf(record) {
  try {
    return JSON.stringify(record);
  } catch {
    return "?";
  }
}

/** The records at `indices`, a Uint32Array that goes up. */
export function select(records, indices) {
  const first = indices[0] ?? 0;
  const isRun = indices.length === 0 || indices[indices.length - 1] - first === indices.length - 1;
  return isRun ? records.slice(first, first + indices.length) : Array.from(indices, (index) => records[index]);
}

/** Whether a document says that there is nothing. */
export function isBlank(document) {
  return document === null || (typeof document === "object" && !Array.isArray(document) && Object.keys(document).length === 0);
}

/** A page, frozen but for its records, which are the caller's. */
export function page(records, offset, totalCount, links, cursor) {
  return Object.freeze({ records, offset, totalCount, links, cursor });
}
