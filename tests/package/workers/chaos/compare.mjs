// Compares tables with the sandbox's records, row by row. The database does it, a thousand rows at a time, so that
// neither side has to be in memory.

import { createInterface } from "node:readline";
import { Readable } from "node:stream";

const PIECE = 1000;
/** Types that are compared at once. */
const AT_ONCE = 2;

/** The records of a piece, each with what the table has of it. */
const COMPARED = (table) => `
  SELECT count(*) AS given, count(kept.id) AS found,
         min(human_id || '/' || id) FILTER (WHERE kept.id IS NULL) AS missing,
         min(human_id || '/' || id) FILTER (WHERE kept.record <> theirs.record OR kept.updated_at <> theirs.updated_at) AS differing
  FROM (SELECT value AS record, value->>'humanId' AS human_id, coalesce(value->>'id', value->>'trait') AS id,
               coalesce(value->>'updatedAt', '') AS updated_at
        FROM jsonb_array_elements($1::jsonb)) AS theirs
  LEFT JOIN ${table} AS kept USING (human_id, id)`;

/** Compares the tables of all `lists`, sizes by type. `told(done, ofAll)` is called with how many rows are compared. */
export async function comparedAll(database, url, lists, told) {
  const query = async (text, values) => (await database.query(text, values)).rows;
  const ofAll = Object.values(lists).reduce((sum, size) => sum + size, 0);
  const differences = [];
  let rows = 0;
  let done = 0;
  const waiting = Object.keys(lists);
  const lane = async () => {
    for (let type = waiting.shift(); type !== undefined; type = waiting.shift()) {
      const result = await compared(query, url, type, (more) => told((done += more), ofAll));
      rows += result.rows;
      differences.push(...result.differences);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { rows, differences };
}

/**
 * Compares the table of `type` with what the sandbox at `url` has. `query(text, values)` returns rows, and
 * `told(more)` is called with how many more are compared. Returns how many rows were found, and what differs.
 */
export async function compared(query, url, type, told) {
  const table = type.replaceAll("/", "_");
  const differences = [];
  let rows = 0;
  for await (const piece of pieces(await dumped(url, type))) {
    const [{ given, found, missing, differing }] = await query(COMPARED(table), [`[${piece.join(",")}]`]);
    rows += Number(found);
    told(piece.length);
    if (Number(given) !== piece.length) differences.push(`${type}: ${piece.length} records were sent to be compared, and ${given} were`);
    if (missing !== null) differences.push(`${type}: ${missing} is missing`);
    if (differing !== null) differences.push(`${type}: ${differing} is in another state`);
  }
  const [{ kept }] = await query(`SELECT count(*) AS kept FROM ${table}`);
  // No two records of the server have the same key, so that whatever else there is was not found.
  if (Number(kept) > rows) differences.push(`${type}: ${Number(kept) - rows} rows are not the server's`);
  return { rows, differences };
}

async function dumped(url, type) {
  const answer = await fetch(new URL(`/_sandbox/app/dump/${type}`, url));
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} for ${type}`);
  return createInterface({ input: Readable.fromWeb(answer.body) });
}

async function* pieces(lines) {
  let piece = [];
  for await (const line of lines) {
    piece.push(line);
    if (piece.length === PIECE) {
      yield piece;
      piece = [];
    }
  }
  if (piece.length > 0) yield piece;
}
