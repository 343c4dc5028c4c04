// Replacements for a server: one that answers at once, and one that also reads the samples.

import { createHash } from "node:crypto";

/** A `fetch` that accepts everything. */
export async function answersAtOnce() {
  return new Response("{}", { status: 200, headers: { "content-type": "application/json" } });
}

/**
 * A `fetch` that makes a fingerprint of the samples in their order, and of the sizes of the batches. It does not depend
 * on the format of the JSON.
 */
export function looksAtAll() {
  const sequence = createHash("sha256");
  const sizes = [];
  const bodies = [];
  return {
    async fetch(input, init) {
      const request = input instanceof Request ? input : new Request(input, init);
      // The place is that of the call, because the bodies may be read in another order.
      const place = bodies.push(undefined) - 1;
      bodies[place] = await request.text();
      return answersAtOnce();
    },
    fingerprint() {
      for (const body of bodies) {
        const { data_type, data } = JSON.parse(body);
        sizes.push(data.length);
        for (const sample of data) {
          const { device_name, device_version, start_date, end_date, unit, value, ...unknown } = sample;
          sequence.update(JSON.stringify([data_type, device_name, device_version, start_date, end_date, unit, value, unknown]));
        }
      }
      return { sequence: sequence.digest("hex"), sizes: createHash("sha256").update(String(sizes)).digest("hex"), batches: sizes.length };
    },
  };
}
