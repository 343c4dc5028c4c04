// uPlot formats numbers in the browser's language, and fails to load if that is not a valid language tag: WebKitGTK
// says "C" on a system without a locale. This module must be imported before uPlot.

try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
