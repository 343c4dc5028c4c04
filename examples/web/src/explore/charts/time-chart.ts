// Charts over time, drawn by uPlot: bars, stacked bars, a band, a line, and the spread of many readings.

import "./language.ts";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { button, h } from "../../ui/dom.ts";
import type { Any, Picture } from "../kinds.ts";
import { DAY, HOUR } from "../time.ts";
import { colour, type Drawn, onKeys } from "./picture.ts";
import { points, type Points, spread, sums } from "./series.ts";

type Timed = Extract<Picture<Any>, { form: "bars" | "stacked" | "spread" | "band" | "line" }>;

/** Intervals of a spread per pixel. */
const PER_PIXEL = 1 / 3;
const ZOOM = 2;
/** Charts below this width, in pixels, have less room for text. */
const NARROW = 480;

const [TO_MINUTE, TO_HOUR, TO_DAY, TO_MONTH, TO_YEAR] = [60, 3600, 86_400, 28 * 86_400, 365 * 86_400];
/**
 * Formats of the time axis, each from a tick distance in seconds on. The second line is for the start of a year or a
 * day.
 */
const TICKS = [
  [TO_YEAR, "{YYYY}", null, null, null, null, null, null, 1],
  [TO_MONTH, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [TO_DAY, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [TO_HOUR, "{HH}:00", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [TO_MINUTE, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
];

export function timeChart(host: HTMLElement, picture: Timed, label: string): Drawn {
  const plot = h("div", {
    class: "plot",
    tabindex: 0,
    role: "group",
    "aria-label": `${label}. Arrow keys move, plus and minus zoom, 0 shows all. The table below has the same data.`,
  });
  const zoomBar = h(
    "div",
    { class: "zoom", role: "toolbar", "aria-label": "Zoom" },
    button("◀", () => pan(-0.5), { "aria-label": "Earlier" }),
    button("▶", () => pan(0.5), { "aria-label": "Later" }),
    button("−", () => zoom(ZOOM), { "aria-label": "Zoom out" }),
    button("+", () => zoom(1 / ZOOM), { "aria-label": "Zoom in" }),
    button("All", () => whole(), { "aria-label": "Show all" }),
  );
  host.replaceChildren(plot, zoomBar);

  let records: readonly Any[] = [];
  /** All readings of a spread, which is aggregated again for each zoom. */
  let raw: Points | undefined;
  /** The visible range in seconds; undefined for all. */
  let view: [number, number] | undefined;
  let drawnFor = "";
  /** Created with the first records, because the axes of an empty chart would have another size. */
  let chart: uPlot | undefined;

  const resize = new ResizeObserver(() => {
    chart?.setSize(size());
    if (raw !== undefined) redraw();
  });
  resize.observe(plot);
  const repaint = (): void => {
    chart?.destroy();
    chart = undefined;
    drawnFor = "";
    redraw();
  };
  addEventListener("humansync-theme", repaint);
  plot.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2);
    },
    { passive: false },
  );
  onKeys(plot, {
    ArrowLeft: () => pan(-0.25),
    ArrowRight: () => pan(0.25),
    "+": () => zoom(1 / ZOOM),
    "=": () => zoom(1 / ZOOM),
    "-": () => zoom(ZOOM),
    "0": () => whole(),
    Escape: () => whole(),
  });

  return {
    update(given) {
      // The list grows while it is read. A change of size draws it again, and must draw the same records.
      records = given.slice();
      raw = picture.form === "spread" ? points(records, picture.time, picture.value) : undefined;
      redraw();
    },
    destroy() {
      resize.disconnect();
      removeEventListener("humansync-theme", repaint);
      chart?.destroy();
      host.replaceChildren();
    },
  };

  function make(first: uPlot.AlignedData): uPlot {
    const axis = { stroke: colour("faint"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 } };
    const fromZero = picture.form === "bars" || picture.form === "stacked";
    const options: uPlot.Options = {
      ...size(),
      // Times are those of the wearer's wall clock, handled as UTC.
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      padding: [12, 12, 0, 0],
      cursor: { drag: { x: true, y: false }, points: { size: 7 }, bind: { dblclick: () => () => (whole(), null) } },
      legend: { live: true },
      scales: {
        x: { time: true },
        y: fromZero ? { range: (_, __, most) => [0, Math.max(1, (most ?? 0) * 1.06)] } : {},
      },
      axes: [{ ...axis, values: TICKS }, { ...axis, size: 58, label: picture.unit, labelSize: 18, values: (_, splits) => splits.map((value) => value.toLocaleString("en")) }],
      ...seriesOf(picture),
      hooks: { setScale: [(_, scale) => scale === "x" && onZoom()] },
    };
    return new uPlot(options, first, plot);
  }

  function size(): { width: number; height: number } {
    const width = Math.max(200, plot.clientWidth);
    // The legend needs the rest of the height, and has two lines in narrow charts.
    return { width, height: Math.max(160, plot.clientHeight - (width < NARROW ? 64 : 34)) };
  }

  /** Called when the user has selected a range, or has reset it with a double click. */
  function onZoom(): void {
    const { min, max } = chart?.scales["x"] ?? {};
    const all = extent();
    if (min == null || max == null || all === undefined) return;
    view = min <= all[0] && max >= all[1] ? undefined : [min, max];
    if (raw !== undefined) redraw();
  }

  function redraw(): void {
    const all = extent();
    if (all === undefined) {
      chart?.destroy();
      chart = undefined;
      drawnFor = "";
      return;
    }
    const [min, max] = view ?? all;
    const { width } = size();
    const key = [min, max, records.length, width].join(" ");
    if (raw !== undefined && key === drawnFor) return;
    drawnFor = key;
    const now = data(min, max, width);
    const drawn = (chart ??= make(now));
    drawn.batch(() => {
      drawn.setData(now, false);
      drawn.setScale("x", { min, max });
    });
  }

  /** The range of all points in seconds, with room for the bars at both ends. */
  function extent(): [number, number] | undefined {
    const time = "day" in picture ? picture.day : picture.time;
    let [first, last] = [Infinity, -Infinity];
    for (const record of records) {
      const at = time(record);
      if (at < first) first = at;
      if (at > last) last = at;
    }
    if (first > last) return undefined;
    // Bars have a width, and the range of a single point would be empty.
    const room = "day" in picture ? DAY * 0.6 : last - first < HOUR ? DAY / 2 : 0;
    return [(first - room) / 1000, (last + room) / 1000];
  }

  function data(min: number, max: number, width: number): uPlot.AlignedData {
    switch (picture.form) {
      case "bars": {
        const { days, sums: totals } = sums(records, picture.day, [picture.value]);
        return [seconds(days), totals[0] ?? []];
      }
      case "stacked": {
        const { days, sums: totals } = sums(records, picture.day, [picture.lower, (record) => picture.lower(record) + picture.upper(record)]);
        return [seconds(days), totals[1] ?? [], totals[0] ?? []];
      }
      case "line": {
        const { times, values } = points(records, picture.time, picture.value);
        return [seconds(times), Array.from(values)];
      }
      case "band": {
        const low = points(records, picture.time, picture.low);
        const high = points(records, picture.time, picture.high);
        return [seconds(low.times), Array.from(low.values), Array.from(high.values)];
      }
      case "spread": {
        const made = spread(raw ?? points([], picture.time, picture.value), min * 1000, max * 1000, width * PER_PIXEL);
        return [seconds(made.times), made.least, made.most, made.mean];
      }
    }
  }

  function pan(by: number): void {
    const all = extent();
    if (all === undefined || view === undefined) return;
    const width = view[1] - view[0];
    const min = Math.min(Math.max(view[0] + by * width, all[0]), all[1] - width);
    look(min, min + width);
  }

  function zoom(by: number): void {
    const all = extent();
    if (all === undefined) return;
    const [min, max] = view ?? all;
    const half = Math.max(((max - min) * by) / 2, 300);
    const middle = (min + max) / 2;
    look(Math.max(all[0], middle - half), Math.min(all[1], middle + half));
  }

  function whole(): void {
    const all = extent();
    if (all !== undefined) look(...all);
  }

  function look(min: number, max: number): void {
    chart?.setScale("x", { min, max });
  }
}

function seriesOf(picture: Timed): { series: uPlot.Series[]; bands?: uPlot.Band[] } {
  const x: uPlot.Series = { label: "day" in picture ? "Day" : "Time", value: (_, seconds) => when(seconds, "day" in picture) };
  const value = (_: uPlot, one: number | null): string => (one == null ? "–" : `${one.toLocaleString("en", { maximumFractionDigits: 1 })} ${picture.unit}`);
  const [main, second] = [colour("accent"), colour("second")];
  // uPlot shows the points of a line where there is room for them.
  const line = { width: 1.5, value, spanGaps: false };
  switch (picture.form) {
    case "bars":
      return { series: [x, { label: picture.name, stroke: main, fill: colour("accent", 0.75), width: 0, value, ...bars(), points: { show: false } }] };
    case "stacked":
      return {
        series: [
          x,
          {
            label: picture.names[1],
            stroke: second,
            fill: second,
            width: 0,
            ...bars(),
            points: { show: false },
            value: (u, one, _, index) => value(u, one == null || index == null ? null : one - (u.data[2]?.[index] ?? 0)),
          },
          { label: picture.names[0], stroke: main, fill: main, width: 0, value, ...bars(), points: { show: false } },
        ],
      };
    case "line":
      return { series: [x, { label: picture.name, stroke: main, ...line }] };
    case "band":
      return {
        series: [x, { label: picture.names[0], stroke: second, ...line }, { label: picture.names[1], stroke: main, ...line }],
        bands: [{ series: [2, 1], fill: colour("accent", 0.18) }],
      };
    case "spread":
      return {
        series: [
          x,
          { label: "Least", stroke: colour("accent", 0.35), ...line, width: 1, points: { show: false } },
          { label: "Most", stroke: colour("accent", 0.35), ...line, width: 1, points: { show: false } },
          // With few readings, they are shown as points.
          { label: "Mean", stroke: main, ...line, points: { size: 4, fill: main } },
        ],
        bands: [{ series: [2, 1], fill: colour("accent", 0.2) }],
      };
  }
}

function bars(): Pick<uPlot.Series, "paths"> {
  return uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.8, 60], align: 0 }) } : {};
}

function seconds(times: Iterable<number>): number[] {
  return Array.from(times, (time) => time / 1000);
}

function when(at: number | null, daysOnly: boolean): string {
  if (at == null) return "–";
  const text = new Date(at * 1000).toISOString();
  return daysOnly ? text.slice(0, 10) : text.slice(0, 16).replace("T", " ");
}
