#!/usr/bin/env node
// `cargo xtask bench scale`: the arithmetic of docs/scale.md, and a simulation that checks it.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { filledIn } from "./scale/document.mjs";
import { AGREED_LOAD, firstArithmetic, outageArithmetic, simulateAll, steadyArithmetic, TOLERANCE } from "./scale/experiments.mjs";
import { figure } from "./scale/figure.mjs";
import { number, percent, span } from "./scale/quantities.mjs";
import { screenWithRows, verdict } from "./sync/show.mjs";

const HELP = `What an app of a thousand to ten million users costs, by arithmetic and by simulation.

  cargo xtask bench scale [options]

  --write       writes the tables, the figure and the results of the simulation into docs/ and benches/scale/
  --measure     measures what a page costs on this machine, and how fast real workers are: what
                benches/scale/costs.mjs has; needs PostgreSQL and Node 22.12
  --rounds N    of the measurement                                                 default: 5
  --no-build    dist/ as it is
  --help        this text

The simulation takes half a minute. Its time is virtual and its random numbers are seeded: each run gives the same.`;

const PAGE = fileURLToPath(new URL("../docs/scale.md", import.meta.url));
const FIGURE = fileURLToPath(new URL("../docs/scale.svg", import.meta.url));
const SIMULATED = fileURLToPath(new URL("./scale/simulated.json", import.meta.url));

const screen = screenWithRows(process.stdout);
const { values } = parseArgs({
  options: {
    write: { type: "boolean" },
    measure: { type: "boolean" },
    rounds: { type: "string", default: "5" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) screen.line(HELP);
else if (values.measure) await measure();
else compare();

async function measure() {
  const rounds = Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number above 0, and not ${values.rounds}`);
  const { measureAll } = await import("./scale/measure.mjs");
  screen.line(JSON.stringify(await measureAll(rounds), null, 2));
}

function compare() {
  const simulated = simulateAll((name) => screen.live && screen.draft(`  ${name}`));
  screen.clear();
  screen.heading("Up to date: arithmetic → simulation");
  const steady = simulated.steady.map((found) => ({ found, said: steadyArithmetic(found.users) }));
  const rows = steady.map(({ found, said }) => [
    `${number(found.users)} users`,
    percent(said.load),
    ...["planningAnHour", "readingAnHour"].map((key) => `${number(said[key])} → ${number(found[key])}`),
    ...["medianDelay", "delay99"].map((key) => `${span(said[key])} → ${span(found[key])}`),
  ]);
  screen.rows(["", "load", "requests to plan", "to read", "delay, median", "99 %"], rows);
  const agreed = steady.filter(({ said }) => said.load <= AGREED_LOAD);
  const keys = ["planningAnHour", "readingAnHour", "recordsAnHour", "medianDelay", "delay99"];
  const farthest = Math.max(...agreed.flatMap(({ found, said }) => keys.map((key) => Math.abs(found[key] / said[key] - 1))));
  const catchingUp = [
    ...simulated.outage.filter(({ users }) => users > 1e6).map(({ users, caughtUp }) => [caughtUp, outageArithmetic(users)]),
    ...simulated.first.map((one) => [one.caughtUp, firstArithmetic(one)]),
  ];
  const farthestTime = Math.max(...catchingUp.map(([found, said]) => Math.abs(found / said - 1)));
  const verdicts = [
    verdict(screen, farthest <= TOLERANCE.steady, `${percent(farthest)} apart at most up to a load of ${percent(AGREED_LOAD)}, of ${percent(TOLERANCE.steady)}`),
    verdict(screen, farthestTime <= TOLERANCE.catchingUp, `${percent(farthestTime)} apart at most in times to catch up, of ${percent(TOLERANCE.catchingUp)}`),
    verdict(screen, simulated.faulty.every(({ missing }) => missing === 0), "no record is missing, whatever dies"),
  ];
  if (!verdicts.every(Boolean)) process.exitCode = 1;
  if (!values.write) return;
  writeFileSync(SIMULATED, `${JSON.stringify(simulated, null, 1)}\n`);
  writeFileSync(FIGURE, figure(simulated));
  writeFileSync(PAGE, filledIn(readFileSync(PAGE, "utf8"), simulated));
}
