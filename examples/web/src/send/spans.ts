// A picture of the time that each device covers: a bar from its first sample to its last.

import type { DataType, UploadPlan } from "humansync/slim/send";
import { h } from "../ui/dom.ts";
import { counted, day } from "../ui/words.ts";
import { NAMES } from "./words.ts";

/** The smallest width of a bar, in percent. */
const THINNEST = 0.6;

export function spans(plans: readonly (readonly [DataType, UploadPlan])[]): HTMLElement {
  const rows = plans.flatMap(([type, { byDevice }]) =>
    byDevice.map((device) => ({ ...device, type, from: Date.parse(device.first), to: Date.parse(device.last) })),
  );
  const from = Math.min(...rows.map((row) => row.from));
  const to = Math.max(...rows.map((row) => row.to), from + 1);
  const list = h("ul", { class: "spans" });
  for (const row of rows) {
    const bar = h("span", { class: `span ${row.type}` });
    const width = Math.max(THINNEST, ((row.to - row.from) / (to - from)) * 100);
    bar.style.insetInlineStart = `${Math.min(100 - width, ((row.from - from) / (to - from)) * 100)}%`;
    bar.style.inlineSize = `${width}%`;
    const time = day(row.from) === day(row.to) ? day(row.from) : `${day(row.from)} to ${day(row.to)}`;
    list.append(
      h(
        "li",
        {},
        h("span", { class: "device" }, row.device),
        h("span", { class: "faint" }, `${NAMES[row.type]}: ${counted(row.samples, "sample")}, ${time}`),
        h("span", { class: "track", "aria-hidden": "true" }, bar),
      ),
    );
  }
  const axis = h("p", { class: "axis faint", "aria-hidden": "true" }, h("span", {}, day(from)), h("span", {}, day((from + to) / 2)), h("span", {}, day(to)));
  return h("div", {}, list, axis);
}
