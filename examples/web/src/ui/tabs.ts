// Two panels, one of which is shown according to the address. The keys follow the tabs pattern of the ARIA Authoring
// Practices.

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
    // Other fragments, such as that of the skip link, do not change the panel.
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

/** Shows a panel. The fragment is not the id of an element, so that the page does not scroll. */
export function show(tab: Tab): void {
  location.hash = `/${tab}`;
}

/** The panel that the address names, if any. */
export function shown(): Tab | undefined {
  return TABS.find((tab) => location.hash === `#/${tab}`);
}
