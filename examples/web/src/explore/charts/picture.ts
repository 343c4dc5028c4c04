// The interface of all pictures, and functions that they share.

import type { Any } from "../kinds.ts";

export interface Drawn {
  /** Draws these records. It is called repeatedly while records arrive. */
  update(records: readonly Any[]): void;
  destroy(): void;
}

/** Called by a picture to show only the records of one day, or all of them again. */
export type OnDay = (day: number | undefined) => void;

/** The current colour of a CSS variable. */
export function colour(name: string, alpha = 1): string {
  const probe = document.createElement("span");
  probe.style.color = `color-mix(in srgb, var(--${name}) ${alpha * 100}%, transparent)`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Sets the actions of a picture's keys. Keys with a modifier are left to the browser. */
export function onKeys(element: HTMLElement, keys: Record<string, () => void>): void {
  element.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey || event.target !== element) return;
    event.preventDefault();
    act();
  });
}
