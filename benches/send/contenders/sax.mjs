// sax, the most widely used streaming XML parser, with the hand-written checks.

import { createReadStream } from "node:fs";
import sax from "sax";
import { Collected, sendAll } from "./bodies.mjs";
import { rfc3339, STEPS } from "./health-export.mjs";
import { startOf } from "./rules.mjs";

export const name = "sax";

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

export async function send(_kind, file, server) {
  const collected = await fromExport(file);
  await sendAll(collected.bodies("steps"), server);
  return collected.counts;
}
