// Cards with the latest record of each type, from a single request. Each card opens its type.

import type { HumanSummary } from "humansync/slim/read";
import { byId, h } from "../ui/dom.ts";
import { day } from "../ui/words.ts";
import { type Any, type Kind, KINDS, whenOf } from "./kinds.ts";

const WITH_CARDS = KINDS.filter(({ card }) => card !== undefined);

export function showCards(summary: HumanSummary, open: (kind: Kind) => void): void {
  const cards = WITH_CARDS.map((kind) => {
    const { key, text } = kind.card ?? { key: "", text: String };
    const latest = summary[key];
    if (typeof latest !== "object" || latest === null) return cardOf(kind.title, "–", "nothing yet");
    const time = whenOf(latest as Any);
    const made = cardOf(kind.title, textOf(text, latest as Any), time === undefined ? "" : day(time));
    made.disabled = false;
    made.addEventListener("click", () => open(kind));
    return made;
  });
  byId("cards").replaceChildren(...cards);
}

/** The time of the latest record, in wall-clock milliseconds. "The last 30 days" are counted back from it. */
export function latestOf(summary: HumanSummary): number | undefined {
  const times = Object.values(summary)
    .filter((record): record is Any => typeof record === "object" && record !== null)
    .map((record) => whenOf(record))
    .filter((time): time is number => time !== undefined && Number.isFinite(time));
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The text of a card, which is shown even if its record lacks the fields. */
function textOf(text: (record: Any) => string, record: Any): string {
  try {
    const given = text(record);
    return /NaN|undefined|null/.test(given) ? "–" : given;
  } catch {
    return "–";
  }
}

function cardOf(title: string, value: string, when: string): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: "card", disabled: true },
    h("span", { class: "card-title" }, title),
    h("span", { class: "card-value" }, value),
    h("span", { class: "card-when" }, when),
  );
}
