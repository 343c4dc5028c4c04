// Worker processes, which are killed and replaced.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Milliseconds until a worker that ended with an error, as it could not reach the database, is replaced. */
const PATIENCE = 1000;

/**
 * A crew of workers: processes of `workers.mjs` in the folder `place` with `args`, known by their process ids.
 * `heard(worker, event)` is called with everything that a worker tells, and `killed(worker)` when nothing more comes
 * from one that was killed.
 */
export function crewOf(place, args, { heard, killed }) {
  const present = new Map();
  const counts = { hired: 0, killed: 0, failed: 0 };
  const complaints = [];
  const stopped = new Set();
  /** When each worker has told of a window for the first time. */
  const worksSince = new Map();
  let dismissed = false;

  function hire() {
    counts.hired++;
    const child = spawn(process.execPath, [join(place, "workers.mjs"), ...args, "--json"], { env: bare(process.env), stdio: ["ignore", "pipe", "pipe"] });
    const { pid } = child;
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (complaint += text));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const event = JSON.parse(line);
      if (event.type === "window" && !worksSince.has(pid)) worksSince.set(pid, performance.now());
      heard(pid, event);
    });
    const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
    present.set(pid, { child, ended });
    ended.then(({ code, signal }) => {
      present.delete(pid);
      worksSince.delete(pid);
      if (complaint !== "") complaints.push(complaint.trim());
      if (signal === "SIGKILL") return killed(pid);
      if (code === 0 || dismissed) return;
      counts.failed++;
      // As a supervisor does it.
      setTimeout(() => dismissed || hire(), PATIENCE);
    });
    return ended;
  }

  return {
    counts,
    /** What workers have written to stderr. */
    complaints,
    get present() {
      return [...present.keys()].filter((worker) => !stopped.has(worker));
    },
    /** For how many milliseconds a worker has had windows; 0 if it has had none yet. */
    worksFor: (worker) => performance.now() - (worksSince.get(worker) ?? performance.now()),
    /** Starts a worker. Resolves with how it ended. */
    hire,
    /** Kills a worker, and starts another one. */
    async replace(worker) {
      const { child, ended } = present.get(worker);
      child.kill("SIGKILL");
      counts.killed++;
      await ended;
      if (!dismissed) hire();
    },
    /** Stops a worker where it stands. It is not present until it goes on. */
    stop(worker) {
      stopped.add(worker);
      present.get(worker).child.kill("SIGSTOP");
    },
    goOn(worker) {
      stopped.delete(worker);
      present.get(worker).child.kill("SIGCONT");
    },
    /** Asks all workers to end, and waits for them. Returns how each ended. */
    async dismiss(signal = "SIGTERM") {
      dismissed = true;
      const all = [...present.values()];
      for (const { child } of all) child.kill(signal);
      return Promise.all(all.map(({ ended }) => ended));
    },
  };
}

/** The environment without what workers.mjs would take for options. */
function bare({ HUMANSYNC_APP_KEY: _, HUMANSYNC_CLIENT_ID: __, DATABASE_URL: ___, ...env }) {
  return env;
}
