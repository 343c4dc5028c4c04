// uPlot writes numbers in the browser's language, and cannot be loaded where that is no language: WebKitGTK says "C" on a system without
// a locale. To be imported before it.

try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
