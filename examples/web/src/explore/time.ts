// The wearer's wall clock. A day's steps belong to the day in which they were walked, wherever the reader is: so all times here are
// milliseconds of the wearer's own clock, read as if it were UTC.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Wall-clock milliseconds of an instant, RFC 3339. Old records have no offset, and count in UTC. */
export function wall(instant: string, tzOffset?: string): number {
  const offset = /^([+-])(\d\d):(\d\d)$/.exec(tzOffset ?? "");
  const minutes = offset === null ? 0 : Number(offset[2]) * 60 + Number(offset[3]);
  return Date.parse(instant) + (offset?.[1] === "-" ? -minutes : minutes) * MINUTE;
}

/** Wall-clock milliseconds of a calendar day's beginning. */
export const wallOfDay = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** The calendar day of wall-clock milliseconds. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

export const startOfDay = (time: number): number => Math.floor(time / DAY) * DAY;
