// The page: one connection, two panels, and the client's events below them.

import { startEvents } from "./events.ts";
import { ExplorePanel } from "./explore/panel.ts";
import { SendPanel } from "./send/panel.ts";
import { connectWith, session } from "./session.ts";
import { byId } from "./ui/dom.ts";
import { startTabs } from "./ui/tabs.ts";
import { startTheme } from "./ui/theme.ts";

startTheme();
startEvents();
startTabs();
const token = byId<HTMLInputElement>("token");
token.value = session().token;
const reveal = byId("reveal");
reveal.addEventListener("click", () => {
  const shown = token.type === "password";
  token.type = shown ? "text" : "password";
  reveal.setAttribute("aria-pressed", String(shown));
});
byId("connection").addEventListener("submit", (event) => {
  event.preventDefault();
  connectWith(token.value.trim());
});
new ExplorePanel();
new SendPanel();
