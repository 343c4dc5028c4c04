// A disk that loses its power: what may be on it is worked out from the calls that were made.
//
// Of a file, each sector is as it was when the file was last flushed, or as it is now, or blank where the file had
// none, and the file ends anywhere between then and now. Names change in the order in which they were changed; the
// folder's last flush is the least, and now is the most.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";

const SECTOR = 512;

/** The disk under `folder`, of which `after(call)` is told each call. */
export function diskOf(folder) {
  /** By the number of a file: what is flushed of it, and what is in it. */
  const files = new Map();
  /** The name of each file, flushed and now. */
  let flushed = new Map();
  let names = new Map();
  /** The changes of names since the flush. */
  let changes = [];

  /** Looks at the folder, after a call. */
  function look() {
    const seen = new Map();
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const { ino, mode } = statSync(path);
      if ((mode & 0o170000) !== 0o100000) continue;
      // A new file may have the number of one that is gone.
      if (!names.has(name) && ![...names.values()].includes(ino)) files.set(ino, { flushed: Buffer.alloc(0), now: Buffer.alloc(0) });
      files.get(ino).now = readFileSync(path);
      seen.set(name, ino);
    }
    const isSame = seen.size === names.size && [...seen].every(([name, ino]) => names.get(name) === ino);
    if (!isSame) changes.push(new Map([...seen].map(([name, ino]) => [name, files.get(ino)])));
    names = seen;
  }
  look();
  for (const file of files.values()) file.flushed = file.now;
  flushed = new Map([...names].map(([name, ino]) => [name, files.get(ino)]));
  changes = [];

  return {
    after({ name, path }) {
      look();
      if (name !== "handle.sync" && name !== "handle.datasync") return;
      if (path === folder) {
        flushed = changes.at(-1) ?? flushed;
        changes = [];
        return;
      }
      const file = files.get(names.get(basename(path)));
      if (file !== undefined) file.flushed = file.now;
    },
    /** What may be on the disk, by the names of files. */
    image(next) {
      const reached = Math.floor(next() * (changes.length + 1));
      const named = reached === 0 ? flushed : changes[reached - 1];
      return new Map([...named].map(([name, { flushed, now }]) => [name, contentOf(flushed, now, next)]));
    },
  };
}

function contentOf(flushed, now, next) {
  const [least, most] = [Math.min(flushed.length, now.length), Math.max(flushed.length, now.length)];
  const length = next() < 0.5 ? most : least + Math.floor(next() * (most - least + 1));
  const content = Buffer.alloc(length);
  const kind = next();
  for (let start = 0; start < length; start += SECTOR) {
    const isWritten = kind < 0.2 ? true : kind < 0.4 ? false : next() < 0.5;
    const from = isWritten ? now : flushed;
    if (start < from.length) from.copy(content, start, start, Math.min(start + SECTOR, length, from.length));
  }
  return content;
}
