// The files that the contenders read. They are made once for each size, and kept in target/bench/.

import { execFileSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(ROOT, "target/bench");
const MAKE_EXPORT = join(ROOT, "examples/node/make-export.mjs");

/** The number of samples in a day, of both devices together. */
const A_DAY = 288;
const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2016, 0, 1);
/** The lines that are written at a time. */
const PIECE = 10_000;
/** One in this number of lines is not a valid sample. */
const ODD_EVERY = 10_000;
const ODD = [{ value: 0 }, { unit: "steps" }, { start_date: "2023-02-30T00:00:00+04:00" }, { device_name: "" }];

/** Makes a file with this number of lines of NDJSON. */
export function ndjson(samples) {
  return made(`samples-${samples}.ndjson`, (file) => {
    // In pieces: ten million lines are longer than a string can be.
    const output = openSync(file, "w");
    for (let from = 0; from < samples; from += PIECE) {
      const lines = Array.from({ length: Math.min(PIECE, samples - from) }, (_, place) => `${JSON.stringify(sample(from + place))}\n`);
      writeSync(output, lines.join(""));
    }
    closeSync(output);
  });
}

/** Makes an export.xml of the Health app of about this size. */
export function exportXml(bytes) {
  return made(`export-${bytes}.xml`, (file) => execFileSync(process.execPath, [MAKE_EXPORT, file, "--bytes", String(bytes)]));
}

/**
 * A sample. Half of each day's samples are the watch's, followed by the phone's, as in an app's export device by
 * device.
 */
function sample(index) {
  const day = Math.floor(index / A_DAY);
  const place = index % A_DAY;
  const watch = place < A_DAY / 2;
  const start = FIRST_DAY + day * DAY + (place % (A_DAY / 2)) * 600_000 + (watch ? 0 : 251_000);
  const seconds = 10 + ((index * 7919) % 290);
  return {
    device_name: watch ? "Apple Watch" : "iPhone",
    device_version: watch ? "10.1" : "17.0.3",
    start_date: local(start),
    end_date: local(start + seconds * 1000),
    value: 1 + ((index * 104_729) % 900),
    unit: "count",
    ...(index % ODD_EVERY === ODD_EVERY - 1 && ODD[Math.floor(index / ODD_EVERY) % ODD.length]),
  };
}

/** A time by the wearer's clock, which is four hours ahead of UTC. */
function local(instant) {
  return `${new Date(instant + 4 * 3_600_000).toISOString().slice(0, -1)}+04:00`;
}

function made(name, make) {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, name);
  if (!existsSync(file)) {
    make(`${file}.part`);
    renameSync(`${file}.part`, file);
  }
  return file;
}
