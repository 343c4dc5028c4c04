// The same as hand-written.mjs, but checked by zod with an equivalent schema, which is compiled once.

import { z } from "zod";
import { contender } from "./line-by-line.mjs";

export const name = "zod 4";

const MOST = { count: 30_000, "count/min": 300, "count/s": Infinity };
const instant = z.iso.datetime({ offset: true });
const Sample = z
  .strictObject({
    device_name: z.string().min(1),
    device_version: z.string().min(1).optional(),
    start_date: instant,
    end_date: instant.optional(),
    unit: z.enum(["count", "count/min", "count/s"]),
    value: z.number().positive(),
  })
  .refine(({ unit, value }) => value <= MOST[unit], { path: ["value"] })
  .refine(({ start_date, end_date }) => end_date === undefined || Date.parse(end_date) >= Date.parse(start_date), { path: ["end_date"] });

function take(collected, sample) {
  const checked = Sample.safeParse(sample);
  if (checked.success) collected.take(checked.data, Date.parse(checked.data.start_date));
  else collected.take(undefined, NaN);
}

export const { prepare, send } = contender(take);
