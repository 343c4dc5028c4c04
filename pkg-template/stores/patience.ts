// Calls to a server that restarts, fails over or loses a connection: made again, for about ten seconds. One that is
// not answered is not waited for either, so that it holds up nothing for good.

/** Milliseconds before each further attempt. */
const WAITS = [20, 50, 100, 200, 400, 800, 1500, 2000, 2500, 2500];

/** How long an answer is waited for. Milliseconds. */
export const ANSWER_TIME = 10_000;
/** From when on no further attempt is made, however many there were. Milliseconds. */
const LONG_ENOUGH = 30_000;

/**
 * What `attempt` comes to. It may be made twice, where the first one's outcome was lost with the connection: the server
 * may do the first one even after it has answered the second one.
 */
export async function patientlyAsk<T>(attempt: () => Promise<T>, isPassing: (error: unknown) => boolean, answerTime = ANSWER_TIME): Promise<T> {
  const begun = performance.now();
  for (const wait of WAITS) {
    try {
      return await within(answerTime, attempt());
    } catch (error) {
      if (!isPassing(error) || performance.now() - begun >= LONG_ENOUGH) throw error;
    }
    // Not all of them at once when the server is back.
    await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)));
  }
  return within(answerTime, attempt());
}

/** What `promise` comes to, or an error like the system's own where that takes longer than `time` in milliseconds. */
export async function within<T>(time: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error("There was no answer in time"), { code: "ETIMEDOUT" })), time);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
