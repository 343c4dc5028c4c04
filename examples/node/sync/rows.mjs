// Records as rows of a table, for every kind of database.

/** The name of a type's table, e.g. `heart_rate_summaries`. */
export function tableOf(type) {
  return type.replaceAll("/", "_");
}

/** The id of a record, which is unique for its person. Traits have none, and are identified by their name. */
export function idOf(record) {
  return record.id ?? record.trait;
}

/**
 * The columns: person, id, time of the update (empty if the record has none), and the whole record as JSON. `person` is
 * whose records these are, if that is known without them: medical records do not say it.
 */
export function rowOf(record, person = "") {
  return [person || (record.humanId ?? ""), idOf(record), comparable(record.updatedAt), JSON.stringify(record)];
}

/** A time in a form in which later times are greater strings, whatever form the server has used. */
function comparable(instant) {
  const at = Date.parse(instant ?? "");
  return Number.isNaN(at) ? "" : new Date(at).toISOString();
}
