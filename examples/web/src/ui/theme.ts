// The theme: light, dark, or the system's. Pictures are notified, because they are drawn in the page's colours.

import { byId } from "./dom.ts";

const KEY = "humansync colours";
const CHOICES = ["system", "light", "dark"] as const;
type Choice = (typeof CHOICES)[number];
const WORDS: Record<Choice, [string, string]> = {
  system: ["◐", "Colours: as the system has them"],
  light: ["☀", "Colours: light"],
  dark: ["☾", "Colours: dark"],
};

export function startTheme(): void {
  const button = byId("theme");
  const apply = (choice: Choice): void => {
    document.documentElement.dataset["theme"] = choice;
    const [sign, words] = WORDS[choice];
    button.textContent = sign;
    button.setAttribute("aria-label", words);
    button.title = words;
    dispatchEvent(new Event("humansync-theme"));
  };
  let choice = kept();
  apply(choice);
  button.addEventListener("click", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? "system";
    keep(choice);
    apply(choice);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => apply(choice));
}

function kept(): Choice {
  try {
    return CHOICES.find((choice) => choice === localStorage.getItem(KEY)) ?? "system";
  } catch {
    return "system";
  }
}

function keep(choice: Choice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Without storage, the choice is not remembered.
  }
}
