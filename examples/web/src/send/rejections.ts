// Shows the samples that cannot be sent by reason, with the lines of the file on demand.

import type { DataType, Rejection } from "humansync/slim/send";
import { csv, save } from "../explore/download.ts";
import { button, h } from "../ui/dom.ts";
import { counted, number } from "../ui/words.ts";
import type { Lines } from "./protocol.ts";
import { NAMES } from "./words.ts";

/** The number of lines that are shown for a reason. */
const SHOWN = 20;

export interface Rejected {
  readonly type: DataType;
  readonly count: number;
  /** The first rejections. */
  readonly kept: readonly Rejection[];
}

/** `show` returns the text of lines, or is undefined if the file has none that can be shown. */
export function rejections(all: readonly Rejected[], show: ((lines: readonly number[]) => Promise<Lines | undefined>) | undefined): HTMLElement {
  const body = h("div", { class: "rejections" });
  for (const { type, count, kept } of all) {
    if (count === 0) continue;
    const note = count > kept.length ? ` The first ${number(kept.length)} are told apart here.` : "";
    body.append(h("p", {}, `${NAMES[type]}: ${counted(count, "sample")} cannot be sent; that keeps no other one.${note}`));
    body.append(...groups(kept).map((group) => groupOf(group, show)));
    const download = (): void => save(`rejected-${type}.csv`, "text/csv", csv(kept.map((one) => ({ ...one }))));
    body.append(h("div", { class: "bar" }, button("Download as CSV", download)));
  }
  return body;
}

function groups(kept: readonly Rejection[]): Rejection[][] {
  const byReason = new Map<string, Rejection[]>();
  for (const one of kept) {
    const reason = `${one.code} ${one.path} ${one.message}`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), one]);
  }
  return [...byReason.values()].sort((one, other) => other.length - one.length);
}

function groupOf(group: readonly Rejection[], show: Parameters<typeof rejections>[1]): HTMLElement {
  const { code, path, message } = group[0] as Rejection;
  const lines = group.map(({ line }) => line).filter((line) => line !== undefined);
  const first = (lines.length > 0 ? lines : group.map(({ index }) => index)).slice(0, SHOWN);
  const more = group.length > first.length ? `, and ${number(group.length - first.length)} more` : "";
  const where = lines.length > 0 ? "Lines" : "Positions";
  const details = h("details", {}, h("summary", {}, h("strong", {}, counted(group.length, "sample")), ` ${field(path)}: ${message} `, h("code", {}, code)));
  details.append(h("p", {}, `${where} ${first.join(", ")}${more}.`));
  if (lines.length > 0 && show !== undefined) {
    const shown = h("pre", { class: "lines", tabindex: 0, role: "region", "aria-label": "Lines of the file" });
    const ask = button("Show these lines", () => {
      ask.disabled = true;
      void show(first).then((texts) => {
        const failed = "The file can no longer be read: it was moved or changed. Choose it again.";
        shown.textContent = texts?.map(({ line, text }) => `${String(line).padStart(9)}  ${text}`).join("\n") ?? failed;
        ask.replaceWith(shown);
        shown.focus();
      });
    });
    details.append(ask);
  } else if (lines.length > 0) {
    details.append(h("p", { class: "faint" }, "To see the lines, unpack the archive and look into its export.xml."));
  }
  return details;
}

function field(path: string): string {
  return path === "" ? "The sample" : path.slice(1).replaceAll("/", " ");
}
