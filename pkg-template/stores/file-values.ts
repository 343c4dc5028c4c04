// The value of a key's file: read, and written by appending to the file's journal where that is enough, else by
// replacing the file. Decision 14.
//
// Nothing is ever cut off or moved in a file that has its name, so that processes append to one without a lock: each
// looks afterwards whether what it has appended is in the file that has the name, and replaces that file where it is
// not. Within a process, the store's calls for a file take turns.

import { constants } from "node:fs";
import * as files from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { type StoreError, storeError } from "../core/errors.js";
import { HEAD, type JournalRecord, SECTOR, beginningOf, findRecord, fits, isRecord, journalOf, lastValueOf, lengthOf, recordAtEnd, recordOf, startOf } from "./file-journal.js";
import { FOREIGN } from "./file-errors.js";
import { ifThere, open, patiently, stat } from "./file-system.js";
import { flush, replace } from "./file-writing.js";

/**
 * A file has at most this many bytes, or this many records of the value that is written, whichever is more: it is replaced before it gets
 * longer.
 */
const LONG = 64 * 1024;
const LONG_IN_VALUES = 8;
/** Of a longer file no more is read than its ends. Bytes. */
const SHORT = 16 * 1024;
/** Not all systems let others see a write only when it is done. So what is damaged is read again. Milliseconds. */
const READ_AGAIN = [1, 10, 50];
/** The most files whose journals are remembered. */
const MOST_KNOWN = 10_000;

/** By path, the journals whose names are known to be on the disk. */
const lasting = new Map<string, string>();
/** The paths of files to which a write has failed: what is in memory may not be on the disk. */
const doubtful = new Set<string>();

/** The last value of the file; undefined where there is no file. */
export async function readValue(folder: string, name: string, line: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (const wait of [...READ_AGAIN, undefined]) {
    const value = await patiently(() => valueIn(folder, name, line));
    if (value !== "damaged") return value;
    if (wait !== undefined) await new Promise((resolve) => setTimeout(resolve, wait));
  }
  throw unusable("corrupt", name, "is damaged; put a copy back, or remove it, which forgets its value");
}

/**
 * On the disk when that is done. Errors: where it could not be written. The earlier value stands then, unless all was done
 * but the last flush, of the folder.
 */
export async function writeValue(folder: string, name: string, line: string, value: Uint8Array): Promise<void> {
  const path = join(folder, name);
  const attempt = await append(folder, name, line, value);
  if (attempt === "done") return;
  try {
    const { bytes, id } = journalOf(line, value);
    await replace(folder, name, bytes);
    remember(path, id);
    doubtful.delete(path);
  } catch (error) {
    doubtful.add(path);
    if (typeof attempt === "object") await takeBack(path, attempt).catch(() => {});
    throw error;
  }
}

/** That a file does not begin with its key. */
export function foreign(name: string): StoreError {
  return unusable("corrupt", name, `does not begin with its key: ${FOREIGN} remove it`);
}

function newer(name: string): StoreError {
  return unusable("newer", name, "was written by a newer version of humansync: use that version, or another folder");
}

function unusable(code: string, name: string, why: string): StoreError {
  return storeError(code, `The file ${name} of the file store ${why}`);
}

async function valueIn(folder: string, name: string, line: string): Promise<Uint8Array<ArrayBuffer> | undefined | "damaged"> {
  const file = await opened(join(folder, name), constants.O_RDONLY);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const first = await read(file, 0, size <= SHORT ? size : line.length + HEAD);
    if (!beginsWith(first, line)) throw foreign(name);
    const beginning = beginningOf(first.subarray(line.length), line);
    if (beginning.kind === "newer") throw newer(name);
    if (beginning.kind === "damaged") return "damaged";
    if (beginning.kind === "whole") {
      const whole = size <= SHORT ? first : await read(file, 0, size);
      return isRecord(whole.subarray(startOf(line))) ? "damaged" : whole.slice(line.length);
    }
    const { id, start } = beginning;
    if (size <= SHORT) return lastValueOf(first.subarray(start), id);
    return (await valueAtEnd(file, id, start, size)) ?? lastValueOf(await read(file, start, size), id);
  } finally {
    await file.close();
  }
}

/** The value of the record with which a long file ends; undefined where it ends with something else. */
async function valueAtEnd(file: FileHandle, id: Uint8Array, start: number, size: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (size % SECTOR !== 0) return undefined;
  for (let from = Math.max(start, size - SHORT / 2); ; ) {
    const bytes = await read(file, from, size);
    if (bytes.length < size - from || bytes.length < SECTOR) return undefined;
    const record = recordAtEnd(bytes, id);
    if (record === undefined || "value" in record) return record?.value;
    from -= record.missing;
    if (from < start) return undefined;
  }
}

/** What was appended, and where, but not to the file's good. */
interface Attempt {
  readonly record: JournalRecord;
  readonly id: Uint8Array;
  readonly start: number;
}

/** Appends the value to the file's journal, if it has one that takes it; else the file is to be replaced. */
async function append(folder: string, name: string, line: string, value: Uint8Array): Promise<"done" | "replace" | Attempt> {
  const path = join(folder, name);
  const journal = await patiently(() => journalAt(folder, name, line, value));
  if (journal === undefined) return "replace";
  const { file, id, ino, size } = journal;
  const record = recordOf(id, value);
  const attempt = { record, id, start: size };
  try {
    if (lasting.get(path) !== textOf(id)) await flush(folder);
    // Once: a second write might come after somebody else's.
    const { bytesWritten } = await file.write(record.bytes, 0, record.bytes.length, null);
    if (bytesWritten < record.bytes.length) return attempt;
    await file.datasync();
    const [now, named] = await Promise.all([file.stat({ bigint: true }), stat(path, { bigint: true })]);
    if (named.ino !== ino) return attempt;
    // Others have appended as well: before it, perhaps, and less than a record.
    const end = Number(now.size);
    if (end !== size + bytesWritten && findRecord(await read(file, size, end), id, record.number) === undefined) return attempt;
    remember(path, id);
    return "done";
  } catch {
    // Whatever it is, the file is to be written anew. Where that fails as well, it says why.
    return attempt;
  } finally {
    await file.close().catch(() => {});
  }
}

interface Journal {
  readonly file: FileHandle;
  readonly id: Uint8Array;
  readonly ino: bigint;
  readonly size: number;
}

/** The file, open, if the value can be appended to it. Errors: where it is of a newer version, or cannot be read. */
async function journalAt(folder: string, name: string, line: string, value: Uint8Array): Promise<Journal | undefined> {
  const path = join(folder, name);
  const file = await opened(path, constants.O_RDWR | constants.O_APPEND);
  if (file === undefined) return undefined;
  let journal: Journal | undefined;
  try {
    const [{ ino, size: length }, first] = await Promise.all([file.stat({ bigint: true }), read(file, 0, line.length + HEAD)]);
    const size = Number(length);
    const beginning = beginsWith(first, line) ? beginningOf(first.subarray(line.length), line) : undefined;
    if (beginning?.kind === "newer") throw newer(name);
    if (beginning?.kind !== "journal" || !fits(beginning, value) || doubtful.has(path)) return undefined;
    // Where the file system does not number its files, nobody can say whether the name still leads to this one.
    if (size % SECTOR !== 0 || size <= beginning.start || isLong(size, value) || !ino) return undefined;
    journal = { file, id: beginning.id, ino, size };
    return journal;
  } finally {
    if (journal === undefined) await file.close();
  }
}

function isLong(size: number, value: Uint8Array): boolean {
  const record = lengthOf(value.length);
  return size + record > Math.max(LONG, LONG_IN_VALUES * record);
}

/** Makes a record blank that is there, but perhaps not on the disk, so that nobody reads what was refused. */
async function takeBack(path: string, { record, id, start }: Attempt): Promise<void> {
  const file = await open(path, "r+");
  try {
    const place = findRecord(await read(file, start, (await file.stat()).size), id, record.number);
    if (place === undefined) return;
    await file.write(new Uint8Array(SECTOR), 0, SECTOR, start + place);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Undefined where there is no file. */
function opened(path: string, flags: number): Promise<FileHandle | undefined> {
  return ifThere(files.open(path, flags));
}

function beginsWith(bytes: Uint8Array, line: string): boolean {
  return Buffer.from(bytes.subarray(0, line.length)).toString("latin1") === line;
}

function remember(path: string, id: Uint8Array): void {
  if (lasting.size >= MOST_KNOWN) lasting.clear();
  lasting.set(path, textOf(id));
}

function textOf(id: Uint8Array): string {
  return Buffer.from(id).toString("latin1");
}

/** The bytes from `start` to `end`; fewer where the file ends before. */
async function read(file: FileHandle, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, start + length);
    if (bytesRead === 0) return bytes.slice(0, length);
    length += bytesRead;
  }
  return bytes;
}
