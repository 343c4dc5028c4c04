// Records as rows of a table, for every kind of database.

/** The name of a type's table, e.g. `heart_rate_summaries`. */
export function tableOf(type) {
  return type.replaceAll("/", "_");
}

/** The key of a row. Traits have no id, and are identified by their person and name. */
export function idOf(record) {
  return record.id ?? `${record.humanId}/${record.trait}`;
}

/** The columns: id, person, time of the update (empty if the record has none), and the whole record as JSON. */
export function rowOf(record) {
  return [idOf(record), record.humanId, comparable(record.updatedAt), JSON.stringify(record)];
}

/** A time in a form in which later times are greater strings, whatever form the server has used. */
function comparable(instant) {
  const at = Date.parse(instant ?? "");
  return Number.isNaN(at) ? "" : new Date(at).toISOString();
}
