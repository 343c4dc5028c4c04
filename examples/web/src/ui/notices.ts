// Messages at the edge of the page. They are positioned over the page, so that its layout does not shift.

import { byId, button, h, say } from "./dom.ts";
import { duration } from "./words.ts";

export interface Notice {
  readonly title: string;
  readonly next: string;
  /** Whether screen readers read it out at once. */
  readonly urgent?: boolean;
  /** A time in milliseconds since the epoch, to which the notice counts down. */
  readonly until?: number | undefined;
  readonly actions?: readonly { label: string; act: () => void }[];
}

interface Shown {
  readonly notice: Notice;
  readonly element: HTMLElement;
  until: number | undefined;
  stop: () => void;
}

const shown = new Map<string, Shown>();

/** Shows a notice, which replaces the one with the same `key`. */
export function notify(key: string, notice: Notice): void {
  const before = shown.get(key);
  // If only the time has changed, the notice is not read out again.
  if (before?.notice.title === notice.title && before.notice.next === notice.next && before.until && notice.until) {
    before.until = notice.until;
    return;
  }
  dismiss(key);
  const left = h("span", { class: "countdown", "aria-hidden": "true" });
  const element = h(
    "section",
    { class: notice.urgent ? "notice urgent" : "notice", role: notice.urgent ? "alert" : "status", "data-notice": key },
    h("div", {}, h("strong", {}, notice.title), left, button("×", () => dismiss(key), { "aria-label": "Close this message", class: "close" })),
    h("p", {}, notice.next),
  );
  if (notice.actions?.length) {
    element.append(h("div", { class: "bar" }, ...notice.actions.map(({ label, act }) => button(label, act))));
  }
  const one: Shown = { notice, element, until: notice.until, stop: () => {} };
  if (one.until !== undefined) {
    const show = (): void => say(left, ` ${duration((one.until ?? 0) - Date.now())}`);
    show();
    const timer = setInterval(show, 250);
    one.stop = () => clearInterval(timer);
  }
  shown.set(key, one);
  byId("notices").append(element);
}

export function dismiss(key: string): void {
  const notice = shown.get(key);
  notice?.stop();
  notice?.element.remove();
  shown.delete(key);
}
