// Quantities as people read them, to two or three digits.

import { count } from "../../examples/node/terminal/quantities.mjs";

/** `0.4`, `84`, `15 600`, `8.4 million`, `1.2 billion` */
export function number(value) {
  if (value >= 999.5e6) return `${short(value / 1e9)} billion`;
  if (value >= 999_500) return `${short(value / 1e6)} million`;
  if (value >= 1000) return count(rounded(value));
  return value >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}

/** `71 MB`, `1.5 TB` */
export function data(bytes) {
  const [unit, size] = [["TB", 1e12], ["GB", 1e9], ["MB", 1e6], ["KB", 1e3]].find(([, size]) => bytes >= 0.9995 * size) ?? ["B", 1];
  return `${short(bytes / size)} ${unit}`;
}

/** `45 s`, `3 min 31 s`, `4.7 h`, `12 days` */
export function span(seconds) {
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  if (seconds < 600) return `${Math.floor(Math.round(seconds) / 60)} min ${String(Math.round(seconds) % 60).padStart(2, "0")} s`;
  if (seconds < 5970) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${short(seconds / 3600)} h` : `${short(seconds / 86_400)} days`;
}

/** `0.6 %`, `14 %` */
export function percent(share) {
  const hundredths = share * 100;
  return `${hundredths < 9.95 ? hundredths.toFixed(1).replace(/\.0$/, "") : Math.round(hundredths)} %`;
}

/** Three digits. */
function rounded(value) {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 2);
  return Math.round(value / step) * step;
}

function short(value) {
  return value >= 99.5 ? count(rounded(value)) : value.toFixed(value >= 9.95 ? 0 : 1).replace(/\.0$/, "");
}
