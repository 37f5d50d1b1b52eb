import type { IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Milliseconds } from '@maque/kit';
import { listenBeside } from './listen-beside.ts';
import { Spread } from './spread.ts';
import { WebSocketConnection } from './web-socket.ts';

/** Connections that have left HTTP: WebSockets, and others of which only the app knows what they speak. */
export class UpgradedConnections {
  readonly #webSockets = new Map<Socket, WebSocketConnection>();
  readonly #others = new Set<Socket>();
  readonly #spread = new Spread<Socket>();
  #isLeaving = false;

  watch(server: Server): void {
    const seen = (request: IncomingMessage) => this.#add(request);
    listenBeside(server, 'upgrade', seen);
    listenBeside(server, 'connect', seen);
  }

  get open(): number {
    return this.#webSockets.size + this.#others.size;
  }

  /** From now on it is watched what the app says to its WebSockets: one that it closes itself is left to it. */
  leave(): void {
    this.#isLeaving = true;
    for (const webSocket of this.#webSockets.values()) webSocket.prepareToLeave();
  }

  /** Closes the WebSockets whose moment has come. */
  sayGoodbye(progress: number, nowMs: Milliseconds): void {
    for (const [socket, webSocket] of this.#webSockets) {
      if (this.#spread.isDue(socket, progress)) webSocket.close(nowMs);
      webSocket.follow(nowMs);
    }
  }

  /** Ends all that is left; answers how many there were that nobody had told. */
  cut(): number {
    let cut = this.#others.size;
    for (const webSocket of this.#webSockets.values()) {
      if (!webSocket.isTold) cut += 1;
      webSocket.cut();
    }
    for (const socket of this.#others) socket.end();
    return cut;
  }

  // Not the stream that comes with the event: of an upgrade with a body that is a wrapper around the connection.
  #add({ method, headers, socket }: IncomingMessage): void {
    if (method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket') {
      const webSocket = new WebSocketConnection(socket);
      this.#webSockets.set(socket, webSocket);
      if (this.#isLeaving) webSocket.prepareToLeave();
    } else {
      this.#others.add(socket);
    }
    socket.once('close', () => {
      this.#webSockets.delete(socket);
      this.#others.delete(socket);
    });
  }
}
