// The figure of docs/scale.md, as SVG: how late records are at a load, by the arithmetic and by the simulation.

import { steadyArithmetic } from "./experiments.mjs";

const [WIDTH, HEIGHT] = [720, 340];
const PLOT = { left: 70, right: 690, top: 30, bottom: 280 };
/** The ends of the axes: the load, and minutes. */
const [MOST_LOAD, MOST_MINUTES] = [1.16, 16];
const STYLE = `text { font: 13px system-ui, sans-serif; fill: #24292f } .axis { stroke: #8c959f } .grid { stroke: #d0d7de }
  .median { stroke: #0969da; fill: #0969da } .late { stroke: #bc4c00; fill: #bc4c00 } path { fill: none !important; stroke-width: 2 }
  .background { fill: #fff }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .background { fill: #0d1117 } .grid { stroke: #30363d } .median { stroke: #4493f8; fill: #4493f8 } .late { stroke: #f0883e; fill: #f0883e } }`;

/** `steady` is what was simulated of apps that are up to date. */
export function figure({ steady }) {
  const points = steady.map((found) => ({ ...found, said: steadyArithmetic(found.users) }));
  const lines = ["medianDelay", "delay99"].map((key) => line(points.filter(({ said }) => said.load <= 1).map(({ said }) => [said.load, said[key]]), key));
  const dots = points.flatMap((point) => ["medianDelay", "delay99"].map((key) => dot(point.said.load, point[key], key)));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Delay against load">`,
    `<style>${STYLE}</style>`,
    `<rect class="background" width="${WIDTH}" height="${HEIGHT}"/>`,
    ...[0, 5, 10, 15].flatMap((minutes) => [rule(minutes), text(PLOT.left - 8, y(minutes * 60) + 4, `${minutes} min`, "end")]),
    ...[0, 0.2, 0.4, 0.6, 0.8, 1].map((load) => text(x(load), PLOT.bottom + 20, `${Math.round(load * 100)} %`, "middle")),
    `<line class="axis" x1="${PLOT.left}" y1="${PLOT.bottom}" x2="${PLOT.right}" y2="${PLOT.bottom}"/>`,
    `<line class="axis" stroke-dasharray="4 4" x1="${x(1)}" y1="${PLOT.top}" x2="${x(1)}" y2="${PLOT.bottom}"/>`,
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 44, "load: requests that are needed, of those that the lanes allow", "middle"),
    text(PLOT.left + 12, y(450), "99 % of the records", "start"),
    text(PLOT.left + 12, y(120), "half of the records", "start"),
    text(PLOT.left + 12, y(13.5 * 60), "lines: arithmetic; dots: simulation", "start"),
    ...lines,
    ...dots,
    "</svg>",
  ].join("\n")}\n`;
}

function line(points, key) {
  const path = points.map(([load, seconds], index) => `${index === 0 ? "M" : "L"}${x(load)} ${y(seconds)}`).join("");
  return `<path class="${classOf(key)}" d="${path}"/>`;
}

function dot(load, seconds, key) {
  return `<circle class="${classOf(key)}" cx="${x(load)}" cy="${y(seconds)}" r="3.5"/>`;
}

function rule(minutes) {
  return `<line class="grid" x1="${PLOT.left}" y1="${y(minutes * 60)}" x2="${PLOT.right}" y2="${y(minutes * 60)}"/>`;
}

function text(left, top, words, anchor) {
  return `<text x="${left}" y="${top}" text-anchor="${anchor}">${words}</text>`;
}

function classOf(key) {
  return key === "delay99" ? "late" : "median";
}

function x(load) {
  return Math.round(PLOT.left + (load / MOST_LOAD) * (PLOT.right - PLOT.left));
}

function y(seconds) {
  return Math.round(PLOT.bottom - (seconds / 60 / MOST_MINUTES) * (PLOT.bottom - PLOT.top));
}
