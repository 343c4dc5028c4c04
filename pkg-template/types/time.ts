// A point in time, as everything that takes one takes it.

/** A point in time: a Date, an RFC 3339 string with an offset or Z (`"2014-01-10T00:00:00Z"`), or milliseconds since the
 *  epoch. */
export type Instant = Date | string | number;
