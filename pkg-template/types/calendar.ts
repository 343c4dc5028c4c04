// Days.

/** A calendar day without a zone, `"YYYY-MM-DD"`. */
export type CalendarDate = string;
