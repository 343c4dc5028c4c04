// Times as the wearer's own clock showed them. A record has a time, and the wearer's offset from UTC.

/**
 * The wearer's wall-clock time at `instant`, in the UTC fields of a Date. Old records have no offset, and are taken as
 * UTC.
 */
export function wallClock(instant, tzOffset = "+00:00") {
  const offset = /^([+-])(\d\d):(\d\d)$/.exec(tzOffset);
  const minutes = offset === null ? 0 : Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3]));
  return new Date(Date.parse(instant) + minutes * 60_000);
}
