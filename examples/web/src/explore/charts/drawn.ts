// What every picture can do, whatever its form.

import type { Any } from "../kinds.ts";

export interface Drawn {
  /** Draws these records; called again and again while they come in. */
  update(records: readonly Any[]): void;
  destroy(): void;
}

/** Asked for by a picture: to show the records of a day alone, or all again. */
export type OnDay = (day: number | undefined) => void;

/** The colour of a CSS variable as the page has it now. */
export function colour(name: string, alpha = 1): string {
  const probe = document.createElement("span");
  probe.style.color = `color-mix(in srgb, var(--${name}) ${alpha * 100}%, transparent)`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** What the keys of a picture do; those with a modifier are the browser's. */
export function onKeys(element: HTMLElement, keys: Record<string, () => void>): void {
  element.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey || event.target !== element) return;
    event.preventDefault();
    act();
  });
}
