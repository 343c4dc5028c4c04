// Draws the picture for a type. This module is loaded only when there is something to draw.

import type { Any, Picture } from "../kinds.ts";
import { calendar } from "./calendar.ts";
import type { Drawn, OnDay } from "./picture.ts";
import { places } from "./places.ts";
import { timeChart } from "./time-chart.ts";

export function draw(host: HTMLElement, picture: Picture<Any>, label: string, onDay: OnDay): Drawn {
  switch (picture.form) {
    case "calendar":
      return calendar(host, picture, label, onDay);
    case "places":
      return places(host, picture, label);
    default:
      return timeChart(host, picture, label);
  }
}
