// Times of the wearer's wall clock. Steps belong to the day on which they were walked, wherever the reader is. All
// times here are therefore milliseconds of the wearer's own clock, handled as UTC.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The wall-clock milliseconds of an RFC 3339 time. Old records have no offset, and are taken as UTC. */
export function wall(instant: string, tzOffset?: string): number {
  const offset = /^([+-])(\d\d):(\d\d)$/.exec(tzOffset ?? "");
  const minutes = offset === null ? 0 : Number(offset[2]) * 60 + Number(offset[3]);
  return Date.parse(instant) + (offset?.[1] === "-" ? -minutes : minutes) * MINUTE;
}

/** The wall-clock milliseconds of the start of a calendar day. */
export const wallOfDay = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** The calendar day of wall-clock milliseconds. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

export const startOfDay = (time: number): number => Math.floor(time / DAY) * DAY;
