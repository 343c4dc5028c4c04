// The file system, with some patience: what fails for a moment is tried again for about a second.
//
// On Windows a virus scanner, an indexer or a backup has a file open for moments, and meanwhile it can be neither replaced nor
// removed; a program that has too many files open has fewer a moment later. What is really denied fails the same way for good.

import * as files from "node:fs/promises";
import { codeOf } from "./store-errors.js";

export const WINDOWS = globalThis.process?.platform === "win32";

const PASSING: ReadonlySet<unknown> = new Set(["EPERM", "EACCES", "EBUSY", "EMFILE", "ENFILE", "EAGAIN"]);
/** Milliseconds before each further attempt: about a second in all. */
const WAITS = [2, 5, 10, 20, 40, 80, 160, 320, 400];

/** What `attempt` comes to, which must do nothing where it fails. */
export async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (const wait of WAITS) {
    try {
      return await attempt();
    } catch (error) {
      if (!PASSING.has(codeOf(error))) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return attempt();
}

/** What it comes to; undefined where the file is not there. */
export async function ifThere<T>(attempt: Promise<T>): Promise<T | undefined> {
  return attempt.catch((error: unknown) => {
    if (codeOf(error) !== "ENOENT") throw error;
    return undefined;
  });
}

/** The function called `name`, made patient. */
function patient<Name extends keyof typeof files>(name: Name): (typeof files)[Name] {
  // Looked up by each call, so that whoever replaces one of Node's functions is heard.
  const call = (given: unknown[]) => (files[name] as (...given: unknown[]) => Promise<unknown>)(...given);
  return ((...given: unknown[]) => patiently(() => call(given))) as unknown as (typeof files)[Name];
}

export const mkdir = patient("mkdir");
export const mkdtemp = patient("mkdtemp");
export const open = patient("open");
export const readFile = patient("readFile");
export const readdir = patient("readdir");
export const realpath = patient("realpath");
export const rename = patient("rename");
export const rm = patient("rm");
export const stat = patient("stat");
export const symlink = patient("symlink");
export const unlink = patient("unlink");
export const writeFile = patient("writeFile");
