// The same as hand-written.mjs, but checked by zod with an equivalent schema, which is compiled once.

import { z } from "zod";
import { Collected, makeAll, sendAll } from "./bodies.mjs";

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

function fromNdjson(bytes) {
  const collected = new Collected();
  for (const line of new TextDecoder().decode(bytes).split("\n")) {
    if (line === "") continue;
    let sample;
    try {
      sample = JSON.parse(line);
    } catch {}
    take(collected, sample);
  }
  return collected;
}

function fromObjects(samples) {
  const collected = new Collected();
  for (const sample of samples) take(collected, sample);
  return collected;
}

const collect = { ndjson: fromNdjson, objects: fromObjects };

export async function prepare(kind, input) {
  const collected = collect[kind](input);
  makeAll(collected.bodies("steps"));
  return collected.counts;
}

export async function send(kind, input, server) {
  const collected = collect[kind](input);
  await sendAll(collected.bodies("steps"), server);
  return collected.counts;
}
