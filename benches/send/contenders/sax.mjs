// sax, the most widely used streaming XML parser, with the hand-written checks.

import { createReadStream } from "node:fs";
import sax from "sax";
import { Collected, sendAll } from "./bodies.mjs";
import { startOf } from "./rules.mjs";

export const name = "sax";

const STEPS = "HKQuantityTypeIdentifierStepCount";

async function fromExport(file) {
  const collected = new Collected();
  // Without tracking the position in the document, which is not needed.
  const parser = sax.parser(true, { position: false });
  parser.onerror = (error) => {
    throw error;
  };
  parser.onopentag = ({ name: element, attributes }) => {
    if (element !== "Record" || attributes.type !== STEPS) return;
    const sample = {
      device_name: attributes.sourceName,
      device_version: attributes.sourceVersion,
      start_date: rfc3339(attributes.startDate),
      end_date: rfc3339(attributes.endDate),
      unit: "count",
      value: Number(attributes.value),
    };
    collected.take(sample, startOf(sample));
  };
  for await (const text of createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 16 })) parser.write(text);
  parser.close();
  return collected;
}

/** `2023-11-01 08:04:51 +0100` → `2023-11-01T08:04:51+01:00` */
function rfc3339(text) {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}${text.slice(20, 23)}:${text.slice(23)}`;
}

export async function send(_kind, file, fetch) {
  const collected = await fromExport(file);
  await sendAll(collected.bodies("steps"), fetch);
  return collected.counts;
}
