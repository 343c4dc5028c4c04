// Measures the rows of the table. It first checks that all contenders do the same work. The contenders then take turns
// in each round (A B C A B C …), so that a temporary load of the machine affects all of them.

import { measured, SIMD_JSON } from "./child.mjs";
import { startServer } from "./http.mjs";
import { WARM_UP_SAMPLES } from "./rows.mjs";
import { median } from "./statistics.mjs";

const OURS = "humansync";
const BATCH = 1000;

/** Measures a row; `tell(text)` is called with the current step. */
export async function measureRow(row, tell) {
  if (!row.http) return measureWith(row, tell);
  const server = await startServer();
  try {
    return await measureWith(row, tell, server);
  } finally {
    await server.stop();
  }
}

async function measureWith(row, tell, server) {
  const { kind, work, peers, rounds } = row;
  tell("the input");
  const source = { kind, work, input: row.input(), warmUp: row.warmUp(), url: server?.url };
  const contenders = [OURS, ...peers.map(({ contender }) => contender)];
  const equality = await compared(contenders, source, tell);

  const all = new Map(contenders.map((contender) => [contender, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      tell(`round ${round} of ${rounds}: ${contender}`);
      const result = await measured({ contender, ...source });
      if (server !== undefined) arrived(contender, await server.counts(), equality);
      all.get(contender).push(result);
    }
  }
  const results = contenders.map((contender) => summary(contender, all.get(contender)));
  const [ours] = results;
  for (const [index, { atLeast }] of peers.entries()) {
    const result = results[index + 1];
    result.times = result.milliseconds / ours.milliseconds;
    result.atLeast = atLeast;
  }
  return { ...row, equality, results, ...(row.most && { above: aboveRows(ours, row.most) }) };
}

/** Checks that the server was sent as many batches as were compared, and those of the warm-up. */
function arrived(contender, { requests }, { outcomes, warmUp }) {
  const expected = outcomes.find((one) => one.contender === contender).counts.batches + warmUp;
  if (requests !== expected) throw new Error(`${contender}: the server was sent ${requests} batches, and not ${expected}`);
}

/** Measures how the package's time and memory grow with the number of samples. */
export async function measureGrowth(row, tell) {
  const { kind, work, rounds } = row;
  const warmUp = row.warmUp();
  const inputs = row.inputs.map((make) => make());
  const all = inputs.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, input] of inputs.entries()) {
      tell(`round ${round} of ${rounds}`);
      // A run of ten milliseconds is too short to be measured once.
      all[index].push(await measured({ contender: OURS, kind, work, input, warmUp, repeats: 5 }));
    }
  }
  const [small, large] = all.map((rounds) => summary(OURS, rounds));
  return {
    ...row,
    small,
    large,
    samples: large.samples / small.samples,
    times: large.milliseconds / small.milliseconds,
    perRow: (large.webAssembly - small.webAssembly) / (large.samples - small.samples),
  };
}

/**
 * Checks that all contenders have the same result. Bodies that are sent are compared sample by sample. Of a plan, the
 * numbers are compared, and the bodies are those of an upload of the same input.
 */
async function compared(contenders, source, tell) {
  const outcomes = [];
  for (const contender of contenders) {
    tell(`comparing: ${contender}`);
    const work = contender === OURS || source.work === "send" ? source.work : "send";
    const { counts, fingerprint } = await measured({ contender, ...source, url: undefined, work, compare: work === "send" });
    outcomes.push({ contender, counts, fingerprint });
  }
  const [ours, ...others] = outcomes;
  const differences = others.flatMap((other) => differencesOf(ours, other).map((what) => `${other.contender}: ${what}`));
  return { outcomes, differences, warmUp: Math.ceil(WARM_UP_SAMPLES / BATCH) };
}

function differencesOf(ours, other) {
  if (other.contender === SIMD_JSON) return numbersApart({ lines: ours.counts.samples + ours.counts.rejected }, other);
  const differences = numbersApart(ours.counts, other);
  if (ours.fingerprint === undefined) return differences;
  // Its batches are in the order of the input, and have times as numbers.
  const keys = other.contender === "influxdb-client" ? ["instants"] : ["sequence", "sizes"];
  const what = { instants: "other samples", sequence: "other samples, or in another order", sizes: "split into other batches" };
  return [...differences, ...keys.filter((key) => ours.fingerprint[key] !== other.fingerprint[key]).map((key) => what[key])];
}

function numbersApart(expected, { counts }) {
  const apart = Object.entries(expected).filter(([name, number]) => counts[name] !== number);
  return apart.map(([name, number]) => `${name} are ${counts[name]}, and not ${number}`);
}

function summary(contender, rounds) {
  const milliseconds = rounds.map((round) => round.milliseconds);
  const { counts, how } = rounds[0];
  const measuredOf = (of) => (of(rounds[0]) === undefined ? undefined : median(rounds.map(of)));
  return {
    contender,
    how,
    samples: counts.lines ?? counts.samples + counts.rejected,
    milliseconds: median(milliseconds),
    rounds: milliseconds,
    cpuMilliseconds: median(rounds.map(({ cpuMilliseconds }) => cpuMilliseconds)),
    memory: measuredOf(({ memory }) => memory),
    // The linear memory never shrinks, so that its size at the end is its peak.
    webAssembly: median(rounds.map(({ webAssembly }) => webAssembly.after)),
  };
}

/** The peak memory beyond the allowance for the samples. */
function aboveRows({ memory, samples }, { memory: most, row }) {
  return { bytes: Math.max(0, memory - samples * row), most, row };
}
