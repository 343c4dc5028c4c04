// The writer of @influxdata/influxdb-client, the closest peer: it sends points in batches, and repeats what fails. The
// samples are its points, checked by hand before. It has less to do than the others:
//
// - bodies are lines of text, in the order of the input, with times as numbers: the zone that a sample was in is lost
// - batches are not kept from being too small, and what is waiting is lost with the process
// - gzip is off, since nobody else compresses
//
// Its `Point` is used as its documentation shows it. The six connections, and waiting for one of them, are ours: it has
// no bound of its own.

import { Agent } from "node:http";
import { InfluxDB, Point } from "@influxdata/influxdb-client";
import { instant, startOf } from "./rules.mjs";
import { NOBODY } from "../server.mjs";

export const name = "influxdb-client";

const BATCH = 1000;
const LANES = 6;

export async function send(kind, input, { url, fetch }) {
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  const connection = url === NOBODY ? { url, token: "demo", transport: transportOf(fetch) } : { url, token: "demo", transportOptions: { agent } };
  const counts = { samples: 0, rejected: 0, batches: 0 };
  let [inFlight, failure] = [0, undefined];
  let wake = () => {};
  const answered = () => {
    inFlight--;
    wake();
  };
  const writer = new InfluxDB(connection).getWriteApi("demo", "demo", "ms", {
    batchSize: BATCH,
    gzipThreshold: Number.MAX_SAFE_INTEGER,
    flushInterval: 0,
    writeSuccess: answered,
    writeFailed(error) {
      failure = error;
      answered();
    },
  });
  const room = async (most) => {
    while (inFlight > most && failure === undefined) await new Promise((resolve) => (wake = resolve));
    if (failure !== undefined) throw failure;
  };

  let waiting = 0;
  for (const sample of samplesOf(kind, input)) {
    const start = startOf(sample);
    if (Number.isNaN(start)) {
      counts.rejected++;
      continue;
    }
    if (waiting === 0) counts.batches++;
    counts.samples++;
    // The writer sends a batch by itself when it is full.
    if (++waiting === BATCH) [waiting, inFlight] = [0, inFlight + 1];
    writer.writePoint(pointOf(sample, start));
    if (waiting === 0) await room(LANES - 1);
  }
  if (waiting > 0) {
    inFlight++;
    await writer.flush();
  }
  await room(0);
  await writer.close();
  agent.destroy();
  return counts;
}

function pointOf(sample, start) {
  const point = new Point("steps").tag("device_name", sample.device_name).tag("unit", sample.unit);
  if (sample.device_version !== undefined) point.tag("device_version", sample.device_version);
  if (sample.end_date !== undefined) point.intField("end", instant(sample.end_date));
  return point.floatField("value", sample.value).timestamp(start);
}

function* samplesOf(kind, input) {
  if (kind === "objects") return yield* input;
  for (const line of new TextDecoder().decode(input).split("\n")) {
    if (line === "") continue;
    try {
      yield JSON.parse(line);
    } catch {
      yield undefined;
    }
  }
}

/** Sends with a `fetch` in place of Node's `http`. */
function transportOf(fetch) {
  return {
    send(path, body, { method, headers }, callbacks) {
      fetch(`${NOBODY}${path}`, { method, headers, body }).then(
        async (answer) => {
          await answer.text();
          callbacks.responseStarted({}, answer.ok ? 204 : answer.status);
          callbacks.complete();
        },
        (error) => callbacks.error(error),
      );
    },
  };
}
