// Accepts files that are dropped on the page.

import { byId } from "../ui/dom.ts";

/** Accepts a drop anywhere on the page, because the browser would otherwise open the file in place of the page. */
export function acceptDrops(take: (file: File) => void): void {
  const drop = byId("drop");
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
  for (const kind of ["dragenter", "dragover"]) addEventListener(kind, () => drop.classList.add("over"));
  for (const kind of ["dragleave", "drop"]) addEventListener(kind, () => drop.classList.remove("over"));
  addEventListener("drop", ({ dataTransfer }) => {
    const [file] = dataTransfer?.files ?? [];
    if (file !== undefined) take(file);
  });
}
