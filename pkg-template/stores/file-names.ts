// Keys as names of files, and back.
//
// Names are lower case, for file systems that do not tell cases apart, and hold letters, digits, `-`, `_` and `%` alone.
// A key whose name would be too long for a file system is kept in the file's first line, and the name is a hash of it.

import { createHash } from "node:crypto";

/** eCryptfs takes 143 characters, most others 255. */
const LONGEST = 120;
const PLAIN = "k-";
const HASHED = "h-";

/** Where a key is kept: the file's name, and the line that comes before the value, empty where the name says it all. */
export function placeOf(key: string): { name: string; line: string } {
  const text = encoded(key);
  return text.length <= LONGEST
    ? { name: PLAIN + text, line: "" }
    : { name: HASHED + createHash("sha256").update(text).digest("hex"), line: `${text}\n` };
}

export function isHashed(name: string): boolean {
  return /^h-[0-9a-f]{64}$/.test(name);
}

/** The key of a file's name; undefined of one that this store has not made. */
export function keyOfName(name: string): string | undefined {
  return name.startsWith(PLAIN) ? decoded(name.slice(PLAIN.length)) : undefined;
}

/** The key in a first line, without its end, of the file called `name`; undefined where it belongs to another name. */
export function keyOfLine(line: string, name: string): string | undefined {
  const key = decoded(line);
  return key !== undefined && placeOf(key).name === name ? key : undefined;
}

function encoded(key: string): string {
  return key.replace(/[^a-z0-9_-]/gu, (character) => {
    const code = character.codePointAt(0)!;
    // Half of a pair has no UTF-8.
    if (code >= 0xd800 && code <= 0xdfff) return `%u${code.toString(16)}`;
    return [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  });
}

function decoded(text: string): string | undefined {
  if (!/^(?:[a-z0-9_-]|%[0-9a-f]{2}|%ud[89a-f][0-9a-f]{2})+$/.test(text)) return undefined;
  try {
    const key = text
      .split(/%u([0-9a-f]{4})/)
      .map((part, index) => (index % 2 === 0 ? decodeURIComponent(part) : String.fromCharCode(parseInt(part, 16))))
      .join("");
    return encoded(key) === text ? key : undefined;
  } catch {
    return undefined;
  }
}
