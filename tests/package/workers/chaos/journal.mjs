// What the workers' journal says: the table `deltas`, in which each delta has a row that was written in its
// transaction.

/** How many deltas there were, how many of them came twice, and how many records they had. */
export async function journal(database) {
  const { rows } = await database.query(
    `SELECT count(*) AS deltas, count(*) - count(DISTINCT (type, checkpoint)) AS twice, coalesce(sum(records), 0) AS records FROM deltas`,
  );
  return Object.fromEntries(Object.entries(rows[0]).map(([name, count]) => [name, Number(count)]));
}

/**
 * What a worker did that had been stopped, `stopped`, and went on: how many windows it lost, and how many deltas it
 * stored before it began another one.
 */
export async function afterStop(database, stopped, windows) {
  if (stopped === undefined) return undefined;
  const told = windows.toldBy(stopped.worker, stopped.from);
  const next = told.find(({ state }) => state === "begun")?.at ?? Date.now();
  const { rows } = await database.query("SELECT count(*) AS late FROM deltas WHERE worker = $1 AND arrived > to_timestamp($2) AND arrived < to_timestamp($3)", [
    stopped.worker,
    stopped.from / 1000,
    next / 1000,
  ]);
  return { ...stopped, lost: told.filter(({ state }) => state === "lost").length, late: Number(rows[0].late) };
}
