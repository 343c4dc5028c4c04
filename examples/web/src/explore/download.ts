// Saves the records as a file.

import { h } from "../ui/dom.ts";
import type { Any } from "./kinds.ts";

/** The number of records that are formatted without a pause. */
const AT_ONCE = 1000;

/** NDJSON: one record in a line, as the server sent it. */
export function ndjson(records: readonly Any[]): string {
  return [...ndjsonParts(records)].join("");
}

/**
 * CSV (RFC 4180), with a column for each field that any record has. Fields of nested objects are named `outer.inner`.
 */
export function csv(records: readonly Any[]): string {
  return [...csvParts(records)].join("");
}

export function* ndjsonParts(records: readonly Any[]): Generator<string> {
  for (const some of groups(records)) yield some.map((record) => `${JSON.stringify(record)}\n`).join("");
}

export function* csvParts(records: readonly Any[]): Generator<string> {
  const names = new Set<string>();
  for (const some of groups(records)) {
    for (const record of some) for (const [name] of fields(record)) names.add(name);
    yield "";
  }
  yield `${[...names].map(cell).join(",")}\r\n`;
  for (const some of groups(records)) {
    const lines = some.map((record) => {
      const row = new Map(fields(record));
      return Array.from(names, (name) => cell(row.get(name))).join(",");
    });
    yield lines.map((line) => `${line}\r\n`).join("");
  }
}

function* groups(records: readonly Any[]): Generator<readonly Any[]> {
  for (let at = 0; at < records.length; at += AT_ONCE) yield records.slice(at, at + AT_ONCE);
}

function* fields(record: Any, before = ""): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) yield* fields(value as Any, `${before}${name}.`);
    else yield [before + name, value];
  }
}

function cell(value: unknown): string {
  const text = value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function save(name: string, type: string, ...text: string[]): void {
  const url = URL.createObjectURL(new Blob(text, { type }));
  h("a", { href: url, download: name }).click();
  // The browser has opened the URL by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Saves a text that is generated in parts, and lets the page react to input between them. */
export async function saveParts(name: string, type: string, parts: Iterable<string>): Promise<void> {
  const made: string[] = [];
  for (const part of parts) {
    made.push(part);
    await new Promise((resolve) => setTimeout(resolve));
  }
  save(name, type, ...made);
}
