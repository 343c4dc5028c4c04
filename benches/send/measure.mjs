// Measures the rows of the table. It first checks that all contenders do the same work. The contenders then take turns
// in each round (A B C A B C …), so that a temporary load of the machine affects all of them.

import { measured } from "./child.mjs";
import { median } from "./statistics.mjs";

const OURS = "humansync";

/** Measures a row; `tell(text)` is called with the current step. */
export async function measureRow(row, tell) {
  const { kind, work, peers, rounds } = row;
  tell("the input");
  const source = { kind, work, input: row.input(), warmUp: row.warmUp() };
  const contenders = [OURS, ...peers.map(({ contender }) => contender)];
  const equality = await compared(contenders, source, tell);

  const all = new Map(contenders.map((contender) => [contender, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      tell(`round ${round} of ${rounds}: ${contender}`);
      all.get(contender).push(await measured({ contender, ...source }));
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
    const { counts, fingerprint } = await measured({ contender, ...source, work, compare: work === "send" });
    outcomes.push({ contender, counts, fingerprint });
  }
  const [ours, ...others] = outcomes;
  const differences = others.flatMap((other) => differencesOf(ours, other).map((what) => `${other.contender}: ${what}`));
  return { outcomes, differences };
}

function differencesOf(ours, other) {
  const differences = [];
  for (const [name, number] of Object.entries(ours.counts)) {
    if (other.counts[name] !== number) differences.push(`${name} are ${other.counts[name]}, and not ${number}`);
  }
  if (ours.fingerprint === undefined) return differences;
  if (ours.fingerprint.sequence !== other.fingerprint.sequence) differences.push("other samples, or in another order");
  if (ours.fingerprint.sizes !== other.fingerprint.sizes) differences.push("split into other batches");
  return differences;
}

function summary(contender, rounds) {
  const milliseconds = rounds.map((round) => round.milliseconds);
  const { counts } = rounds[0];
  return {
    contender,
    samples: counts.samples + counts.rejected,
    milliseconds: median(milliseconds),
    rounds: milliseconds,
    cpuMilliseconds: median(rounds.map(({ cpuMilliseconds }) => cpuMilliseconds)),
    memory: median(rounds.map(({ memory }) => memory)),
    // The linear memory never shrinks, so that its size at the end is its peak.
    webAssembly: median(rounds.map(({ webAssembly }) => webAssembly.after)),
  };
}

/** The peak memory beyond the allowance for the samples. */
function aboveRows({ memory, samples }, { memory: most, row }) {
  return { bytes: Math.max(0, memory - samples * row), most, row };
}
