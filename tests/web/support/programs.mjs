// The programs of a browser and their folders. All are removed when they are closed, and also when this process ends in
// any way.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const READY_WITHIN = 30_000;
/** How many lines of a program's output are kept. */
const KEPT = 200;

/**
 * Waits until its stdin closes, which happens when the process that started it ends. It then ends the process groups
 * and removes the folders whose names it has received. It sends SIGTERM first because Xvfb removes its own files then.
 */
const KEEPER = `
groups=
while read -r kind what; do
  case $kind in
    group) groups="-$what $groups" ;;
    folder) set -- "$@" "$what" ;;
  esac
done
for group in $groups; do kill -s TERM -- $group; done
for group in $groups; do
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    kill -s 0 -- $group || break
    sleep 0.1
  done
  kill -s KILL -- $group
done
for _ in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf -- "$@" && break
  sleep 0.2
done`;

/** The programs and folders of one browser. */
export class Programs {
  #keeper = spawn("/bin/sh", ["-c", KEEPER, "sh"], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  #ended = once(this.#keeper, "exit");

  constructor() {
    // The keeper ends with this process, and must not keep it alive.
    this.#keeper.unref();
    this.#keeper.stdin.unref();
    this.#keeper.stdin.on("error", () => {});
  }

  /** Makes a folder that is removed with the programs. */
  folder() {
    const folder = mkdtempSync(join(tmpdir(), "humansync-web-"));
    this.#keeper.stdin.write(`folder ${folder}\n`);
    return folder;
  }

  /** Adds a process group that was started elsewhere. */
  adopt(pid) {
    this.#keeper.stdin.write(`group ${pid}\n`);
  }

  /**
   * Starts a program in a process group of its own, and waits until it is ready: until `tells` matches its output to
   * stdout, stderr or the third pipe, or `answers()` resolves to true. Returns `found`, the captured text of the match,
   * and `lines`, the latest lines of the output.
   */
  async start(path, args, { env, tells = /$^/, answers }) {
    const child = spawn(path, args, { detached: true, env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
    if (child.pid !== undefined) this.adopt(child.pid);
    child.unref();
    const lines = [];
    let resolve, reject;
    const isReady = new Promise((...both) => ([resolve, reject] = both));
    const fail = (why, options) => reject(new Error(`${path} ${why}: ${lines.join("\n") || "it said nothing"}`, options));
    child.once("error", (cause) => fail("could not be started", { cause }));
    child.once("exit", (code, signal) => fail(`ended with ${code ?? signal} before it was ready`));
    for (const stream of child.stdio.slice(1)) {
      let text = "";
      stream.setEncoding("utf8").on("data", (more) => {
        text += more;
        const match = tells.exec(text);
        if (match !== null) resolve(match[1]);
        const whole = text.split("\n");
        text = whole.pop();
        lines.push(...whole);
        lines.splice(0, lines.length - KEPT);
      });
      // Neither the program nor its pipes may keep this process alive.
      stream.unref();
    }
    const asking = answers && setInterval(async () => (await answers()) && resolve(), 50);
    const timer = setTimeout(() => fail(`was not ready within ${READY_WITHIN / 1000} s`), READY_WITHIN);
    const found = await isReady.finally(() => {
      clearTimeout(timer);
      clearInterval(asking);
    });
    return { found, lines };
  }

  /** Ends all programs, and removes all folders. */
  async close() {
    this.#keeper.ref();
    this.#keeper.stdin.end();
    await this.#ended;
  }
}
