// Times as the wearer's own clock showed them: a record carries the instant, and the offset from UTC it was taken at.

/** The wearer's wall-clock time at `instant`, held in a Date as if it were UTC. Old records have no offset: UTC then. */
export function wallClock(instant, tzOffset = "+00:00") {
  const offset = /^([+-])(\d\d):(\d\d)$/.exec(tzOffset);
  const minutes = offset === null ? 0 : Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3]));
  return new Date(Date.parse(instant) + minutes * 60_000);
}
