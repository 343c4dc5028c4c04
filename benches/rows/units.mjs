// How figures are written, in the terminal and on the page.

const FORMATS = {
  faster: (value) => `${significant(value)} ×`,
  cost: (value) => `${value.toFixed(2)} ×`,
  microseconds: (value) => `${signed(value)} µs`,
  milliseconds: (value) => `${signed(value)} ms`,
  bytes: (value) => `${Math.abs(value) < 10 ? withoutSign(value.toFixed(1)) : Math.round(value)} B`,
  // Rounded up, so that a size just over a bound is not shown as the bound.
  kilobytes: (value) => `${(Math.ceil(value / 100) / 10).toFixed(1)} KB`,
};

/** A figure of this unit as text. */
export function written(unit, value) {
  return FORMATS[unit](value);
}

/** A bound as text, in the way in which it is stated. */
export function bound(unit, { least, most, about }) {
  if (least !== undefined) return `≥ ${short(unit, least)}`;
  if (most !== undefined) return `≤ ${short(unit, most)}`;
  if (about === undefined) return "";
  return about === 1 ? "± 10 %" : `${about} × ± 10 %`;
}

function short(unit, value) {
  const text = { faster: `${value} ×`, cost: `${value} ×`, microseconds: `${value} µs`, milliseconds: `${value} ms`, bytes: `${value} B` };
  return text[unit] ?? `${value / 1000} KB`;
}

/** Three digits, or two below one. */
function significant(value) {
  return value >= 100 ? String(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Zero has no sign. */
function withoutSign(text) {
  return text === "-0.0" ? "0.0" : text;
}

function signed(value) {
  return `${value < 0 ? "−" : "+"} ${Math.abs(value) < 10 ? Math.abs(value).toFixed(1) : Math.abs(Math.round(value))}`;
}
