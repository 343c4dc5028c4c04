// Replacements for a server: one that answers at once, and one that also reads the samples.

import { createHash } from "node:crypto";
import { decoded } from "./line-protocol.mjs";

/** Where nobody listens: the address for a `fetch` that needs no server. */
export const NOBODY = "http://127.0.0.1:9";

/** A `fetch` that accepts everything. */
export async function answersAtOnce() {
  return new Response("{}", { status: 200, headers: { "content-type": "application/json" } });
}

/**
 * A `fetch` that makes fingerprints of the samples: `sequence` in their order and with their texts, `sizes` of the
 * batches, and `instants` for those that are sent in another order or with times in another form. None depends on the
 * format of the JSON.
 */
export function looksAtAll() {
  const bodies = [];
  return {
    async fetch(input, init) {
      const request = input instanceof Request ? input : new Request(input, init);
      // The place is that of the call, because the bodies may be read in another order.
      const place = bodies.push(undefined) - 1;
      const text = await request.text();
      bodies[place] = request.headers.get("content-type").startsWith("text/plain") ? decoded(text) : JSON.parse(text);
      return answersAtOnce();
    },
    fingerprint() {
      const sequence = createHash("sha256");
      const instants = [];
      const sizes = [];
      for (const { data_type, data } of bodies) {
        sizes.push(data.length);
        for (const sample of data) {
          const { device_name, device_version, start_date, end_date, unit, value, ...unknown } = sample;
          const [start, end] = [start_date, end_date].map((date) => (date === undefined ? undefined : new Date(date).getTime()));
          sequence.update(JSON.stringify([data_type, device_name, device_version, start_date, end_date, unit, value, unknown]));
          instants.push(JSON.stringify([data_type, device_name, device_version, start, end, unit, value, unknown]));
        }
      }
      return {
        sequence: sequence.digest("hex"),
        sizes: digest(String(sizes)),
        instants: digest(instants.sort().join("\n")),
        batches: sizes.length,
      };
    },
  };
}

function digest(text) {
  return createHash("sha256").update(text).digest("hex");
}
