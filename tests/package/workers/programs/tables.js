// A table of all records, written by id and only with what is newer, as the documentation tells every `apply` to do.

const CREATE = `CREATE TABLE IF NOT EXISTS records (
  type text, human_id text, id text, updated_at text, record json, times int NOT NULL DEFAULT 1, PRIMARY KEY (type, human_id, id))`;

const UPSERT = `INSERT INTO records AS known (type, human_id, id, updated_at, record)
  SELECT $1, given.human_id, given.id, given.updated_at, given.record
  FROM json_to_recordset($2::json) AS given (human_id text, id text, updated_at text, record json)
  ON CONFLICT (type, human_id, id) DO UPDATE SET times = known.times + 1,
    updated_at = CASE WHEN excluded.updated_at >= known.updated_at THEN excluded.updated_at ELSE known.updated_at END,
    record = CASE WHEN excluded.updated_at >= known.updated_at THEN excluded.record ELSE known.record END`;

export async function create(database) {
  await database.query(CREATE);
}

export async function write({ type, records }, tx) {
  // One statement cannot write a row twice: the last state of a record counts. In the order of their ids, two that
  // write the same rows do not wait for each other in a circle.
  const rows = new Map();
  for (const record of records) {
    const id = record.id ?? record.trait;
    rows.set(`${record.humanId} ${id}`, { human_id: record.humanId, id, updated_at: record.updatedAt ?? "", record });
  }
  const ordered = [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  await tx.query(UPSERT, [type, JSON.stringify(ordered)]);
}
