// Formats numbers and dates for people.

const NUMBER = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const MINUTE = new Intl.DateTimeFormat("en", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});

export const number = (value: number): string => NUMBER.format(value);

/** `1 sample`, `2 samples`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${number(count)} ${count === 1 ? one : many}`;

/** Formats the day of wall-clock milliseconds. */
export const day = (time: number): string => DAY.format(time);

/** Formats wall-clock milliseconds to the minute. */
export const minute = (time: number): string => MINUTE.format(time);

export function bytes(count: number): string {
  if (count < 1000) return counted(count, "byte");
  const units = ["kB", "MB", "GB"];
  const power = Math.min(units.length, Math.floor(Math.log10(count) / 3));
  return `${number(count / 1000 ** power)} ${units[power - 1]}`;
}

/** `45 s`, `3 min 05 s`, `1 h 02 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
}
