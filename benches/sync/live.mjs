// A list that gains records while it is read, against the same list standing still.

import { count, duration } from "../../examples/node/terminal/quantities.mjs";
import { inTurns, measured, withSandboxOfNow } from "./measure.mjs";
import { verdict } from "./show.mjs";

const RECORDS = 200_000;
/** Records a second. */
const RATE = 100;
/**
 * The records were updated in so many days, and the run begins a day before. Less than 31 days in all, so that a single
 * window has all records and is still filling.
 */
const DAYS = 20;
/** Without it nothing would be gained by asking for pages ahead of their turn. */
const LATENCY = "20ms";
/** The most requests for the list that grows, as a multiple of those for the list that stands still. */
const BOUND = 1.2;

export async function live(screen, { before, byHand, memory }, rounds) {
  screen.heading(`${count(RECORDS)} records of one type, and ${RATE} more each second, ${LATENCY.replace("ms", " ms")} away`);
  const contenders = [memory, ...(before ? [before.memory] : []), byHand];
  const cases = contenders.flatMap((contender) => [0, RATE].map((rate) => ({ name: `${contender.name}, ${rate} a second`, contender, rate })));
  const results = await inTurns(screen, rounds, cases, ({ contender, rate }) => measuredWith(contender, rate));
  const rows = contenders.map(({ name }, index) => {
    const [still, growing] = [results[2 * index], results[2 * index + 1]];
    const ratio = (key) => `${(growing[key] / still[key]).toFixed(2)} ×`;
    return [name, count(still.requests), count(growing.requests), ratio("requests"), duration(still.milliseconds), duration(growing.milliseconds), ratio("milliseconds")];
  });
  screen.rows(["", "requests still", "growing", "", "time still", "growing", ""], rows);
  const ratio = results[1].requests / results[0].requests;
  const reached = verdict(screen, ratio <= BOUND, `${ratio.toFixed(2)} × the requests if the list grows, of ${BOUND} × at most`);
  const lists = [memory, byHand].map((contender) => {
    const of = (rate) => {
      const { requests, milliseconds, records } = results[cases.findIndex((one) => one.contender === contender && one.rate === rate)];
      return { requests, milliseconds, records };
    };
    return { contender: contender.positions ?? contender.name, still: of(0), growing: of(RATE) };
  });
  return { reached, details: { lists } };
}

async function measuredWith(contender, rate) {
  const flags = ["--stream-records", RECORDS, "--stream-days", DAYS, "--stream-rate", rate, "--latency", LATENCY];
  return withSandboxOfNow(flags, ({ url }, ago) => measured({ contender, task: { url, since: ago(DAYS + 1), types: ["heart_rates"] } }));
}
