// Two panels, of which one is shown; the address says which. Keys as the ARIA Authoring Practices have them for tabs.

import { byId } from "./dom.ts";

const TABS = ["explore", "send"] as const;
export type Tab = (typeof TABS)[number];

export function startTabs(): void {
  for (const tab of TABS) {
    const button = byId(`tab-${tab}`);
    button.addEventListener("click", () => {
      show(tab);
    });
    button.addEventListener("keydown", ({ key }) => {
      if (key !== "ArrowLeft" && key !== "ArrowRight") return;
      const other = TABS.find((one) => one !== tab) ?? tab;
      show(other);
      byId(`tab-${other}`).focus();
    });
  }
  let started = false;
  const follow = (): void => {
    // An address of another kind, such as that of the link that skips to the data, changes no panel.
    if (started && shown() === undefined) return;
    started = true;
    const chosen = shown() ?? "explore";
    for (const tab of TABS) {
      byId(tab).hidden = tab !== chosen;
      const button = byId(`tab-${tab}`);
      button.setAttribute("aria-selected", String(tab === chosen));
      button.tabIndex = tab === chosen ? 0 : -1;
    }
  };
  addEventListener("hashchange", follow);
  follow();
}

/** Shows a panel. The address is none of an element's, so that nothing scrolls. */
export function show(tab: Tab): void {
  location.hash = `/${tab}`;
}

/** What the address says, if anything. */
export function shown(): Tab | undefined {
  return TABS.find((tab) => location.hash === `#/${tab}`);
}
