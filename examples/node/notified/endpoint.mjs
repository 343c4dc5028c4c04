// An HTTP endpoint for notifications: it answers at once, and hands on of whom each notification is.

import { createServer } from "node:http";

/** Notifications are small. A longer body is not read to its end. */
const MAX_BYTES = 64 * 1024;
/** The longest time in which a request has to arrive, in milliseconds. */
const ARRIVAL = 10_000;

/**
 * A server that is not listening yet. `isGenuine({ headers, body })` checks the signature, and `take(humanId)` returns
 * at once: whatever takes longer comes after the answer.
 */
export function endpoint({ path, isGenuine, take }) {
  // How often it looks for requests that take too long is the third of these.
  const times = { requestTimeout: ARRIVAL, headersTimeout: ARRIVAL, connectionsCheckingInterval: 1000 };
  return createServer(times, (request, response) => {
    answerTo(request, { path, isGenuine, take }).then(
      (status) => answer(response, status),
      // The connection broke before the request had arrived.
      () => request.destroy(),
    );
  });
}

async function answerTo(request, { path, isGenuine, take }) {
  if (request.url?.split("?")[0] !== path) return 404;
  if (request.method !== "POST") return 405;
  const body = await bodyOf(request);
  if (body === undefined) return 413;
  if (!isGenuine({ headers: request.headers, body })) return 401;
  const humanId = humanIdIn(body);
  if (humanId === undefined) return 400;
  take(humanId);
  return 200;
}

/** The bytes of a body, or undefined if they are too many. */
async function bodyOf(request) {
  if (Number(request.headers["content-length"]) > MAX_BYTES) return undefined;
  const chunks = [];
  let bytes = 0;
  // The iterator would close the connection when the loop is left, and then nothing could be answered.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Of whom a notification is: the only thing in it that counts, as its data may be old. */
function humanIdIn(body) {
  try {
    const { humanId } = JSON.parse(body.toString());
    return typeof humanId === "string" && humanId !== "" ? humanId : undefined;
  } catch {
    return undefined;
  }
}

function answer(response, status) {
  // After any other answer the rest of the body, if there is one, is not worth reading.
  if (status !== 200) response.setHeader("connection", "close");
  if (status === 405) response.setHeader("allow", "POST");
  response.writeHead(status).end();
}
