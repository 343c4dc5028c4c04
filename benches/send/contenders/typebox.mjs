// The same as hand-written.mjs, but checked by ajv with a schema of TypeBox, which it compiles to JavaScript once. What
// JSON Schema cannot say is checked by hand: the greatest value of a unit, and that an end is not before its start.
// Times are parsed by hand, which is faster than ajv's own format and Date.parse.

import { Ajv } from "ajv";
import Type from "typebox";
import { contender } from "./line-by-line.mjs";
import { instant } from "./rules.mjs";

export const name = "TypeBox + ajv";

const MOST = { count: 30_000, "count/min": 300, "count/s": Number.MAX_VALUE };
const Text = Type.String({ minLength: 1 });
const Instant = Type.String({ format: "instant" });
const Sample = Type.Object(
  {
    device_name: Text,
    device_version: Type.Optional(Text),
    start_date: Instant,
    end_date: Type.Optional(Instant),
    unit: Type.Union([Type.Literal("count"), Type.Literal("count/min"), Type.Literal("count/s")]),
    value: Type.Number({ exclusiveMinimum: 0 }),
  },
  { additionalProperties: false },
);
const isSample = new Ajv({ formats: { instant: (text) => !Number.isNaN(instant(text)) } }).compile(Sample);

function take(collected, sample) {
  if (!isSample(sample) || sample.value > MOST[sample.unit]) return collected.take(undefined, NaN);
  const start = instant(sample.start_date);
  const ends = sample.end_date === undefined || instant(sample.end_date) >= start;
  collected.take(sample, ends ? start : NaN);
}

export const { prepare, send } = contender(take);
