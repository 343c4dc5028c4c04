// What the contenders read: made once for each size, and kept in target/bench/.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(ROOT, "target/bench");
const MAKE_EXPORT = join(ROOT, "examples/node/make-export.mjs");

/** Samples between two midnights, of both devices together. */
const A_DAY = 288;
const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2016, 0, 1);
/** One line in so many is no valid sample. */
const ODD_EVERY = 10_000;
const ODD = [{ value: 0 }, { unit: "steps" }, { start_date: "2023-02-30T00:00:00+04:00" }, { device_name: "" }];

/** A file of so many lines of NDJSON. */
export function ndjson(samples) {
  return made(`samples-${samples}.ndjson`, (file) => {
    const lines = [];
    for (let index = 0; index < samples; index++) lines.push(JSON.stringify(sample(index)));
    writeFileSync(file, `${lines.join("\n")}\n`);
  });
}

/** An export.xml of the Health app of about this size. */
export function exportXml(bytes) {
  return made(`export-${bytes}.xml`, (file) => execFileSync(process.execPath, [MAKE_EXPORT, file, "--bytes", String(bytes)]));
}

/** Half of a day's samples are the watch's, then those of the phone come, as an app that exports device by device writes them. */
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

/** By the wearer's clock, four hours ahead of UTC. */
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
