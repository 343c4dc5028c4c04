// The cost of reading or sending, counted from the client's events and the responses of its `fetch`.

import { duration } from "./terminal/quantities.mjs";

/** Options `onEvent` and `fetch` for a client, and the counts so far. */
export function countCost() {
  const cost = {
    requests: 0,
    retries: 0,
    /** The sum of the times from request to answer, in milliseconds. */
    answering: 0,
    answers: 0,
    mostAtOnce: 0,
    /** By the server's Content-Length, which is optional. */
    bytes: 0,
    warnings: new Set(),
    /** The end of the client's current wait, and its reason. */
    pause: { until: 0, reason: "" },
  };
  let underWay = 0;

  return {
    cost,
    onEvent(event) {
      if (event.type === "request") cost.requests++;
      if (event.type === "response") {
        cost.answers++;
        cost.answering += event.durationMs;
      }
      if (event.type === "retry") {
        cost.retries++;
        cost.pause = { until: performance.now() + event.delayMs, reason: event.reason };
      }
      if (event.type === "warning") cost.warnings.add(event.message);
    },
    async fetch(input, init) {
      cost.mostAtOnce = Math.max(cost.mostAtOnce, ++underWay);
      try {
        const answer = await fetch(input, init);
        cost.bytes += Number(answer.headers.get("content-length") ?? 0);
        return answer;
      } finally {
        underWay--;
      }
    },
  };
}

/** The text of a progress bar while the client waits before it retries. */
export function waiting({ until, reason }) {
  const left = until - performance.now();
  return left < 300 ? "" : `waiting ${duration(left)}, then again: ${reason}`;
}
