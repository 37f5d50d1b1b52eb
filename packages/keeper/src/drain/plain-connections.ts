import type { Server, Socket } from 'node:net';

/** The connections of servers that speak no HTTP: only the app knows when one of them is idle. */
export class PlainConnections {
  readonly #open = new Set<Socket>();

  /** @param event when a connection can be written to; over TLS that is later than its beginning. */
  watch(server: Server, event: 'connection' | 'secureConnection'): void {
    server.on(event, (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  get open(): number {
    return this.#open.size;
  }

  /** Ends all with a FIN behind what has been written; answers how many there were. */
  cut(): number {
    for (const socket of this.#open) socket.end();
    return this.#open.size;
  }
}
