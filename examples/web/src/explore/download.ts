// What was read, as a file.

import { h } from "../ui/dom.ts";
import type { Any } from "./kinds.ts";

/** A record a line, as the server sent it. */
export function ndjson(records: readonly Any[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** RFC 4180, with a column for each field that any record has; fields of objects are `outer.inner`. */
export function csv(records: readonly Any[]): string {
  const rows = records.map((record) => new Map(fields(record)));
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const lines = rows.map((row) => names.map((name) => cell(row.get(name))).join(","));
  return [names.map(cell).join(","), ...lines].map((line) => `${line}\r\n`).join("");
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

export function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
