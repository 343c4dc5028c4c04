// What engines need of records: their keys and stamps, all at once, and a selection of them.

/** Ends each text: no JSON text holds it. */
const SEPARATOR = "\0";
/** Texts cross to Rust as bytes: as strings, they would be copied character by character. */
const utf8 = new TextEncoder();

/**
 * One key for each record, in UTF-8: `+` and its id as it is, `=` and its id as JSON, or `-` and its content where it has no id that can
 * be relied on. With `withPeople`, each is followed by the record's `humanId`, empty where it has none.
 * @type {(records: unknown[], withPeople: boolean) => Uint8Array}
 */
export function keysOf(records, withPeople) {
  let keys = "";
  for (const record of records) {
    keys += keyOf(record) + SEPARATOR;
    if (withPeople) keys += personOf(record) + SEPARATOR;
  }
  return utf8.encode(keys);
}

/** When each record was updated; empty where it does not say. @param {unknown[]} records */
export function stampsOf(records) {
  let stamps = "";
  for (const record of records) stamps += stampOf(record) + SEPARATOR;
  return utf8.encode(stamps);
}

/** The content of each record, as JSON; empty where it cannot be written. @param {unknown[]} records */
export function contentsOf(records) {
  let contents = "";
  for (const record of records) {
    const content = contentOf(record);
    contents += (content === UNWRITABLE ? "" : content) + SEPARATOR;
  }
  return utf8.encode(contents);
}

/** A record may be anything, also an object of a mock that throws. @type {(record: any, name: string) => unknown} */
function memberOf(record, name) {
  try {
    return record?.[name];
  } catch {
    return undefined;
  }
}

/** @param {unknown} record */
function stampOf(record) {
  const updated = memberOf(record, "updatedAt");
  return typeof updated === "string" && !updated.includes(SEPARATOR) ? updated : "";
}

/** What UTF-8 or this file cannot carry as it is: the separator, and halves of surrogate pairs. JSON escapes both. */
const NEEDS_ESCAPING = /[\0\p{Surrogate}]/u;
/** What decoding puts in the place of bytes that are not UTF-8: ids that differ only in these look the same. */
const REPLACEMENT = "\ufffd";

/** Most ids are like this, and are seen to be so at once. */
const PLAIN = /^[\w.:-]+$/;

/** @param {unknown} record */
function keyOf(record) {
  const id = memberOf(record, "id");
  if (typeof id === "string" && PLAIN.test(id)) return `+${id}`;
  if (typeof id === "string" && id !== "" && !id.includes(REPLACEMENT)) {
    return NEEDS_ESCAPING.test(id) ? `=${JSON.stringify(id)}` : `+${id}`;
  }
  // Beyond 2⁵³ the parser has rounded, and different ids look the same.
  if (Number.isSafeInteger(id)) return `=${id}`;
  return `-${contentOf(record)}`;
}

/** @param {unknown} record */
function personOf(record) {
  const person = memberOf(record, "humanId");
  if (typeof person === "string" && (PLAIN.test(person) || !NEEDS_ESCAPING.test(person))) return person;
  return person === undefined || person === null ? "" : contentOf(person);
}

/** In the place of a content that cannot be written. No JSON is like it. */
const UNWRITABLE = "?";

/** What cannot be written (nested too deep, or with numbers that JSON does not have) is known by its place alone. @param {unknown} value */
function contentOf(value) {
  try {
    return JSON.stringify(value);
  } catch {
    return UNWRITABLE;
  }
}

/** The records at `indices`, which ascend. @type {(records: unknown[], indices: Uint32Array) => unknown[]} */
export function select(records, indices) {
  const first = indices[0] ?? 0;
  const isRun = indices.length === 0 || Number(indices[indices.length - 1]) - first === indices.length - 1;
  return isRun ? records.slice(first, first + indices.length) : Array.from(indices, (index) => records[index]);
}

/**
 * A page as its reader sees it, frozen but for its records, which are the reader's. Few ask for its cursor, whose text has a few hundred
 * characters: it is written when it is read first. `place` is what it says, and `list` the number of its list where several are walked as one.
 * @type {(records: unknown[], offset: number, totalCount: number | undefined, links: object, place: Uint8Array, list: number) => object}
 */
export function pageOf(records, offset, totalCount, links, place, list) {
  // What it came in is a view of memory that Rust goes on using.
  const own = place.slice();
  /** @type {string | undefined} */
  let text;
  return Object.freeze({
    records,
    offset,
    totalCount,
    links: Object.freeze(links),
    get cursor() {
      return (text ??= cursorOf(own, list));
    },
  });
}

/** In URL-safe base64, without padding. @type {(place: Uint8Array, list: number) => string} */
function cursorOf(place, list) {
  const text = btoa(String.fromCharCode(...place)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/u, "");
  return list === 0 ? text : `${list}.${text}`;
}

/** Whether a document says that there is nothing. @param {unknown} document */
export function isBlank(document) {
  try {
    return document === null || (typeof document === "object" && !Array.isArray(document) && Object.keys(document).length === 0);
  } catch {
    return false;
  }
}
