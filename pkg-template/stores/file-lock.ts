// A lock between processes over a folder, that ends with the process that holds it, however that ends.
//
// Node, Deno and Bun have no file locks in common, but all have local sockets, and the system closes those of a dead
// process. So whoever wants the lock listens on a socket of its own in the folder, under a name that nobody ever had:
// a connection that is refused says that its owner is gone, and what is left of it may be removed by anyone at any time.
// Nothing is taken over, so there is nothing that two could take over at once.
//
// Who comes first is decided as in Lamport's bakery (CACM 17 (8), 1974):
//
//   1. listen, and be seen: the socket `<lock>.<id>`
//   2. take a number: one more than the highest in the folder; be seen with it: the ticket `<lock>.<id>.<number>`
//   3. look at the folder; of those who are there, wait for each without a ticket until it has one or is gone; then
//      wait for all with a lower ticket to be gone
//
// Why no two get in: of two, one has its ticket in the folder before the other begins to look for its number; then the
// other's is higher, and it sees the ticket and waits. Or each begins to look before the other has its ticket; then each
// was seen in step 3 by the other, so both know both tickets, and the higher one waits. A listing of a folder may leave
// out what comes or goes meanwhile, but nothing that is there throughout, and no name is ever used again.
//
// A wait is a connection to the last one ahead, which is closed when that one is done or dead: nobody polls, everybody
// goes in the order of tickets. On Windows the socket is a named pipe, and the file only says that it is there.
//
// It holds for all processes on one kernel that see the folder, in containers with whatever process numbers too. It does
// not hold between machines that share a folder over a network: the sockets of one are dead to the other.

import { createHash, randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { denoSockets } from "./file-sockets-deno.js";
import { nodeSockets, type Listener } from "./file-sockets.js";
import { WINDOWS, mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from "./file-system.js";

/** Somebody who wants or has the lock; the number is 0 while none is taken. */
interface Contender {
  readonly id: string;
  readonly number: number;
}

const SOCKETS = (WINDOWS ? undefined : denoSockets) ?? nodeSockets;
/** Sockets are addressed by 104 bytes at most on macOS, by 108 on Linux; Node cuts what is longer without a word. */
const LONGEST_ADDRESS = 100;
/** Before a connection to the same one is tried again: it broke, but not because its owner was done. */
const PAUSE = 25;

/** What the files of the lock called `name` begin with. */
export function fileOf(name: string): string {
  // Half of a pair has no UTF-8: two such names would have one lock.
  const bytes = Buffer.from(name, /\p{Surrogate}/u.test(name) ? "utf16le" : "utf8");
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

/** Waits for the lock called `name`; gives the function that ends it, whose promise never rejects. `signal` ends the wait. */
export async function acquire(folder: string, name: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  const lock = fileOf(name);
  const id = randomBytes(8).toString("hex");
  const own = `${lock}.${id}`;
  const place = await listen(folder, own);
  let ticket: string | undefined;

  async function release(): Promise<void> {
    // While the socket lives, so that nobody finds a ticket without one and takes its owner for dead.
    for (const file of ticket === undefined ? [own] : [ticket, own]) await remove(folder, file);
    place.close();
  }

  try {
    const number = 1 + Math.max(0, ...(await contenders(folder, lock)).map((other) => other.number));
    const file = `${own}.${number}`;
    await writeFile(join(folder, file), "", { flag: "wx", mode: 0o600 });
    ticket = file;
    place.tell();
    await waitForOthers(folder, lock, { id, number }, signal);
    return release;
  } catch (error) {
    await release();
    throw error;
  }
}

async function waitForOthers(folder: string, lock: string, own: Contender, signal: AbortSignal | undefined): Promise<void> {
  /** Those who were there when the ticket was: all who come later wait for it. */
  let rivals: Set<string> | undefined;
  let last: Contender | undefined;
  for (;;) {
    const there = (await contenders(folder, lock)).filter(({ id }) => id !== own.id);
    const known = (rivals ??= new Set(there.map(({ id }) => id)));
    const ahead = there.filter((other) => known.has(other.id) && isBefore(other, own));
    if (ahead.length === 0) return;
    // Without a ticket first; of the others the last, as it waits for those before it.
    const next = ahead.reduce((one, other) => (one.number === 0 || (other.number !== 0 && isBefore(other, one)) ? one : other));
    if (next.id === last?.id && next.number === last.number) await new Promise((resolve) => setTimeout(resolve, PAUSE));
    last = next;
    const other = `${lock}.${next.id}`;
    const isDead = await withAddress(folder, other, other, (path) => SOCKETS.outlast(path, next.number === 0, signal));
    signal?.throwIfAborted();
    if (isDead) {
      if (next.number !== 0) await remove(folder, `${lock}.${next.id}.${next.number}`);
      await remove(folder, `${lock}.${next.id}`);
    }
  }
}

function isBefore(one: Contender, other: Contender): boolean {
  return one.number === other.number ? one.id < other.id : one.number < other.number;
}

/** Everybody who wants or has the lock, or died wanting it. */
async function contenders(folder: string, lock: string): Promise<Contender[]> {
  const found = new Map<string, number>();
  for (const file of await readdir(folder)) {
    const [name, id, number] = file.split(".");
    if (name !== lock || id === undefined) continue;
    found.set(id, number === undefined ? (found.get(id) ?? 0) : Number(number));
  }
  return [...found].map(([id, number]) => ({ id, number }));
}

/** Listens under a name that nobody had; seen only when it does, as a socket that does not listen yet looks like a dead one. */
async function listen(folder: string, own: string): Promise<Listener> {
  const hidden = `new-${own}`;
  const place = await withAddress(folder, hidden, own, (path) => SOCKETS.listen(path)).catch(async (error: unknown) => {
    // Where the folder is not there, this says so; a socket says that access is denied.
    await stat(folder);
    throw error;
  });
  try {
    if (WINDOWS) await writeFile(join(folder, own), "", { flag: "wx" });
    else await rename(join(folder, hidden), join(folder, own));
  } catch (error) {
    place.close();
    await remove(folder, hidden);
    throw error;
  }
  return place;
}

/** Runs `use` with the address of the socket `file`: its path, or one by a link that is short enough. */
async function withAddress<T>(folder: string, file: string, own: string, use: (address: string) => Promise<T>): Promise<T> {
  if (WINDOWS) return use(`\\\\.\\pipe\\humansync-${own}`);
  const path = join(folder, file);
  if (Buffer.byteLength(path) <= LONGEST_ADDRESS) return use(path);
  const short = await mkdtemp(join(shortFolder(), "hs-"));
  try {
    await symlink(folder, join(short, "l"));
    return await use(join(short, "l", file));
  } finally {
    await rm(short, { recursive: true, force: true });
  }
}

function shortFolder(): string {
  try {
    const folder = tmpdir();
    if (Buffer.byteLength(folder) <= 50) return folder;
  } catch {
    // Deno gives it only to programs that may read the environment.
  }
  return "/tmp";
}

/** What cannot be removed is found dead by the next one. */
function remove(folder: string, file: string): Promise<void> {
  return rm(join(folder, file), { force: true }).catch(() => {});
}
