// What the contenders share that look at one sample after the other: they differ in how they check it.

import { Collected, makeAll, sendAll } from "./bodies.mjs";

/** A contender that checks with `take(collected, sample)`. A line that is no JSON comes as `undefined`. */
export function contender(take) {
  // The text is decoded and split as a whole: in pieces it takes 50 % longer. Each line is parsed separately, so that a
  // broken one is rejected alone.
  function takeLines(collected, bytes) {
    for (const line of new TextDecoder().decode(bytes).split("\n")) {
      if (line === "") continue;
      let sample;
      try {
        sample = JSON.parse(line);
      } catch {}
      take(collected, sample);
    }
  }

  function collect(kind, input) {
    const collected = new Collected();
    if (kind === "ndjson") takeLines(collected, input);
    else for (const sample of input) take(collected, sample);
    return collected;
  }

  return {
    async prepare(kind, input) {
      const collected = collect(kind, input);
      makeAll(collected.bodies("steps"));
      return collected.counts;
    },

    async send(kind, input, server) {
      const collected = collect(kind, input);
      await sendAll(collected.bodies("steps"), server);
      return collected.counts;
    },
  };
}
