// The API's rules for a sample, checked with hand-written code for speed.

const FIELDS = new Set(["device_name", "device_version", "start_date", "end_date", "unit", "value"]);
const LONGEST = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The start of a valid sample, in milliseconds since the epoch; NaN for an invalid one. */
export function startOf(sample) {
  if (typeof sample !== "object" || sample === null) return NaN;
  for (const field in sample) if (!FIELDS.has(field)) return NaN;
  const { device_name, device_version, start_date, end_date, unit, value } = sample;
  if (typeof device_name !== "string" || device_name === "") return NaN;
  if (device_version !== undefined && (typeof device_version !== "string" || device_version === "")) return NaN;
  if (typeof value !== "number" || !(value > 0)) return NaN;
  if (unit === "count") {
    if (value > 30_000) return NaN;
  } else if (unit === "count/min") {
    if (value > 300) return NaN;
  } else if (unit !== "count/s" || value === Infinity) return NaN;
  const start = instant(start_date);
  if (end_date === undefined) return start;
  // The comparison is not `end < start`, which would be false for NaN.
  return instant(end_date) >= start ? start : NaN;
}

/**
 * The milliseconds since the epoch of an RFC 3339 time, or NaN. Three times as fast as a regular expression with
 * Date.parse, which also accepts the 30th of February as the 2nd of March.
 */
export function instant(text) {
  if (typeof text !== "string" || text.length < 20) return NaN;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  const hour = pair(text, 11);
  const minute = pair(text, 14);
  const second = pair(text, 17);
  // Two digits that are not a number are NaN, which fails every comparison.
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && hour < 24 && minute < 60 && second < 60)) return NaN;
  if (day > LONGEST[month] && !(month === 2 && day === 29 && isLeap(year))) return NaN;
  const t = text.charCodeAt(10) | 32;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return NaN;
  if (t !== 116 && t !== 32) return NaN;

  let at = 19;
  let fraction = 0;
  if (text.charCodeAt(at) === 46) {
    let unit = 100;
    for (at++; isDigit(text.charCodeAt(at)); at++, unit /= 10) fraction += (text.charCodeAt(at) - 48) * unit;
    if (at === 20) return NaN;
  }
  const local = daysBefore(year, month) * 86_400_000 + (((day - 1) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction;
  const sign = text.charCodeAt(at);
  if ((sign | 32) === 122) return text.length === at + 1 ? local : NaN;
  if (text.length !== at + 6 || text.charCodeAt(at + 3) !== 58 || (sign !== 43 && sign !== 45)) return NaN;
  const hours = pair(text, at + 1);
  const minutes = pair(text, at + 4);
  if (!(hours < 24 && minutes < 60)) return NaN;
  const offset = (hours * 60 + minutes) * 60_000;
  return sign === 43 ? local - offset : local + offset;
}

function pair(text, at) {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

function isDigit(code) {
  return code >= 48 && code <= 57;
}

function isLeap(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

let known = { year: NaN, month: NaN, days: NaN };

/**
 * The days from the epoch to the first of a month. It is cached because neighbouring samples are mostly of the same
 * month.
 */
function daysBefore(year, month) {
  if (known.year === year && known.month === month) return known.days;
  const first = new Date(0);
  first.setUTCFullYear(year, month - 1, 1);
  known = { year, month, days: first.getTime() / 86_400_000 };
  return known.days;
}
