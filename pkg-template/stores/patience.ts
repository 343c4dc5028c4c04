// Calls to a server that restarts, fails over or loses a connection: made again, for about ten seconds.

/** Milliseconds before each further attempt. */
const WAITS = [20, 50, 100, 200, 400, 800, 1500, 2000, 2500, 2500];

/** What `attempt` comes to. It may be made twice where the first one's outcome was lost with the connection. */
export async function patientlyAsk<T>(attempt: () => Promise<T>, isPassing: (error: unknown) => boolean): Promise<T> {
  for (const wait of WAITS) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    // Not all of them at once when the server is back.
    await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)));
  }
  return attempt();
}
