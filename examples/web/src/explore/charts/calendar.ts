// A calendar as a heat map: a column for each week and a square for each day, darker for larger amounts.

import { h, say, svg } from "../../ui/dom.ts";
import { day as dayInWords, number } from "../../ui/words.ts";
import type { Any, Picture } from "../kinds.ts";
import { DAY } from "../time.ts";
import { type Drawn, onKeys, type OnDay } from "./picture.ts";
import { sums } from "./series.ts";

type Calendar = Extract<Picture<Any>, { form: "calendar" }>;

const CELL = 13;
const LEFT = 34;
const TOP = 22;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LEVELS = 4;

export function calendar(host: HTMLElement, picture: Calendar, label: string, onDay: OnDay): Drawn {
  let amounts = new Map<number, number>();
  let chosen: number | undefined;
  const years = h("div", {
    class: "years",
    tabindex: 0,
    role: "group",
    "aria-label": `${label}. Arrow keys choose a day and show its records in the table, Escape shows all.`,
  });
  const told = h("p", { class: "told", role: "status" });
  const key = h("p", { class: "key", "aria-hidden": "true" }, "less ", ...levels(), " more");
  tell();
  host.replaceChildren(h("div", { class: "bar" }, told, h("span", { class: "push" }), key), years);

  years.addEventListener("click", (event) => {
    const time = (event.target as Element).getAttribute("data-day");
    if (time !== null) choose(Number(time) === chosen ? undefined : Number(time));
  });
  years.addEventListener("pointermove", (event) => {
    const time = (event.target as Element).getAttribute("data-day");
    if (time !== null) say(told, words(Number(time)));
  });
  years.addEventListener("pointerleave", () => tell());
  const step = (days: number) => () => choose((chosen ?? Math.max(...amounts.keys(), 0)) + (chosen === undefined ? 0 : days * DAY));
  onKeys(years, {
    ArrowLeft: step(-7),
    ArrowRight: step(7),
    ArrowUp: step(-1),
    ArrowDown: step(1),
    Escape: () => choose(undefined),
  });

  return {
    update(records) {
      const { days, sums: totals } = sums(records, picture.day, [picture.value]);
      amounts = new Map(days.map((at, index) => [at, totals[0]?.[index] ?? 0]));
      draw();
    },
    destroy: () => host.replaceChildren(),
  };

  function choose(day: number | undefined): void {
    if (day !== undefined && !years.querySelector(`[data-day="${day}"]`)) return;
    years.querySelector(".chosen")?.classList.remove("chosen");
    chosen = day;
    const square = day === undefined ? null : years.querySelector(`[data-day="${day}"]`);
    square?.classList.add("chosen");
    square?.scrollIntoView({ block: "nearest", inline: "nearest" });
    tell();
    onDay(day);
  }

  function tell(): void {
    say(told, chosen === undefined ? "Choose a day to see its records below." : words(chosen));
  }

  function words(day: number): string {
    const amount = amounts.get(day);
    return `${dayInWords(day)}: ${amount === undefined ? "nothing" : `${number(Math.round(amount))} ${picture.unit}`}`;
  }

  function draw(): void {
    const list = [...amounts.keys()];
    if (list.length === 0) {
      years.replaceChildren();
      return;
    }
    const [first, last] = [new Date(Math.min(...list)).getUTCFullYear(), new Date(Math.max(...list)).getUTCFullYear()];
    const steps = thresholds([...amounts.values()]);
    const drawn = Array.from({ length: last - first + 1 }, (_, index) => year(last - index, steps));
    years.replaceChildren(...drawn);
    tell();
  }

  function year(which: number, steps: readonly number[]): SVGSVGElement {
    const begin = Date.UTC(which, 0, 1);
    const end = Date.UTC(which + 1, 0, 1);
    // Weeks begin on Monday.
    const before = (new Date(begin).getUTCDay() + 6) % 7;
    const squares: SVGElement[] = [];
    for (let day = begin; day < end; day += DAY) {
      const place = Math.round((day - begin) / DAY) + before;
      const date = new Date(day);
      const [x, y] = [LEFT + Math.floor(place / 7) * CELL, TOP + (place % 7) * CELL];
      if (date.getUTCDate() === 1) squares.push(svg("text", { x, y: TOP - 6, class: "month" }, MONTHS[date.getUTCMonth()] ?? ""));
      const amount = amounts.get(day);
      const level = amount === undefined ? 0 : 1 + steps.filter((step) => amount > step).length;
      squares.push(
        svg("rect", { x, y, width: CELL - 2, height: CELL - 2, rx: 2, class: `level-${level}${day === chosen ? " chosen" : ""}`, "data-day": day }),
      );
    }
    const width = LEFT + 54 * CELL;
    return svg(
      "svg",
      { viewBox: `0 0 ${width} ${TOP + 7 * CELL}`, class: "year", "aria-hidden": "true" },
      svg("text", { x: 0, y: TOP - 6, class: "name" }, String(which)),
      ...squares,
    );
  }
}

/** Three amounts that divide the days into four levels of about equal size. */
function thresholds(amounts: number[]): number[] {
  amounts.sort((one, other) => one - other);
  return Array.from({ length: LEVELS - 1 }, (_, index) => amounts[Math.floor((amounts.length * (index + 1)) / LEVELS)] ?? Infinity);
}

function levels(): SVGElement[] {
  return Array.from({ length: LEVELS + 1 }, (_, level) =>
    svg("svg", { viewBox: "0 0 11 11", width: 11, height: 11 }, svg("rect", { width: 11, height: 11, rx: 2, class: `level-${level}` })),
  );
}
