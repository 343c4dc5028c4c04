// A month of ever more records: memory and offsets that do not grow.

import { bytes, count, duration } from "../../examples/node/terminal/quantities.mjs";
import { inTurns, measured, withSandboxOfNow } from "./measure.mjs";
import { verdict } from "./show.mjs";

const SMALLEST = 100_000;
const DAYS = 31;
/**
 * So often the smallest month is read first, by the same WebAssembly: until then V8's own heap grows, whoever reads.
 * Longer months would hide what the WebAssembly memory, which never shrinks, takes for them.
 */
const WARM_UPS = 50;
const WINDOW_RECORDS = 50_000;
/**
 * How much more or less than for the smallest month counts as flat, of what is held: the heap and the WebAssembly memory.
 * Resident memory says less: it depends on how far the engine let its young generation grow, and so on the run's length.
 */
const TOLERANCE = 0.1;

export async function memory(screen, { before, memory, checkpoints }, largest) {
  const sizes = [...new Set([SMALLEST, Math.min(1_000_000, largest), largest])];
  screen.heading(`A month of ${sizes.map(count).join(", ")} records of one type`);
  const contenders = [memory, checkpoints, ...(before ? [before.memory] : [])];
  const cases = sizes.flatMap((size) => contenders.map((contender) => ({ name: `${contender.name}, ${count(size)} records`, contender, size })));
  const results = await inTurns(screen, 1, cases, ({ contender, size }) => measuredWith(contender, size));
  const rows = contenders.flatMap(({ name }) =>
    cases.flatMap((one, index) => {
      if (one.contender.name !== name) return [];
      const { records, requests, milliseconds, peak, heap, webAssembly, maxOffset } = results[index];
      return [[name, count(records), count(requests), duration(milliseconds), bytes(peak), bytes(heap), bytes(webAssembly), count(maxOffset)]];
    }),
  );
  screen.rows(["", "delivered", "requests", "time", "resident", "heap", "WebAssembly", "greatest offset"], rows);
  const of = (wanted) => results.filter((_, index) => cases[index].contender === wanted);
  const verdicts = [memory, checkpoints].map((contender) => {
    const all = of(contender);
    const held = all.map(({ heap, webAssembly }) => heap + webAssembly);
    const ratios = held.map((bytes) => bytes / held[0]);
    const farthest = ratios.reduce((far, ratio) => (Math.abs(ratio - 1) > Math.abs(far - 1) ? ratio : far), 1);
    return verdict(screen, Math.abs(farthest - 1) <= TOLERANCE, `${contender.name}: heap and WebAssembly are ${farthest.toFixed(2)} × those of ${count(SMALLEST)} records, of 1 ± ${TOLERANCE}`);
  });
  const offset = Math.max(...[...of(memory), ...of(checkpoints)].map(({ maxOffset }) => maxOffset));
  verdicts.push(verdict(screen, offset <= WINDOW_RECORDS, `${count(offset)} is the greatest offset, of ${count(WINDOW_RECORDS)} at most`));
  const series = [memory, checkpoints].map((contender) => {
    const points = of(contender).map(({ records, requests, milliseconds, peak, heap, webAssembly, maxOffset }) => {
      return { records, requests, milliseconds, held: heap + webAssembly, heap, webAssembly, resident: peak, maxOffset };
    });
    return { contender: contender.positions, points };
  });
  return { reached: verdicts.every(Boolean), details: { series } };
}

async function measuredWith(contender, records) {
  return withMonthOf(SMALLEST, (_, task) => {
    const warmUp = { task, times: WARM_UPS };
    return withMonthOf(records, async (sandbox, task) => {
      const result = await measured({ contender, task, warmUp, expected: records });
      // More than that are records that came twice, which the table shows.
      if (result.records < records) throw new Error(`${contender.name} delivered ${result.records} records of ${records}`);
      const { maxOffset } = (await sandbox.control("app")).stream;
      return { ...result, maxOffset };
    });
  });
}

/** Gives `work` a sandbox with a month of so many records, and the task to read it. */
function withMonthOf(records, work) {
  const flags = ["--stream-records", records, "--stream-days", DAYS];
  return withSandboxOfNow(flags, (sandbox, ago) => work(sandbox, { url: sandbox.url, since: ago(DAYS), types: ["heart_rates"] }));
}
