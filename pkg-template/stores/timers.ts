// Timers for which no program keeps running.

/** Calls `run` after `time`, in milliseconds, unless the program has ended by then. */
export function quietTimer(run: () => void, time: number): ReturnType<typeof setTimeout> {
  const timer: unknown = setTimeout(run, time);
  // Browsers have numbers, and so have earlier versions of Deno.
  if (typeof timer === "object") (timer as NodeJS.Timeout).unref?.();
  else (globalThis as { Deno?: { unrefTimer?(timer: unknown): void } }).Deno?.unrefTimer?.(timer);
  return timer as ReturnType<typeof setTimeout>;
}
