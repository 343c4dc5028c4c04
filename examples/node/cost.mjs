// What reading or sending cost: counted from the client's events, and from what its `fetch` brings.

import { duration } from "./terminal/quantities.mjs";

/** A client's `onEvent` and `fetch`, and what they have counted so far. */
export function countCost() {
  const cost = {
    requests: 0,
    retries: 0,
    /** Time from request to answer, over all requests, in milliseconds. */
    answering: 0,
    answers: 0,
    mostAtOnce: 0,
    /** As the server's Content-Length tells; it need not. */
    bytes: 0,
    warnings: new Set(),
    /** Until when the client sits out a wait, and why. */
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

/** What a progress bar says while the client waits before it tries again. */
export function waiting({ until, reason }) {
  const left = until - performance.now();
  return left < 300 ? "" : `waiting ${duration(left)}, then again: ${reason}`;
}
