// The assumptions about users: how many records of theirs are created or updated a day. Nothing is published about it,
// so these are assumptions, each with its reason; multiply where your app's own counts differ.

/**
 * Updates a day of an average user, of each type of the batch API, and the bytes of a record as JSON, measured by
 * `bench scale --measure` in the sandbox's pages.
 */
export const USERS = {
  "activities": { aDay: 2, bytes: 385, because: "two walks or workouts" },
  "activities/summaries": { aDay: 8, bytes: 372, because: "one a day, which each upload of the device updates" },
  "sleeps": { aDay: 1, bytes: 456, because: "one night" },
  "sleeps/summaries": { aDay: 1, bytes: 286, because: "one night" },
  "locations": { aDay: 1, bytes: 373, because: "few sources have them" },
  "heart_rates": { aDay: 60, bytes: 297, because: "a reading every five minutes (288) from every fifth user, few from the others" },
  "heart_rate/summaries": { aDay: 4, bytes: 608, because: "one a day from every second user, updated as the day goes on" },
  "bmis": { aDay: 0.2, bytes: 300, because: "with each weight" },
  "body_fats": { aDay: 0.2, bytes: 302, because: "with each weight" },
  "heights": { aDay: 0.01, bytes: 297, because: "entered by hand" },
  "weights": { aDay: 0.3, bytes: 298, because: "every third user has scales" },
  "blood_pressures": { aDay: 0.2, bytes: 295, because: "every tenth user, twice a day" },
  "blood_glucoses": { aDay: 3, bytes: 352, because: "every hundredth user has a sensor (288 a day)" },
  "blood_oxygens": { aDay: 1, bytes: 300, because: "one a night where the watch has it" },
  "food/meals": { aDay: 1, bytes: 402, because: "every third user enters three" },
  "genetic_traits": { aDay: 0.01, bytes: 227, because: "once in a lifetime" },
};

/** A device uploads several records at once: so many of a type on average, with one stamp. */
export const BURST = 20;

/** The types, in the order in which they are planned. */
export const TYPES = Object.keys(USERS);

/** All updates of an average user in a day. */
export const RECORDS_A_DAY = TYPES.reduce((sum, type) => sum + USERS[type].aDay, 0);

/** The bytes of an average record as JSON. */
export const RECORD_BYTES = TYPES.reduce((sum, type) => sum + USERS[type].aDay * USERS[type].bytes, 0) / RECORDS_A_DAY;

/** Updates a second of all users of an app, of one type, over the whole day. */
export function updatesASecond(type, users) {
  return (users * USERS[type].aDay) / 86_400;
}
