// Formats quantities for people.

/** `43 200` */
export function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, " ");
}

/** `1 reading`, `2 readings` */
export function counted(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** `850 ms`, `2.1 s`, `2 min 03 s` */
export function duration(milliseconds) {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** `812 B`, `14.3 KB`, `5.2 MB`, `1.24 GB`: thousands, not 1024s. */
export function bytes(number) {
  if (number < 1000) return `${number} B`;
  if (number < 999_950) return `${(number / 1e3).toFixed(1)} KB`;
  return number < 999_950_000 ? `${(number / 1e6).toFixed(1)} MB` : `${(number / 1e9).toFixed(2)} GB`;
}

/** `30 Jun 2025`, from a wall-clock time in a Date's UTC fields. */
export function day(date) {
  const month = date.toLocaleString("en-GB", { month: "short", timeZone: "UTC" });
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`;
}

/** `06:59`, from a wall-clock time in a Date's UTC fields. */
export function timeOfDay(date) {
  return date.toISOString().slice(11, 16);
}
