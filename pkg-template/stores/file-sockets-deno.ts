// Local sockets by Deno's own functions.
//
// Deno's node:net closes the descriptor of a local socket twice (seen in 2.9.5, of the listener as of a connection). A file that
// another thread opens between the two gets the same number and is closed under its owner, whose next write then goes to
// whatever is opened after that.

import { BUSY, GONE, type LocalSockets } from "./file-sockets.js";
import { codeOf } from "./store-errors.js";
import { quietTimer } from "./timers.js";

/** What is used of Deno's. */
interface Deno {
  listen(options: { transport: "unix"; path: string }): DenoListener;
  connect(options: { transport: "unix"; path: string }): Promise<DenoConnection>;
}

interface DenoListener {
  accept(): Promise<DenoConnection>;
  close(): void;
  unref(): void;
}

interface DenoConnection {
  /** The number of bytes; null at the end. */
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
  unref(): void;
}

/** Milliseconds before the next connection is accepted after one could not be, say for want of descriptors. */
const PAUSE = 25;

/** Undefined where the runtime is not Deno, whatever else is called so there. */
const deno = globalThis.process?.versions?.deno ? (globalThis as { Deno?: Deno }).Deno : undefined;

/** Undefined where the runtime is not Deno. */
export const denoSockets: LocalSockets | undefined = deno && {
  async listen(path) {
    const listener = deno.listen({ transport: "unix", path });
    const waiting = new Set<DenoConnection>();
    let hasTicket = false;
    let isClosed = false;
    // Nobody is kept from ending by what it holds; its work does that, and a wait.
    listener.unref();
    void accept();

    async function accept(): Promise<void> {
      while (!isClosed) {
        try {
          void serve(await listener.accept());
        } catch {
          await new Promise<void>((resolve) => quietTimer(resolve, PAUSE));
        }
      }
    }

    async function serve(connection: DenoConnection): Promise<void> {
      if (isClosed) return close(connection);
      connection.unref();
      waiting.add(connection);
      if (hasTicket) tell(connection);
      while (await hasRead(connection));
      waiting.delete(connection);
      close(connection);
    }

    return {
      close() {
        if (isClosed) return;
        isClosed = true;
        listener.close();
        waiting.forEach(close);
      },
      tell() {
        hasTicket = true;
        waiting.forEach(tell);
      },
    };
  },

  async outlast(path, orHasTicket, signal) {
    let connection: DenoConnection;
    try {
      connection = await deno.connect({ transport: "unix", path });
    } catch (error) {
      if (GONE.has(codeOf(error))) return true;
      if (BUSY.has(codeOf(error))) return false;
      throw error;
    }
    const leave = () => close(connection);
    signal?.addEventListener("abort", leave);
    if (signal?.aborted) leave();
    while ((await hasRead(connection)) && !orHasTicket);
    signal?.removeEventListener("abort", leave);
    leave();
    return false;
  },
};

/** Whoever does not hear it is gone. */
function tell(connection: DenoConnection): void {
  connection.write(Uint8Array.of(0x74)).catch(() => {});
}

function close(connection: DenoConnection): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}

/** False at the end of the connection, whichever side it is that ended it. */
async function hasRead(connection: DenoConnection): Promise<boolean> {
  try {
    return (await connection.read(new Uint8Array(16))) !== null;
  } catch {
    return false;
  }
}
