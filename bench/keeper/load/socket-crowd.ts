import type { Milliseconds } from '@maque/kit';
import type { SocketCounts } from './traffic-plan.ts';

/** A client that lost its connection comes back after this, and up to as much again: not all at once. */
const COME_BACK_MS: Milliseconds = 200;

/** WebSockets that stay open, come back when they are closed, and count how they were. */
export class SocketCrowd {
  readonly #url: string;
  readonly #sockets = new Set<WebSocket>();
  #opened = 0;
  #closedWith: Record<string, number> = {};
  #stopped = false;

  constructor(url: string, count: number) {
    this.#url = url;
    for (let started = 0; started < count; started += 1) this.#connect();
  }

  startWindow(): void {
    this.#opened = 0;
    this.#closedWith = {};
  }

  counts(): SocketCounts {
    return { opened: this.#opened, closedWith: this.#closedWith };
  }

  stop(): void {
    this.#stopped = true;
    for (const socket of this.#sockets) socket.close();
  }

  #connect(): void {
    if (this.#stopped) return;
    const socket = new WebSocket(this.#url);
    this.#sockets.add(socket);
    let wasOpen = false;
    socket.addEventListener('open', () => {
      wasOpen = true;
      this.#opened += 1;
      socket.send('hello');
    });
    // 'close' follows and says more.
    socket.addEventListener('error', () => {});
    socket.addEventListener('close', ({ code }) => {
      this.#sockets.delete(socket);
      if (this.#stopped) return;
      if (wasOpen) this.#closedWith[code] = (this.#closedWith[code] ?? 0) + 1;
      setTimeout(() => this.#connect(), COME_BACK_MS * (1 + Math.random()));
    });
  }
}
