// A first run over a year of all users: what it costs over a loop by hand.

import { bytes, count, duration } from "../../examples/node/terminal/quantities.mjs";
import { inTurns, measured, withSandbox } from "./measure.mjs";
import { verdict } from "./show.mjs";

/** A year before the sandbox's clock. */
const SINCE = "2024-06-30T12:00:00Z";
/** The most memory, however many records there are. */
const LIMIT = 256 * 2 ** 20;

export async function cost(screen, { before, byHand, memory, file, checkpoints }, records, rounds) {
  screen.heading(`A year of 1 000 users, ${count(records)} records`);
  const contenders = [memory, file, checkpoints, ...(before ? [before.memory, before.file] : []), byHand];
  const results = await withSandbox(["--app-records", String(records)], async (sandbox) => {
    // The sandbox makes its lists on the first request, which must not be part of the measurement.
    const now = Date.parse((await sandbox.control("app")).now);
    return inTurns(screen, rounds, contenders, (contender) => measured({ contender, task: { url: sandbox.url, since: SINCE, now } }));
  });
  const hand = results[results.length - 1];
  const rows = contenders.map(({ name }, index) => {
    const { records, requests, milliseconds, cpu, peak } = results[index];
    return [name, count(records), count(requests), duration(milliseconds), `${(milliseconds / hand.milliseconds).toFixed(2)} ×`, `${Math.round(cpu / requests)} µs`, bytes(peak)];
  });
  screen.rows(["", "records", "requests", "time", "", "cpu a request", "memory"], rows);
  const peak = Math.max(...results.slice(0, 3).map(({ highestPeak }) => highestPeak));
  const reached = verdict(screen, peak <= LIMIT, `${bytes(peak)} at most, of ${bytes(LIMIT)} (256 MiB)`);
  const runs = contenders.map((contender, index) => {
    const { records, requests, milliseconds, cpu, peak } = results[index];
    return { contender: contender.positions ?? contender.name, records, requests, milliseconds, cpu, peak };
  });
  // Another build has its places in the table, and not in what is stored.
  return { reached, details: { runs: runs.filter((_, index) => contenders[index] !== before?.memory && contenders[index] !== before?.file) } };
}
