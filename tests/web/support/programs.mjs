// Programs that a browser is made of, and folders of theirs: all gone when they are closed, and when this process ends, however
// it ends.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const READY_WITHIN = 30_000;
/** Lines of a program's output that are kept. */
const KEPT = 200;

/**
 * Waits until its stdin closes, which it does with the process that started it; then ends the groups of processes and removes
 * the folders that it was told of. Gently at first, as Xvfb removes files of its own.
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

/** What belongs to one browser. */
export class Programs {
  #keeper = spawn("/bin/sh", ["-c", KEEPER, "sh"], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  #ended = once(this.#keeper, "exit");

  constructor() {
    // It ends with this process, and does not keep it from ending.
    this.#keeper.unref();
    this.#keeper.stdin.unref();
    this.#keeper.stdin.on("error", () => {});
  }

  /** A new folder, which goes with the programs. */
  folder() {
    const folder = mkdtempSync(join(tmpdir(), "humansync-web-"));
    this.#keeper.stdin.write(`folder ${folder}\n`);
    return folder;
  }

  /** Takes a group of processes that something else has started. */
  adopt(pid) {
    this.#keeper.stdin.write(`group ${pid}\n`);
  }

  /**
   * Starts a program, in a group of processes with all that it starts itself, and waits until it is ready: `tells` matches what
   * it writes to its stdout, stderr or third pipe, or `answers()` resolves to true. `found` is what the match captured, `lines` the
   * latest lines of its output.
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
      // Like the program itself, it does not keep this process from ending.
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
