#!/usr/bin/env node
// Asks the sandbox whether every sample has arrived, and none twice.
//
//   node examples/node/arrived.mjs --base-url http://127.0.0.1:8787 --samples 200000

import { parseArgs } from "node:util";
import { bars } from "./terminal/bars.mjs";
import { bytes, count, counted } from "./terminal/quantities.mjs";
import { screenOn } from "./terminal/screen.mjs";

const screen = screenOn(process.stdout);
const { paint } = screen;
const { values } = parseArgs({ options: { "base-url": { type: "string" }, samples: { type: "string" } } });

const answer = await fetch(new URL("/_sandbox/samples", values["base-url"]));
if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
const arrived = await answer.json();

screen.heading("What the server has");
const devices = Object.entries(arrived.byDevice).map(([device, { distinct }]) => [device, distinct]);
if (devices.length > 0) for (const line of bars(screen, devices)) screen.line(line);
screen.line();
screen.line(
  `  ${counted(arrived.batches, "batch", "batches")}, ${bytes(arrived.bytes)}, ` +
    `${counted(Object.values(arrived.refused).reduce((sum, number) => sum + number, 0), "request")} refused`,
);
screen.line();

const different = `${count(arrived.distinct)} different samples, and not ${count(values.samples)}`;
const wrong = [
  ...(arrived.distinct === Number(values.samples) ? [] : [different]),
  ...(arrived.duplicates === 0 ? [] : [`${counted(arrived.duplicates, "sample")} twice`]),
  ...(arrived.violationCount === 0 ? [] : [`${counted(arrived.violationCount, "sample")} out of order`]),
];
if (wrong.length === 0) {
  screen.line(`  ${paint("green", "✔")} ${paint("bold", `${counted(arrived.distinct, "sample")} arrived, none of them twice`)}`);
} else {
  screen.line(`  ${paint("red", "✘")} ${wrong.join("; ")}`);
  process.exitCode = 1;
}
