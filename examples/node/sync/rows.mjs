// Records as rows of a table: the same for every database.

/** `heart_rate_summaries`: a table for each type. */
export function tableOf(type) {
  return type.replaceAll("/", "_");
}

/** What a row is found by. Traits have no id: whose they are, and which, is as good. */
export function idOf(record) {
  return record.id ?? `${record.humanId}/${record.trait}`;
}

/** The columns: id, whose, when it was updated (empty where it does not say), and all of it. */
export function rowOf(record) {
  return [idOf(record), record.humanId, comparable(record.updatedAt), JSON.stringify(record)];
}

/** An instant such that a later one is a greater text, however the server has written it. */
function comparable(instant) {
  const at = Date.parse(instant ?? "");
  return Number.isNaN(at) ? "" : new Date(at).toISOString();
}
