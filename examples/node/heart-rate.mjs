// Aggregates a month of heart rate by hour and day.

import { wallClock } from "./wall-clock.mjs";

const DAY = 86_400_000;

/** The query for the thirty days up to the reading `latest`. */
export function monthUpTo(latest) {
  const end = latest.timestamp.slice(0, 10);
  const start = new Date(Date.parse(end) - 30 * DAY).toISOString().slice(0, 10);
  return { startDate: start, endDate: end };
}

/** Aggregates readings one by one. It keeps only sums, which is all that the picture needs. */
export function hoursOfDays() {
  const days = new Map();
  let lowest;
  let highest;

  return {
    add(reading) {
      const at = wallClock(reading.timestamp, reading.tzOffset);
      const day = Math.floor(at.getTime() / DAY);
      if (!days.has(day)) days.set(day, Array.from({ length: 24 }, () => ({ sum: 0, count: 0 })));
      const hour = days.get(day)[at.getUTCHours()];
      hour.sum += reading.value;
      hour.count++;
      const one = { value: reading.value, at };
      if (lowest === undefined || one.value < lowest.value) lowest = one;
      if (highest === undefined || one.value > highest.value) highest = one;
    },
    /** Every day from the first to the last, with the mean of each hour, or undefined for an hour without readings. */
    days() {
      if (days.size === 0) return [];
      const first = Math.min(...days.keys());
      const last = Math.max(...days.keys());
      return Array.from({ length: last - first + 1 }, (_, index) => {
        const hours = days.get(first + index) ?? Array.from({ length: 24 }, () => ({ sum: 0, count: 0 }));
        return {
          date: new Date((first + index) * DAY),
          hours: hours.map(({ sum, count }) => (count === 0 ? undefined : sum / count)),
        };
      });
    },
    /** The mean between two hours of the day, over all days: `[from, to)`. */
    mean(from, to) {
      const hours = [...days.values()].flatMap((day) => day.slice(from, to));
      return hours.reduce((all, { sum }) => all + sum, 0) / hours.reduce((all, { count }) => all + count, 0);
    },
    get lowest() {
      return lowest;
    },
    get highest() {
      return highest;
    },
  };
}
