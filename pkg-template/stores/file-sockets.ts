// Local sockets, as the lock of the file store needs them: a place to listen at, and a wait for somebody else's end.

import { connect, createServer, type Socket } from "node:net";

/** A socket that listens and keeps nobody from ending. */
export interface Listener {
  /** Ends it and all its connections. */
  close(): void;
  /** Tells all who are connected, and all who will be, that the ticket is there. */
  tell(): void;
}

export interface LocalSockets {
  /** Listens at an address that nobody has had. */
  listen(address: string): Promise<Listener>;
  /**
   * Waits until whoever listens at the address is done or, where `orHasTicket` asks for it, tells that it has its ticket.
   * True where nobody listens there: its owner is dead. `signal` ends the wait.
   */
  outlast(address: string, orHasTicket: boolean, signal: AbortSignal | undefined): Promise<boolean>;
}

/** What a failed connection says: nothing has this name, or nobody listens there. */
export const GONE: ReadonlySet<unknown> = new Set(["ENOENT", "ECONNREFUSED"]);
/** Somebody listens, but does not get to it, or ended at this moment. */
export const BUSY: ReadonlySet<unknown> = new Set(["EAGAIN", "EBUSY", "ECONNRESET", "EPIPE", "ETIMEDOUT"]);

export const nodeSockets: LocalSockets = {
  async listen(address) {
    const waiting = new Set<Socket>();
    let hasTicket = false;
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => waiting.delete(socket));
      socket.unref();
      socket.resume();
      if (hasTicket) socket.write("t");
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      // Exclusive: a worker of node:cluster would otherwise leave it to the primary process, and outlive itself there.
      server.listen({ path: address, exclusive: true }, resolve);
    });
    // Nobody is kept from ending by what it holds; its work does that, and a wait.
    server.unref();
    server.on("error", () => {});
    return {
      close() {
        server.close();
        for (const socket of waiting) socket.destroy();
      },
      tell() {
        hasTicket = true;
        for (const socket of waiting) socket.write("t");
      },
    };
  },

  outlast(address, orHasTicket, signal) {
    return new Promise<boolean>((resolve, reject) => {
      let connected = false;
      const socket = connect({ path: address });
      const done = (isDead: boolean) => {
        signal?.removeEventListener("abort", leave);
        resolve(isDead);
        socket.destroy();
      };
      const leave = () => done(false);
      signal?.addEventListener("abort", leave);
      if (signal?.aborted) leave();
      socket.on("connect", () => (connected = true));
      socket.on("data", () => orHasTicket && done(false));
      socket.on("close", () => done(false));
      socket.on("error", (error: NodeJS.ErrnoException) => {
        if (connected || BUSY.has(error.code)) done(false);
        else if (GONE.has(error.code)) done(true);
        else reject(error);
      });
    });
  },
};
