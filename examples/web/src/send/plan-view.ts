// Shows the plan, with the samples to send by device and the rejected ones, and after sending the report.

import type { DataType, UploadFailure, UploadPlan } from "humansync/slim/send";
import { byId, h, say } from "../ui/dom.ts";
import { number } from "../ui/words.ts";
import type { Plans, Reports } from "./protocol.ts";
import { rejections } from "./rejections.ts";
import { spans } from "./spans.ts";
import { NAMES } from "./words.ts";

type ShowLines = Parameters<typeof rejections>[1];

/** Shows a plan. `doubt` is a message if the chosen types do not seem to fit the file, or "". */
export function showPlan(plans: Plans, doubt: string, lines: ShowLines): void {
  say(byId("plan-title"), "The plan");
  const known = plans.filter((one): one is [DataType, UploadPlan] => one[1] !== undefined);
  const parts: Node[] = doubt === "" ? [] : [h("p", { class: "doubt", role: "status" }, doubt)];
  parts.push(...known.map(([type, plan]) =>
    account(type, [
      ["To be sent", plan.samples],
      ["In batches", plan.batches],
      ["Sent before", plan.alreadySent],
      ["Twice in the file", plan.duplicates],
      ["Cannot be sent", plan.rejectedCount],
      ["Too few for a batch", plan.held],
    ]),
  ));
  for (const [type, plan] of plans) if (plan === undefined) parts.push(h("p", {}, `${NAMES[type]}: not in this file.`));
  if (known.some(([, plan]) => plan.byDevice.length > 0)) parts.push(h("h3", {}, "Time by device"), spans(known));
  const rejected = known.map(([type, { rejectedCount, rejected: kept }]) => ({ type, count: rejectedCount, kept }));
  if (rejected.some(({ count }) => count > 0)) parts.push(h("h3", {}, "What cannot be sent"), rejections(rejected, lines));
  byId("plan-body").replaceChildren(...parts);
}

export function showReports(reports: Reports, lines: ShowLines): void {
  say(byId("plan-title"), "The account");
  const parts: Node[] = reports.map(([type, report]) =>
    account(type, [
      ["Found in the file", report.read],
      ["Sent", report.sent],
      // Shown only if an answer was lost, so that the server may have some samples twice.
      ...(report.resent > 0 ? [["Of these, sent again", report.resent] as const] : []),
      ["Sent before", report.alreadySent],
      ["Twice in the file", report.duplicates],
      ["Cannot be sent", report.rejectedCount],
      ["Too few for a batch", report.held],
      [refusedBy(report.failures), report.failed],
      ["Requests", report.requests],
    ]),
  );
  const rejected = reports.map(([type, { rejectedCount, rejected: kept }]) => ({ type, count: rejectedCount, kept }));
  if (rejected.some(({ count }) => count > 0)) parts.push(h("h3", {}, "What cannot be sent"), rejections(rejected, lines));
  byId("plan-body").replaceChildren(...parts);
}

export function showNoPlan(text: string): void {
  say(byId("plan-title"), "The plan");
  byId("plan-body").replaceChildren(h("p", { class: "faint" }, text));
}

function account(type: DataType, rows: readonly (readonly [string, number])[]): HTMLElement {
  const facts = rows.map(([name, count]) => h("div", { class: count === 0 ? "fact none" : "fact" }, h("dt", {}, name), h("dd", {}, number(count))));
  return h("section", {}, h("h3", {}, NAMES[type]), h("dl", { class: "facts" }, ...facts));
}

/** A text with the statuses of the server's refusals. */
function refusedBy(failures: readonly UploadFailure[]): string {
  const statuses = [...new Set(failures.map(({ status }) => status).filter((status) => status > 0))];
  return statuses.length === 0 ? "Refused" : `Refused (${statuses.join(", ")})`;
}
