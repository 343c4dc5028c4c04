// Pieces of SVG, readable on a light and on a dark page.

const STYLE = `text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 } .title { font-weight: 600; font-size: 14px }
  .faint { fill: #59636e } .value { font-variant-numeric: tabular-nums } .ours { font-weight: 600 } .background { fill: #fff }
  .bar { fill: #afb8c1 } .bar.ours { fill: #0969da } .bar.native { fill: none; stroke: #8c959f; stroke-dasharray: 4 3 }
  .axis { stroke: #8c959f } .grid { stroke: #d1d9e0 } .line { fill: none; stroke-width: 2 } .a { stroke: #0969da } .b { stroke: #bc4c00 }
  .dot.a { fill: #0969da } .dot.b { fill: #bc4c00 } .reached { fill: #1a7f37 } .missed { fill: #cf222e } .stem { stroke-width: 2 }
  .stem.reached { stroke: #1a7f37 } .stem.missed { stroke: #cf222e }
  @media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .faint { fill: #9198a1 } .background { fill: #0d1117 } .bar { fill: #3d444d }
    .bar.ours { fill: #4493f8 } .bar.native { stroke: #656c76 } .axis { stroke: #656c76 } .grid { stroke: #2a313c } .a { stroke: #4493f8 }
    .b { stroke: #f0883e } .dot.a { fill: #4493f8 } .dot.b { fill: #f0883e } .reached { fill: #3fb950 } .missed { fill: #f85149 }
    .stem.reached { stroke: #3fb950 } .stem.missed { stroke: #f85149 } }`;

/** A whole picture of these pieces. `label` says to a screen reader what it shows. */
export function picture(width, height, label, pieces) {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="background" width="${width}" height="${height}"/>`,
    ...pieces,
    "</svg>",
  ].join("\n")}\n`;
}

export function text(x, y, words, { anchor = "start", style = "" } = {}) {
  return `<text x="${place(x)}" y="${place(y)}"${anchor === "start" ? "" : ` text-anchor="${anchor}"`}${classOf(style)}>${escaped(words)}</text>`;
}

export function rectangle(x, y, width, height, style) {
  return `<rect x="${place(x)}" y="${place(y)}" width="${place(Math.max(1, width))}" height="${height}" rx="2"${classOf(style)}/>`;
}

export function rule(fromX, fromY, toX, toY, style) {
  return `<line x1="${place(fromX)}" y1="${place(fromY)}" x2="${place(toX)}" y2="${place(toY)}"${classOf(style)}/>`;
}

export function dot(x, y, style) {
  return `<circle cx="${place(x)}" cy="${place(y)}" r="4"${classOf(style)}/>`;
}

/** A line through points. */
export function path(points, style) {
  const steps = points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${place(x)} ${place(y)}`);
  return `<path d="${steps.join("")}"${classOf(style)}/>`;
}

function classOf(style) {
  return style === "" ? "" : ` class="${style}"`;
}

function place(number) {
  return Number(number.toFixed(1));
}

function escaped(words) {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
