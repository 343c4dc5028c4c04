// In the place of a server: one that answers at once, and one that also looks at what it gets.

import { createHash } from "node:crypto";

/** A `fetch` that takes everything. */
export async function answersAtOnce() {
  return new Response("{}", { status: 200, headers: { "content-type": "application/json" } });
}

/**
 * A `fetch` that makes a fingerprint of the samples, in the order in which they come, and of the batches' sizes. It does not depend
 * on how JSON is written.
 */
export function looksAtAll() {
  const sequence = createHash("sha256");
  const sizes = [];
  const bodies = [];
  return {
    async fetch(input, init) {
      const request = input instanceof Request ? input : new Request(input, init);
      // In the order of the calls, and not of the texts.
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
